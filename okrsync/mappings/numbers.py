"""Numbers in cells: real ones, and those people typed as text.

A number typed as text means something only in a known locale (`1.234` is 1.234 or 1234), so without one it
stays unreadable rather than guessed. With one, Babel's strict parser decides. Scale and percent are
undone here: 42 %, 42 (scale 100) and 0.42 are one value.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Context, Decimal

from okrsync.mappings.tidy import quoted
from okrsync.okr.values import Unreadable, plain

_WIDE = Context(prec=60)
_LARGEST_EXPONENT = 40
_PLAIN = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_LETTER = re.compile(r"[^\W\d]|_")
_PERCENT = "%٪"


def from_scale(native: Decimal, scale: Decimal) -> Decimal | Unreadable:
    """The canonical number of a native one; NaN, infinities and absurd magnitudes are unreadable."""
    if not native.is_finite() or abs(native.adjusted()) > _LARGEST_EXPONENT:
        return Unreadable("not a number that can be computed with", str(native))
    return _WIDE.divide(native, scale)


def to_scale(canonical: Decimal, scale: Decimal) -> Decimal:
    """The native number of a canonical one."""
    return _WIDE.multiply(canonical, scale)


def from_plain(text: str) -> Decimal | Unreadable:
    """The inverse of `values.plain`, for numbers okrsync itself wrote as text."""
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    return Unreadable(f"{quoted(text)} is not a plain decimal number", text)


def from_text(text: str, locale: str | None) -> Decimal | Unreadable:
    """A number a person typed as text: currency signs and blanks dropped, `42 %` as 0.42."""
    if locale is None:
        return Unreadable(
            f"{quoted(text)} is text, not a number: make the cell a number or give the binding a locale", text
        )
    digits, is_percent = _bare(text)
    number = _parse(digits, locale)
    if number is None:
        return Unreadable(f"{quoted(text)} is not a number as {locale} writes it", text)
    return _WIDE.divide(number, 100) if is_percent else number


def to_text(number: Decimal, locale: str) -> str:
    """A number as the locale writes it, ungrouped and with all its digits."""
    from babel.numbers import format_decimal

    return format_decimal(
        Decimal(plain(number)), locale=locale, decimal_quantization=False, group_separator=False
    )


def _bare(text: str) -> tuple[str, bool]:
    is_percent = text.rstrip().endswith(tuple(_PERCENT))
    kept = (c for c in text if unicodedata.category(c) != "Sc" and c not in _PERCENT)
    return "".join(kept).strip(), is_percent


def _parse(digits: str, locale: str) -> Decimal | None:
    # imported on first use: Babel's data costs 30 ms that most runs never need
    from babel.numbers import NumberFormatError, get_group_symbol, parse_decimal

    if _LETTER.search(digits):  # Python's decimal would take 1e3, 1_000 and NaN
        return None
    group = get_group_symbol(locale)
    spelled = re.sub(r"\s", group, digits) if group.isspace() else digits
    try:
        number: Decimal = parse_decimal(spelled, locale=locale, strict=True)
    except NumberFormatError:
        return None
    return number
