"""I18: killed at any point while three records are created, later runs make each of them once."""

from __future__ import annotations

import pytest

from okrsync.connectors.memory.connector import MARKER
from tests.engine.creating import prepare
from tests.engine.proofs.stage import Killed, Stage, end_state
from tests.engine.world import writes

THREE = ("KR1", "KR2", "KR3")


def staged() -> Stage:
    """Three key results that `notes` lacks."""
    stage = Stage()
    prepare(stage, *THREE)
    return stage


def _interrupted(stage: Stage, tick: int) -> None:
    stage.stop_at(tick)
    with pytest.raises(Killed):
        stage.run()
    stage.let_go()
    stage.wait_out_a_lease()


def _ticks(stage: Stage) -> list[str]:
    """The points of one run."""
    names = list[str]()
    stage.tick = names.append
    stage.run()
    stage.let_go()
    return names


def _settles(stage: Stage, expected: dict[str, object], where: object) -> None:
    """Two runs at most, and the second one only looks if the first reached the end."""
    stage.run()
    last = writes(stage.run())
    assert _essence(stage) == expected, where
    assert last == 0 or writes(stage.run()) == 0, where


def test_a_crash_at_any_point_creates_each_once() -> None:
    """I18: all single points for three creations; the same end as without, at most two runs later."""
    stage = staged()
    start = stage.photo()
    names = _ticks(stage)
    stage.run()
    expected = _essence(stage)
    for tick, name in enumerate(names):
        stage.go_back(start)
        _interrupted(stage, tick)
        _settles(stage, expected, name)
    assert len(names) >= 40


@pytest.mark.slow
def test_a_second_crash_during_the_recovery_changes_nothing() -> None:
    """I18: pairs of points, for every creation that was begun."""
    stage = staged()
    start = stage.photo()
    names = _ticks(stage)
    stage.run()
    expected = _essence(stage)
    for first in (at for at, name in enumerate(names) if "create" in name or name in ("sending", "settled")):
        stage.go_back(start)
        _interrupted(stage, first)
        middle = stage.photo()
        for second, name in enumerate(_ticks(stage)):
            stage.go_back(middle)
            _interrupted(stage, second)
            _settles(stage, expected, (names[first], name))


def _essence(stage: Stage) -> dict[str, object]:
    """The end state, without the ids that differ from process to process."""
    found = end_state(stage)
    shown = [
        (tool, sorted((name, str(value)) for name, value in values.items() if name != MARKER))
        for (tool, _), values in stage.shown().items()
    ]
    return {**found, "shown": sorted(shown), "links": len(stage.state().links)}
