"""Observations: what a field showed, and on which day.

Points of one field of one entity arrive in any order; sorted numbers, the last day on which anything was
new, and nothing else leave. A look that shows the same value again is a point of its own: it says that a
period was observed, but not that somebody brought a new value. Separate because staleness, forecasts,
periods and changed targets all read the same past.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from okrsync.okr.numbers import usable
from okrsync.okr.values import Value, same


@dataclass(frozen=True)
class Point:
    """One field's value as it was seen on a day of the workspace's calendar."""

    value: Value
    at: date
    by: str = ""
    """Who entered it by command; empty for what was read from a tool."""


Series: TypeAlias = Mapping[tuple[str, str], Sequence[Point]]
"""Points by entity id and canonical field. An empty mapping: nothing is known about the past."""
Observed: TypeAlias = Sequence[tuple[date, Decimal]]
"""Days and the numbers seen on them, oldest first."""

SIGNS = ("current", "confidence", "challenges", "note", "stage")
"""Fields of a key result whose new value means that somebody looked after it (S71)."""


def points(series: Series, entity: str, name: str, until: date) -> tuple[Point, ...]:
    """The points of a field up to and including a day, oldest first; within a day as they arrived."""
    found = (point for point in series.get((entity, name), ()) if point.at <= until)
    return tuple(sorted(found, key=lambda point: point.at))


def numbers(series: Series, entity: str, name: str, until: date) -> Observed:
    """The days and values that can be calculated with, oldest first."""
    seen = points(series, entity, name, until)
    read = ((point.at, usable(point.value)) for point in seen)
    return tuple((at, value) for at, value in read if value is not None)


def last_news(series: Series, entity: str, until: date, held: bool = False) -> date | None:
    """The last day on which one of the `SIGNS` showed another value than before; None where none ever did.

    A goal that is kept is meant to show the same value again: there every look at it is news.
    """
    days = [point.at for name in SIGNS for point in news(points(series, entity, name, until))]
    looks = [point.at for point in points(series, entity, "current", until)] if held else []
    return max(days + looks, default=None)


def news(seen: Sequence[Point]) -> Iterator[Point]:
    """The points that show another value than the one before."""
    before: Value = None
    for point in seen:
        if not same(point.value, before):
            yield point
        before = point.value
