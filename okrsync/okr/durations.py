"""Durations: which units are one kind of time, and how many of one are in another.

Only lengths that never vary convert: a month has no fixed number of days, so it converts into quarters
and years alone, and a working day into nothing (S47).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from okrsync.okr.numbers import cut, total
from okrsync.okr.units import normal
from okrsync.okr.values import Value

_PLACES: Final = 12
_SECONDS: Final = {
    **dict.fromkeys(("ms", "millisecond"), Fraction(1, 1000)),
    **dict.fromkeys(("s", "sec", "second"), Fraction(1)),
    **dict.fromkeys(("min", "mins", "minute"), Fraction(60)),
    **dict.fromkeys(("h", "hr", "hrs", "hour"), Fraction(3600)),
    **dict.fromkeys(("d", "day"), Fraction(86400)),
    **dict.fromkeys(("w", "week"), Fraction(7 * 86400)),
}
_MONTHS: Final = {"month": Fraction(1), "quarter": Fraction(3), "year": Fraction(12)}
_SIZES: Mapping[str, tuple[str, Fraction]] = MappingProxyType(
    {name: ("time", size) for name, size in _SECONDS.items()}
    | {name: ("calendar", size) for name, size in _MONTHS.items()}
)


def is_duration(unit: Value) -> bool:
    """Whether a unit is a length of time."""
    return normal(unit) in _SIZES


def factor(unit: Value, into: Value) -> Fraction | None:
    """How many of the other unit one is; None where that is not fixed. Minutes into hours: 1/60."""
    one, other = _SIZES.get(normal(unit) or ""), _SIZES.get(normal(into) or "")
    if one is None or other is None or one[0] != other[0]:
        return None
    return one[1] / other[1]


def convert(value: Decimal, unit: Value, into: Value) -> Decimal | None:
    """A duration in another unit, cut to twelve decimals; None where one has no fixed size in the other."""
    ratio = factor(unit, into)
    return None if ratio is None else cut(Fraction(value) * ratio, _PLACES)


def total_in(amounts: Iterable[tuple[Decimal, Value]], into: Value) -> Decimal:
    """The sum in one unit; durations are converted first, everything else counts as it is.

    Exact until the end, so that three times twenty minutes are one hour and not a bit less.
    """
    parts = [(value, factor(unit, into) or Fraction(1)) for value, unit in amounts]
    if all(ratio == 1 for _, ratio in parts):
        return total(value for value, _ in parts)
    return cut(sum((Fraction(value) * ratio for value, ratio in parts), Fraction(0)), _PLACES)
