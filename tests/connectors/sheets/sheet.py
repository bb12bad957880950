"""A sheet built by hand, in the shape `spreadsheets.get` answers, for tests of the pure parts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from okrsync.connectors.sheets.book import parse_book
from okrsync.connectors.sheets.grid import read_grid
from okrsync.connectors.sheets.records import View
from okrsync.connectors.sheets.results import read_block
from okrsync.connectors.sheets.settings import Source


def cell(value: Any, form: str = "") -> dict[str, Any]:
    """CellData of a typed-in value; a dict is passed through as it is."""
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    kinds = {bool: "boolValue", str: "stringValue"}
    held = {kinds.get(type(value), "numberValue"): value}
    data: dict[str, Any] = {"userEnteredValue": held, "effectiveValue": held}
    if form:
        data["effectiveFormat"] = {"numberFormat": {"type": form}}
    return data


def formula(text: str, value: Any) -> dict[str, Any]:
    """CellData of a formula and its result."""
    return {**cell(value), "userEnteredValue": {"formulaValue": text}}


def error(code: str, shown: str) -> dict[str, Any]:
    """CellData of a formula that ends in an error."""
    return {
        "userEnteredValue": {"formulaValue": "=BAD()"},
        "effectiveValue": {"errorValue": {"type": code, "message": "told in the file's language"}},
        "formattedValue": shown,
    }


def tab(title: str, lines: Sequence[Sequence[Any]], sheet_id: int = 0, **more: Any) -> dict[str, Any]:
    """A sheet with its lines from A1 on."""
    properties: dict[str, Any] = {"title": title, "gridProperties": {"rowCount": 100, "columnCount": 26}}
    if sheet_id != 0:
        properties["sheetId"] = sheet_id
    rows = [{"values": [cell(value) for value in line]} for line in lines]
    return {"properties": properties, "data": [{"rowData": rows}], **more}


def source(**changes: Any) -> Source:
    """The source of tab KRs with key column KR."""
    return Source.model_validate({"spreadsheet": "1abc", "tab": "KRs", "key": "KR", **changes})


def view(
    lines: Sequence[Sequence[Any]], *own: Sequence[Any], where: Source | None = None, **more: Any
) -> View:
    """A view of tab KRs holding `lines`, and of a results tab holding `own` if that is given."""
    sheets = [tab("KRs", lines, **more)] + ([tab("_okrsync", own, 77)] if own else [])
    book = parse_book({"properties": {"timeZone": "Europe/Paris"}, "sheets": sheets})
    people = book.tab("KRs")
    assert people is not None
    at = where or source(results={"tab": "_okrsync"})
    return View(at, read_grid(people, book.zone, at), read_block("_okrsync", book.tab("_okrsync"), book.zone))


D = Decimal
