"""One `write` call from beginning to end: fresh read, checks, results block, people's cells, answers.

Arrives: a source and patches. Leaves: one `Written` per patch. At most three requests whatever the number of
patches: one read, one write of the results block, one write into people's tab. The block goes first, since
a lookup can only show a column that is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from okrsync.connectors.base import Cell, Native, Patch, Written
from okrsync.connectors.errors import ConnectorError, EditConflict
from okrsync.connectors.policy import Effect
from okrsync.connectors.sheets.book import SHEETS_MASK
from okrsync.connectors.sheets.cells import check_patch, lookup_names, ops_of
from okrsync.connectors.sheets.client import SheetsClient
from okrsync.connectors.sheets.fields import result_name
from okrsync.connectors.sheets.reader import Reader, tab_of, whole
from okrsync.connectors.sheets.records import View, cell
from okrsync.connectors.sheets.results import Block, is_written, read_block, write_requests
from okrsync.connectors.sheets.settings import Source
from okrsync.connectors.sheets.tabwrite import write_cells

FRESH_SECONDS = 15.0
"""How old the fresh read may be when people's cells are written; longer waits come from rate limits only."""


@dataclass(frozen=True)
class Writer:
    """Sends patches of one connection."""

    client: SheetsClient
    reader: Reader
    clock: Callable[[], float]

    def write(self, source: Source, patches: Sequence[Patch]) -> tuple[Written, ...]:
        """Send every patch once; errors are in the answers, none is raised."""
        started = self.clock()
        try:
            view = self.reader.look(source)
        except ConnectorError as error:
            return tuple(Written(patch.record.native_id, error=error) for patch in patches)
        errors = _refused(view, patches)
        good = [patch for patch in patches if patch.record.native_id not in errors]
        try:
            view = self._write_block(view, good)
        except ConnectorError as error:
            errors.update({patch.record.native_id: error for patch in good if _needs_block(view, patch)})
            good = [patch for patch in good if patch.record.native_id not in errors]
        ops = [op for patch in good for op in ops_of(view, patch)]
        outcome = write_cells(self.client, view, ops, lambda: self._check_fresh(started, source.tab))
        errors.update(outcome.errors)
        return tuple(
            _answer(view, patch, outcome.cells.get(patch.record.native_id, {}), errors) for patch in patches
        )

    def _check_fresh(self, started: float, place: str) -> None:
        """People's cells are written only while the read just before is just before."""
        if self.clock() - started > FRESH_SECONDS:
            raise EditConflict(
                "the write had to wait, and people may have edited meanwhile",
                service="sheets",
                place=place,
                advice="It is tried again next run",
            )

    def _write_block(self, view: View, patches: Sequence[Patch]) -> View:
        """Lay all results over the block in one request; the view comes back with the block as it then is."""
        wanted = [patch for patch in patches if _needs_block(view, patch)]
        if not wanted:
            return view
        block = _merged(view, wanted)
        numbers = {key for key in block.rows if view.grid.number_key(key)}
        if is_written(block, numbers):
            return view
        parts = write_requests(block, numbers, self.reader.sheet_ids(view.source))
        effect = Effect.WRITE_CREATE if block.tab is None else Effect.WRITE_ABSOLUTE
        self.reader.forget(view.source)  # the tab is there now, or our picture of the tabs was wrong
        raw = self.client.batch_update(
            view.source.spreadsheet, parts, effect, [whole(block.title)], SHEETS_MASK
        )
        after = read_block(block.title, tab_of(raw, block.title, view), view.grid.zone)
        return replace(view, block=after)


def _refused(view: View, patches: Sequence[Patch]) -> dict[str, ConnectorError]:
    errors: dict[str, ConnectorError] = {}
    for patch in patches:
        try:
            check_patch(view, patch)
        except ConnectorError as error:
            errors[patch.record.native_id] = error
    return errors


def _values(patch: Patch) -> Mapping[str, Native]:
    named = ((result_name(field_id), value) for field_id, value in patch.cells.items())
    return {name: value for name, value in named if name is not None}


def _needs_block(view: View, patch: Patch) -> bool:
    """Whether the patch sets results, or shows one that has no column yet."""
    return bool(_values(patch)) or any(name not in view.block.names for name in lookup_names(patch))


def _merged(view: View, patches: Sequence[Patch]) -> Block:
    values = {patch.record.native_id: _values(patch) for patch in patches}
    names = [name for patch in patches for name in lookup_names(patch)]
    # while a key cell cannot be read nobody knows which rows are gone
    alive = {*view.grid.rows, *(view.block.rows if view.grid.bad_keys else ())}
    return view.block.updated(values, names, alive)


def _answer(
    view: View, patch: Patch, written: Mapping[str, Cell], errors: Mapping[str, ConnectorError]
) -> Written:
    """What stands now: from the read-back where something was sent, else from the fresh read."""
    key = patch.record.native_id
    error = errors.get(key)
    if error is not None:
        return Written(key, error=error)
    found = {field_id: written.get(field_id) or cell(view, key, field_id) for field_id in patch.cells}
    shown = {field_id: seen for field_id, seen in found.items() if seen is not None}
    return Written(key, cells=shown, answer="HTTP 200")
