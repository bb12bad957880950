"""The records of one file: headers, keys, and what is wrong with them.

Arrives: a grid and the source. Leaves: the fields, records by key, findings, and patches judged and put into
the grid. A key in two rows tells nothing apart, so none of these rows is a record; then the look is not
complete, since they are not gone either. A row with values and no key is a note of people's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from okrsync.connectors.base import Cell, Native, NativeField, Patch, Record
from okrsync.connectors.errors import ConnectorError, EditConflict, NotFound, Rejected
from okrsync.connectors.folder.grid import Grid
from okrsync.connectors.folder.settings import Source
from okrsync.connectors.sendable import why_unsendable
from okrsync.okr.findings import Finding, Severity
from okrsync.okr.values import Unreadable, plain

_PLAIN = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


class Table:
    """One look at one file. Raises NotFound where the key's column is not there once."""

    def __init__(self, grid: Grid, source: Source, place: str) -> None:
        self.grid, self.place = grid, place
        self._source = source
        self.changed = False
        headers = [_label(value) for value in (grid.rows[0] if grid.rows else ())]
        self._doubled = {name for name, times in Counter(headers).items() if times > 1}
        self.columns = {name: at for at, name in enumerate(headers) if name and name not in self._doubled}
        if source.key not in self.columns:
            there = ", ".join(self.columns) or "none"
            message = f"no column, or several, have the header {source.key!r}"
            raise NotFound(
                message, service="folder", place=place, advice=f"Correct `key`; there are: {there}"
            )
        found = [(self._key(row), row) for row in range(1, len(grid.rows))]
        self._times = Counter(key for key, _ in found if isinstance(key, str))
        self.rows = {key: row for key, row in found if isinstance(key, str) and self._times[key] == 1}
        self._broken = [row for key, row in found if isinstance(key, Unreadable)]
        self._keyless = [
            row for key, row in found if key is None and any(v is not None for v in grid.rows[row])
        ]

    @property
    def complete(self) -> bool:
        """Whether every row with a key is a record."""
        return not self._broken and max(self._times.values(), default=1) == 1

    def fields(self) -> tuple[NativeField, ...]:
        """The columns with a header of their own."""
        return tuple(self._field(name) for name in self.columns)

    def _field(self, name: str) -> NativeField:
        if name == self._source.key:
            return NativeField(name, name, "text", writable=False, why_not="it is what identifies the row")
        sealed, is_number = self.grid.sealed, name in self._source.numbers
        return NativeField(
            name,
            name,
            "number" if is_number else "text",
            writable=sealed is None,
            why_not=sealed or "",
            only_text=self.grid.only_text and not is_number,
        )

    def record(self, key: str, want: Sequence[str]) -> Record:
        """One row with the asked cells."""
        place = f"{self.place} › {key}"
        cells = {name: self._cell(key, name, place) for name in want if name in self.columns}
        return Record(key, self._title(key), place, cells)

    def _cell(self, key: str, name: str, place: str) -> Cell:
        value = self._value(self.rows[key], name)
        locked = self.grid.locked(self.rows[key], self.columns[name])
        return Cell(value, f"{place} › {name}", locked)

    def _value(self, row: int, name: str) -> Native:
        cells, column = self.grid.rows[row], self.columns[name]
        value = cells[column] if column < len(cells) else None
        if name not in self._source.numbers or value is None or isinstance(value, Decimal | Unreadable):
            return value
        text = str(value).strip()
        return (
            Decimal(text) if _PLAIN.fullmatch(text) else Unreadable("not a plain number such as 12.5", text)
        )

    def _key(self, row: int) -> str | Unreadable | None:
        value = self._value(row, self._source.key)
        if value is None or isinstance(value, Unreadable):
            return value
        return plain(value) if isinstance(value, Decimal) else str(value).strip()

    def _title(self, key: str) -> str:
        others = (name for name in self.columns if name != self._source.key)
        name = self._source.title or next(others, self._source.key)
        title = self._value(self.rows[key], name) if name in self.columns else None
        return _label(title) or key

    def findings(self, want: Sequence[str]) -> Iterator[Finding]:
        """What is asked for and cannot be had, and the rows that are no records."""
        title = () if self._source.title is None else (self._source.title,)
        for name in dict.fromkeys((*want, *self._source.numbers, *title)):
            if name in self._doubled:
                yield self._finding("FIELD_AMBIGUOUS", f"several columns are called {name!r}")
            elif name not in self.columns:
                yield self._finding("FIELD_MISSING", f"there is no column {name!r}")
        for key, times in self._times.items():
            if times > 1:
                yield self._finding("KEY_SHARED", f"the key {key!r} stands in {times} rows")
        for row in self._broken:
            yield self._finding("KEY_UNREADABLE", f"the key in row {row + 1} cannot be read")
        for row in self._keyless:
            yield self._finding("KEY_BLANK", f"row {row + 1} has values and no key", Severity.WARNING)

    def _finding(self, code: str, message: str, severity: Severity = Severity.ERROR) -> Finding:
        return Finding(
            code, self.place, message, "Correct the file; nothing of this is read or written", severity
        )

    def put(self, patch: Patch) -> ConnectorError | None:
        """Set a patch's cells, all or none; why not, where none."""
        error = self._refusal(patch)
        if error is None:
            for name, value in patch.cells.items():
                row, column = self.rows[patch.record.native_id], self.columns[name]
                if self._value(row, name) != value:
                    self.grid.put(row, column, value)
                    self.changed = True
        return error

    def _refusal(self, patch: Patch) -> ConnectorError | None:
        place = patch.record.place
        if patch.record.native_id not in self.rows:
            return NotFound("no row has this key, or several have", service="folder", place=place)
        asked = ((name, self._why_not(patch, name, value)) for name, value in patch.cells.items())
        wrong = {name: why for name, why in asked if why is not None}
        if wrong:
            told = "; ".join(f"{name}: {why}" for name, why in wrong.items())
            return Rejected(told, fields=wrong, service="folder", place=place)
        moved = [name for name in patch.cells if self._moved(patch, name)]
        if moved:
            return EditConflict(f"somebody edited {', '.join(moved)} just now", service="folder", place=place)
        return None

    def _why_not(self, patch: Patch, name: str, value: Native) -> str | None:
        if name not in self.columns:
            return "there is no such column"
        field = self._field(name)
        if not field.writable:
            return field.why_not
        if field.type == "number" and not isinstance(value, Decimal | None):
            return "the column holds numbers"
        if field.only_text and isinstance(value, Decimal):
            return "the column holds text: name it in `numbers`, or give the field a `locale`"
        locked = self.grid.locked(self.rows[patch.record.native_id], self.columns[name])
        return locked or why_unsendable(value) or self.grid.refuses(value)

    def _moved(self, patch: Patch, name: str) -> bool:
        """Whether the cell shows something else than at the look the patch was made from."""
        seen = patch.record.cells.get(name)
        return seen is not None and seen.value != self._value(self.rows[patch.record.native_id], name)


def _label(value: Native) -> str:
    """A header or a title as people read it."""
    if value is None or isinstance(value, Unreadable):
        return ""
    return plain(value) if isinstance(value, Decimal) else str(value).strip()
