"""Sends cells into people's tab in one atomic request, and proves from the answer that they hit their rows.

Arrives: a fresh `View` and `Op`s. Leaves: for each op the cell as it stands, or an error. The API has no
compare-and-set: between the fresh read and the write a person may sort the tab. The write's own answer shows
key column and headers, so a hit on a wrong row is always noticed, and the cell gets back at once what the
read just before showed for the row that is there now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from okrsync.connectors.base import Cell
from okrsync.connectors.errors import ConnectorError, EditConflict
from okrsync.connectors.policy import Effect
from okrsync.connectors.sheets.book import SHEETS_MASK, Json, Tab, letters, quoted
from okrsync.connectors.sheets.cells import Op, shown
from okrsync.connectors.sheets.client import Check, SheetsClient
from okrsync.connectors.sheets.decode import key_text, native
from okrsync.connectors.sheets.encode import wire_number
from okrsync.connectors.sheets.errors import PartRejected
from okrsync.connectors.sheets.fields import header_id
from okrsync.connectors.sheets.grid import Grid
from okrsync.connectors.sheets.reader import tab_of
from okrsync.connectors.sheets.records import View

_TRIES = 3
"""How many refused keys are sorted out one by one before the rest is given up for this run."""


@dataclass
class Outcome:
    """Cells by key and field id, and errors by key."""

    cells: dict[str, dict[str, Cell]] = field(default_factory=dict)
    errors: dict[str, ConnectorError] = field(default_factory=dict)


def write_cells(client: SheetsClient, view: View, ops: Sequence[Op], still_fresh: Check) -> Outcome:
    """Write all ops in one request. A key the service refuses is left out and the rest sent again.

    Nothing of a refused batch is applied (`spreadsheets.batchUpdate` is atomic), so the repeat is safe.
    `still_fresh` is asked before each sending and raises when the read the ops rest on has grown old, as it
    does while a rate limit makes everybody wait.
    """
    outcome, rest = Outcome(), list(ops)
    for _ in range(_TRIES):
        if not rest:
            break
        try:
            after = _send(client, view, rest, still_fresh)
        except PartRejected as refused:
            key = rest[min(refused.index, len(rest) - 1)].key
            outcome.errors[key] = refused
            rest = [op for op in rest if op.key != key]
        except ConnectorError as error:
            outcome.errors.update({op.key: error for op in rest})
            return outcome
        else:
            _judge(client, view, rest, after, outcome)
            return outcome
    outcome.errors.update({op.key: _given_up(view) for op in rest})
    return outcome


def _given_up(view: View) -> EditConflict:
    return EditConflict("too many refused cells in one batch", service="sheets", place=view.source.tab)


def _send(client: SheetsClient, view: View, ops: Sequence[Op], still_fresh: Check) -> Tab:
    title, sheet_id = view.grid.tab.title, view.grid.tab.sheet_id
    columns = sorted({view.grid.key_column, *(op.column for op in ops)})
    ranges = [f"{quoted(title)}!{letters(at)}:{letters(at)}" for at in columns]
    parts = [op.request(sheet_id) for op in ops]
    raw = client.batch_update(
        view.source.spreadsheet, parts, Effect.WRITE_ABSOLUTE, ranges, SHEETS_MASK, still_fresh
    )
    return tab_of(raw, title, view)


def _judge(client: SheetsClient, view: View, ops: Sequence[Op], after: Tab, outcome: Outcome) -> None:
    now = _ReadBack.of(view.grid, after)
    strays = [op for op in ops if not now.hit(op)]
    for op in ops:
        if op not in strays:
            outcome.cells.setdefault(op.key, {})[op.field_id] = shown(view, op, after)
    if strays:
        outcome.errors.update(_repair(client, view, strays, now))


@dataclass(frozen=True)
class _ReadBack:
    """The tab after the write, and where its headers are then; `None` when they cannot be found."""

    grid: Grid
    tab: Tab
    header_row: int | None

    @classmethod
    def of(cls, grid: Grid, tab: Tab) -> _ReadBack:
        """The header row is the one where the key column shows its own header."""
        wanted = _text(grid, grid.tab, grid.header_row, grid.key_column)
        rows = range(tab.last_row() + 1)
        return cls(
            grid, tab, next((at for at in rows if _text(grid, tab, at, grid.key_column) == wanted), None)
        )

    def hit(self, op: Op) -> bool:
        """Whether the cell stands under the key and the header it was meant for."""
        return self.key(op) == op.key and self.header(op) == op.header

    def key(self, op: Op) -> str | None:
        """The key now on the op's row, blank for none; `None` when the key column has moved away."""
        if self.header_row is None:
            return None
        key = key_text(self.tab.at(op.row, self.grid.key_column), self.grid.zone)
        return key if isinstance(key, str) else ""

    def is_header(self, op: Op) -> bool:
        """Whether the cell is a header now."""
        return self.header_row == op.row

    def header(self, op: Op) -> str:
        """The header now above the op's cell; where that very cell is the header, the one it hides."""
        if self.is_header(op):
            return op.header
        return "" if self.header_row is None else _text(self.grid, self.tab, self.header_row, op.column)


def _text(grid: Grid, tab: Tab, row: int, column: int) -> str:
    return header_id(str(native(tab.at(row, column), grid.zone) or ""))


def _repair(
    client: SheetsClient, view: View, strays: Sequence[Op], now: _ReadBack
) -> Mapping[str, ConnectorError]:
    """Put back what was hit. What a person does during this very request only the report can tell."""
    fixes = list(_fixes(strays, now))
    new = [fix for fix in fixes if fix.key != "" and fix.key not in now.grid.rows and not now.is_header(fix)]
    parts = [fix.request(view.grid.tab.sheet_id) for fix in fixes]
    told = "the rows moved while writing"
    if parts:
        try:
            client.batch_update(view.source.spreadsheet, parts, Effect.WRITE_ABSOLUTE, (), "spreadsheetId")
        except ConnectorError as error:
            told += f", and putting back failed ({error.message}): look at the cell"
        else:
            told += "; the cell that was hit got its value back"
    if new:
        told += "; a row that had just become another record's got a blank, so look at the cell"
    if len(fixes) < len(strays):
        told += "; a column moved too, so look at the cell"
    return {
        op.key: EditConflict(
            told,
            service="sheets",
            place=view.grid.place(op.row, op.column),
            advice="It is tried again next run",
        )
        for op in strays
    }


def _fixes(strays: Sequence[Op], now: _ReadBack) -> Iterator[Op]:
    """What the read just before held for the key and header now there; a row it did not know was blank."""
    for op in strays:
        key, header = now.key(op), now.header(op)
        if key is None:
            continue
        before = now.grid.at(key, header)
        data: dict[str, Json] = {}
        if "userEnteredValue" in before:
            old_row = now.grid.row(key)
            data["userEnteredValue"] = _wire(before["userEnteredValue"], old_row, op.row)
        if "userEnteredFormat" in op.fields and "effectiveFormat" in before:
            data["userEnteredFormat"] = before["effectiveFormat"]
        yield Op(key, op.field_id, header, op.row, op.column, data, op.fields)


def _wire(entered: Mapping[str, Json], old_row: int | None, row: int) -> Json:
    """A read ExtendedValue as one to write: numbers as JSON numbers, a formula's own row as the new one."""
    sent = {name: wire_number(held) if isinstance(held, Decimal) else held for name, held in entered.items()}
    if "formulaValue" in sent and old_row is not None:
        sent["formulaValue"] = move_own_row(str(sent["formulaValue"]), old_row + 1, row + 1)
    return sent


def move_own_row(formula: str, old: int, new: int) -> str:
    """A formula carried to another row: references to its own row follow, all others stay.

    Rows are counted from 1. `=E5*Rates!B5` moved from 5 to 7 is `=E7*Rates!B5`.
    """
    pattern = re.compile(rf'("(?:[^"]|"")*")|(?<![\w$!:.])(\$?[A-Za-z]{{1,3}}){old}(?![\w(!])')
    return pattern.sub(lambda found: found[1] or f"{found[2]}{new}", formula)
