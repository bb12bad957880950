"""Forecast, gap and pace: where it goes, how far behind it is, how fast it runs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.okr.forecast import Forecast, forecast, least_squares
from okrsync.okr.measures import Goal
from okrsync.okr.method import Method
from okrsync.okr.pace import Window
from okrsync.okr.series import Observed, Point
from okrsync.okr.values import Value
from tests.okr.make import key_result, number, objective, run, seen

DAY0 = date(2026, 1, 1)
END = DAY0 + timedelta(days=100)
WINDOW = Window(DAY0, END)
UP = Goal("level", None, Decimal(0), Decimal(100))


def day(n: int) -> date:
    return DAY0 + timedelta(days=n)


def path(*steps: tuple[int, int]) -> Observed:
    return [(day(n), Decimal(value)) for n, value in steps]


def ahead(goal: Goal, now: int | None, points: Observed, today: int) -> Forecast | None:
    value = None if now is None else Decimal(now)
    return forecast(goal, value, points, WINDOW, day(today), Method())


def test_least_squares_over_the_last_28_days() -> None:
    """Two points a week apart and one beside: slope and value by hand (days 40, 47, 54: 40, 54, 60)."""
    found = ahead(UP, 60, path((5, 90), (40, 40), (47, 54), (54, 60)), 54)
    assert found is not None
    assert (found.method, found.n, found.on) == ("least squares", 3, END)
    assert found.value == Decimal("127.047619")
    assert found.score == 1


@pytest.mark.parametrize(
    "points",
    [
        path((50, 40), (50, 45), (50, 50)),
        path((40, 30), (50, 50)),
        path((1, 1), (2, 2), (3, 3), (50, 50)),
    ],
    ids=["one day", "two points", "old points"],
)
def test_too_few_points_take_the_line_from_the_start(points: Observed) -> None:
    """Half way at half time arrives in full."""
    found = ahead(UP, 50, points, 50)
    assert found is not None
    assert (found.method, found.n, found.value) == ("start to now", 1, Decimal(100))


@pytest.mark.parametrize(
    ("goal", "now", "today"),
    [
        (UP, None, 50),
        (UP, 50, 9),
        (UP, 50, 100),
        (UP, 50, 130),
        (Goal("binary"), 0, 50),
        (Goal("milestone", target=Decimal(4)), 2, 50),
        (Goal("maintain", target=Decimal(99)), 99, 50),
        (Goal("level", "increase", None, Decimal(100)), 50, 50),
    ],
)
def test_no_forecast(goal: Goal, now: int | None, today: int) -> None:
    """No value, too early, over, done or not done, kept, and no start to draw a line from."""
    assert ahead(goal, now, (), today) is None


def test_a_stale_goal_has_no_forecast() -> None:
    """A line through forgotten numbers is not a forecast; a fresh one is told with its method."""
    kr = key_result("A", current=number(50), starts=DAY0, due=END)
    for last, expected in ((48, Decimal(1)), (20, None)):
        series = {("A", "current"): [Point(number(50), day(last))]}
        computed = run(objective("O"), kr, today=day(50), series=series)
        assert computed.derived["A"]["forecast"] == expected
        told = [note for note in computed.explanations["A"].notes if note.startswith("forecast")]
        assert bool(told) is (expected is not None)


def test_an_objective_is_forecast_where_all_its_scored_key_results_are() -> None:
    """The mean of 0.50 and 1.00; a third one that is done or not done leaves it open."""
    krs = [
        key_result("A", current=number(25), starts=DAY0, due=END),
        key_result("B", current=number(50), starts=DAY0, due=END),
    ]
    series = {(key, "current"): [Point(number(1), day(48))] for key in "ABC"}
    parent = objective("O", starts=DAY0, due=END)
    assert run(parent, *krs, today=day(50), series=series).derived["O"]["forecast"] == Decimal("0.75")
    award = key_result("C", measure="binary", current=number(0), starts=DAY0, due=END)
    assert run(parent, *krs, award, today=day(50), series=series).derived["O"]["forecast"] is None


@given(
    st.lists(
        st.tuples(st.integers(0, 27), st.integers(-999, 999)),
        min_size=2,
        max_size=9,
        unique_by=lambda p: p[0],
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_points_does_not_matter(steps: list[tuple[int, int]], shuffle: Random) -> None:
    """Exact arithmetic: any first point gives the same line."""
    mixed = list(steps)
    shuffle.shuffle(mixed)
    assert least_squares(path(*steps), END) == least_squares(path(*mixed), END)


@given(st.integers(-50, 50), st.integers(-50, 50), st.sets(st.integers(0, 27), min_size=2))
def test_points_on_a_line_are_continued(at_zero: int, slope: int, days: set[int]) -> None:
    """Where nothing scatters, the forecast is the line itself."""
    points = path(*((n, at_zero + slope * n) for n in sorted(days)))
    assert least_squares(points, END) == Fraction(at_zero + slope * 100)


@pytest.mark.parametrize(
    ("today", "current", "gap", "pace"),
    [
        (40, "20", "0.2", "0.5"),
        (40, "50", "-0.1", "1.25"),
        (33, "11.9", "0.21", "0.36"),
        (9, "5", "0.04", None),
        (10, "5", "0.05", "0.5"),
    ],
)
def test_gap_and_pace(today: int, current: str, gap: str, pace: str | None) -> None:
    """Expected − score and score ÷ expected, two decimals cut; no ratio while little is expected."""
    kr = key_result("A", current=number(current), starts=DAY0, due=END)
    derived = run(objective("O"), kr, today=day(today)).derived["A"]
    wanted: tuple[Value, Value] = (number(gap), None if pace is None else number(pace))
    assert (derived["gap"], derived["pace"]) == wanted


def test_what_moves_by_the_day_has_two_decimals() -> None:
    """Quiet write-back: a mapped gap, pace or forecast changes only when people would see it change."""
    kr = key_result("A", current=number("33.333"), starts=DAY0, due=DAY0 + timedelta(days=97))
    derived = run(objective("O"), kr, today=day(41), series={("A", "current"): seen(day(36), 30)}).derived[
        "A"
    ]
    for name in ("gap", "pace", "forecast"):
        value = derived[name]
        assert isinstance(value, Decimal)
        assert value == value.quantize(Decimal("0.01"))


def test_a_forecast_is_told_without_digits_nobody_can_promise() -> None:
    """Two decimals, cut, with the method and how much it rests on."""
    told = Forecast(Decimal("167.538461"), Fraction(5, 6), "least squares", 3, END).line()
    assert told == (f"forecast: about 167.53 on {END}, a score of 0.83, by least squares over 3 observations")


def test_programs_read_the_forecast_with_its_method() -> None:
    """explain --json: value, score, method and n as members of their own; null where there is none."""
    kr = key_result("A", current=number(50), starts=DAY0, due=END)
    seen = [Point(number(value), day(at)) for value, at in ((30, 30), (40, 40), (50, 50))]
    told = run(objective("O"), kr, today=day(50), series={("A", "current"): seen}).explanations["A"].as_json()
    assert told["forecast"] == {
        "value": "100",
        "score": "1",
        "method": "least squares",
        "n": 3,
        "on": END.isoformat(),
    }
    assert run(objective("O"), kr, today=day(50)).explanations["A"].as_json()["forecast"] is None
