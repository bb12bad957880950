"""Expected, gap and status, from dates alone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from okrsync.okr.cycles import Calendar, Cycle
from okrsync.okr.method import Method
from okrsync.okr.reasons import Why
from okrsync.okr.values import Value
from tests.okr.make import codes, key_result, objective, run

DAY0 = date(2026, 1, 1)
SPAN = {"starts": DAY0, "due": DAY0 + timedelta(days=100)}


def on_day(day: int, current: str | None, **fields: Value) -> tuple[Value, Value]:
    """Expected and status of a key result that runs from day 0 to day 100."""
    value = None if current is None else Decimal(current) * 100
    kr = key_result("A", current=value, **{**SPAN, **fields})
    derived = run(objective("O"), kr, today=DAY0 + timedelta(days=day)).derived["A"]
    return derived["expected"], derived["status"]


@pytest.mark.parametrize(
    ("day", "score", "expected", "status"),
    [
        (40, "0.15", "0.4", "at_risk"),
        (40, "0.149", "0.4", "off_track"),
        (40, "0.20", "0.4", "at_risk"),
        (40, "0.50", "0.4", "on_track"),
        (40, "0.30", "0.4", "on_track"),
        (40, "0.2999", "0.4", "at_risk"),
        (9, "0", "0.09", "too_early"),
        (10, "0", "0.1", "on_track"),
        (-1, "0.5", "0", "not_started"),
        (40, "1.2", "0.4", "achieved"),
        (95, "0.7", "0.95", "on_track"),
        (100, "0.6", "1", "off_track"),
        (101, "0.7", "1", "achieved"),
        (101, "0.699", "1", "missed"),
    ],
)
def test_status_by_the_gap(day: int, score: str, expected: str, status: str) -> None:
    """S61, S65: the vectors of day 40, the edges of each band, and the final word after the last day."""
    assert on_day(day, score) == (Decimal(expected), status)


def test_committed_goals_have_their_own_line() -> None:
    """S57: 0.9 is a success for an aspirational goal and a miss for a committed one."""
    assert on_day(101, "0.9")[1] == "achieved"
    assert on_day(101, "0.9", ambition="committed")[1] == "missed"


def test_the_objectives_ambition_holds_for_its_key_results() -> None:
    """S57: set once, unless a key result says otherwise."""
    kr = key_result("A", current=Decimal(90), **SPAN)
    computed = run(objective("O", ambition="committed"), kr, today=DAY0 + timedelta(days=101))
    assert computed.derived["A"]["status"] == "missed"


def test_no_score_has_no_status_but_unscored() -> None:
    """The expectation stands, the status does not pretend."""
    assert on_day(40, None) == (Decimal("0.4"), "unscored")


@pytest.mark.parametrize(("current", "status"), [("0", "pending"), ("0.01", "achieved")])
def test_done_or_not_done_has_no_expectation(current: str, status: str) -> None:
    """Nothing can be expected half way of an award."""
    assert on_day(60, current, measure="binary", target=None) == (None, status)


@pytest.mark.parametrize(("current", "status"), [("0.99", "on_track"), ("0.98", "off_track")])
def test_what_is_kept_is_expected_in_full_all_along(current: str, status: str) -> None:
    """S40: uptime above its line is on track, not achieved, until the last day has passed."""
    assert on_day(60, current, measure="maintain", target=Decimal(99)) == (Decimal(1), status)


def test_a_goal_of_one_day_is_due_at_once() -> None:
    """Start = end: everything is expected on that day."""
    assert on_day(0, "0.5", due=DAY0)[0] == Decimal(1)


def test_dates_in_the_wrong_order_are_found_and_expect_nothing() -> None:
    """Due before it starts: no expectation, and a finding."""
    kr = key_result("A", current=Decimal(50), starts=DAY0, due=DAY0 - timedelta(days=1))
    computed = run(objective("O"), kr, today=DAY0)
    assert computed.derived["A"]["expected"] is None
    assert codes(computed) == [Why.DUE_BEFORE_START]


def test_dates_come_from_the_objective_then_from_the_cycle() -> None:
    """S15, S16: own first, then the objective's, then the cycle's."""
    today = date(2026, 2, 14)
    parent = objective("O", starts=date(2026, 2, 4))
    computed = run(parent, key_result("A", current=Decimal(50), due=date(2026, 2, 24)), today=today)
    assert computed.derived["A"]["expected"] == Decimal("0.5")
    cycle = run(objective("O"), key_result("A", current=Decimal(50)), today=date(2026, 3, 31))
    assert cycle.derived["A"]["expected"] == Decimal(1)


def test_without_dates_nothing_is_expected() -> None:
    """No cycle, no dates: the score stands alone."""
    computed = run(objective("O", cycle=None), key_result("A", current=Decimal(50)))
    assert (computed.derived["A"]["expected"], computed.derived["A"]["status"]) == (None, "pending")


def test_a_cycle_without_a_year_is_found_once() -> None:
    """ "Q1" of which year? Guessing would move every expectation on New Year's Day."""
    computed = run(objective("O", cycle="Q1"), objective("O2", cycle="Q1"))
    assert codes(computed) == [Why.CYCLE_UNKNOWN]


def test_an_objective_is_compared_over_the_same_key_results() -> None:
    """A pending award neither lowers the expectation nor makes the objective late."""
    krs = (
        key_result("A", current=Decimal(50), **SPAN),
        key_result("B", current=Decimal(0), measure="binary", **SPAN),
    )
    derived = run(objective("O", **SPAN), *krs, today=DAY0 + timedelta(days=50)).derived["O"]
    assert (derived["score"], derived["expected"], derived["status"]) == (
        Decimal("0.25"),
        Decimal("0.5"),
        "on_track",
    )


def test_an_unscored_key_result_does_not_enter_the_expectation() -> None:
    """Expected is over the same scored key results as the score."""
    late = {"starts": DAY0, "due": DAY0 + timedelta(days=50)}
    krs = key_result("A", current=Decimal(50), **SPAN), key_result("B", **late)
    derived = run(objective("O", **SPAN), *krs, today=DAY0 + timedelta(days=50)).derived["O"]
    assert derived["expected"] == Decimal("0.5")


def test_the_rule_is_printed() -> None:
    """S65: the status names the numbers it comes from."""
    kr = key_result("A", current=Decimal(20), **SPAN)
    computed = run(objective("O"), kr, today=DAY0 + timedelta(days=40))
    assert computed.explanations["A"].pace == (
        "at_risk: gap 0.20 is at most 0.25; expected 0.40 on 2026-02-10 (2026-01-01 to 2026-04-11)"
    )


def test_lines_are_settings() -> None:
    """The thresholds come from the method, none is hard-coded."""
    kr = key_result("A", current=Decimal(20), **SPAN)
    strict = Method(on_track_gap=Decimal("0.05"), at_risk_gap=Decimal("0.1"))
    computed = run(objective("O"), kr, today=DAY0 + timedelta(days=40), method=strict)
    assert computed.derived["A"]["status"] == "off_track"


def test_a_named_cycle_gives_dates() -> None:
    """S14: six weeks, by a name of their own."""
    sprint = Cycle("Bet 3", DAY0, DAY0 + timedelta(days=40))
    method = Method(calendar=Calendar(named={"Bet 3": sprint}))
    computed = run(
        objective("O", cycle="Bet 3"),
        key_result("A", current=Decimal(50)),
        today=DAY0 + timedelta(days=10),
        method=method,
    )
    assert computed.derived["A"]["expected"] == Decimal("0.25")


def test_the_middle_of_april_is_not_yet_half_of_it() -> None:
    """The vector: the first day is 0 and the last is 1, so the 15th of 1 to 30 April is 14 of 29 days."""
    month = {"starts": date(2026, 4, 1), "due": date(2026, 4, 30)}
    kr = key_result("A", current=Decimal(0), **month)
    assert run(objective("O"), kr, today=date(2026, 4, 15)).derived["A"]["expected"] == Decimal("0.4827")
