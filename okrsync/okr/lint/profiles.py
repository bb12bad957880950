"""Method profiles as data: which rules a company holds, how strictly, and its limits.

The literature disagrees on all of this (C1 to C12); a profile is one consistent answer. Severities not
named here are the catalogue's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from okrsync.okr.findings import Severity
from okrsync.okr.lint.catalogue import RULES

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@dataclass(frozen=True)
class Limits:
    """The numbers rules compare with; counts, and characters for the length."""

    objectives: int = 5
    key_results_low: int = 3
    key_results_high: int = 5
    per_person: int = 8
    length: int = 120


@dataclass(frozen=True)
class Profile:
    """One way to hold the method. A severity of None switches a rule off."""

    name: str
    severities: Mapping[str, Severity | None] = field(default_factory=dict)
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        unknown = sorted(set(self.severities) - set(RULES))
        if unknown:
            raise ValueError(f"profile {self.name} names rules that do not exist: {', '.join(unknown)}")

    def severity(self, code: str) -> Severity | None:
        """How much a rule matters here; None where it is not checked."""
        rule = RULES[code]
        return self.severities.get(code, None if rule.off else rule.severity)


DEFAULT: Final = Profile("default")
_GOOGLE: Final = Profile(
    "google",
    {
        "BINARY": None,
        "BINARY_OBJECTIVE": None,
        "NUMBER_IN_OBJECTIVE": None,
        "TASK_AS_KR": _INFO,
        "OBJECTIVE_NOT_INSPIRING": _WARNING,
        "REACHED_EARLY": _WARNING,
    },
)
_TEAM_ONLY: Final = Profile("team-only", {"INDIVIDUAL_OBJECTIVE": _WARNING, "KR_PER_PERSON": None})
_STRICT: Final = Profile(
    "strict",
    {
        **dict.fromkeys(("TARGET_MISSING", "NOT_MEASURABLE", "PLACEHOLDER", "BASELINE_MISSING"), _ERROR),
        **dict.fromkeys(("TASK_AS_KR", "START_MISSING", "UNIT_MISSING", "DUE_AFTER_CYCLE"), _ERROR),
        **dict.fromkeys(("NUMBER_IN_OBJECTIVE", "BINARY", "KR_COUNT_LOW", "NO_INITIATIVE"), _WARNING),
        "OBJECTIVE_NOT_INSPIRING": _WARNING,
    },
    Limits(objectives=4, key_results_high=4, per_person=6),
)

PROFILES: Mapping[str, Profile] = MappingProxyType(
    {each.name: each for each in (DEFAULT, _GOOGLE, _TEAM_ONLY, _STRICT)}
)
"""The profiles by name."""
