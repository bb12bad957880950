"""A new row in people's tab: inserted below the others and filled in one atomic request.

Arrives: a fresh view, cells and a marker. Leaves: a `Written` read from the request's own answer. The row is
inserted, never aimed at a blank one: what a person types there at the same moment moves down and stays whole
(`spreadsheets.batchUpdate` applies its parts in order and all or none). `values.append` is not used, since it
guesses where a table ends. Results and look-ups follow when the row is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from okrsync.connectors.base import Marker, Native, Written
from okrsync.connectors.errors import ConnectorError, EditConflict, OutcomeUnknown, Rejected
from okrsync.connectors.policy import Effect
from okrsync.connectors.sheets.book import SHEETS_MASK, Json, Tab, has_content
from okrsync.connectors.sheets.client import SheetsClient
from okrsync.connectors.sheets.encode import cell_data, why_unfit
from okrsync.connectors.sheets.fields import header_id, is_plain
from okrsync.connectors.sheets.grid import Grid, read_grid
from okrsync.connectors.sheets.reader import tab_of, whole
from okrsync.connectors.sheets.records import View, cell

GRACE = 300.0
"""Seconds. Reads are never late, but a request whose answer was lost may still be worked on: Google ends one
after three minutes ("Usage limits")."""


def create(client: SheetsClient, view: View, cells: Mapping[str, Native], marker: Marker) -> Written:
    """Insert one row with the key and these cells, and read it back."""
    try:
        values = _values(view, cells, marker)
        row = _below(view.grid)
        raw = client.batch_update(
            view.source.spreadsheet,
            _requests(view.grid, row, values),
            Effect.WRITE_CREATE,
            [whole(view.grid.tab.title)],
            SHEETS_MASK,
        )
    except ConnectorError as error:
        return Written("", error=error)
    return _read_back(view, raw, cells, marker.key)


def _values(view: View, cells: Mapping[str, Native], marker: Marker) -> dict[int, Native]:
    """By column. Raises EditConflict where the key is there by now, Rejected for cells that cannot be."""
    grid = view.grid
    if marker.key in grid.rows or grid.bad_keys:
        raise EditConflict(
            f"the key {marker.key!r} is there already, or a key cannot be read",
            service="sheets",
            place=grid.tab.title,
            advice="Repair unreadable keys; the next run looks again",
        )
    wrong = dict(_wrong(grid, cells))
    if wrong:
        told = "; ".join(f"{name}: {why}" for name, why in wrong.items())
        raise Rejected(told, fields=wrong, service="sheets", place=grid.tab.title)
    found = {grid.columns[header_id(name)].index: value for name, value in cells.items()}
    return {**found, grid.key_column: marker.key}


def _wrong(grid: Grid, cells: Mapping[str, Native]) -> Iterator[tuple[str, str]]:
    for name, value in cells.items():
        if not is_plain(name):
            yield name, "it is kept in okrsync's own tab and follows once the row is there"
        elif grid.column(header_id(name)) is None:
            yield name, "no column, or more than one, has this header"
        elif (why := why_unfit(value, grid.zone)) is not None:
            yield name, why


def _below(grid: Grid) -> int:
    """The row to insert at, from 0: under the last key and whatever stands right below it."""
    tab = grid.tab
    used = {row for (row, _), held in tab.cells.items() if has_content(held)}
    row = max((rows[-1] for rows in grid.rows.values()), default=grid.header_row) + 1
    while row in used:
        row += 1
    return row


def _requests(grid: Grid, row: int, values: Mapping[int, Native]) -> list[Json]:
    """Insert the row with the formats of the one above, then fill its cells one by one."""
    sheet_id = grid.tab.sheet_id
    span = {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
    above = row - 1 > grid.header_row
    parts: list[Json] = [_grown(grid.tab, span, above)]
    for column, value in sorted(values.items()):
        data, fields = cell_data(value, grid.zone, grid.cell(row - 1, column) if above else {})
        start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
        parts.append({"updateCells": {"start": start, "rows": [{"values": [data]}], "fields": fields}})
    return parts


def _grown(tab: Tab, span: Mapping[str, Json], above: bool) -> Json:
    """One more row; below the grid's last one it is appended, which needs no neighbour."""
    if span["startIndex"] >= tab.rows:
        return {"appendDimension": {"sheetId": tab.sheet_id, "dimension": "ROWS", "length": 1}}
    return {"insertDimension": {"range": dict(span), "inheritFromBefore": above}}


def _read_back(view: View, raw: Json, cells: Mapping[str, Native], key: str) -> Written:
    """What the row shows. Without it a column was moved meanwhile: nobody can say where the cells are."""
    try:
        tab = tab_of(raw, view.grid.tab.title, view)
        after = replace(view, grid=read_grid(tab, view.grid.zone, view.source))
    except ConnectorError as error:
        lost = OutcomeUnknown(error.message, service="sheets", place=view.source.tab)
        return Written("", error=lost)
    if key not in after.grid.rows:
        told = "columns were moved while a row was written; look for a row with values in the wrong columns"
        return Written("", error=EditConflict(told, service="sheets", place=view.source.tab))
    stayed = [name for name in cells if _column(after, name) == _column(view, name)]
    shown = {name: seen for name in stayed if (seen := cell(after, key, name)) is not None}
    return Written(key, shown, answer="HTTP 200")


def _column(view: View, name: str) -> int | None:
    return view.grid.column(header_id(name))
