"""A small workspace over services in memory: the stage on which the engine's tests act.

Three tools hold the same key results: `tracker` and `notes` both ways, `numbers` gives the current value
and receives results. People edit through the services; tests look at what people would see.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from okrsync.config.settings import Cycles, Policies, Settings
from okrsync.connectors.base import Features, Native, NativeField
from okrsync.connectors.memory.connector import MemoryConnector, MemoryService
from okrsync.connectors.memory.settings import Source
from okrsync.mappings.binding import Binding, Place
from okrsync.mappings.collection import CollectionMapping
from okrsync.mappings.rules import OnDrift, Rule
from okrsync.okr.method import Method
from okrsync.okr.model import FIELDS, Kind
from okrsync.sync_engine.runner import Hooks, Report, sync
from okrsync.sync_engine.store import Store
from okrsync.sync_engine.workspace import Workspace

TEXT = ("key", "title", "owner", "note", "unit")
NUMBER = ("current", "target", "start", "score")
TOOLS = ("tracker", "notes", "numbers")


def _native(name: str) -> NativeField:
    return NativeField(name, name, "number" if name in NUMBER else "text", writable=True)


def _binding(
    collection: str, name: str, reads: bool, writes: bool, drift: OnDrift = OnDrift.REVERT
) -> Binding:
    spec = FIELDS[Kind.KEY_RESULT][name]
    place = Place("okrsync.yaml", 1, 1)
    return Binding(collection, name, spec, name, reads, writes, place, on_drift=drift)


def mapping(
    tool: str, both: tuple[str, ...], read: tuple[str, ...], write: tuple[str, ...]
) -> CollectionMapping:
    """A collection of key results in one tool."""
    bindings = (
        *(_binding(tool, name, True, True) for name in both),
        *(_binding(tool, name, True, False) for name in read),
        *(_binding(tool, name, False, True) for name in write),
    )
    return CollectionMapping(
        tool, tool, Source(table="krs"), Kind.KEY_RESULT, "key", bindings, Place("okrsync.yaml", 1, 1)
    )


def collections() -> tuple[CollectionMapping, ...]:
    """The usual three tools."""
    return (
        mapping("tracker", both=("title", "target", "owner"), read=(), write=("score",)),
        mapping("notes", both=("title", "target", "note"), read=("start",), write=("score",)),
        mapping("numbers", both=("target",), read=("current",), write=("score",)),
    )


def settings(
    rules: Mapping[tuple[Kind, str], Rule] | None = None,
    mappings: tuple[CollectionMapping, ...] | None = None,
) -> Settings:
    """Settings that let a first run write, for tests that are not about first runs."""
    return Settings(
        path=Path("okrsync.yaml"),
        version=1,
        workspace="test",
        store="",
        timezone=ZoneInfo("UTC"),
        cycles=Cycles(),
        connections={},
        collections=mappings or collections(),
        policies=Policies(first_run="apply"),
        method=Method(),
        rules=rules or {},
    )


@dataclass
class World:
    """The stage: services, their connectors, a store, a clock."""

    url: str
    settings: Settings = field(default_factory=settings)
    services: dict[str, MemoryService] = field(default_factory=dict)
    features: Mapping[str, Features] = field(default_factory=dict)
    fault: Callable[[str, str], None] = lambda _tool, _point: None
    now: datetime = datetime(2026, 2, 9, 12, 0, tzinfo=UTC)
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        for tool in TOOLS:
            if tool not in self.services:
                service = self.services[tool] = MemoryService(tool)
                service.add_table("krs", [_native(name) for name in (*TEXT, *NUMBER)])

    def open(self) -> Workspace:
        """A process's view of the workspace: fresh connections, the same store and services."""
        workspace = Workspace(self.settings, Store(self.url), lambda: self.now, self._id, lambda: self.now)
        for tool in TOOLS:
            workspace.put(
                tool, MemoryConnector(self.services[tool], self.features.get(tool), self._fault_of(tool))
            )
        return workspace

    def _fault_of(self, tool: str) -> Callable[[str], None]:
        return lambda point: self.fault(tool, point)

    def _id(self) -> str:
        return f"id{next(self.numbers):06d}"

    def sync(self, hooks: Hooks | None = None, approved: bool = False) -> Report:
        """One run, as a scheduled job would do it; time goes on by a minute."""
        self.now += timedelta(minutes=1)
        with self.open() as workspace:
            return sync(workspace, hooks, approved)

    def add(self, key: str, **tools: Mapping[str, Native]) -> None:
        """People add one key result to several tools: `add("KR1", notes={...}, numbers={...})`."""
        for tool, values in tools.items():
            self.services[tool].add("krs", {"key": key, **values})

    def row(self, tool: str, key: str) -> str:
        """The id of a key result's row."""
        rows = self.services[tool].tables["krs"].rows.values()
        return next(row.id for row in rows if row.values.get("key") == key)

    def edit(self, tool: str, key: str, name: str, value: Native) -> None:
        """A person edits one field."""
        self.services[tool].edit("krs", self.row(tool, key), name, value)

    def see(self, tool: str, key: str, name: str) -> Native:
        """What a person sees."""
        return self.services[tool].get("krs", self.row(tool, key), name)

    def seed(self) -> None:
        """One key result in all three tools, agreed."""
        same: dict[str, Native] = {"title": "Win customers", "target": Decimal(10)}
        self.add("KR1", tracker=same, notes={**same, "start": Decimal(0)},
                 numbers={"target": Decimal(10), "current": Decimal(4)})  # fmt: skip
        self.sync()


def writes(report: Report) -> int:
    """How many remote fields a run wrote."""
    assert report.applied is not None, report.trips
    return report.applied.writes
