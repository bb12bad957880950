"""The normal form of a value: what merge compares, the store keeps and the method computes with.

Mappings turn what a service holds into these values and back; nothing else in the house knows a
service's spelling. Four things stay different on every path: a missing value (`None`), a value that is
not measurable yet (`NOT_YET`), a value that could not be read (`Unreadable`) and the number 0.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias


class NotYet(Enum):
    """A person said "nothing to measure yet" (S50): neither missing nor 0."""

    NOT_YET = "not_yet"


NOT_YET: Final = NotYet.NOT_YET


@dataclass(frozen=True)
class Unreadable:
    """A value that is there but could not be read: cut, errored, unparsable, dangling (I9).

    It never enters a diff, never reaches the store as a value and never becomes `None` or 0.
    """

    reason: str
    raw: str = ""


Value: TypeAlias = str | Decimal | bool | date | datetime | NotYet | frozenset[str] | None
"""A normal value. Numbers are decimals, text is NFC and trimmed, a moment is UTC cut to the minute,
references and label sets are frozensets (of entity ids or of texts)."""

Seen: TypeAlias = Value | Unreadable
"""What one look at one field of one record gave."""


def plain(number: Decimal) -> str:
    """A decimal as plain digits: no exponent, no trailing zeros, no negative zero."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def encode(value: Value) -> str:
    """One canonical JSON text per value, so that equal values are equal texts.

    Python's own equality would take `True` for 1 and a date's midnight for the date; the texts do not.
    """
    return json.dumps(_tagged(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _tagged(value: Value) -> object:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Decimal):
        return {"n": plain(value)}
    if isinstance(value, datetime):  # before date: a datetime is a date to Python
        return {"at": value.astimezone(UTC).isoformat(timespec="minutes")}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, NotYet):
        return {"x": value.value}
    return {"s": sorted(value)}


def decode(text: str) -> Value:
    """The inverse of `encode`. Raises ValueError on anything `encode` does not write."""
    raw = json.loads(text)
    if raw is None or isinstance(raw, str | bool):
        return raw
    if isinstance(raw, dict) and len(raw) == 1:
        tag, body = next(iter(raw.items()))
        if tag == "n":
            return Decimal(body)
        if tag == "at":
            return datetime.fromisoformat(body)
        if tag == "d":
            return date.fromisoformat(body)
        if tag == "x":
            return NotYet(body)
        if tag == "s":
            return frozenset(body)
    raise ValueError(f"not an encoded value: {text!r}")


def same(left: Value, right: Value) -> bool:
    """Whether two normal values are one value."""
    return encode(left) == encode(right)


def is_blank(value: Value) -> bool:
    """Missing, or an empty set. `NOT_YET`, 0, False and text are not blank."""
    return value is None or value == frozenset()
