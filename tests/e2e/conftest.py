"""Two scenes for every test: before the first sync, and after everything agrees.

Arrives: nothing. Leaves: a stage on which a test may do anything. When a test ends, nothing that was printed,
stored or saved may hold a secret; that is checked here, so that every test is a test of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.stage import Scene, Stage, open_stage


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The one stage of this process."""
    yield from open_stage(tmp_path_factory.mktemp("acme"))


@pytest.fixture(scope="session")
def before(running: Stage) -> Scene:
    """The moment before the first sync."""
    return running.scene()


@pytest.fixture(scope="session")
def after(running: Stage, before: Scene) -> Scene:
    """The moment when all tools agree."""
    running.set(before)
    assert running.run("sync", "--approve").code == 0
    return running.scene()


@pytest.fixture
def fresh(running: Stage, before: Scene) -> Iterator[Stage]:
    """The stage before the first sync."""
    running.set(before)
    yield running
    assert running.leaks() == []


@pytest.fixture
def stage(running: Stage, after: Scene) -> Iterator[Stage]:
    """The stage when all tools agree."""
    running.set(after)
    yield running
    assert running.leaks() == []
