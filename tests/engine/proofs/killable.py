"""A process of its own that syncs against tools kept in files, so that it can be killed for real.

Each tool is a file; an effect is one atomic replacement of it, so that a kill finds it done or not done.
"""

from __future__ import annotations

import os
import pickle
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from okrsync.connectors.memory.connector import MemoryService
from okrsync.sync_engine import rows
from okrsync.sync_engine.lease import Lease
from okrsync.sync_engine.store import Store
from tests.engine.world import TOOLS, World


@dataclass
class Filed(World):
    """The world with its tools in a folder: every process sees what the others did."""

    folder: Path = field(default_factory=Path)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.fault = self._effect
        if (self.folder / TOOLS[0]).exists():
            self.read()

    def _id(self) -> str:
        return uuid.uuid4().hex

    def _effect(self, tool: str, point: str) -> None:
        if point == "after write":
            self.keep(tool)

    def keep(self, tool: str) -> None:
        """A tool as it is now becomes what everybody sees, at once."""
        service = self.services[tool]
        fresh = self.folder / f"{tool}.new"
        fresh.write_bytes(pickle.dumps((service.tables, service._next)))
        os.replace(fresh, self.folder / tool)

    def read(self) -> None:
        """What everybody sees now."""
        for tool in TOOLS:
            service: MemoryService = self.services[tool]
            service.tables, service._next = pickle.loads((self.folder / tool).read_bytes())


def sync_when_told(url: str, folder: Path, pipe: Connection) -> None:
    """The child: gets ready, says so, waits for the word, and runs once."""
    world = Filed(url, folder=folder)
    with world.open():
        pipe.send("ready")
    pipe.recv()
    world.sync()
    pipe.send("done")


def bump_often(url: str, generation: int, times: int) -> None:
    """A child that counts in the store, under a lease its parent took."""
    store = Store(url)
    lease = Lease(store, generation, None)
    for _ in range(times):
        with lease.begin(datetime.now(UTC)) as connection:
            rows.bump_serial(connection)
    store.close()
