"""Freshness: whether anybody has looked after a goal lately (S71: no set and forget).

The last day with news, the goal's days and its team's rhythm arrive; fresh, stale or never looked after
leave. A goal that nobody has looked after must not be green: its score says nothing about today.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from okrsync.okr.method import Method
from okrsync.okr.pace import Verdict, Window

_PATIENCE: Final = Fraction(3, 2)
"""Stale after this many intervals without news (S71)."""
_GREEN: Final = frozenset({"on_track"})


@dataclass(frozen=True)
class Freshness:
    """How long ago there was news. `since` None: never."""

    stale: bool | None
    """None where nothing is known about the past, or the goal is not running."""
    since: date | None = None
    limit: Fraction = Fraction(0)
    """Days without news from which on it is stale."""

    @property
    def never(self) -> bool:
        """Whether it was never looked after although its past is known."""
        return self.stale is not None and self.since is None

    def line(self, today: date) -> str:
        """The finding in one line; empty while it is fresh."""
        if not self.stale:
            return ""
        if self.since is None:
            return "never checked"
        return f"no new value or check-in for {(today - self.since).days} days"


def freshness(
    news: date | None, window: Window, team: str | None, today: date, method: Method, known: bool
) -> Freshness:
    """Stale when more than 1.5 intervals passed since the last news or, if later, since the first day.

    `known` says whether there are observations at all: without any, nobody can call a goal stale.
    """
    over = window.end is not None and today > window.end
    early = window.start is not None and today < window.start
    if not known or over or early:
        return Freshness(None, news)
    limit = _PATIENCE * method.calendar.interval(team)
    begun = [day for day in (news, window.start) if day is not None]
    return Freshness(not begun or (today - max(begun)).days > limit, news, limit)


def without_green(verdict: Verdict, fresh: Freshness, today: date) -> Verdict:
    """The status, where green gives way: to pending if never checked, to stale if not lately."""
    if verdict.status not in _GREEN:
        return verdict
    if fresh.never:
        return Verdict("pending", f"never checked; it would be {verdict.status}: {verdict.rule}")
    if fresh.stale:
        return Verdict("stale", f"{fresh.line(today)}; it would be {verdict.status}: {verdict.rule}")
    return verdict
