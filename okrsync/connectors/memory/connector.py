"""A service in memory that keeps the port's contract to the letter.

It is the reference for the contract suite and the world of the engine's tests: tables of rows that
people edit, listings that may lag or fall short, answers that may be lost. Nothing is global: a test
makes a `MemoryService`, edits it as a person would, and hands its connector to a workspace.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from okrsync.connectors.base import (
    Account,
    Cell,
    Features,
    Marker,
    Native,
    NativeField,
    Patch,
    Pull,
    Record,
    Schema,
    Written,
)
from okrsync.connectors.errors import ConnectorError, NotFound, Rejected
from okrsync.connectors.sendable import why_unsendable
from okrsync.okr.findings import Finding, Severity

MARKER = "_marker"
"""Where a row keeps the id of the marker it was created with; people do not see it."""

Normalise = Callable[[str, Native], Native]
"""How the service changes what it is sent (rounds, cuts), by native field id."""


@dataclass
class Row:
    """One record as the service truly holds it."""

    id: str
    values: dict[str, Native]
    edited_at: datetime | None = None
    parent: str | None = None
    edition: int = 0
    """The service's count of edits when this row was last edited; what a cursor counts in."""


@dataclass
class Table:
    """One set of records with its fields."""

    fields: tuple[NativeField, ...]
    title: str
    rows: dict[str, Row] = field(default_factory=dict)
    stale: dict[str, Row] | None = None
    """What a listing still shows while it lags."""
    complete: bool = True
    hidden: set[str] = field(default_factory=set)
    """Ids of rows a listing leaves out; a direct look shows them."""


@dataclass
class MemoryService:
    """The true state of a service, and what people do to it."""

    name: str
    tables: dict[str, Table] = field(default_factory=dict)
    normalise: Normalise = lambda _field, value: value
    editions: int = 0
    """How many edits there were."""
    _next: int = 0

    def add_table(self, name: str, fields: Sequence[NativeField], title: str = "title") -> None:
        """Make an empty table; `title` names the field people recognise rows by."""
        self.tables[name] = Table(tuple(fields), title)

    def add(self, table: str, values: Mapping[str, Native], parent: str | None = None) -> str:
        """A person adds a row. Returns its id."""
        self._next += 1
        id_ = f"{self.name}-{self._next}"
        self.tables[table].rows[id_] = Row(id_, {}, parent=parent)
        self.change(table, id_, values)
        return id_

    def change(self, table: str, id_: str, values: Mapping[str, Native]) -> None:
        """Some fields of a row get new values."""
        self.editions += 1
        row = self.tables[table].rows[id_]
        row.values.update(values)
        row.edition = self.editions

    def edit(self, table: str, id_: str, field_: str, value: Native) -> None:
        """A person edits one field."""
        self.change(table, id_, {field_: value})

    def delete(self, table: str, id_: str) -> None:
        """A person deletes a row."""
        del self.tables[table].rows[id_]

    def get(self, table: str, id_: str, field_: str) -> Native:
        """What a person sees in one field."""
        return self.tables[table].rows[id_].values.get(field_)

    def freeze_listing(self, table: str) -> None:
        """From now on listings show this moment, until `thaw_listing`."""
        rows = self.tables[table].rows.values()
        self.tables[table].stale = {row.id: replace(row, values=dict(row.values)) for row in rows}

    def thaw_listing(self, table: str) -> None:
        """Listings are up to date again."""
        self.tables[table].stale = None


class MemoryConnector:
    """The port over a `MemoryService`. `fault` is called before and after each effect, and may raise."""

    kind = "memory"

    def __init__(
        self,
        service: MemoryService,
        features: Features | None = None,
        fault: Callable[[str], None] = lambda _point: None,
    ) -> None:
        self.service = service
        self.features = features or Features(children=True)
        self.fault = fault
        self._requests: Counter[str] = Counter(read=0, write=0)

    def account(self) -> Account:
        """See the port."""
        return Account(self.service.name, self.service.name)

    def schema(self, source: Any) -> Schema:
        """See the port."""
        return Schema(self._place(source), self._table(source).fields)

    def pull(self, source: Any, schema: Schema, want: Sequence[str], cursor: str | None = None) -> Pull:
        """See the port. A cursor counts the edits seen; one that is no number leads to a whole look."""
        self._requests["read"] += 1
        self.fault("pull")
        table = self._table(source)
        seen = _read(cursor, want) if self.features.incremental else None
        rows = table.rows if table.stale is None else table.stale
        listed = [row for row in rows.values() if row.id not in table.hidden]
        records = [self._record(source, row, want) for row in listed if seen is None or row.edition > seen]
        return Pull(
            records=tuple(r for r in records if r.parent is None),
            children=tuple(r for r in records if r.parent is not None),
            complete=table.complete and seen is None,
            cursor=_cursor(table, want) if self.features.incremental else None,
            findings=tuple(self._gone(source, want)),
        )

    def fetch(
        self, source: Any, schema: Schema, ids: Sequence[str], want: Sequence[str]
    ) -> Mapping[str, Record]:
        """See the port."""
        self._requests["read"] += 1
        self.fault("fetch")
        rows = self._table(source).rows
        return {id_: self._record(source, rows[id_], want) for id_ in ids if id_ in rows}

    def write(self, source: Any, schema: Schema, patches: Sequence[Patch]) -> tuple[Written, ...]:
        """See the port."""
        return tuple(self._written(source, patch) for patch in patches)

    def _written(self, source: Any, patch: Patch) -> Written:
        """One answer for each patch, whatever became of it: the others go on."""
        try:
            return self._write(source, patch)
        except ConnectorError as error:
            return Written(patch.record.native_id, error=error)

    def _write(self, source: Any, patch: Patch) -> Written:
        self._requests["write"] += 1
        self.fault("before write")
        row = self._table(source).rows.get(patch.record.native_id)
        if row is None:
            return Written(patch.record.native_id, error=NotFound("no such row", service="memory"))
        error = self._refusal(source, patch.cells)
        blamed = {} if error is None else error.fields
        rest = {name: value for name, value in patch.cells.items() if name not in blamed}
        if error is not None and not rest:
            return Written(patch.record.native_id, error=error)
        self.service.change(source.table, row.id, self._normal(rest))
        self.fault("after write")
        shown = self._record(source, row, list(rest)).cells
        return Written(row.id, shown, refused=error, answer="ok")

    def create(self, source: Any, schema: Schema, cells: Mapping[str, Native], marker: Marker) -> Written:
        """See the port."""
        self._requests["write"] += 1
        self.fault("before create")
        key = {} if marker.field is None else {marker.field: marker.key}
        error = self._refusal(source, {**cells, **key})
        if error is not None:
            return Written("", error=error)
        id_ = self.service.add(source.table, {**self._normal({**cells, **key}), MARKER: marker.id})
        self.fault("after create")
        row = self._table(source).rows[id_]
        return Written(id_, self._record(source, row, list(cells)).cells, answer="ok")

    def marked(self, source: Any, schema: Schema, marker: Marker) -> tuple[Record, ...]:
        """See the port. It lags as the listing does, and rows are in the order they were added."""
        self._requests["read"] += 1
        self.fault("marked")
        table = self._table(source)
        rows = (table.rows if table.stale is None else table.stale).values()
        return tuple(self._record(source, row, ()) for row in rows if row.values.get(MARKER) == marker.id)

    def _refusal(self, source: Any, cells: Mapping[str, Native]) -> Rejected | None:
        """What stops a patch before anything of it is done, by field."""
        writable = {f.id for f in self._table(source).fields if f.writable}
        wrong = dict.fromkeys(sorted(set(cells) - writable), "not writable")
        wrong |= {name: why for name, value in cells.items() if (why := why_unsendable(value)) is not None}
        told = "; ".join(f"{name}: {why}" for name, why in wrong.items())
        return Rejected(told, fields=wrong, service="memory", place=source.table) if wrong else None

    def _gone(self, source: Any, want: Sequence[str]) -> Iterator[Finding]:
        """What is asked for and not there any more stops its own binding only."""
        for name in want:
            if name not in self._known(source):
                advice = "Correct the mapping, or give the table the field back"
                yield Finding(
                    "FIELD_MISSING",
                    self._place(source),
                    f"there is no field {name!r}",
                    advice,
                    Severity.ERROR,
                )

    def _known(self, source: Any) -> set[str]:
        return {field.id for field in self._table(source).fields}

    def _normal(self, cells: Mapping[str, Native]) -> dict[str, Native]:
        return {name: self.service.normalise(name, value) for name, value in cells.items()}

    def requests(self) -> Mapping[str, int]:
        """See the port."""
        return dict(self._requests)

    def close(self) -> None:
        """See the port."""

    def _table(self, source: Any) -> Table:
        table = self.service.tables.get(source.table)
        if table is None:
            raise NotFound(f"no table {source.table}", service="memory", place=source.table)
        return table

    def _place(self, source: Any) -> str:
        return f"{self.service.name} › {source.table}"

    def _record(self, source: Any, row: Row, want: Sequence[str]) -> Record:
        title = str(row.values.get(self._table(source).title) or row.id)
        place = f"{self._place(source)} › {title}"
        known = self._known(source)
        cells = {name: Cell(row.values.get(name), f"{place} › {name}") for name in want if name in known}
        if row.parent is not None:
            cells = {name: Cell(value, f"{place} › {name}") for name, value in row.values.items()}
        marker = row.values.get(MARKER)
        return Record(
            row.id,
            title,
            place,
            cells,
            edited_at=row.edited_at,
            parent=row.parent,
            marker=marker if isinstance(marker, str) else None,
        )


def _cursor(table: Table, want: Sequence[str]) -> str:
    """The last edit this look showed, and the question it answered."""
    rows = (table.rows if table.stale is None else table.stale).values()
    last = max((row.edition for row in rows), default=0)
    return f"{last} {' '.join(sorted(want))}"


def _read(cursor: str | None, want: Sequence[str]) -> int | None:
    """The edit a cursor stands at; `None` where it is none of ours or answered another question."""
    last, _, question = (cursor or "").partition(" ")
    return int(last) if last.isdigit() and question == " ".join(sorted(want)) else None


def open_connector(name: str, connection: Any) -> MemoryConnector:
    """Open a connection to a service of its own, empty."""
    return MemoryConnector(MemoryService(name))
