"""A stage that can be stopped at any moment: the world of the engine's proofs.

The store is one SQLite database in memory that outlives the workspaces using it. Every commit, every
request and every crash point of the engine ticks; a photo holds all that survives a kill (the store's
bytes, the services, the clock), so a proof can go back to any tick and let another process carry on.
"""

from __future__ import annotations

import itertools
import pickle
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from okrsync.connectors.base import Features
from okrsync.connectors.memory.connector import MemoryConnector, MemoryService
from okrsync.okr.values import encode
from okrsync.sync_engine import journal, rows
from okrsync.sync_engine.lease import TTL
from okrsync.sync_engine.runner import Hooks, Report
from okrsync.sync_engine.state import State
from okrsync.sync_engine.store import Store
from okrsync.sync_engine.workspace import Workspace
from tests.engine.world import TOOLS, World

LAGGING = Features(children=True, listing_may_lag=True)


class Killed(BaseException):
    """The process is gone: no handler of the engine may catch this."""


class KeptStore(Store):
    """A store in memory that survives the workspaces using it, and ticks around every commit."""

    def __init__(self, tick: Callable[[str], None]) -> None:
        self._tick = tick
        super().__init__("sqlite://")

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """As the store's own; an exception raised by a tick rolls back, or comes too late to."""
        with super().begin() as connection:
            yield connection
            self._tick("before commit")
        self._tick("committed")

    def close(self) -> None:
        """Nothing: the next process opens the same database."""

    def dispose(self) -> None:
        """The end of the stage."""
        super().close()

    def driver(self) -> Any:
        """The database connection below SQLAlchemy."""
        return self._engine.raw_connection().driver_connection

    def save(self) -> bytes:
        """All committed bytes."""
        found = self.driver().serialize()
        assert isinstance(found, bytes)
        return found

    def load(self, saved: bytes) -> None:
        """Put committed bytes back."""
        self.driver().deserialize(saved)


@dataclass(frozen=True)
class Photo:
    """Everything that survives a kill."""

    store: bytes
    services: bytes
    now: datetime


@dataclass
class Stage(World):
    """The world with a kept store; `tick` hears of every moment that matters, by name."""

    url: str = "sqlite://"
    tick: Callable[[str], None] = lambda _name: None
    sends: int = 0
    needless: int = 0
    """Patches sent that changed nothing."""
    store: KeptStore = field(init=False)
    _before: bytes = b""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.fault = self._fault
        self.store = KeptStore(lambda name: self.tick(name))

    def open(self) -> Workspace:
        """A new process on the kept store."""
        workspace = Workspace(self.settings, self.store, lambda: self.now, self._id, wall=lambda: self.now)
        for tool in TOOLS:
            fault = self._fault_of(tool)
            workspace.put(tool, MemoryConnector(self.services[tool], self.features.get(tool), fault))
        return workspace

    def _fault(self, tool: str, point: str) -> None:
        if point == "pull":  # collections are read side by side: their order is not repeatable
            return
        if point == "before write":
            self.sends += 1
            self._before = self._services()
        if point == "after write":
            self.needless += self._services() == self._before
        self.tick(f"{tool} {point}")

    def run(self, approved: bool = False) -> Report:
        """One run that ticks at the engine's own crash points too."""
        return self.sync(Hooks(crash=lambda name: self.tick(name)), approved)

    def wait_out_a_lease(self) -> None:
        """Long enough for a killed process's lease to end."""
        self.now += TTL + timedelta(minutes=1)

    def _services(self) -> bytes:
        kept = {tool: (service.tables, service._next) for tool, service in self.services.items()}
        return pickle.dumps(kept)

    def photo(self) -> Photo:
        """This moment."""
        return Photo(self.store.save(), self._services(), self.now)

    def go_back(self, photo: Photo) -> None:
        """Back to that moment, in a process that knows nothing but what was kept."""
        self.store.load(photo.store)
        self.now = photo.now
        for tool, (tables, next_) in pickle.loads(photo.services).items():
            service = self.services[tool]
            service.tables, service._next = tables, next_

    def stop_at(self, tick: int) -> None:
        """From tick number `tick` (0 is the first) on, nothing gets through: the process is gone."""
        count = itertools.count()

        def dead(_name: str) -> None:
            if next(count) >= tick:
                raise Killed

        self.tick = dead

    def let_go(self) -> None:
        """No more ticks are listened to."""
        self.tick = lambda _name: None

    def lag(self) -> None:
        """Listings stay as they are now, and say so."""
        self.features = dict.fromkeys(TOOLS, LAGGING)
        for service in self.services.values():
            service.freeze_listing("krs")

    def thaw(self) -> None:
        """Listings are up to date."""
        for service in self.services.values():
            service.thaw_listing("krs")

    def shown(self) -> dict[tuple[str, str], Mapping[str, object]]:
        """What people see, by tool and row."""
        return {
            (tool, row.id): dict(row.values)
            for tool, service in self.services.items()
            for row in service.tables["krs"].rows.values()
        }

    def state(self) -> State:
        """What the store holds."""
        with self.store.begin() as connection:
            return rows.load(connection)

    def owed(self) -> int:
        """How many intents wait for their outcome."""
        with self.store.begin() as connection:
            return len(journal.unfinished(connection))


_READ_BY_A_RUN = (
    "SELECT kind, key FROM entity",
    "SELECT id, entity, state, missing_run IS NULL FROM link",
    "SELECT link, field, value, unreadable, locked FROM observed",
    "SELECT link, field, shown, agreed FROM base",
    "SELECT entity, field, value, origin FROM canonical",
    "SELECT entity, field, state, sides, resolution FROM conflict WHERE state <> 'closed'",
    "SELECT link, changes, state FROM intent WHERE state IN ('planned', 'sending', 'unknown')",
    "SELECT name, account, scope, bindings, cursor, schema, applied_run IS NULL FROM collection",
    "SELECT name, complete_run IS NULL FROM collection",
    "SELECT collection, native_id FROM tombstone",
)
_ID = re.compile(r"id\d{6}")


def essence(stage: Stage) -> int:
    """What a later run can tell one moment from another by: no run ids, no times, no generated ids."""
    ask = stage.store.driver().execute
    name = {id_: f"<{kind} {key}>" for id_, kind, key in ask("SELECT id, kind, key FROM entity")}
    name |= {id_: f"<{native}>" for id_, native in ask("SELECT id, native_id FROM link")}
    kept = [sorted(map(repr, ask(query))) for query in _READ_BY_A_RUN]
    local = _ID.sub(lambda found: name.get(found[0], found[0]), repr(kept))
    return hash((local, repr(sorted(stage.shown().items()))))


def canonical(state: State) -> list[tuple[str, str, str]]:
    """The model as (entity's key, field, value)."""
    held = state.canonical.items()
    return sorted((str(state.entities[e].key), name, encode(value.value)) for (e, name), value in held)


def end_state(stage: Stage) -> dict[str, object]:
    """What must be the same however often the process was killed on the way."""
    state = stage.state()
    return {
        "shown": stage.shown(),
        "canonical": canonical(state),
        "entities": len(state.entities),
        "links": sorted((link.collection, link.native_id) for link in state.links.values()),
        "conflicts": sorted((c.field, c.resolved) for c in state.conflicts.values()),
        "owed": stage.owed(),
    }


__all__ = [
    "LAGGING", "KeptStore", "Killed", "MemoryService", "Photo", "Stage", "canonical", "end_state", "essence",
]  # fmt: skip
