"""A workspace for the documents' examples: the sandbox's first company, synced once.

Arrives: a folder. Leaves: a running sandbox and the folder in which `okrsync COMMAND` finds its file, as a
reader has after following the documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from okrsync.cli import run
from okrsync.commands.sandbox import write_folder
from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.server import Sandbox
from okrsync.sandbox.world import build

NOW = datetime(2026, 2, 9, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Stage:
    """A running sandbox and the admin's file that points at it."""

    sandbox: Sandbox
    config: Path


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Start the sandbox and sync once."""
    clock = VirtualClock(NOW)
    world = build(["acme"], clock)
    with Sandbox(world.services, clock=clock) as sandbox:
        config = write_folder(folder, world, sandbox.urls, NOW)["acme"]
        code = run(["sync", "--approve", "--quiet", "--config", str(config), "--today", "2026-02-09"])
        assert code == 0
        yield Stage(sandbox, config)
