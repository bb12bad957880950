"""The method's settings: everything the OKR literature disagrees on, with a default each.

The admin's file arrives here as one frozen value; every calculation takes it as an argument, so that
nothing in the method is hard-coded (no one size fits all) and every result can name the rule it used.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from okrsync.okr.bands import BANDS
from okrsync.okr.cycles import Calendar
from okrsync.okr.phases import Shares

ROLLUPS: Final = ("none", "sum", "weighted_mean", "min", "max", "latest")
RATIOS: Final[Mapping[str, tuple[Decimal, Decimal]]] = MappingProxyType(
    {"upraise": (Decimal("0.95"), Decimal("0.75")), "oboard": (Decimal("0.7"), Decimal("0.4"))}
)
"""Status rules by score ÷ expected: from the first ratio on is on track, from the second on at risk."""
CANCELLED: Final = frozenset(
    {
        "won't do",
        "won't fix",
        "duplicate",
        "cannot reproduce",
        "declined",
        "cancelled",
        "canceled",
        "obsolete",
    }
)
"""Resolutions of work that was given up, in lower case; it counts neither as done nor as open."""


@dataclass(frozen=True)
class Method:
    """The profile of one workspace. Gaps, shares and lines are scores between 0 and 1."""

    rollup: str = "none"
    """For key results that others contribute to and that state neither a value nor a roll-up (S27)."""
    objectives: str = "key_results"
    """What an objective is the mean of: its key_results, or both them and the objectives below it."""
    ambition: str = "aspirational"
    """For objectives that do not say: aspirational or committed."""
    aspirational_line: Decimal = Decimal("0.7")
    """From this score on, an aspirational goal is achieved (S56, S57)."""
    committed_line: Decimal = Decimal(1)
    status: str = "gap"
    """What a running goal's status goes by: gap (expected − score), or the ratios of upraise or oboard."""
    on_track_gap: Decimal = Decimal("0.10")
    """Up to this far behind the expectation is on track (S65)."""
    at_risk_gap: Decimal = Decimal("0.25")
    """Up to this far behind is at risk; further is off track."""
    too_early: Decimal = Decimal("0.10")
    """Share of the time that must have passed before a status is given."""
    bands: str = "default"
    """Where a final score turns amber and green: default (0.3, 0.7) or google (0.4, 0.7)."""
    phases: Shares = ()
    """Where key results without phases of their own should be by when; empty: a straight line (S61)."""
    work: str = "count"
    """How an initiative's work is counted: count, points or categories (half for what is under way)."""
    confidence_scale: Decimal = Decimal(10)
    """What a confidence typed into a command is out of: 7 of 10 is 0.7 (S62)."""
    cancelled: frozenset[str] = CANCELLED
    calendar: Calendar = field(default_factory=Calendar)

    def __post_init__(self) -> None:
        _one_of("rollup", self.rollup, ROLLUPS)
        _one_of("objectives", self.objectives, ("key_results", "both"))
        _one_of("ambition", self.ambition, ("aspirational", "committed"))
        _one_of("work", self.work, ("count", "points", "categories"))
        _one_of("status", self.status, ("gap", *RATIOS))
        _one_of("bands", self.bands, BANDS)
        if not 0 <= self.on_track_gap <= self.at_risk_gap:
            raise ValueError("on_track_gap must be at least 0 and at most at_risk_gap")

    def line(self, ambition: str | None) -> Decimal:
        """The score from which a goal of that ambition is achieved."""
        return self.committed_line if (ambition or self.ambition) == "committed" else self.aspirational_line


def _one_of(name: str, value: str, choices: Collection[str]) -> None:
    if value not in choices:
        raise ValueError(f"{name} is {value!r}; it must be one of {', '.join(choices)}")
