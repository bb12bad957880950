"""A workspace at run time: the admin's settings joined with a store, a clock and open connections.

Time, ids and the way connections are opened come in from outside, so that tests and the demo decide
them; nothing below this module looks at a clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from okrsync.config.settings import Settings
from okrsync.connectors.base import Connector
from okrsync.sync_engine import rows
from okrsync.sync_engine.store import Store
from okrsync.sync_engine.unify import Rules

Clock = Callable[[], datetime]
NewId = Callable[[], str]


@dataclass
class Workspace:
    """Everything one run needs."""

    settings: Settings
    store: Store
    clock: Clock
    new_id: NewId
    wall: Clock = lambda: datetime.now(UTC)
    """The real time, for the lease: a practice day must not make a live run look dead."""
    _open: dict[str, Connector] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.store.begin() as connection:
            rows.ensure_lineage(connection, self.new_id())

    def connector(self, name: str) -> Connector:
        """The open connection of that name."""
        if name not in self._open:
            self._open[name] = self.settings.open(name)
        return self._open[name]

    def put(self, name: str, connector: Connector) -> None:
        """Use this connector for a connection instead of opening one: for tests and embedding."""
        self._open[name] = connector

    def requests(self) -> Mapping[str, Mapping[str, int]]:
        """Requests sent so far, by connection and by what for."""
        return {name: dict(connector.requests()) for name, connector in sorted(self._open.items())}

    def now(self) -> str:
        """This moment as the store keeps it."""
        return self.clock().astimezone(UTC).isoformat(timespec="seconds")

    def today(self) -> date:
        """The day it is where the workspace lives."""
        return self.clock().astimezone(self.settings.timezone).date()

    def day_of(self, moment: str) -> date:
        """The day a stored moment falls on where the workspace lives."""
        return datetime.fromisoformat(moment).astimezone(self.settings.timezone).date()

    def a_day_ago(self) -> str:
        """This moment a day ago, as the store keeps moments."""
        return (self.clock().astimezone(UTC) - timedelta(days=1)).isoformat(timespec="seconds")

    def end_of(self, day: date) -> str:
        """The last second of a day where the workspace lives, as the store keeps moments."""
        last = datetime.combine(day, time(23, 59, 59), self.settings.timezone)
        return last.astimezone(UTC).isoformat(timespec="seconds")

    def rules(self) -> Rules:
        """How each mapped field merges."""
        return Rules(self.settings.rules)

    def close(self) -> None:
        """Close every connection and the store."""
        for connector in self._open.values():
            connector.close()
        self.store.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def fingerprint(*parts: object) -> str:
    """A short name for some settings, to notice that they changed (I25)."""
    return hashlib.sha256("\x1f".join(repr(part) for part in parts).encode()).hexdigest()[:32]
