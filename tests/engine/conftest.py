"""A fresh stage for every test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A workspace on SQLite whose tools are empty."""
    return World(f"sqlite:///{tmp_path / 'okrsync.db'}")


@pytest.fixture
def seeded(world: World) -> World:
    """The same with one key result in three tools, already agreed."""
    world.seed()
    return world
