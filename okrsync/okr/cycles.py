"""Cycles: from a cycle's name to its first and last day, and which one is running.

Names arrive as people type them (2026-Q1, Q1 2026, 2026-H1, FY2026) or as the settings define them
(S14: any length). A name without a year says no dates: guessing the year would move every expectation
on New Year's Day. Separate because planning, pace and reports all ask for the same dates.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

_MONTHS: Final = {"quarter": 3, "half": 6, "year": 12}
_LETTER: Final = {"quarter": "Q", "half": "H"}
_NAMES: Final = (
    re.compile(r"(?:FY)?(?P<year>\d{4})(?:[\s/_-]*(?P<part>[QH])(?P<number>[1-4]))?"),
    re.compile(r"(?P<part>[QH])(?P<number>[1-4])[\s/_-]*(?:FY)?(?P<year>\d{4})"),
)


@dataclass(frozen=True)
class Cycle:
    """A named stretch of days, both ends included."""

    name: str
    start: date
    end: date


@dataclass(frozen=True)
class Calendar:
    """How cycles are named and cut. A fiscal year has the name of the calendar year it starts in."""

    rhythm: str = "quarter"
    """The tactical cycle's length: quarter, half or year (S12)."""
    fiscal_start: int = 1
    """The month, 1 to 12, in which a year begins."""
    named: Mapping[str, Cycle] = field(default_factory=dict)
    """Cycles of any length, by their names (S14)."""
    check_in_days: int = 7
    """How often a team looks after its key results, in days (S13)."""
    team_days: Mapping[str, int] = field(default_factory=dict)
    """Teams with an interval of their own, in days, by name."""
    grace_days: int = 14
    """How long after a cycle's end late values may still come in before it is locked (S18)."""

    def __post_init__(self) -> None:
        if self.rhythm not in _MONTHS:
            raise ValueError(f"rhythm is {self.rhythm!r}; it must be one of {', '.join(_MONTHS)}")
        if not 1 <= self.fiscal_start <= 12:
            raise ValueError(f"fiscal_start is {self.fiscal_start}; it must be a month from 1 to 12")
        if min((self.check_in_days, *self.team_days.values())) < 1 or self.grace_days < 0:
            raise ValueError("check-in intervals must be at least 1 day, the grace at least 0")

    def interval(self, team: str | None) -> int:
        """The days between two check-ins of a team."""
        return self.team_days.get(team or "", self.check_in_days)


def find(name: str | None, calendar: Calendar) -> Cycle | None:
    """The cycle of that name, None where the name says no dates."""
    if name is None:
        return None
    if name in calendar.named:
        return calendar.named[name]
    matches = (pattern.fullmatch(name.strip().upper()) for pattern in _NAMES)
    match = next((match for match in matches if match), None)
    return _standard(name, match, calendar) if match else None


def _standard(name: str, match: re.Match[str], calendar: Calendar) -> Cycle | None:
    months = {"Q": 3, "H": 6, None: 12}[match["part"]]
    number = int(match["number"] or 1)
    year = int(match["year"])
    if number * months > 12 or not date.min.year < year < date.max.year - 1:
        return None
    return _stretch(name, year, (number - 1) * months, months, calendar)


def _stretch(name: str, year: int, offset: int, months: int, calendar: Calendar) -> Cycle:
    first, last = calendar.fiscal_start - 1 + offset, calendar.fiscal_start - 1 + offset + months - 1
    end_year, end_month = year + last // 12, last % 12 + 1
    end = date(end_year, end_month, monthrange(end_year, end_month)[1])
    return Cycle(name, date(year + first // 12, first % 12 + 1, 1), end)


def running(today: date, calendar: Calendar) -> Cycle:
    """The tactical cycle that holds `today`: one the settings name, else the standard one by the rhythm."""
    for cycle in sorted(calendar.named.values(), key=lambda cycle: (cycle.start, cycle.name)):
        if cycle.start <= today <= cycle.end:
            return cycle
    months = _MONTHS[calendar.rhythm]
    since = (today.month - calendar.fiscal_start) % 12
    year = today.year - (1 if today.month < calendar.fiscal_start else 0)
    number = since // months
    letter = _LETTER.get(calendar.rhythm)
    name = f"{year}-{letter}{number + 1}" if letter else str(year)
    return _stretch(name, year, number * months, months, calendar)
