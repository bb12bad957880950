"""Bands of a final score: red, amber or green.

A score at the end of its cycle and the profile's name arrive, a colour leaves. Bands are half-open, so no
score falls between two of them. Separate from the status: a band only says how far a goal came, whether it is
achieved depends on its ambition (S56, S57).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

BANDS: Final[Mapping[str, tuple[Decimal, Decimal]]] = MappingProxyType(
    {"default": (Decimal("0.3"), Decimal("0.7")), "google": (Decimal("0.4"), Decimal("0.7"))}
)
"""By profile: the scores from which a goal is amber and green."""


def band(score: Decimal | Fraction | None, profile: str) -> str:
    """`red`, `amber` or `green`; empty without a score. Judged before a cut for people: 0.699 is amber."""
    if score is None:
        return ""
    amber, green = BANDS[profile]
    if score >= green:
        return "green"
    return "amber" if score >= amber else "red"
