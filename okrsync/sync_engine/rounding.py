"""Rounding: whether a number that differs from what was sent is the tool's own form of it. Pure.

What arrives: a number that was sent, the one that is seen, and what the same field made of numbers before
(the bases). What leaves: a yes only where the field is known to round, and every way to round that fits what
it did before makes just this number of it.
Separate because nothing else concludes from experience: a rounding this field was never seen to do stays a
person's edit, so that an edit in the hour after a kill is not taken for our own write (I1, I18).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import Final

from okrsync.okr.values import Value, plain
from okrsync.sync_engine.merge import Agreed

_WAYS: Final = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN)
_WIDE: Final = Context(prec=400)
"""Enough digits for any number a cell can hold, so that rounding never fails."""


def would_show(sent: Value, seen: Value, known: Sequence[tuple[Agreed, Value]]) -> bool:
    """Whether a field would show `seen` after `sent` was written to it.

    Args:
        known: what was agreed for this field on any record of the collection, and what it showed for it.
    """
    if not (isinstance(sent, Decimal) and isinstance(seen, Decimal)):
        return False
    before = [(a, b) for a, b in known if isinstance(a, Decimal) and isinstance(b, Decimal)]
    if all(number == shown for number, shown in before):
        return False
    places = max(_places(shown) for _, shown in before)
    ways = [way for way in _WAYS if all(_rounded(number, places, way) == shown for number, shown in before)]
    return {_rounded(sent, places, way) for way in ways} == {seen}


def _places(number: Decimal) -> int:
    """How many digits after the point people see."""
    return len(plain(number).partition(".")[2])


def _rounded(number: Decimal, places: int, way: str) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), way, _WIDE)
