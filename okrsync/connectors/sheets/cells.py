"""Decides, cell by cell, whether a patch may be written into people's tab, and with what.

Arrives: a fresh `View` and a patch. Leaves: `Op`s, each one cell, or the error that stops the patch. A cell
is written only while it still shows what the patch's record showed, and never when it is a formula (but for
our own lookups), protected or merged. Pure: the sending is `tabwrite`'s.
"""

from __future__ import annotations

from dataclasses import dataclass

from okrsync.connectors.base import Cell, Native, Patch
from okrsync.connectors.errors import EditConflict, NotFound, Rejected
from okrsync.connectors.sheets.book import Json, Tab, formula, has_content
from okrsync.connectors.sheets.decode import native
from okrsync.connectors.sheets.encode import cell_data, why_unfit
from okrsync.connectors.sheets.fields import SHOWN, Lookup, header_id, lookup, result_name
from okrsync.connectors.sheets.records import View, cell
from okrsync.connectors.sheets.results import is_ours, lookup_formula, same_formula
from okrsync.connectors.sheets.validation import why_refused


@dataclass(frozen=True)
class Op:
    """One cell to write: for whom, where a fresh read found it, and with what."""

    key: str
    field_id: str
    header: str
    row: int
    column: int
    data: Json
    fields: str

    def request(self, sheet_id: int) -> Json:
        """The part of a `batchUpdate`; `start` touches this one cell only."""
        start = {"sheetId": sheet_id, "rowIndex": self.row, "columnIndex": self.column}
        return {"updateCells": {"start": start, "rows": [{"values": [self.data]}], "fields": self.fields}}


def check_patch(view: View, patch: Patch) -> None:
    """Whether the whole patch may be sent; if not, nothing of it is.

    Raises NotFound, EditConflict or Rejected.
    """
    rows = view.grid.rows.get(patch.record.native_id, ())
    if not rows:
        raise NotFound("the key is no longer in the tab", service="sheets", place=patch.record.place)
    if len(rows) > 1:
        raise Rejected(
            "the key stands in several rows",
            service="sheets",
            place=patch.record.place,
            advice="Give each row a key of its own",
        )
    for field_id, value in patch.cells.items():
        why = why_unfit(value, view.grid.zone)
        if why is not None:
            raise _rejected(field_id, patch.record.place, why)
        if result_name(field_id) is not None:
            _check_result(view, field_id)
        elif (shows := lookup(field_id)) is not None:
            _check_lookup(view, patch, field_id, shows)
        else:
            _check_plain(view, patch, field_id)


def ops_of(view: View, patch: Patch) -> tuple[Op, ...]:
    """The people's cells a checked patch changes; cells that already are as wanted need none."""
    row = view.grid.rows[patch.record.native_id][0]
    ops = [_op(view, patch, field_id, row) for field_id in patch.cells if result_name(field_id) is None]
    return tuple(op for op in ops if op is not None)


def lookup_names(patch: Patch) -> tuple[str, ...]:
    """The results that must have a column before the patch's lookups can show them."""
    shows = (lookup(field_id) for field_id, value in patch.cells.items() if value is not None)
    return tuple(found.name for found in shows if found is not None)


def shown(view: View, op: Op, after: Tab) -> Cell:
    """A written cell as the read-back has it."""
    held = after.at(op.row, op.column)
    found = formula(held)
    shows = lookup(op.field_id)
    value: Native = native(held, view.grid.zone)
    if shows is not None and found is not None:
        expected = lookup_formula(view.block, shows.name, op.row, view.grid.key_column)
        value = SHOWN if same_formula(found, expected) else found
    return Cell(value, view.grid.place(op.row, op.column))


def _op(view: View, patch: Patch, field_id: str, row: int) -> Op | None:
    shows = lookup(field_id)
    header = header_id(field_id) if shows is None else shows.column
    column = view.grid.column(header)
    assert column is not None  # check_patch saw it
    value = patch.cells[field_id]
    now = cell(view, patch.record.native_id, field_id)
    if now is not None and _same(now.value, value):
        return None
    current = view.grid.cell(row, column)
    if shows is None:
        data, fields = cell_data(value, view.grid.zone, current)
    else:
        text = lookup_formula(view.block, shows.name, row, view.grid.key_column)
        data = {} if value is None else {"userEnteredValue": {"formulaValue": text}}
        fields = "userEnteredValue"
    return Op(patch.record.native_id, field_id, header, row, column, data, fields)


def _check_result(view: View, field_id: str) -> None:
    if view.source.results is None:
        raise _rejected(field_id, view.source.tab, "no results tab is set for this collection")


def _check_plain(view: View, patch: Patch, field_id: str) -> None:
    now = _now(view, patch, field_id)
    if now.locked is not None:
        raise _rejected(field_id, now.place, f"the cell must not be written: {now.locked}")
    row, column = view.grid.row(patch.record.native_id), view.grid.column(header_id(field_id))
    assert row is not None and column is not None  # _now saw them
    refused = why_refused(patch.cells[field_id], view.grid.cell(row, column))
    if refused is not None:
        raise _rejected(field_id, now.place, refused)
    before = patch.record.cells.get(field_id)
    if before is None or not _same(before.value, now.value):
        raise EditConflict(
            "the cell changed since it was read", service="sheets", place=now.place, advice="Read again"
        )


def _check_lookup(view: View, patch: Patch, field_id: str, shows: Lookup) -> None:
    """Install over a blank cell or one of our lookups, take away only what is ours."""
    _check_result(view, field_id)
    now = _now(view, patch, field_id)
    column, row = view.grid.column(shows.column), view.grid.row(patch.record.native_id)
    assert column is not None and row is not None  # _now saw them
    held = view.grid.cell(row, column)
    found = formula(held)
    ours = found is not None and is_ours(found, view.block)
    if now.locked not in (None, "formula"):
        raise _rejected(field_id, now.place, f"the cell must not be written: {now.locked}")
    if has_content(held) and not ours:
        raise _rejected(field_id, now.place, "the cell holds something that is not okrsync's lookup")
    if patch.cells[field_id] not in (SHOWN, None):
        raise _rejected(field_id, now.place, f"a lookup is either {SHOWN!r} or blank")


def _now(view: View, patch: Patch, field_id: str) -> Cell:
    now = cell(view, patch.record.native_id, field_id)
    if now is None:
        raise _rejected(field_id, view.source.tab, "the tab has no such column any more")
    return now


def _same(left: Native, right: Native) -> bool:
    """Equal and of one type: Python takes True for 1."""
    return type(left) is type(right) and left == right


def _rejected(field_id: str, place: str, why: str) -> Rejected:
    return Rejected(f"{field_id}: {why}", fields={field_id: why}, service="sheets", place=place)
