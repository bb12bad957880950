"""A phased plan: where a key result should be on days of its own (S61).

`2026-02-15 = 30%; 2026-03-10 = 80%` and a goal's days arrive; the share of the way that is expected by a day
leaves. Straight lines lead from the first day through the stated ones to the last day. What a phase is worth
is for people to say; without phases the expectation is linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final, TypeAlias

_ENTRY: Final = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})\s*[=:]\s*(?P<number>\d{1,3}(?:\.\d{1,6})?)\s*(?P<percent>%?)"
)


_PAIR: Final = re.compile(
    r"(?P<time>\d{1,3}(?:\.\d{1,6})?\s*%?)\s*[=:]\s*(?P<way>\d{1,3}(?:\.\d{1,6})?\s*%?)"
)
Shares: TypeAlias = tuple[tuple[Fraction, Fraction], ...]
"""Shares of the time, each with the share of the way that should be covered by then; rising."""


@dataclass(frozen=True)
class Phase:
    """A day and the share of the way that should be covered by then, 0 to 1."""

    day: date
    share: Fraction


def phases_of(text: str) -> tuple[Phase, ...] | None:
    """The phases a text states, by day; None where one is no share of the way, stands twice or goes back."""
    entries = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    found = [phase for phase in map(_phase, entries) if phase is not None]
    ordered = tuple(sorted(found, key=lambda phase: phase.day))
    rising = all(one.day < two.day and one.share <= two.share for one, two in pairwise(ordered))
    return ordered if entries and len(found) == len(entries) and rising else None


def _phase(entry: str) -> Phase | None:
    match = _ENTRY.fullmatch(entry)
    if match is None:
        return None
    try:
        day = date.fromisoformat(match["day"])
    except ValueError:
        return None
    share = Fraction(Decimal(match["number"])) / (100 if match["percent"] else 1)
    return Phase(day, share) if share <= 1 else None


def shares_of(text: str) -> Shares | None:
    """Phases without days, `50% = 20%; 75% = 60%`: the way by shares of the time; None as above.

    Both are between 0 and 1 or percent; time moves on from phase to phase, and the way never goes back.
    """
    entries = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    found = [(_share(each["time"]), _share(each["way"])) for each in map(_PAIR.fullmatch, entries) if each]
    ordered = tuple(sorted(found))
    rising = all(one[0] < two[0] and one[1] <= two[1] for one, two in pairwise(ordered))
    sound = all(0 < time < 1 and way <= 1 for time, way in ordered)
    return ordered if entries and len(found) == len(entries) and rising and sound else None


def _share(text: str) -> Fraction:
    return Fraction(Decimal(text.rstrip("% "))) / (100 if text.endswith("%") else 1)


def by_share(shares: Shares, elapsed: Fraction) -> Fraction:
    """The share of the way expected once a share of the time has passed, in straight lines between phases."""
    points = ((Fraction(0), Fraction(0)), *shares, (Fraction(1), Fraction(1)))
    (begun, before), (ends, after) = next(
        (one, two) for one, two in pairwise(points) if one[0] <= elapsed <= two[0]
    )
    return before + (after - before) * (elapsed - begun) / (ends - begun)


def expected(phases: tuple[Phase, ...], start: date, end: date, today: date) -> Fraction:
    """The share of the way expected by a day of a goal that runs from `start` to a later `end`."""
    inner = [each for each in phases if start < each.day < end]
    last = next((each for each in phases if each.day == end), Phase(end, Fraction(1)))
    points = [Phase(start, Fraction(0)), *inner, last]
    if today >= end:
        return last.share
    line = next((pair for pair in pairwise(points) if pair[0].day <= today < pair[1].day), None)
    if line is None:
        return Fraction(0)
    before, after = line
    passed = Fraction((today - before.day).days, (after.day - before.day).days)
    return before.share + (after.share - before.share) * passed
