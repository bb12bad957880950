"""Refresh: look at every collection, each in isolation, and store what was seen.

What arrives: open connections and the last state. What leaves: an up-to-date state, the records at hand
for applying, and findings. A collection that fails contributes nothing and takes nothing away (I22); a
look that was not complete proves no absence (I6). Network and store never mix: all looking first, then
one transaction per collection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import cast

from okrsync.connectors.base import Pull, ReadsTogether, Record, Schema
from okrsync.connectors.errors import AuthFailed, ConnectorError, Rejected, Transient
from okrsync.mappings.bound import BoundMapping, bind
from okrsync.mappings.collection import CollectionMapping
from okrsync.okr.findings import Finding, Severity
from okrsync.sync_engine.remember import schema_from_text, scope_of, tied_before, ties_of, whole_look_is_due
from okrsync.sync_engine.state import CollectionState, Link, State
from okrsync.sync_engine.workspace import Workspace

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Look:
    """What one collection gave, or why it gave nothing."""

    mapping: CollectionMapping
    account: str = ""
    schema: Schema | None = None
    bound: BoundMapping | None = None
    pull: Pull | None = None
    findings: tuple[Finding, ...] = ()
    error: ConnectorError | None = None
    remembered: bool = False
    """The schema is from an earlier run and was not compared with today's."""


@dataclass
class Refreshed:
    """The state after looking, with what apply needs at hand."""

    state: State
    looks: Mapping[str, Look]
    findings: list[Finding] = field(default_factory=list)
    listed_again: list[str] = field(default_factory=list)
    """Links of records that are gone, in a listing that may lag."""
    doubted: list[Link] = field(default_factory=list)
    """Records that are not there any more, too many at once to be believed (I7)."""
    rescoped: set[str] = field(default_factory=set)
    """Collections whose source or account changed since the last run (I25)."""
    _records: dict[tuple[str, str], Record] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, look in self.looks.items():
            for record in look.pull.records if look.pull is not None else ():
                self.put(name, record)

    @property
    def mappings(self) -> dict[str, BoundMapping]:
        """The bound mapping of every collection that could be read."""
        return {name: look.bound for name, look in self.looks.items() if look.bound is not None}

    @property
    def failed(self) -> dict[str, ConnectorError]:
        """Collections that could not be read, and why."""
        return {name: look.error for name, look in self.looks.items() if look.error is not None}

    def record(self, collection: str, native_id: str) -> Record | None:
        """The record as this run's latest look showed it."""
        return self._records.get((collection, native_id))

    def put(self, collection: str, record: Record) -> None:
        """Take over a fresher look at one record."""
        self._records[collection, record.native_id] = record


@dataclass(frozen=True)
class Asked:
    """How to look: what is remembered, and what must be read whole this time."""

    known: Mapping[str, CollectionState] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()
    progress: Progress = lambda _: None


def look_at_all(workspace: Workspace, asked: Asked) -> dict[str, Look]:
    """Look at every collection; connections side by side, the collections of one connection in turn. Once a
    service does not answer, its other collections are not asked for."""
    by_connection: dict[str, list[CollectionMapping]] = {}
    for mapping in workspace.settings.collections:
        by_connection.setdefault(mapping.connection, []).append(mapping)
    with ThreadPoolExecutor(max_workers=max(1, len(by_connection))) as pool:
        batches = pool.map(lambda name: _look_at(workspace, name, by_connection[name], asked), by_connection)
        found = {look.mapping.name: look for batch in batches for look in batch}
    return {mapping.name: found[mapping.name] for mapping in workspace.settings.collections}


def _look_at(
    workspace: Workspace, connection: str, mappings: Sequence[CollectionMapping], asked: Asked
) -> list[Look]:
    try:
        connector = workspace.connector(connection)
        account = connector.account().id if connector.features.answers_anonymous else ""
    except ConnectorError as error:
        return [Look(mapping, error=error) for mapping in mappings]
    if connector.features.reads_together:
        cast(ReadsTogether, connector).expect([mapping.source for mapping in mappings])
    looks: list[Look] = []
    for mapping in mappings:
        down = next((k.error for k in looks if isinstance(k.error, Transient | AuthFailed)), None)
        looks.append(Look(mapping, error=down) if down else _look(workspace, mapping, account, asked))
    return looks


def _look(workspace: Workspace, mapping: CollectionMapping, account: str, asked: Asked) -> Look:
    asked.progress(f"reading {mapping.name} from {mapping.connection}")
    try:
        look = _look_for_changes(workspace, mapping, account, asked)
        return look if look is not None else _look_whole(workspace, mapping, account, asked)
    except ConnectorError as error:
        return Look(mapping, error=error)


def _look_whole(workspace: Workspace, mapping: CollectionMapping, account: str, asked: Asked) -> Look:
    connector = workspace.connector(mapping.connection)
    schema = connector.schema(mapping.source)
    earlier = tied_before(asked.known.get(mapping.name), scope_of(mapping, account))
    bound, findings = bind(mapping, schema, earlier)
    pull = connector.pull(mapping.source, schema, bound.want)
    return Look(mapping, account, schema, bound, pull, (*findings, *pull.findings))


def _look_for_changes(
    workspace: Workspace, mapping: CollectionMapping, account: str, asked: Asked
) -> Look | None:
    """Only what changed since the last look, with the schema remembered from then; `None` when everything
    has to be read: it is due, or something the cursor or the schema rests on changed."""
    known = asked.known.get(mapping.name)
    connector = workspace.connector(mapping.connection)
    if known is None or known.cursor is None or known.schema is None or not connector.features.incremental:
        return None
    if mapping.name in asked.whole or known.scope != scope_of(mapping, account):
        return None
    if whole_look_is_due(known, workspace.clock(), workspace.settings.policies.whole_look):
        return None
    schema = schema_from_text(known.schema)
    if schema is None:
        return None
    bound, findings = bind(mapping, schema, tied_before(known, known.scope))
    if ties_of(bound) != known.bindings:
        return None
    try:
        pull = connector.pull(mapping.source, schema, bound.want, known.cursor)
    except Rejected:  # a field of the remembered schema is gone: look again with today's
        return None
    if any(finding.severity is Severity.ERROR for finding in pull.findings):
        return None
    return Look(mapping, account, schema, bound, pull, (*findings, *pull.findings), remembered=True)


def drifted(workspace: Workspace, looks: Mapping[str, Look], to_write: Iterable[str]) -> frozenset[str]:
    """The drift guard: which collections about to be written have another schema than the one remembered."""
    return frozenset(
        name for name in to_write if looks[name].remembered and _has_drifted(workspace, looks[name])
    )


def _has_drifted(workspace: Workspace, look: Look) -> bool:
    """A schema that cannot be had counts as another one: the look that follows tells why, and the other
    collections go on."""
    try:
        return workspace.connector(look.mapping.connection).schema(look.mapping.source) != look.schema
    except ConnectorError:
        return True


def failure(name: str, error: ConnectorError) -> Finding:
    """A collection that could not be read, as people see it."""
    return Finding(
        "COLLECTION_FAILED",
        f"{name} ({error.service})" if error.service else name,
        f"{error.place}: {error.message}" if error.place else error.message,
        error.advice or "The other collections went on; nothing of this one was changed",
        Severity.ERROR,
    )
