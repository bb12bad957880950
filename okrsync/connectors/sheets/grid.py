"""People's tab as a table: which column bears which header, which row bears which key.

Arrives: a `Tab` and where its headers and keys are. Leaves: columns by header id, rows by key, and what is
wrong with either. Separate because row and column numbers are no identity (one sort moves them all): they
are found anew from header and key texts on every single read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from okrsync.connectors.base import NativeField
from okrsync.connectors.errors import NotFound, Rejected
from okrsync.connectors.sheets.book import Json, Tab, a1, formula, has_content, letters
from okrsync.connectors.sheets.decode import key_text, kind, native
from okrsync.connectors.sheets.fields import header_id
from okrsync.connectors.sheets.settings import Source
from okrsync.okr.values import Unreadable


@dataclass(frozen=True)
class Column:
    """One headed column; `others` are further columns with the same header."""

    index: int
    name: str
    others: tuple[int, ...] = ()


@dataclass(frozen=True)
class Grid:
    """The table found in a tab."""

    tab: Tab
    zone: ZoneInfo
    header_row: int
    key_column: int
    columns: Mapping[str, Column]
    rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Key to its rows, in the tab's order; more than one row is a duplicate key."""
    bad_keys: Mapping[int, Unreadable] = field(default_factory=dict)
    """Rows whose key cell could not be read."""
    blank_keys: tuple[int, ...] = ()
    """Rows without key that hold something."""

    def place(self, row: int, column: int) -> str:
        """A cell as a person would look it up, such as `KRs!E7`."""
        return f"{self.tab.title}!{a1(row, column)}"

    def number_key(self, key: str) -> bool:
        """Whether people typed this key as a number; a lookup does not find 17 under "17"."""
        rows = self.rows.get(key, ())
        return bool(rows) and isinstance(native(self.cell(rows[0], self.key_column), self.zone), Decimal)

    def cell(self, row: int, column: int) -> Json:
        """The cell's data."""
        return self.tab.at(row, column)

    def column(self, field_id: str) -> int | None:
        """Where the column is; `None` when there is none or more than one."""
        found = self.columns.get(field_id)
        return found.index if found is not None and not found.others else None

    def row(self, key: str) -> int | None:
        """Where the key is; `None` when it is nowhere or in several rows."""
        rows = self.rows.get(key, ())
        return rows[0] if len(rows) == 1 else None

    def at(self, key: str, field_id: str) -> Json:
        """The cell under a key and a header; the header row answers to the key column's own header."""
        row = self.row(key)
        if row is None and header_id(key) == self._key_header():
            row = self.header_row
        column = self.column(field_id)
        return {} if row is None or column is None else self.cell(row, column)

    def _key_header(self) -> str:
        return next(name for name, column in self.columns.items() if column.index == self.key_column)


def read_grid(tab: Tab, zone: ZoneInfo, source: Source) -> Grid:
    """Find the table. Raises NotFound for a missing key column, Rejected for two of them."""
    header_row = source.header_row - 1
    columns = _columns(tab, zone, header_row)
    key_column = _key_column(columns, source)
    rows: dict[str, list[int]] = {}
    bad: dict[int, Unreadable] = {}
    blank: list[int] = []
    used = {row for (row, _), cell in tab.cells.items() if row > header_row and has_content(cell)}
    for row in sorted(used):
        key = key_text(tab.at(row, key_column), zone)
        if isinstance(key, Unreadable):
            bad[row] = key
        elif key is None:
            blank.append(row)
        else:
            rows.setdefault(key, []).append(row)
    found = {key: tuple(places) for key, places in rows.items()}
    return Grid(tab, zone, header_row, key_column, columns, found, bad, tuple(blank))


def native_fields(grid: Grid) -> tuple[NativeField, ...]:
    """The columns as the port describes fields."""
    return tuple(_field(grid, field_id, column) for field_id, column in grid.columns.items())


def nearest(wanted: str, names: Mapping[str, str]) -> str:
    """An advice naming the most alike of `names` (identity to spelling) and all there are."""
    close = get_close_matches(header_id(wanted), list(names), n=1)
    hint = f"Did you mean {names[close[0]]!r}? " if close else ""
    listed = ", ".join(repr(name) for name in names.values())
    return f"{hint}There are: {listed or 'none'}"


def _columns(tab: Tab, zone: ZoneInfo, header_row: int) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for index in range(tab.last_column() + 1):
        value = native(tab.at(header_row, index), zone)
        if value is None or isinstance(value, Unreadable):
            continue
        name = str(value)
        first = found.get(header_id(name))
        if first is None:
            found[header_id(name)] = Column(index, name)
        else:
            found[header_id(name)] = Column(first.index, first.name, (*first.others, index))
    return found


def _key_column(columns: Mapping[str, Column], source: Source) -> int:
    place = f"{source.tab}!{source.header_row}:{source.header_row}"
    found = columns.get(header_id(source.key))
    if found is None:
        raise NotFound(
            f"no column is headed {source.key!r}, the key",
            service="sheets",
            place=place,
            advice=nearest(source.key, {name: column.name for name, column in columns.items()}),
        )
    if found.others:
        where = ", ".join(letters(index) for index in (found.index, *found.others))
        raise Rejected(
            f"columns {where} are all headed {source.key!r}, the key",
            service="sheets",
            place=place,
            advice="Rename all but one of them",
        )
    return found.index


def _field(grid: Grid, field_id: str, column: Column) -> NativeField:
    cells = [grid.cell(rows[0], column.index) for rows in grid.rows.values()]
    why_not = _why_not_writable(grid, column, cells)
    return NativeField(field_id, column.name, _type(cells), writable=not why_not, why_not=why_not)


def _type(cells: list[Json]) -> str:
    """What the column's cells agree on; numbers of several formats are `number`, other mixtures `text`."""
    kinds = {found for found in map(kind, cells) if found is not None}
    if len(kinds) == 1:
        return kinds.pop()
    return "number" if kinds and kinds <= {"number", "percent"} else "text"


def _why_not_writable(grid: Grid, column: Column, cells: list[Json]) -> str:
    if column.others:
        return "several columns have this header"
    if column.index == grid.key_column:
        return "it is the key"
    filled = [cell for cell in cells if has_content(cell)]
    if filled and all(formula(cell) is not None for cell in filled):
        return "every cell is a formula"
    return ""
