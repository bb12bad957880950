"""Goals that are kept all along: how many periods were kept, of those that were observed.

A goal to keep (uptime, a range, five interviews a week) and its observations arrive; the share of periods
leaves, with how many were observed of those that passed (S40, S49). A period nobody observed counts
neither way: it lowers the coverage, never the score. Separate from single values because time enters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from okrsync.okr.measures import Goal, Score, score, unscored
from okrsync.okr.numbers import show
from okrsync.okr.pace import Window
from okrsync.okr.reading import Reading
from okrsync.okr.reasons import Why
from okrsync.okr.series import Observed

_DAYS: Final[Mapping[str, int]] = MappingProxyType({"day": 1, "week": 7})
_MONTHS: Final[Mapping[str, int]] = MappingProxyType({"month": 1, "quarter": 3})
PERIODS: Final = (*_DAYS, *_MONTHS)


@dataclass(frozen=True)
class Kept:
    """A score over periods. `latest` is whether the latest value keeps the goal: the status follows it."""

    score: Score
    latest: Fraction | None
    observed: int = 0
    passed: int = 0

    @property
    def coverage(self) -> str:
        """Periods observed of those that have passed, such as `12/13`."""
        return f"{self.observed}/{self.passed}"


def kept(goal: Goal, how: str, period: str, seen: Observed, window: Window, today: date) -> Kept | None:
    """The score of a goal to keep; None where nothing was observed in its days or its days are unknown.

    `how` is share (kept ÷ observed), planned (kept ÷ all planned) or worst (1 only if every one was
    kept). A period counts by its last value; of a rate, the running period counts once it is reached.
    """
    start, end = window.start, window.end
    if start is None or end is None or window.reversed or goal.target is None:
        return None
    last = min(today, end)
    inside = [(at, value) for at, value in seen if start <= at <= last]
    by_period = {_number(at, start, period): value for at, value in inside}
    if not by_period:
        return None
    keeps = {number: _keeps(goal, value) for number, value in by_period.items()}
    running = _number(today, start, period)
    if goal.measure == "rate" and today < end and not keeps.get(running, True):
        del keeps[running]
    counted = _passed(keeps, start, end, today, period)
    return _judged(how, keeps, counted, _number(end, start, period) + 1, _keeps(goal, inside[-1][1]))


def _number(day: date, start: date, period: str) -> int:
    """Which period a day is in: days and weeks count from the first day, months are the calendar's."""
    if period in _DAYS:
        return (day - start).days // _DAYS[period]
    months = (day.year - start.year) * 12 + day.month - start.month
    return months // _MONTHS[period]


def _keeps(goal: Goal, value: Decimal) -> bool:
    return score(goal, Reading(value)).score == 1


def _passed(keeps: Mapping[int, bool], start: date, end: date, today: date, period: str) -> int:
    """How many periods have begun; a running one that does not count yet is not among them."""
    if today >= end:
        return _number(end, start, period) + 1
    running = _number(today, start, period)
    return running + (1 if running in keeps else 0)


def _judged(how: str, keeps: Mapping[int, bool], passed: int, planned: int, latest: bool) -> Kept:
    hits, observed = sum(keeps.values()), len(keeps)
    now = Fraction(1 if latest else 0)
    if observed == 0:
        return Kept(unscored(Why.PERIODS_MISSING), now, 0, passed)
    if how == "worst":
        points = Fraction(1 if hits == observed else 0)
        formula = "score = 1 if every observed period is kept, else 0"
    else:
        points = Fraction(hits, planned if how == "planned" else observed)
        formula = f"score = periods kept ÷ periods {'planned' if how == 'planned' else 'observed'}"
    of = planned if how == "planned" else observed
    told = f"{hits} of {of} = {show(points)}"
    rule = f"kept per period, by {_RULE[how]}; {observed} of {passed} periods observed"
    return Kept(Score(points, points, None, rule, formula, told), now, observed, passed)


_RULE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "share": "the share of those observed",
        "planned": "the share of those planned",
        "worst": "the worst",
    }
)
