"""Conflicts between people: kept up to date, decided once, asked again when somebody edits (I1)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from okrsync.connectors.base import Features
from okrsync.connectors.errors import Transient
from okrsync.okr.values import Value
from okrsync.sync_engine.conflicts import resolve
from okrsync.sync_engine.runner import Report
from okrsync.sync_engine.state import OpenConflict
from okrsync.sync_engine.store import Store
from tests.engine.world import TOOLS, World, writes


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


def _down(world: World, tool: str, points: tuple[str, ...]) -> None:
    """The tool does not answer at these points."""

    def fault(at: str, point: str) -> None:
        if at == tool and point in points:
            raise Transient("down", service=tool)

    world.fault = fault


@pytest.mark.parametrize("points", [("pull",), ("fetch",), ("account", "schema", "pull", "fetch")])
@pytest.mark.parametrize("decision", [None, Decimal(12), Decimal(15)])
def test_a_conflict_waits_for_a_tool_that_does_not_answer(
    torn: World, points: tuple[str, ...], decision: Decimal | None
) -> None:
    """I1: while one side cannot be looked at, the other's edit does not pass for the only one, and a decision
    is neither dropped nor carried out in half."""
    torn.features = dict.fromkeys(TOOLS, Features(children=True, listing_may_lag=True))
    if decision is not None:
        _decide(torn, decision)
    _down(torn, "numbers", points)
    report = torn.sync()
    assert [torn.see(tool, "KR1", "target") for tool in ("tracker", "numbers")] == [12, 15]
    assert _conflict(report).resolution == decision
    torn.fault = lambda _tool, _point: None
    report = torn.sync()
    assert report.open_conflicts == (1 if decision is None else 0)
    shown = {torn.see(tool, "KR1", "target") for tool in ("tracker", "numbers")}
    assert shown == ({Decimal(12), Decimal(15)} if decision is None else {decision})


def test_a_conflict_waits_for_a_record_that_is_missing(torn: World) -> None:
    """I1, I6: a listing that lacks one side's record does not decide for the other side."""
    _decide(torn, Decimal(15))
    table = torn.services["numbers"].tables["krs"]
    table.hidden = {torn.row("numbers", "KR1")}
    torn.sync()
    assert torn.see("tracker", "KR1", "target") == Decimal(12)
    table.hidden = set()
    torn.sync()
    assert {torn.see(tool, "KR1", "target") for tool in TOOLS} == {Decimal(15)}


def test_a_closed_conflict_cannot_be_decided(torn: World) -> None:
    """Too late: people agreed by themselves."""
    conflict = _conflict(torn.sync())
    torn.edit("tracker", "KR1", "target", Decimal(15))
    torn.sync()
    with Store(torn.url).begin() as connection:
        assert not resolve(connection, conflict.id, Decimal(13), "Ann")
