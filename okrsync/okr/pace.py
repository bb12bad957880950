"""Pace: where a score should be by now, how far behind it is, and the status that follows.

Dates, a score and the method arrive; expected, gap, status and the rule in words leave. The expectation
is linear between a goal's own first and last day (S16, S61). Today comes in as an argument: the same
inputs give the same status on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from okrsync.okr import cycles
from okrsync.okr.method import RATIOS, Method
from okrsync.okr.model import Entity
from okrsync.okr.numbers import clamp, show
from okrsync.okr.reading import read_date, read_text

_PACE_FROM: Final = Fraction(1, 10)
"""While less than this is expected, score ÷ expected says nothing."""


@dataclass(frozen=True)
class Window:
    """The days a goal runs, both ends included; None where nobody says."""

    start: date | None
    end: date | None

    @property
    def reversed(self) -> bool:
        """Whether it ends before it starts."""
        return self.start is not None and self.end is not None and self.end < self.start

    def elapsed(self, today: date) -> Fraction | None:
        """(today − start) ÷ (end − start), clamped; a window of one day is over at once."""
        if self.start is None or self.end is None or self.reversed:
            return None
        if self.start == self.end:
            return Fraction(1 if today >= self.start else 0)
        return clamp(Fraction((today - self.start).days, (self.end - self.start).days))

    def text(self) -> str:
        """The window for people."""
        return f"{self.start or 'no first day'} to {self.end or 'no last day'}"


def window_of(entity: Entity, parents: tuple[Entity, ...], method: Method) -> Window:
    """A goal's days: its own, else its objective's, else its cycle's (S15, S16)."""
    line = (entity, *parents)
    named = (cycles.find(read_text(each, "cycle"), method.calendar) for each in line)
    cycle = next((cycle for cycle in named if cycle), None)
    starts = (read_date(each, "starts") for each in line)
    dues = (read_date(each, "due") for each in line)
    return Window(
        next((day for day in starts if day), cycle.start if cycle else None),
        next((day for day in dues if day), cycle.end if cycle else None),
    )


@dataclass(frozen=True)
class Standing:
    """What a status is judged by. `compared` is the score of exactly what `expected` is made of."""

    score: Fraction | None
    expected: Fraction | None
    compared: Fraction | None
    window: Window
    line: Decimal
    held: bool = False
    """To be kept all along: full at the start says nothing about the end."""
    plan: str = ""
    """Which phases the expectation comes from; empty for a straight line."""

    @property
    def gap(self) -> Fraction | None:
        """How far the score is behind its expectation; negative: ahead (S61)."""
        if self.expected is None or self.compared is None:
            return None
        return self.expected - self.compared

    @property
    def pace(self) -> Fraction | None:
        """Score ÷ expected; None while less than 0.1 is expected, where the ratio says nothing."""
        if self.expected is None or self.compared is None or self.expected < _PACE_FROM:
            return None
        return self.compared / self.expected


@dataclass(frozen=True)
class Verdict:
    """A status and the rule that gave it, in words."""

    status: str
    rule: str


_UNSCORED: Final = Verdict("unscored", "there is no score")
_NOT_STARTED: Final = Verdict("not_started", "its first day is still to come")
_DONE: Final = Verdict("achieved", "the target is reached")


def judge(standing: Standing, today: date, method: Method) -> Verdict:
    """The status of a goal: final after its last day, from its distance to the expectation before (S65)."""
    score, window = standing.score, standing.window
    if score is None:
        return _UNSCORED
    if window.start is not None and today < window.start:
        return _NOT_STARTED
    if window.end is not None and today > window.end and not window.reversed:
        return _final(score, standing.line)
    if score >= 1 and not standing.held:
        return _DONE
    return _running(standing, today, method)


def _final(score: Fraction, line: Decimal) -> Verdict:
    if score >= line:
        return Verdict("achieved", f"over, and the score is at least {show(line)}")
    return Verdict("missed", f"over, and the score is below {show(line)}")


def _running(standing: Standing, today: date, method: Method) -> Verdict:
    elapsed = standing.window.elapsed(today)
    if standing.score is not None and standing.score >= standing.line and not standing.held:
        return Verdict("on_track", f"the success line of {show(standing.line)} is reached")
    gap = standing.gap
    if gap is None:
        return Verdict("pending", "nothing can be expected by a certain day")
    if elapsed is not None and elapsed < method.too_early:
        return Verdict("too_early", f"less than {show(method.too_early)} of the time has passed")
    return _by_gap(gap, method) if method.status == "gap" else _by_ratio(standing, method.status)


def _by_gap(gap: Fraction, method: Method) -> Verdict:
    if gap <= method.on_track_gap:
        return Verdict("on_track", f"gap {show(gap)} is at most {show(method.on_track_gap)}")
    if gap <= method.at_risk_gap:
        return Verdict("at_risk", f"gap {show(gap)} is at most {show(method.at_risk_gap)}")
    return Verdict("off_track", f"gap {show(gap)} is more than {show(method.at_risk_gap)}")


def _by_ratio(standing: Standing, rule: str) -> Verdict:
    """By score ÷ expected, which is not defined as long as nothing is expected."""
    if standing.expected is None or standing.expected == 0 or standing.compared is None:
        return Verdict("too_early", f"{rule}: nothing is expected yet, so there is no ratio")
    ratio = standing.compared / standing.expected
    told = f"{rule}: score ÷ expected is {show(ratio)},"
    on_track, at_risk = RATIOS[rule]
    if ratio >= on_track:
        return Verdict("on_track", f"{told} at least {show(on_track)}")
    if ratio >= at_risk:
        return Verdict("at_risk", f"{told} at least {show(at_risk)}")
    return Verdict("off_track", f"{told} less than {show(at_risk)}")


def pace_text(verdict: Verdict, standing: Standing, today: date) -> str:
    """The status with its rule, the expectation and the dates, in one line."""
    plan = f" {standing.plan}" if standing.plan else ""
    expected = "" if standing.expected is None else f"; expected {show(standing.expected)} on {today}{plan}"
    return f"{verdict.status}: {verdict.rule}{expected} ({standing.window.text()})"
