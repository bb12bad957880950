"""I18 with nothing imitated: real processes, killed by the system at random moments of their run.

People edit between the runs, the tools are files, the store is SQLite or PostgreSQL. In the end every
edit is everywhere, every record was linked once and nothing is owed.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from okrsync.sync_engine import journal, rows
from okrsync.sync_engine.store import Store
from tests.engine.proofs.killable import Filed, sync_when_told
from tests.engine.world import TOOLS, writes

KILLS = 12
LONGEST = 0.25
"""Seconds after which a run has ended for certain on an idle machine; later kills find it done."""


@pytest.fixture(scope="module")
def processes() -> Iterator[multiprocessing.context.ForkServerContext]:
    """Children start from a server that has everything imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.engine.proofs.killable"])
    yield context


def _killed(context: multiprocessing.context.ForkServerContext, url: str, folder: Path, after: float) -> bool:
    """One run in a process that is killed `after` seconds; whether it was killed before its end."""
    ours, theirs = context.Pipe()
    child = context.Process(target=sync_when_told, args=(url, folder, theirs))
    child.start()
    theirs.close()
    assert ours.poll(60) and ours.recv() == "ready"
    ours.send("go")
    done = ours.poll(after)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    ours.close()
    return not done


def _start(url: str, folder: Path) -> Filed:
    world = Filed(url, folder=folder)
    ten = Decimal(10)
    world.add("KR1", tracker={"title": "A", "target": ten}, notes={"title": None, "start": Decimal(0)},
              numbers={"target": ten, "current": Decimal(4)})  # fmt: skip
    world.add("KR2", tracker={"title": "B"}, notes={"title": "B", "target": Decimal(5)})
    for tool in TOOLS:
        world.keep(tool)
    return world


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_killed_processes_lose_nothing(
    url: str, tmp_path: Path, processes: multiprocessing.context.ForkServerContext, seed: int
) -> None:
    """Edits, kills, and in the end agreement within two runs, without a duplicate."""
    die = random.Random(seed)
    world = _start(url, tmp_path)
    killed = 0
    for number in range(KILLS):
        killed += _killed(processes, url, tmp_path, die.uniform(0, LONGEST))
        world.read()
        world.edit("tracker", "KR1", "title", f"Title {number}")
        world.edit("numbers", "KR1", "current", Decimal(number))
        for tool in ("tracker", "numbers"):
            world.keep(tool)
    world.sync()
    world.sync()
    assert writes(world.sync()) == 0
    assert killed >= KILLS // 4, "too few kills came before the run's end"
    last = KILLS - 1
    assert {world.see(tool, "KR1", "title") for tool in ("tracker", "notes")} == {f"Title {last}"}
    assert {world.see(tool, "KR1", "score") for tool in TOOLS} == {min(Decimal(1), Decimal(last) / 10)}
    _nothing_owed(url)


def _nothing_owed(url: str) -> None:
    store = Store(url)
    with store.begin() as connection:
        state, owed = rows.load(connection), journal.unfinished(connection)
    store.close()
    assert owed == [] and state.conflicts == {}
    assert sorted(str(entity.key) for entity in state.entities.values()) == ["KR1", "KR2"]
    assert len(state.links) == 5
