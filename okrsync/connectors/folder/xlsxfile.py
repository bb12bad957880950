"""A sheet of a workbook, read and saved by openpyxl, which is installed with the extra `xlsx`.

Arrives: bytes. Leaves: cells with their types, and bytes again. openpyxl writes the whole workbook anew and
drops what it does not know, so a workbook with any such part is read but never written. Formulas are only
read: their value is the one the last program computed, and unreadable where there is none.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from types import ModuleType
from typing import Any

from okrsync.connectors.base import Native
from okrsync.connectors.errors import BadAnswer, NotFound, Rejected
from okrsync.okr.values import Unreadable

_KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core|custom)\.xml"
    r"|xl/(workbook|styles|sharedStrings|calcChain|metadata)\.xml|xl/_rels/workbook\.xml\.rels|xl/theme/\w+\.xml"
    r"|xl/worksheets/(_rels/)?sheet\d+\.xml(\.rels)?|xl/tables/table\d+\.xml|xl/printerSettings/.*"
)
"""Parts of the package (ECMA-376) that openpyxl writes back, or that only a printer misses."""
_ILLEGAL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_")
"""No character of XML 1.0, changed by its parsers, or one that Excel reads as another (ST_Xstring)."""
_LONGEST = 32_767
"""Characters a cell holds (Excel specifications and limits); openpyxl cuts the rest without a word."""


class XlsxGrid:
    """See `grid.Grid`. `sheet` may be left out where there is only one."""

    only_text = False

    def __init__(self, content: bytes, place: str, sheet: str | None) -> None:
        self._place = place
        self._book, self._sheet = _opened(content, place, sheet, False)
        lost = _lost(content)
        self.sealed = None if lost is None else f"the workbook holds {lost}, which would be lost by writing"
        cells = list(self._sheet.iter_rows())
        shown = cells
        if any(cell.data_type == "f" for row in cells for cell in row):
            shown = list(_opened(content, place, sheet, True)[1].iter_rows())
        self.rows: Sequence[Sequence[Native]] = [
            [_native(seen, cell.data_type == "f") for cell, seen in zip(row, values, strict=True)]
            for row, values in zip(cells, shown, strict=True)
        ]

    def locked(self, row: int, column: int) -> str | None:
        """A formula, formatted text, a part of a merged cell, or a cell of a protected sheet."""
        cell = self._sheet.cell(row + 1, column + 1)
        if cell.data_type == "f":
            return "it holds a formula"
        if type(cell).__name__ == "MergedCell":
            return "it is merged into another cell"
        if type(cell.value).__name__ == "CellRichText":
            return "parts of its text are formatted"
        is_protected = self._sheet.protection.sheet and cell.protection.locked
        return "the sheet is protected" if is_protected else None

    def refuses(self, value: Native) -> str | None:
        """XML 1.0 has no control characters, and a workbook's days begin with 1900."""
        if isinstance(value, str):
            if len(value) > _LONGEST:
                return f"a cell holds {_LONGEST} characters"
            return "a workbook has no spelling for its characters" if _ILLEGAL.search(value) else None
        if type(value) is date:
            return None if value.year >= 1901 else "a workbook's days begin with 1900"
        return None if value is None or isinstance(value, Decimal) else "a cell has no spelling for it"

    def put(self, row: int, column: int, value: Native) -> None:
        """See the port. A text is a text also when it begins with `=` or spells an error."""
        cell = self._sheet.cell(row + 1, column + 1)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
        elif isinstance(value, Decimal) and cell.is_date:
            cell.number_format = "General"

    def content(self) -> bytes:
        """See the port."""
        saved = io.BytesIO()
        with _guarded(self._place):
            self._book.save(saved)
        return saved.getvalue()


def openpyxl() -> ModuleType:
    """The library. Raises Rejected where it is not installed."""
    try:
        import openpyxl as library
    except ImportError:
        raise Rejected(
            "workbooks need openpyxl", service="folder", advice="Install okrsync[xlsx], or use CSV"
        ) from None
    return library


def _opened(content: bytes, place: str, sheet: str | None, values: bool) -> tuple[Any, Any]:
    """The workbook and the sheet; with computed values or with formulas."""
    load = openpyxl().load_workbook
    with _guarded(place):
        book = load(io.BytesIO(content), data_only=values, rich_text=not values)
        found = {each.title: each for each in book.worksheets}
    name = next(iter(found)) if sheet is None and len(found) == 1 else sheet
    if name not in found:
        message = "the workbook has several sheets" if name is None else f"there is no sheet {name!r}"
        raise NotFound(
            message, service="folder", place=place, advice=f"Set `sheet` to one of {', '.join(found)}"
        )
    return book, found[name]


@contextmanager
def _guarded(place: str) -> Iterator[None]:
    """openpyxl meets a damaged file with whatever exception comes up, and warns of what it drops."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Exception as error:  # its exceptions have no common base
        raise BadAnswer(
            f"it is no workbook openpyxl can use ({type(error).__name__})",
            service="folder",
            place=place,
            advice="Save it anew as .xlsx, without a password",
        ) from None


def _native(cell: Any, is_formula: bool) -> Native:
    value = cell.value
    if cell.data_type == "e":
        return Unreadable(f"the cell shows {value}", str(value))
    if value is None or isinstance(value, bool):
        is_open = is_formula and value is None and cell.data_type != "str"  # a blank text is a result too
        return Unreadable("its formula has no result yet; open and save the file once") if is_open else value
    if isinstance(value, str | list):  # formatted text is a list of parts
        return str(value) if str(value).strip() else None
    if isinstance(value, int | float):
        return Decimal(str(value))  # the shortest digits that mean this double, as people typed them
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    return Unreadable(f"a {type(value).__name__}, which has no zone", str(value))


def _lost(content: bytes) -> str | None:
    """The first part of the package that would not be there after saving."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if not _KEPT.fullmatch(name):
                return name
            if name.startswith("xl/worksheets/sheet") and b"<extLst" in package.read(name):
                return f"an extension in {name}, such as a sparkline"
    return None
