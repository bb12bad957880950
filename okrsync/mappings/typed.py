"""Values typed on a command line, as normal values of a field."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from okrsync.okr.model import FieldSpec, Type
from okrsync.okr.values import Value


def from_text(spec: FieldSpec, text: str) -> Value:
    """One value of a field; an empty text is a blank.

    Raises:
        ValueError: with what was expected.
    """
    text = text.strip()
    if not text:
        return None
    if spec.type is Type.NUMBER:
        return _number(text)
    if spec.type is Type.DATE:
        return _date(text)
    if spec.type is Type.BOOL:
        return _truth(text)
    if spec.type is Type.CHOICE and text not in spec.choices:
        raise ValueError(f"{text!r} is not one of {', '.join(spec.choices)}")
    if spec.type in (Type.REFS, Type.LABELS):
        raise ValueError(f"{spec.name} holds references; take one side's value instead of typing one")
    return text


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or "e" in text.lower() or "_" in text:
        raise ValueError(f"{text!r} is not a number such as 12.5")
    return number


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date such as 2026-03-31") from None


def _truth(text: str) -> bool:
    known = {"yes": True, "true": True, "no": False, "false": False}
    if text.lower() not in known:
        raise ValueError(f"{text!r} is not yes or no")
    return known[text.lower()]
