"""Stale, never checked, fresh: no set and forget (S71)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from okrsync.okr.cycles import Calendar
from okrsync.okr.method import Method
from okrsync.okr.series import Point, Series
from okrsync.okr.values import NOT_YET, Value
from tests.okr.make import check_in, key_result, number, objective, run, seen

DAY0 = date(2026, 1, 1)
SPAN: dict[str, Value] = {"starts": DAY0, "due": DAY0 + timedelta(days=100)}


def day(n: int) -> date:
    return DAY0 + timedelta(days=n)


def judged(today: int, series: Series, current: int = 90, **fields: Value) -> tuple[Value, Value]:
    """Stale and status of a key result that runs from day 0 to day 100."""
    kr = key_result("A", current=number(current), **{**SPAN, **fields})
    derived = run(objective("O"), kr, today=day(today), series=series).derived["A"]
    return derived["stale"], derived["status"]


@pytest.mark.parametrize(
    ("today", "expected"), [(30, (False, "on_track")), (31, (True, "stale")), (60, (True, "stale"))]
)
def test_stale_after_one_and_a_half_intervals(today: int, expected: tuple[bool, str]) -> None:
    """A weekly team's last news on day 20: day 30 is within 10.5 days, day 31 is not."""
    assert judged(today, {("A", "current"): [Point(number(50), day(20))]}) == expected


def test_a_team_has_its_own_rhythm() -> None:
    """S13: who checks in every two weeks has 21 days; the objective's team holds for its key results."""
    method = Method(calendar=Calendar(team_days={"Sales": 14}))
    kr = key_result("A", current=number(90), **SPAN)
    series = {("A", "current"): [Point(number(50), day(20))]}
    computed = run(objective("O", team="Sales"), kr, method=method, today=day(41), series=series)
    assert computed.derived["A"]["stale"] is False


def test_seeing_the_same_value_again_is_no_news() -> None:
    """A job that looks every day does not make a forgotten number fresh."""
    assert judged(60, {("A", "current"): seen(DAY0, *[50] * 60, every=1)}) == (True, "stale")


@pytest.mark.parametrize("name", ["current", "confidence", "challenges"])
def test_any_sign_of_care_counts(name: str) -> None:
    """A new confidence or a new obstacle is a check-in too."""
    series = {("A", "current"): [Point(number(50), day(1))], ("A", name): [Point("new", day(58))]}
    assert judged(60, series)[0] is False


def test_a_check_in_keeps_a_goal_fresh() -> None:
    """S71: value or check-in; one of tomorrow does not count yet."""
    kr = key_result("A", current=number(90), **SPAN)
    series = {("A", "current"): [Point(number(50), day(1))]}
    for on, stale in ((55, False), (61, True)):
        computed = run(objective("O"), kr, check_in("C", "A", day(on)), today=day(60), series=series)
        assert computed.derived["A"]["stale"] is stale


def test_never_checked_is_pending_not_green() -> None:
    """Others have a past, this one has none."""
    series = {("B", "current"): [Point(number(1), day(1))]}
    assert judged(60, series) == (True, "pending")


def test_bad_news_is_not_hidden_by_staleness() -> None:
    """Stale gives way for green only: off track stays off track, and still is stale."""
    assert judged(60, {("A", "current"): [Point(number(1), day(1))]}, current=1) == (True, "off_track")


def test_an_objective_is_as_fresh_as_its_freshest_key_result() -> None:
    """The status of the whole follows its parts' news."""
    krs = [key_result(key, current=number(60), **SPAN) for key in "AB"]
    series = {("A", "current"): [Point(number(60), day(58))], ("B", "current"): [Point(number(60), day(1))]}
    derived = run(objective("O", **SPAN), *krs, today=day(60), series=series).derived
    assert [derived[each]["stale"] for each in "ABO"] == [False, True, False]


def test_a_rolled_up_value_is_as_fresh_as_its_parts() -> None:
    """Nobody enters a sum."""
    child = key_result("A", "C", current=number(60), **SPAN)
    above = (
        objective("O"),
        key_result("P", rollup="sum", **SPAN),
        objective("C", contributes_to=frozenset("P")),
    )
    series = {("A", "current"): [Point(number(60), day(58))]}
    assert run(*above, child, today=day(60), series=series).derived["P"]["stale"] is False


@pytest.mark.parametrize("today", [-1, 101])
def test_only_a_running_goal_can_be_stale(today: int) -> None:
    """Neither before its first day nor after its last."""
    assert judged(today, {("A", "current"): [Point(number(50), day(-90))]})[0] is None


def test_a_goal_that_just_began_is_not_stale_yet() -> None:
    """The wait counts from its first day, not from the last quarter's value."""
    assert judged(10, {("A", "current"): [Point(number(50), day(-60))]})[0] is False


def test_without_any_observations_everything_is_as_before() -> None:
    """No past is known: nobody is called stale, nothing is forecast."""
    kr = key_result("A", current=number(90), **SPAN)
    derived = run(objective("O"), kr, today=day(60)).derived["A"]
    assert (derived["stale"], derived["forecast"], derived["status"]) == (None, None, "on_track")


def test_not_yet_is_news() -> None:
    """Somebody looked and said that there is nothing to measure yet."""
    assert judged(60, {("A", "current"): [Point(NOT_YET, day(58))]})[0] is False


def test_the_explanation_says_since_when() -> None:
    """The reader need not count days."""
    kr = key_result("A", current=number(90), **SPAN)
    series = {("A", "current"): [Point(number(50), day(20))]}
    told = run(objective("O"), kr, today=day(60), series=series).explanations["A"]
    assert told.pace.startswith("stale: no new value or check-in for 40 days; it would be on_track")
    assert "stale: no new value or check-in for 40 days" in told.notes
