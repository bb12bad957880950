"""Forecast: where a key result will be on its last day, if it goes on as it did.

Observed values and the goal's days arrive; the value on the last day leaves, with the method that gave
it and the number of points behind it. Least squares over the last 28 days; with too few points the line
from the start to today. Exact fractions: the same points in any order give the same forecast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from okrsync.okr.explain import Outlook
from okrsync.okr.measures import Goal, score, span_of
from okrsync.okr.method import Method
from okrsync.okr.numbers import SHOWN_PLACES, cut, show
from okrsync.okr.outcome import plural
from okrsync.okr.pace import Window
from okrsync.okr.reading import Reading
from okrsync.okr.series import Observed
from okrsync.okr.values import plain

_DAYS: Final = 28
_LEAST_POINTS: Final = 3
_LEAST_DAYS: Final = 2
_PLACES: Final = 6


@dataclass(frozen=True)
class Forecast:
    """A value on a day to come and the score it would give."""

    value: Decimal
    """In the key result's unit, cut to six decimals."""
    score: Fraction | None
    method: str
    """least squares, or start to now."""
    n: int
    """How many observations it rests on."""
    on: date

    def outlook(self) -> Outlook:
        """The forecast for programs."""
        score = None if self.score is None else plain(cut(self.score))
        return Outlook(plain(self.value), score, self.method, self.n, self.on.isoformat())

    def line(self) -> str:
        """The forecast in one line, for people."""
        points = "not scored" if self.score is None else show(self.score)
        rests = f"by {self.method} over {plural(self.n, 'observation')}"
        about = plain(cut(self.value, SHOWN_PLACES))  # a guess: more digits would promise too much
        return f"forecast: about {about} on {self.on}, a score of {points}, {rests}"


def forecast(
    goal: Goal, now: Decimal | None, seen: Observed, window: Window, today: date, method: Method
) -> Forecast | None:
    """The forecast for the window's last day.

    None without a value, for done or not done and for what is kept, before 10% of the time has passed,
    and once the last day is there. A stale goal has none either; the caller knows that.
    """
    elapsed = window.elapsed(today)
    if now is None or window.end is None or elapsed is None or not method.too_early <= elapsed < 1:
        return None
    if goal.held or not goal.stepless:
        return None
    recent = [(at, value) for at, value in seen if 0 <= (today - at).days < _DAYS and at <= today]
    if len(recent) >= _LEAST_POINTS and len({at for at, _ in recent}) >= _LEAST_DAYS:
        return _told(goal, least_squares(recent, window.end), "least squares", len(recent), window.end)
    line = _start_to_now(goal, now, window, today, window.end)
    return None if line is None else _told(goal, line, "start to now", 1, window.end)


def least_squares(seen: Observed, on: date) -> Fraction:
    """The value on a day of the straight line with the least sum of squared distances to the points.

    slope = Σ (x − mean x)(y − mean y) ÷ Σ (x − mean x)². Raises ZeroDivisionError where all points are
    of one day.
    """
    days = [Fraction((at - seen[0][0]).days) for at, _ in seen]
    values = [Fraction(value) for _, value in seen]
    middle_day, middle = _mean(days), _mean(values)
    spread = sum(((day - middle_day) ** 2 for day in days), Fraction(0))
    moves = zip(days, values, strict=True)
    together = sum(((day - middle_day) * (value - middle) for day, value in moves), Fraction(0))
    return middle + together / spread * ((on - seen[0][0]).days - middle_day)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _start_to_now(goal: Goal, now: Decimal, window: Window, today: date, on: date) -> Fraction | None:
    """The line from the start value on the first day through today's value."""
    span = span_of(goal)
    if span is None or span.start is None or window.start is None or today <= window.start:
        return None
    slope = (Fraction(now) - span.start) / (today - window.start).days
    return span.start + slope * (on - window.start).days


def _told(goal: Goal, value: Fraction, how: str, n: int, on: date) -> Forecast:
    reached = cut(value, _PLACES)
    return Forecast(reached, score(goal, Reading(reached)).score, how, n, on)
