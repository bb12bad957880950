"""Where a key result's score should be by now, and by which plan (S61).

The key result, its goal and its days arrive; the expected share leaves with the plan that gave it: its own
phases, the workspace's phases, or a straight line. Separate from the pace, which only judges the distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from okrsync.okr.measures import Goal
from okrsync.okr.model import Entity
from okrsync.okr.outcome import Desk
from okrsync.okr.pace import Window
from okrsync.okr.phases import by_share, expected, phases_of
from okrsync.okr.reading import read_text


@dataclass(frozen=True)
class Expectation:
    """The share of the way that should be covered today, 0 to 1; None where no day can be expected of it."""

    share: Fraction | None
    plan: str = ""
    """Which phases it comes from, for people; empty for a straight line."""


def expectation_of(kr: Entity, goal: Goal, window: Window, desk: Desk) -> Expectation:
    """By its own phases, else the workspace's, else linear; full from the first day for what is kept."""
    elapsed = window.elapsed(desk.today)
    if not goal.stepless or elapsed is None:
        return Expectation(None)
    if goal.held:
        return Expectation(Fraction(1 if window.start is not None and desk.today >= window.start else 0))
    own = phases_of(read_text(kr, "phases") or "")
    if own is not None and window.start is not None and window.end is not None and window.start != window.end:
        return Expectation(expected(own, window.start, window.end, desk.today), "by its phases")
    if desk.method.phases:
        return Expectation(by_share(desk.method.phases, elapsed), "by the workspace's phases")
    return Expectation(elapsed)
