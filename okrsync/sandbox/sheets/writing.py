"""The values writes: put, append and clear.

Arrives: a range and a list of lists. Leaves: the changed copy and an account of what was touched, counted as
the real service was recorded to count: null skips a cell, "" clears it, trailing nulls do not widen the
updated range, and rows and columns are counted only where something was written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from okrsync.sandbox.sheets.a1 import Address, Box, column_name, range_name
from okrsync.sandbox.sheets.editing import Editing, beyond, locate
from okrsync.sandbox.sheets.errors import bad_field, invalid
from okrsync.sandbox.sheets.evaluate import Calculator
from okrsync.sandbox.sheets.grid import Cell, Tab
from okrsync.sandbox.sheets.reading import Rendering, value_range
from okrsync.sandbox.sheets.reshape import Shift, shift


@dataclass(frozen=True, slots=True)
class Written:
    """What one range of a write touched."""

    tab: Tab
    asked: Box
    updated: Box
    touched: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    def view(self, spreadsheet_id: str) -> dict[str, Any]:
        """An UpdateValuesResponse; counts of 0 are left out as all zero fields are."""
        counts = {
            "updatedRows": len({row for row, _ in self.touched}),
            "updatedColumns": len({column for _, column in self.touched}),
            "updatedCells": len(self.touched),
        }
        answer = {"spreadsheetId": spreadsheet_id, "updatedRange": range_name(self.tab.title, self.updated)}
        return {**answer, **{name: count for name, count in counts.items() if count > 0}}


def totals(written: list[Written]) -> dict[str, int]:
    """The sums of a batch: a row, column or cell touched by two ranges counts once (recorded)."""
    cells = {(item.tab.id, row, column) for item in written for row, column in item.touched}
    counts = {
        "totalUpdatedRows": len({(tab, row) for tab, row, _ in cells}),
        "totalUpdatedColumns": len({(tab, column) for tab, _, column in cells}),
        "totalUpdatedCells": len(cells),
        "totalUpdatedSheets": len({tab for tab, _, _ in cells}),
    }
    return {name: count for name, count in counts.items() if count > 0}


def lines_of(body: Any, field_name: str) -> list[list[Any]]:
    """The `values` of a ValueRange as rows; raises the recorded 400 when they are no list of lists."""
    values = [] if body.get("values") is None else body["values"]
    kind = "(type.googleapis.com/google.protobuf.ListValue)"
    if not isinstance(values, list):
        raise bad_field(field_name, f"Invalid value at '{field_name}' {kind}, \"{values}\"")
    for index, line in enumerate(values):
        if not isinstance(line, list):
            place = f"{field_name}[{index}]"
            raise bad_field(place, f"Invalid value at '{place}' {kind}, \"{line}\"")
        for position, value in enumerate(line):
            if isinstance(value, (list, dict)):
                raise invalid(f"Invalid values[{index}][{position}]: struct_value or list_value")
    return values


def put(
    editing: Editing, text: str, body: Any, *, as_typed: bool, field_name: str = "data.values"
) -> Written:
    """Write a block at a range; a single cell or a bare title is only a start, any other range is a limit."""
    tab, box, address = locate(editing.spreadsheet, text)
    limit = None if _is_start(address) else box
    return put_at(editing, tab, box, body, limit, as_typed=as_typed, field_name=field_name)


def _is_start(address: Address) -> bool:
    if address.top is None and address.left is None:
        return True
    single = (address.bottom, address.right) == ((address.top or 0) + 1, (address.left or 0) + 1)
    return single and address.top is not None


def put_at(
    editing: Editing,
    tab: Tab,
    box: Box,
    body: Any,
    limit: Box | None,
    *,
    as_typed: bool,
    field_name: str = "data.values",
) -> Written:
    """Write a block at the corner of a rectangle, all of it or nothing."""
    lines, by_rows = lines_of(body, field_name), body.get("majorDimension") != "COLUMNS"
    changes = list(_changes(lines, box, by_rows))
    bottom = max((row for row, _, _ in changes), default=box.top) + 1
    right = max((column for _, column, _ in changes), default=box.left) + 1
    updated = Box(box.top, box.left, bottom, right)
    _check_room(tab, updated, limit)
    for row, column, _ in changes:
        editing.guard(tab, Box(row, column, row + 1, column + 1))
    for row, column, value in changes:
        editing.enter(tab, row, column, value, as_typed=as_typed)
    touched = frozenset((row, column) for row, column, _ in changes)
    return Written(tab, box if limit is not None else updated, updated, touched)


def _changes(lines: list[list[Any]], box: Box, by_rows: bool) -> Iterator[tuple[int, int, Any]]:
    for major, line in enumerate(lines):
        for minor, value in enumerate(line):
            if value is not None:
                row, column = (major, minor) if by_rows else (minor, major)
                yield box.top + row, box.left + column, value


def _check_room(tab: Tab, updated: Box, limit: Box | None) -> None:
    """Refuse values outside the asked range or the grid: writing never makes room (only append does)."""
    if limit is not None:
        asked = range_name(tab.title, limit)
        if updated.bottom > limit.bottom:
            tried = f"row [{limit.bottom + 1}]"
            raise invalid(f"Requested writing within range [{asked}], but tried writing to {tried}")
        if updated.right > limit.right:
            tried = f"column [{column_name(limit.right)}]"
            raise invalid(f"Requested writing within range [{asked}], but tried writing to {tried}")
    if updated.bottom > tab.rows or updated.right > tab.columns:
        raise beyond(tab, range_name(tab.title, updated))


def clear(editing: Editing, text: str) -> str:
    """Clear the values of a range (formats and notes stay); returns the cleared range."""
    tab, box, _ = locate(editing.spreadsheet, text)
    editing.guard(tab, box)
    for row, column in list(tab.used_in(box)):
        cell = tab.cell(row, column)
        tab.put(row, column, Cell(None, cell.format, cell.note))
    return range_name(tab.title, box)


def append(
    editing: Editing, text: str, body: Any, *, as_typed: bool, insert: bool
) -> tuple[Box | None, Written]:
    """Write below the table found in a range, making room when the grid ends; returns (table, written)."""
    tab, box, _ = locate(editing.spreadsheet, text)
    table = _table(tab, box)
    top, left = (box.top, box.left) if table is None else (table.bottom, table.left)
    count = len(lines_of(body, "data.values"))
    if insert and table is not None and count > 0:
        shift(editing.spreadsheet, tab, rows=True, by=Shift(top, added=count))
    tab.rows = max(tab.rows, top + count)
    start = Box(top, left, top + 1, left + 1)
    return table, put_at(editing, tab, start, body, None, as_typed=as_typed)


def _table(tab: Tab, box: Box) -> Box | None:
    """The block of touching used cells that holds the last used cell of the range; None when all is blank."""
    filled = {at for at, cell in tab.cells.items() if cell.entered is not None}
    inside = [at for at in filled if box.holds(*at)]
    if not inside:
        return None
    row, column = max(inside)
    table = Box(row, column, row + 1, column + 1)
    while (grown := _grown(table, filled)) != table:
        table = grown
    return table


def _grown(table: Box, filled: set[tuple[int, int]]) -> Box:
    around = Box(table.top - 1, table.left - 1, table.bottom + 1, table.right + 1)
    near = [at for at in filled if around.holds(*at)]
    rows, columns = [row for row, _ in near], [column for _, column in near]
    return Box(min(rows), min(columns), max(rows) + 1, max(columns) + 1)


def readback(editing: Editing, written: Written, rendering: Rendering) -> dict[str, Any]:
    """`updatedData`: the whole asked range as it now reads (recorded)."""
    return value_range(Calculator(editing.spreadsheet), written.tab, written.asked, rendering)
