"""Conflicts between people: kept up to date, decided once, asked again when somebody edits (I1)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from okrsync.okr.values import Value
from okrsync.sync_engine.conflicts import resolve
from okrsync.sync_engine.runner import Report
from okrsync.sync_engine.state import OpenConflict
from okrsync.sync_engine.store import Store
from tests.engine.world import World, writes


@pytest.fixture
def torn(seeded: World) -> World:
    """Two people want different targets."""
    seeded.edit("tracker", "KR1", "target", Decimal(12))
    seeded.edit("numbers", "KR1", "target", Decimal(15))
    seeded.sync()
    return seeded


def _conflict(report: Report) -> OpenConflict:
    (conflict,) = report.view.state.conflicts.values()
    return conflict


def _values(sides: Mapping[str, Value]) -> list[str]:
    return sorted(str(value) for value in sides.values())


def _decide(world: World, value: Value) -> None:
    conflict = _conflict(world.sync())
    with Store(world.url).begin() as connection:
        assert resolve(connection, conflict.id, value, "Ann")


def test_a_conflict_shows_the_newest_edits(torn: World) -> None:
    """Bob changes his mind: the conflict is still one, with his new value."""
    torn.edit("numbers", "KR1", "target", Decimal(18))
    torn.sync()
    assert _values(_conflict(torn.sync()).sides) == ["12", "18"]


def test_a_conflict_that_stands_is_no_news(torn: World) -> None:
    """I12: the same conflict is neither opened again nor written about."""
    first, second = _conflict(torn.sync()), torn.sync()
    assert _conflict(second).id == first.id
    assert second.plan.disputes == ()


@pytest.mark.parametrize("value", [Decimal(12), Decimal(15), Decimal(13)])
def test_a_decision_goes_everywhere(torn: World, value: Decimal) -> None:
    """Whether one side's value or a third one: all tools show it, and it stays."""
    _decide(torn, value)
    assert torn.sync().open_conflicts == 0
    assert {torn.see(tool, "KR1", "target") for tool in ("tracker", "notes", "numbers")} == {value}
    assert writes(torn.sync()) == 0


def test_an_edit_after_a_decision_asks_again(torn: World) -> None:
    """I1: a decision holds for the edits it was taken on; a newer one is not swallowed."""
    _decide(torn, Decimal(13))
    torn.edit("tracker", "KR1", "target", Decimal(20))
    report = torn.sync()
    assert report.open_conflicts == 1
    assert _values(_conflict(report).sides) == ["15", "20"]
    assert torn.see("tracker", "KR1", "target") == Decimal(20)


def test_a_closed_conflict_cannot_be_decided(torn: World) -> None:
    """Too late: people agreed by themselves."""
    conflict = _conflict(torn.sync())
    torn.edit("tracker", "KR1", "target", Decimal(15))
    torn.sync()
    with Store(torn.url).begin() as connection:
        assert not resolve(connection, conflict.id, Decimal(13), "Ann")
