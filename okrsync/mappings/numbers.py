"""Numbers in cells: real ones, and those people typed as text.

`1.234` is 1.234 or 1234: a locale decides, by Babel's strict parser. Without one, what has one reading is
read and what has several is unreadable, with the question; nothing is guessed. Scale and percent are undone
here: 42 %, 42 (scale 100) and 0.42 are one value.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal

from okrsync.mappings.tidy import quoted
from okrsync.okr.parsing import Marks, Question, Typed, parse
from okrsync.okr.units import currency
from okrsync.okr.values import Unreadable, plain

_WIDE = Context(prec=60)
_LARGEST_EXPONENT = 40
_PLAIN = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_NO_DIGIT = re.compile(r"[^\W\d]|_|%")


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
    """A number a person typed as text: `1.2K`, `€5m`; `42 %` is 0.42, as in a cell of percent.

    A locale decides what its marks mean. Without one, a text that can mean two numbers is asked about.
    """
    if locale is not None and (spelled := _spelled(text, locale)) is not None:
        return spelled
    found = parse(text, _marks(locale))
    if isinstance(found, Question):
        return Unreadable(f"{_question(found)}{_hint(found, locale)}", text)
    if found.unit == "%":
        return _WIDE.divide(found.value, 100)
    if found.unit and currency(found.unit) is None:
        return Unreadable(f"{quoted(text)} names a unit: write the number alone, in the unit measured", text)
    return found.value


def money_of(text: str) -> str | None:
    """The ISO code of the currency a typed number names; None where it names none."""
    found = parse(text)
    ways = (found,) if isinstance(found, Typed) else found.choices
    return next((code for each in ways if (code := currency(each.unit))), None)


def to_text(number: Decimal, locale: str) -> str:
    """A number as the locale writes it, ungrouped and with all its digits."""
    from babel.numbers import format_decimal

    return format_decimal(
        Decimal(plain(number)), locale=locale, decimal_quantization=False, group_separator=False
    )


def _question(found: Question) -> str:
    """What to ask, in the words of a finding."""
    if not found.choices:
        return f"{quoted(found.text)} is not a number"
    ways = " or ".join(each.text() for each in found.choices)
    return f"{quoted(found.text)} can be read in {len(found.choices)} ways: {ways}"


def _hint(found: Question, locale: str | None) -> str:
    if locale is not None:
        return "" if found.choices else f" as {locale} writes it"
    return "; make the cell a number or give the binding a locale"


def _marks(locale: str | None) -> Marks | None:
    """How a locale writes numbers; all its blanks are one."""
    if locale is None:
        return None
    from babel.numbers import get_decimal_symbol, get_group_symbol

    group = get_group_symbol(locale)
    return Marks(get_decimal_symbol(locale), " " if group.isspace() else group.replace("’", "'’"))


def _spelled(text: str, locale: str) -> Decimal | None:
    """What the locale's own strict rules say, which know more than groups of three digits."""
    # imported on first use: Babel's data costs 30 ms that most runs never need
    from babel.numbers import NumberFormatError, get_group_symbol, parse_decimal

    group = get_group_symbol(locale)
    if _NO_DIGIT.search(text):  # Python's decimal would take 1e3, 1_000 and NaN
        return None
    spelled = re.sub(r"\s", group, text) if group.isspace() else text
    try:
        number: Decimal = parse_decimal(spelled, locale=locale, strict=True)
    except NumberFormatError:
        return None
    return number
