"""Refresh: look at every collection, each in isolation, and store what was seen.

What arrives: open connections and the last state. What leaves: an up-to-date state, the records at hand
for applying, and findings. A collection that fails contributes nothing and takes nothing away (I22); a
look that was not complete proves no absence (I6). Network and store never mix: all looking first, then
one transaction per collection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from okrsync.connectors.base import Pull, Record, Schema
from okrsync.connectors.errors import ConnectorError
from okrsync.mappings.bound import BoundMapping, bind
from okrsync.mappings.collection import CollectionMapping
from okrsync.okr.findings import Finding, Severity
from okrsync.sync_engine.state import State
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


@dataclass
class Refreshed:
    """The state after looking, with what apply needs at hand."""

    state: State
    looks: Mapping[str, Look]
    findings: list[Finding] = field(default_factory=list)
    listed_again: list[str] = field(default_factory=list)
    """Links of records that are gone, in a listing that may lag."""
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


def look_at_all(workspace: Workspace, progress: Progress) -> dict[str, Look]:
    """Look at every collection; connections side by side, the collections of one connection in turn."""
    by_connection: dict[str, list[CollectionMapping]] = {}
    for mapping in workspace.settings.collections:
        by_connection.setdefault(mapping.connection, []).append(mapping)
    with ThreadPoolExecutor(max_workers=max(1, len(by_connection))) as pool:
        batches = pool.map(
            lambda name: _look_at(workspace, name, by_connection[name], progress), by_connection
        )
        found = {look.mapping.name: look for batch in batches for look in batch}
    return {mapping.name: found[mapping.name] for mapping in workspace.settings.collections}


def _look_at(
    workspace: Workspace, connection: str, mappings: Sequence[CollectionMapping], progress: Progress
) -> list[Look]:
    try:
        connector = workspace.connector(connection)
        account = connector.account().id if connector.features.answers_anonymous else ""
    except ConnectorError as error:
        return [Look(mapping, error=error) for mapping in mappings]
    return [_look(workspace, mapping, account, progress) for mapping in mappings]


def _look(workspace: Workspace, mapping: CollectionMapping, account: str, progress: Progress) -> Look:
    connector = workspace.connector(mapping.connection)
    progress(f"reading {mapping.name} from {mapping.connection}")
    try:
        schema = connector.schema(mapping.source)
        bound, findings = bind(mapping, schema)
        pull = connector.pull(mapping.source, schema, bound.want)
    except ConnectorError as error:
        return Look(mapping, error=error)
    return Look(mapping, account, schema, bound, pull, (*findings, *pull.findings))


def failure(name: str, error: ConnectorError) -> Finding:
    """A collection that could not be read, as people see it."""
    return Finding(
        "COLLECTION_FAILED",
        f"{name} ({error.service})" if error.service else name,
        f"{error.place}: {error.message}" if error.place else error.message,
        error.advice or "The other collections went on; nothing of this one was changed",
        Severity.ERROR,
    )
