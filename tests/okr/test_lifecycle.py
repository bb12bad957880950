"""A cycle's stages, its grace and its neighbours."""

from __future__ import annotations

from datetime import date

import pytest

from okrsync.okr.cycles import Calendar, Cycle
from okrsync.okr.lifecycle import CycleState, Stage, close_state, following, open_cycles, publish, rivals

Q1 = Cycle("2026-Q1", date(2026, 1, 1), date(2026, 3, 31))
Q2 = Cycle("2026-Q2", date(2026, 4, 1), date(2026, 6, 30))
YEAR = Cycle("2026", date(2026, 1, 1), date(2026, 12, 31))
CLOSED = CycleState(Q1, date(2025, 12, 15), date(2026, 4, 10))


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        ("2025-12-14", Stage.DRAFT),
        ("2025-12-15", Stage.PUBLISHED),
        ("2026-01-01", Stage.ACTIVE),
        ("2026-03-31", Stage.ACTIVE),
        ("2026-04-01", Stage.REVIEW),
        ("2026-04-10", Stage.CLOSED),
    ],
)
def test_the_stages_follow_the_days(today: str, stage: Stage) -> None:
    """S19: draft, published, active, review, closed."""
    assert CLOSED.stage(date.fromisoformat(today)) is stage


def test_a_cycle_nobody_published_is_active_all_the_same() -> None:
    """Work does not wait for a button."""
    assert CycleState(Q1).stage(date(2026, 1, 1)) is Stage.ACTIVE


def test_two_cycles_are_open_at_once() -> None:
    """S19: the next quarter is drafted while this one runs; the closed one is gone."""
    today = date(2026, 4, 10)
    q3 = CycleState(Cycle("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)))
    found = open_cycles([q3, CLOSED, CycleState(Q2)], today)
    assert [(each.cycle.name, each.stage(today).value) for each in found] == [
        ("2026-Q2", "active"),
        ("2026-Q3", "draft"),
    ]


@pytest.mark.parametrize(
    ("state", "day", "takes"),
    [
        (CycleState(Q1), "2026-04-14", True),
        (CycleState(Q1), "2026-04-15", False),
        (CLOSED, "2026-04-09", True),
        (CLOSED, "2026-04-10", False),
        (CycleState(Q1), "2025-12-31", False),
    ],
)
def test_late_values_have_a_grace(state: CycleState, day: str, takes: bool) -> None:
    """S18: two weeks after the end, unless it was closed before."""
    assert state.takes_values(date.fromisoformat(day), Calendar()) is takes


def test_targets_are_fixed_from_publication_or_from_the_first_day() -> None:
    """S108: before, a changed target is drafting."""
    assert not CLOSED.fixed(date(2025, 12, 14))
    assert CLOSED.fixed(date(2025, 12, 15))
    assert CycleState(Q1).fixed(date(2026, 1, 1))


def test_a_running_cycle_cannot_be_closed() -> None:
    """Its scores are not final; the message says from when on."""
    with pytest.raises(ValueError, match="runs until 2026-03-31"):
        close_state(CycleState(Q1), date(2026, 3, 31))
    assert close_state(CycleState(Q1), date(2026, 4, 1)).closed == date(2026, 4, 1)


def test_nothing_is_decided_twice() -> None:
    """Closed and published once each."""
    with pytest.raises(ValueError, match="was closed on 2026-04-10"):
        close_state(CLOSED, date(2026, 4, 11))
    with pytest.raises(ValueError, match="closed already"):
        publish(CLOSED, date(2026, 4, 11))
    with pytest.raises(ValueError, match="published already"):
        publish(publish(CycleState(Q1), date(2025, 12, 1)), date(2025, 12, 2))


def test_a_quarter_in_its_year_is_no_rival() -> None:
    """Nested is as it should be; overlapping is not."""
    bet = Cycle("Bet", date(2026, 2, 1), date(2026, 4, 14))
    states = [CycleState(each) for each in (Q1, YEAR, bet)]
    assert rivals(states, date(2026, 2, 10)) == (("2026-Q1", "Bet"),)
    assert rivals(states[:2], date(2026, 2, 10)) == ()


def test_the_next_cycle_follows() -> None:
    """S14: a named one where there is one."""
    assert following(Q1, Calendar()) == Q2
    bet = Cycle("Bet", date(2026, 4, 1), date(2026, 5, 12))
    assert following(Q1, Calendar(named={"Bet": bet})) == bet
