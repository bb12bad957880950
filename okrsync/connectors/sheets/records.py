"""One look at a spreadsheet turned into what the port speaks of: records, cells, findings.

Arrives: a `View` (the people's grid and the results block of one read) and the wanted field ids. Leaves:
`Record`s, one per key, and findings about rows and columns that could not be used. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from okrsync.connectors.base import Cell, Native, NativeField, Record, Schema
from okrsync.connectors.sheets.book import a1, formula, has_content, letters
from okrsync.connectors.sheets.decode import kind, native
from okrsync.connectors.sheets.fields import (
    BROKEN,
    LOOKUP,
    RESULTS,
    SHOWN,
    Lookup,
    header_id,
    is_plain,
    lookup,
    result_name,
)
from okrsync.connectors.sheets.grid import Grid, native_fields
from okrsync.connectors.sheets.results import Block, is_broken, lookup_formula, same_formula
from okrsync.connectors.sheets.settings import Source
from okrsync.okr.findings import Finding, Severity
from okrsync.okr.values import Unreadable

FILE_URL = "https://docs.google.com/spreadsheets/d"
TITLE_HEADERS = ("title", "name", "kr text", "key result")


@dataclass(frozen=True)
class View:
    """What one read of one source showed."""

    source: Source
    grid: Grid
    block: Block

    def url(self, row: int | None = None) -> str:
        """The address a person opens: the tab, or a row in it."""
        address = f"{FILE_URL}/{self.source.spreadsheet}/edit#gid={self.grid.tab.sheet_id}"
        return address if row is None else f"{address}&range={a1(row, 0)}"


def schema_of(view: View) -> Schema:
    """People's columns, the results there are, and the look-ups the source asks for."""
    own = [
        NativeField(f"{RESULTS}{name}", f"{view.block.title} {name}", "property", writable=True)
        for name in view.block.names
    ]
    show = view.source.results.show if view.source.results is not None else {}
    shown = [
        NativeField(f"{LOOKUP}{column}={name}", column, "computed", writable=True)
        for column, name in show.items()
    ]
    fields = (*native_fields(view.grid), *own, *shown)
    return Schema(place=view.source.tab, fields=fields, url=view.url())


def records(view: View, want: Sequence[str]) -> tuple[Record, ...]:
    """One record per key, in the tab's order."""
    return tuple(_record(view, key, want) for key in view.grid.rows)


def cell(view: View, key: str, field_id: str) -> Cell | None:
    """One wanted cell of a key; `None` where the tab has no such column at all."""
    rows = view.grid.rows[key]
    if len(rows) > 1:
        return Cell(_twice(view, key), view.grid.place(rows[0], view.grid.key_column), locked="duplicate key")
    name = result_name(field_id)
    if name is not None:
        return Cell(view.block.value(key, name), view.block.place(key, name))
    shows = lookup(field_id)
    return _plain(view, rows[0], field_id) if shows is None else _lookup(view, rows[0], shows)


def findings(view: View, want: Sequence[str]) -> tuple[Finding, ...]:
    """What a person should repair in the tab, as far as the wanted fields are concerned."""
    return (*_missing(view, want), *_bad_rows(view, want), *_duplicates(view), *_mixed(view, want))


def _record(view: View, key: str, want: Sequence[str]) -> Record:
    row = view.grid.rows[key][0]
    found = {field_id: cell(view, key, field_id) for field_id in want}
    return Record(
        native_id=key,
        title=_title(view, key, row),
        place=view.grid.place(row, view.grid.key_column),
        cells={field_id: seen for field_id, seen in found.items() if seen is not None},
        url=view.url(row),
        locator=row,
    )


def _title(view: View, key: str, row: int) -> str:
    for header in TITLE_HEADERS:
        column = view.grid.column(header)
        value = None if column is None else native(view.grid.cell(row, column), view.grid.zone)
        if isinstance(value, str):
            return value.strip()
    return key


def _plain(view: View, row: int, field_id: str) -> Cell | None:
    grid = view.grid
    column = grid.columns.get(header_id(field_id))
    if column is None:
        return None
    place = grid.place(row, column.index)
    if column.others:
        return Cell(Unreadable("several columns have this header"), place, locked="duplicate header")
    if grid.tab.swallowed(row, column.index):
        return Cell(Unreadable("hidden by a merged cell"), place, locked="merged cell")
    lock = "key" if column.index == grid.key_column else grid.tab.lock(row, column.index)
    return Cell(native(grid.cell(row, column.index), grid.zone), place, locked=lock)


def _lookup(view: View, row: int, shows: Lookup) -> Cell | None:
    grid = view.grid
    column = grid.column(shows.column)
    if column is None:
        return None
    place, held = grid.place(row, column), grid.cell(row, column)
    found = formula(held)
    lock = grid.tab.lock(row, column)
    if found is not None and same_formula(
        found, lookup_formula(view.block, shows.name, row, grid.key_column)
    ):
        return Cell(SHOWN, place, locked=None if lock == "formula" else lock)
    if found is not None and is_broken(found):
        return Cell(BROKEN, place, locked=None if lock == "formula" else lock)
    return Cell(_held(view, row, column), place, locked=lock)


def _held(view: View, row: int, column: int) -> Native:
    """What stands where a lookup should; a formula showing nothing is not a blank cell."""
    found = view.grid.cell(row, column)
    value = native(found, view.grid.zone)
    return formula(found) if value is None else value


def _twice(view: View, key: str) -> Unreadable:
    return Unreadable(f"the key {key!r} stands in {_row_list(view.grid.rows[key])}")


def _row_list(rows: Sequence[int]) -> str:
    return "rows " + " and ".join(str(row + 1) for row in rows)


def _missing(view: View, want: Sequence[str]) -> Iterator[Finding]:
    for field_id in want:
        shows = lookup(field_id)
        header = shows.column if shows is not None else header_id(field_id)
        if result_name(field_id) is not None:
            if view.source.results is None:
                yield _column_finding(
                    view, "RESULTS_MISSING", f"{field_id} is mapped but no results tab is set"
                )
            continue
        column = view.grid.columns.get(header)
        if column is None:
            yield _column_finding(view, "FIELD_MISSING", f"no column is headed {header!r}")
        elif column.others:
            where = ", ".join(letters(index) for index in (column.index, *column.others))
            message = f"columns {where} are all headed {column.name!r}"
            yield _column_finding(view, "FIELD_AMBIGUOUS", message, "Rename all but one of them")


def _column_finding(view: View, code: str, message: str, advice: str = "") -> Finding:
    told = advice or "Correct the mapping, or give the tab the column back"
    return Finding(code, view.source.tab, message, told, Severity.ERROR)


def _bad_rows(view: View, want: Sequence[str]) -> Iterator[Finding]:
    grid = view.grid
    for row, problem in grid.bad_keys.items():
        place = grid.place(row, grid.key_column)
        yield Finding("KEY_UNREADABLE", place, f"the key cannot be read: {problem.reason}", "Repair the cell")
    columns = [at for at in map(grid.column, filter(is_plain, want)) if at is not None]
    for row in grid.blank_keys:
        # an unticked check box is FALSE, not blank: it says nothing about the row
        filled = [
            at for at in columns if grid.cell(row, at).get("effectiveValue", {}) != {"boolValue": False}
        ]
        if any(has_content(grid.cell(row, at)) for at in filled):
            place = grid.place(row, grid.key_column)
            yield Finding("KEY_BLANK", place, "the row holds values but no key", "Give the row a key")


def _duplicates(view: View) -> Iterator[Finding]:
    for key, rows in view.grid.rows.items():
        if len(rows) > 1:
            yield Finding(
                "KEY_SHARED",
                view.grid.place(rows[0], view.grid.key_column),
                f"the key {key!r} stands in {_row_list(rows)}; none of them is read or written",
                "Give each row a key of its own",
                Severity.ERROR,
            )


def _mixed(view: View, want: Sequence[str]) -> Iterator[Finding]:
    """Percent-formatted and plain numbers in one column: 42 % is 0.42 there, and 42 is 42."""
    grid = view.grid
    for field_id in filter(is_plain, want):
        column = grid.column(header_id(field_id))
        if column is None:
            continue
        kinds = {rows[0]: kind(grid.cell(rows[0], column)) for rows in grid.rows.values()}
        percents = [row for row, found in kinds.items() if found == "percent"]
        if percents and "number" in kinds.values():
            where = ", ".join(grid.place(row, column) for row in percents)
            yield Finding(
                "MIXED_PERCENT",
                f"{view.source.tab}!{letters(column)}:{letters(column)}",
                f"the column mixes plain numbers with percentages, which count as fractions ({where})",
                "Format the column one way if its numbers mean one thing",
                Severity.INFO,
            )
