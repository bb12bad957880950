"""okrsync's own tab: one rectangular block, and the formulas that show it in people's rows.

Arrives: the tab as read, new values by key and name, the keys people's tab has now. Leaves: the block as
read, the block to be, and the `spreadsheets.batchUpdate` requests between them. Nobody edits or sorts this
tab, and each row carries its key, so computed values cannot land on a wrong row. The whole block is
rewritten in one atomic request: sending it twice is harmless.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import ZoneInfo

from okrsync.connectors.base import Native
from okrsync.connectors.sheets.book import Json, Tab, a1, letters, quoted
from okrsync.connectors.sheets.decode import key_text, native, number
from okrsync.connectors.sheets.encode import extended_result
from okrsync.okr.values import Unreadable

KEY_HEADER = "key"
_SPARE_ROWS = 200
_WIDTH = 26


@dataclass(frozen=True)
class Block:
    """The results by key and name. `tab` is `None` while the tab does not exist."""

    title: str
    tab: Tab | None
    names: tuple[str, ...] = ()
    rows: Mapping[str, Mapping[str, Native]] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    """Which row of the tab, counted from 0, holds a key."""

    def value(self, key: str, name: str) -> Native:
        """What the block shows; `None` where it shows nothing."""
        return self.rows.get(key, {}).get(name)

    def place(self, key: str, name: str) -> str:
        """Where a person finds it, such as `_okrsync!C4`; the tab alone while it is not there."""
        if key not in self.lines or name not in self.names:
            return self.title
        return f"{self.title}!{a1(self.lines[key], self.names.index(name) + 1)}"

    def updated(
        self, values: Mapping[str, Mapping[str, Native]], names: Iterable[str], alive: Collection[str]
    ) -> Block:
        """The block to write: `values` laid over it, `names` present, rows of keys not in `alive` gone.

        Columns keep their places and new ones are added behind, so that lookups stay right.
        """
        new = [name for row in values.values() for name in row]
        all_names = tuple(dict.fromkeys((*self.names, *names, *new)))
        keys = [key for key in dict.fromkeys((*self.rows, *values)) if key in alive]
        rows = {key: {**self.rows.get(key, {}), **values.get(key, {})} for key in keys}
        return Block(self.title, self.tab, all_names, rows, {key: at for at, key in enumerate(keys, 1)})


def read_block(title: str, tab: Tab | None, zone: ZoneInfo) -> Block:
    """The block a tab holds. Names stop at the first blank header; rows without key are not ours."""
    if tab is None:
        return Block(title, None)
    names: list[str] = []
    while isinstance(name := native(tab.at(0, len(names) + 1), zone), str):
        names.append(name.strip())
    rows: dict[str, dict[str, Native]] = {}
    lines: dict[str, int] = {}
    for row in range(1, tab.last_row() + 1):
        key = key_text(tab.at(row, 0), zone)
        if isinstance(key, str) and key not in rows:
            rows[key] = {name: native(tab.at(row, at), zone) for at, name in enumerate(names, 1)}
            lines[key] = row
    return Block(tab.title, tab, tuple(names), rows, lines)


def own_sheet_id(title: str, taken: Collection[int]) -> int:
    """The sheet id okrsync gives its tab: the same for the same title, so a repeated creation fails.

    It also finds the tab again after a person renamed it, since ids survive renaming.
    """
    wanted = zlib.crc32(title.encode()) & 0x3FFFFFFF
    while wanted in taken:
        wanted += 1
    return wanted


def write_requests(block: Block, number_keys: Collection[str], taken: Collection[int]) -> list[Json]:
    """The `batchUpdate` requests that leave exactly `block` in the tab, making the tab where it is missing.

    The range covers what stood there before: `updateCells` clears the cells of its range that get no data.
    """
    height, width = len(block.rows) + 1, len(block.names) + 1
    if block.tab is None:
        sheet_id = own_sheet_id(block.title, taken)
        requests = _create_requests(block.title, sheet_id, height, width)
    else:
        sheet_id = block.tab.sheet_id
        requests = _grow_requests(block.tab, height, width)
        height = max(height, block.tab.last_row() + 1)
        width = max(width, block.tab.last_column() + 1)
    area = {
        "sheetId": sheet_id,
        "startRowIndex": 0,
        "endRowIndex": height,
        "startColumnIndex": 0,
        "endColumnIndex": width,
    }
    rows = _row_data(block, number_keys)
    return [*requests, {"updateCells": {"range": area, "rows": rows, "fields": "userEnteredValue"}}]


def is_written(block: Block, number_keys: Collection[str]) -> bool:
    """Whether the tab holds exactly `block` already, so that nothing needs to be sent."""
    if block.tab is None:
        return False
    wanted = {
        (row, column): cell.get("userEnteredValue", {})
        for row, line in enumerate(_row_data(block, number_keys))
        for column, cell in enumerate(line["values"])
    }
    places = {*wanted, *block.tab.cells}
    return all(
        _entered(wanted.get(place, {})) == _entered(block.tab.at(*place).get("userEnteredValue", {}))
        for place in places
    )


def _entered(value: Json) -> Json:
    """An ExtendedValue with its number as a cell can hold it."""
    return {name: number(held) if name == "numberValue" else held for name, held in value.items()}


def lookup_formula(block: Block, name: str, row: int, key_column: int) -> str | None:
    """The formula that shows `name` in a row; `None` while the block has no such column.

    It names the row's own key cell, so it stays right through sorts. `;` separates arguments in every
    locale; blank where the key is not in the block.
    """
    if name not in block.names:
        return None
    at = block.names.index(name) + 2
    key = a1(row, key_column)
    # as wide as the tab is made, so that one more result does not change every formula
    last = letters(max(_WIDTH - 1, len(block.names)))
    table = f"{quoted(block.title)}!$A:${last}"
    return f'=IFERROR(VLOOKUP({key};{table};{at};FALSE);"")'


def same_formula(found: str, expected: str | None) -> bool:
    """Whether a cell's formula is the expected one, in either spelling of the separators."""
    return expected is not None and _bare(found) == _bare(expected)


def is_ours(found: str, block: Block) -> bool:
    """Whether a formula is one of our lookups, perhaps of another column, width or row, or a broken one."""
    table = re.escape(_bare(quoted(block.title)))
    whole = re.fullmatch(_shape(rf"{table}!\$a:\$[a-z]+"), _bare(found)) is not None
    return whole or is_broken(found)


def is_broken(found: str) -> bool:
    """Whether it is one of our lookups whose tab was deleted: it does not heal when the tab comes back."""
    return re.fullmatch(_shape(r"#ref!"), _bare(found)) is not None


def _shape(block: str) -> str:
    return rf"=iferror\(vlookup\(\$?[a-z]+\$?\d+,{block},\d+,false\),\"\"\)"


def _bare(formula: str) -> str:
    """Without what the service may respell: separators, quotes around the title, blanks, letter case."""
    return re.sub(r"[\s']", "", formula.replace(";", ",")).casefold()


def _create_requests(title: str, sheet_id: int, height: int, width: int) -> list[Json]:
    size = {
        "rowCount": height + _SPARE_ROWS,
        "columnCount": max(width, _WIDTH),
        "frozenRowCount": 1,
    }
    protected = {
        "range": {"sheetId": sheet_id},
        "description": "okrsync writes this tab; edits here are overwritten",
        "warningOnly": True,
    }
    return [
        {"addSheet": {"properties": {"sheetId": sheet_id, "title": title, "gridProperties": size}}},
        {"addProtectedRange": {"protectedRange": protected}},
    ]


def _grow_requests(tab: Tab, height: int, width: int) -> list[Json]:
    """A write past the grid's edge is refused, so the grid grows first, in the same atomic request."""
    width = max(width, _WIDTH)
    if height <= tab.rows and width <= tab.columns:
        return []
    size = {
        "rowCount": max(tab.rows, height + _SPARE_ROWS if height > tab.rows else 0),
        "columnCount": max(tab.columns, width),
    }
    properties = {"sheetId": tab.sheet_id, "gridProperties": size}
    fields = "gridProperties.rowCount,gridProperties.columnCount"
    return [{"updateSheetProperties": {"properties": properties, "fields": fields}}]


def _row_data(block: Block, number_keys: Collection[str]) -> list[Json]:
    head = [KEY_HEADER, *block.names]
    lines: list[list[Native]] = [list(head)]
    for key, values in block.rows.items():
        first: Native = Decimal(key) if key in number_keys else key
        lines.append([first, *(_writable(values.get(name)) for name in block.names)])
    return [{"values": [_cell(value) for value in line]} for line in lines]


def _writable(value: Native) -> Native:
    """A result somebody broke in our own tab is rewritten as blank until it is computed again."""
    return None if isinstance(value, Unreadable) else value


def _cell(value: Native) -> Json:
    entered = extended_result(value)
    return {} if entered is None else {"userEnteredValue": entered}
