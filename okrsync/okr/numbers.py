"""Numbers as the method uses and shows them: exact inside, cut (never rounded) at the edge.

Decimals arrive from entities and decimals leave in derived fields. Between the two, ratios are exact
fractions, so that order, units and sums never move a last digit; a score just under a line is never
shown as on it (scoring default: 0.699 is shown as 0.69, not as 0.70). Separate because everything that
calculates or prints a number needs exactly these few functions.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal
from fractions import Fraction
from functools import reduce
from math import trunc
from typing import Final

from okrsync.okr.values import Value, plain

STORED_PLACES: Final = 4
SHOWN_PLACES: Final = 2
_VALUE_PLACES: Final = 6
_LARGEST: Final = 60
_FINEST: Final = -100
_EXACT: Final = Context(prec=400)
"""Wide enough that no usable number or sum of them is ever rounded."""


def usable(value: Value) -> Decimal | None:
    """The value as a number one can calculate with, or None: finite, and of a size any metric has.

    A cell may hold 1E+999999; computing with it exactly would take the memory of the whole run.
    """
    if not isinstance(value, Decimal) or not value.is_finite():
        return None
    exponent = value.as_tuple().exponent
    fine = isinstance(exponent, int) and exponent >= _FINEST
    return value if fine and (value.is_zero() or abs(value.adjusted()) <= _LARGEST) else None


def cut(number: Fraction | Decimal, places: int = STORED_PLACES) -> Decimal:
    """The number with at most `places` decimals, the rest cut off towards zero."""
    scaled = trunc(Fraction(number) * 10**places)
    return Decimal(plain(Decimal(scaled).scaleb(-places, _EXACT)))


def cut_or_none(number: Fraction | None) -> Decimal | None:
    """`cut`, where a missing number stays missing."""
    return None if number is None else cut(number)


def show(number: Fraction | Decimal) -> str:
    """A score for people: always two decimals, cut. `show(Decimal("0.699"))` is `0.69`."""
    scaled = trunc(Fraction(number) * 10**SHOWN_PLACES)
    return format(Decimal(scaled).scaleb(-SHOWN_PLACES, _EXACT), "f")


def show_value(number: Fraction | Decimal) -> str:
    """A metric's value for people: as it is, or its first six decimals and an ellipsis."""
    if isinstance(number, Decimal) and _decimals(number) <= _VALUE_PLACES:
        return plain(number)
    short = cut(number, _VALUE_PLACES)
    return plain(short) + ("" if Fraction(short) == Fraction(number) else "…")


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else _VALUE_PLACES + 1


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum, the same in any order."""
    return reduce(_EXACT.add, values, Decimal(0))


def clamp(number: Fraction) -> Fraction:
    """The number, at least 0 and at most 1."""
    return max(Fraction(0), min(Fraction(1), number))
