"""Goals kept all along: periods in range ÷ periods observed (S40, S49)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.okr.numbers import cut
from okrsync.okr.series import Series
from okrsync.okr.values import Value
from tests.okr.make import key_result, number, objective, run, seen

DAY0 = date(2026, 1, 1)
SPAN: dict[str, Value] = {"starts": DAY0, "due": date(2026, 3, 31)}
KEPT: dict[str, Value] = {"measure": "maintain", "direction": "maintain_at_least", "start": None, **SPAN}
WEEKS = (4, 5, 4, 6, None, 4, 5, 3, 4, 5, 4, 9, 4)
"""Thirteen weeks, one not observed; nine of the twelve others lie between 4 and 5."""


def day(n: int) -> date:
    return DAY0 + timedelta(days=n)


def judged(series: Series, today: date = date(2026, 3, 31), **fields: Value) -> tuple[Value, Value, Value]:
    """Score, coverage and status of a goal to keep."""
    kr = key_result("A", current=Decimal(1), **{**KEPT, **fields})
    derived = run(objective("O"), kr, today=today, series=series).derived["A"]
    return derived["score"], derived["coverage"], derived["status"]


def test_nine_of_twelve_observed_weeks() -> None:
    """The vector: 13 weeks, one missing, 9 in range: 0.75 with coverage 12/13, not 9/13."""
    series = {("A", "current"): seen(DAY0, *WEEKS)}
    assert judged(series, target=Decimal(4), upper=Decimal(5))[:2] == (Decimal("0.75"), "12/13")


@pytest.mark.parametrize(
    ("evaluation", "score"), [("share", "0.75"), ("planned", "0.6923"), ("worst", "0"), ("latest", "0")]
)
def test_the_ways_to_judge(evaluation: str, score: str) -> None:
    """Kept ÷ observed, kept ÷ planned, the worst, the latest (whose current value of 1 is out of range)."""
    series = {("A", "current"): seen(DAY0, *WEEKS)}
    given = judged(series, target=Decimal(4), upper=Decimal(5), evaluation=evaluation)
    assert given[0] == number(score)


def test_a_strict_range_excludes_its_ends() -> None:
    """Between 3 and 6 without them: the same nine weeks."""
    series = {("A", "current"): seen(DAY0, *WEEKS)}
    assert judged(series, target=Decimal(3), upper=Decimal(6), strict=True)[0] == Decimal("0.75")


@pytest.mark.parametrize(("last", "status"), [("99.5", "on_track"), ("98", "off_track")])
def test_the_status_follows_the_latest_value(last: str, status: str) -> None:
    """Uptime broke now: the share is still high, the status is not green (and the other way round)."""
    values = ["99.5"] * 7 + [last]
    assert judged({("A", "current"): seen(DAY0, *values)}, today=day(50), target=Decimal(99))[2] == status


def test_a_period_counts_by_its_last_value() -> None:
    """Broken on Monday, repaired on Friday: kept."""
    series = {("A", "current"): (*seen(DAY0, 90), *seen(day(4), 99))}
    assert judged(series, today=day(6), target=Decimal(99))[:2] == (Decimal(1), "1/1")


def test_values_outside_the_goals_days_do_not_count() -> None:
    """Last quarter's outage is last quarter's, and what lies ahead is not known."""
    series = {("A", "current"): (*seen(day(-30), 1, 1), *seen(DAY0, 99, 99), *seen(day(60), 1))}
    assert judged(series, today=day(13), target=Decimal(99))[:2] == (Decimal(1), "2/2")


@pytest.mark.parametrize(("this_week", "expected"), [(2, ("0.5", "2/2")), (5, ("0.6666", "3/3"))])
def test_a_rate_counts_the_running_period_once_it_is_reached(
    this_week: int, expected: tuple[str, str]
) -> None:
    """Five interviews a week: on Tuesday nobody has missed them yet."""
    series = {("A", "current"): seen(DAY0, 5, 3, this_week)}
    given = judged(series, today=day(15), measure="rate", direction="at_least", target=Decimal(5))
    assert given[:2] == (number(expected[0]), expected[1])


def test_what_is_kept_is_broken_as_soon_as_it_is() -> None:
    """Uptime of the running week is lost already: unlike a rate, it cannot be reached any more."""
    series = {("A", "current"): seen(DAY0, 99, 90)}
    assert judged(series, today=day(8), target=Decimal(99))[:2] == (Decimal("0.5"), "2/2")


def test_a_rate_in_its_first_period_has_no_score_yet() -> None:
    """No period observed is null, not 0."""
    series = {("A", "current"): seen(DAY0, 2)}
    assert judged(series, today=day(2), measure="rate", direction="at_least", target=Decimal(5))[:2] == (
        None,
        "0/0",
    )


@pytest.mark.parametrize(("period", "coverage"), [("day", "3/90"), ("month", "2/3"), ("quarter", "1/1")])
def test_periods_of_any_length(period: str, coverage: str) -> None:
    """Three looks in January and February, seen at the end of March."""
    series = {("A", "current"): seen(DAY0, 99, 99, 99, every=20)}
    assert judged(series, target=Decimal(99), period=period)[1] == coverage


def test_without_observations_of_its_own_the_latest_value_decides() -> None:
    """A goal whose past nobody recorded is judged as before."""
    kr = key_result("A", current=Decimal(99), **{**KEPT, "target": Decimal(99)})
    derived = run(objective("O"), kr, today=day(50), series={("B", "current"): seen(DAY0, 1)}).derived["A"]
    assert (derived["score"], derived["coverage"]) == (Decimal(1), None)


def test_without_days_there_are_no_periods() -> None:
    """No cycle and no dates: the latest value decides."""
    kr = key_result("A", current=Decimal(99), measure="maintain", start=None, target=Decimal(99))
    series = {("A", "current"): seen(DAY0, 99, 1)}
    derived = run(objective("O", cycle=None), kr, today=day(20), series=series).derived["A"]
    assert (derived["score"], derived["coverage"]) == (Decimal(1), None)


def test_the_rule_and_the_count_are_told() -> None:
    """Down to how many periods nobody looked at."""
    kr = key_result("A", current=Decimal(4), **{**KEPT, "target": Decimal(4), "upper": Decimal(5)})
    series = {("A", "current"): seen(DAY0, *WEEKS)}
    computed = run(objective("O"), kr, today=date(2026, 3, 31), series=series)
    told = computed.explanations["A"]
    assert told.rule == "kept per period, by the share of those observed; 12 of 13 periods observed"
    assert told.numbers == "9 of 12 = 0.75"
    assert computed.derived["A"]["explanation"] == "0.75: 9 of 12 periods kept"


WEEKLY = st.lists(st.none() | st.integers(0, 10), min_size=1, max_size=13)


def share(values: Sequence[int | None]) -> Value:
    return judged({("A", "current"): seen(DAY0, *values)}, target=Decimal(4), upper=Decimal(6))[0]


@given(WEEKLY.filter(lambda weeks: any(week is not None for week in weeks)))
def test_a_week_nobody_looked_at_moves_no_score(values: list[int | None]) -> None:
    """Missing is never "not kept": weeks without observations change the coverage alone."""
    looked = [value for value in values if value is not None]
    hits = sum(1 for value in looked if 4 <= value <= 6)
    assert share(values) == cut(Fraction(hits, len(looked)))
    assert share(looked) == share(values)
