"""A tool that gets new records: what the tests of creation act and look with.

`notes` has `create: true`; the other tools hold key results it lacks. An answer of it may be lost, and new
records may stay hidden for ten minutes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from okrsync.connectors.base import Features, Native
from okrsync.connectors.errors import OutcomeUnknown
from okrsync.sync_engine import journal, rows
from okrsync.sync_engine.runner import Report
from okrsync.sync_engine.state import State
from tests.engine.world import World, collections, mapping, settings

GRACE = timedelta(minutes=10)


def creating(**features: float) -> dict[str, Features]:
    """What the tool `notes` can do."""
    return {"notes": Features(creates=True, **features)}  # type: ignore[arg-type]  # only seconds are given


def prepare(world: World, *names: str, **features: float) -> World:
    """`notes` creates; the other tools hold some key results."""
    tracker, notes, _ = collections()
    numbers = mapping("numbers", both=("target",), read=("current", "start"), write=("score",))
    mappings = (tracker, replace(notes, create=True), numbers)
    world.settings = settings(mappings=mappings)
    world.features = creating(**features)
    for name in names:
        planned: dict[str, Native] = {"title": f"Win {name}", "target": Decimal(10)}
        world.add(name, tracker=planned, numbers={"current": Decimal(4), "start": Decimal(0)})
    return world


def created(world: World) -> list[str]:
    """The keys in `notes`, in the order of its rows."""
    return [str(row.values["key"]) for row in world.services["notes"].tables["krs"].rows.values()]


def state(world: World) -> State:
    """What the store holds."""
    with world.open() as workspace, workspace.store.begin() as connection:
        return rows.load(connection)


def owed(world: World) -> int:
    """How many outcomes are open."""
    with world.open() as workspace, workspace.store.begin() as connection:
        return len(journal.unfinished(connection))


def codes(report: Report) -> set[str]:
    """What a run told of."""
    return {finding.code for finding in report.findings}


def losing(world: World, point: str) -> None:
    """The next answer of `notes` at this point is lost."""

    def fault(tool: str, at: str) -> None:
        if (tool, at) == ("notes", point):
            world.fault = lambda _tool, _point: None
            raise OutcomeUnknown("no answer", service="memory")

    world.fault = fault
