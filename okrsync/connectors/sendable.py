"""What no service can hold, whatever its field: found out before a request, in one place for all connectors.

Arrives: a value that is to be written. Leaves: why it must not be sent, or nothing. What one kind of field or
one service does not take is its own encoder's matter.
"""

from __future__ import annotations

from decimal import Decimal
from sys import float_info

from okrsync.connectors.base import Native
from okrsync.okr.values import Unreadable

_LARGEST = Decimal(float_info.max)


def why_unsendable(value: Native) -> str | None:
    """Why this is no value a service could hold; `None` where it is one.

    JSON has no NaN and no infinity (RFC 8259 section 6), all three services keep numbers as doubles, and half
    of a surrogate pair is no character in UTF-8 (RFC 3629 section 3).

    >>> why_unsendable(Decimal("NaN"))
    'it is not a number'
    >>> why_unsendable(Decimal(42)), why_unsendable(None)
    (None, None)
    """
    if isinstance(value, Unreadable):
        return "a value that could not be read is never written"
    if isinstance(value, Decimal):
        return _why_no_number(value)
    texts = value if isinstance(value, tuple) else (value,)
    if any(isinstance(text, str) and _is_broken(text) for text in texts):
        return "it holds half a character, which no service can store"
    return None


def _why_no_number(number: Decimal) -> str | None:
    if not number.is_finite():
        return "it is not a number"
    return "it is larger than any number a service holds" if abs(number) > _LARGEST else None


def _is_broken(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
