"""The three renderings of a cell: as displayed, as a bare value, as a formula.

Arrives: an effective value, its number format and the spreadsheet's locale. Leaves: what the Sheets API puts
into `values` under FORMATTED_VALUE, UNFORMATTED_VALUE or FORMULA, and date serials (days since 1899-12-30).
Separate because display depends on locale and format, and nothing else does.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import format_currency, format_decimal, get_territory_currencies

from okrsync.sandbox.sheets.grid import NumberFormat
from okrsync.sandbox.sheets.outcome import CellError, Value

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - serials carry no time zone; the spreadsheet's own is meant
DATED = ("DATE", "TIME", "DATE_TIME")
_DEFAULTS = {"NUMBER": "#,##0.00", "PERCENT": "0.00%", "SCIENTIFIC": "0.00E0"}
_MINUTES = re.compile(r"(?<=[hH]:)mm?|m(?=m?:s)|(?<=m)m(?=:s)")
Rendered = str | float | int | bool


def serial(day: date) -> float:
    """The serial number of a date or of a naive date-time."""
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)  # noqa: DTZ001 - as EPOCH
    return (moment - EPOCH) / timedelta(days=1)


def plain(value: float) -> float | int:
    """A double as JSON shows it: whole numbers without a fraction (recorded: =4/2 reads 2)."""
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def formatted(value: Value, shown: NumberFormat | None, locale: str) -> str:
    """FORMATTED_VALUE: always text, in the spreadsheet's locale."""
    if value is None:
        return ""
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else _number(value, shown, locale)


def unformatted(value: Value, shown: NumberFormat | None, locale: str, dates_as_text: bool) -> Rendered:
    """UNFORMATTED_VALUE: numbers stay numbers; an error is its code and, in brackets, its message."""
    if value is None:
        return ""
    if isinstance(value, CellError):
        loading = value.type == "LOADING" or value.message == ""
        return value.code if loading else f"{value.code} ({value.message})"
    if isinstance(value, (bool, str)):
        return value
    if dates_as_text and shown is not None and shown.type in DATED:
        return _number(value, shown, locale)
    return plain(value)


def _number(value: float, shown: NumberFormat | None, locale: str) -> str:
    if shown is None or shown.type in ("TEXT", "NUMBER_FORMAT_TYPE_UNSPECIFIED"):
        return _automatic(value, locale)
    if shown.type in DATED:
        return _moment(value, shown, locale)
    exact = Decimal(repr(value))
    if shown.type == "CURRENCY" and shown.pattern == "":
        return str(format_currency(exact, currency_of(locale), locale=locale))
    pattern = (shown.pattern or _DEFAULTS.get(shown.type, "#,##0.00")).replace('"', "'")
    return str(format_decimal(exact, format=pattern, locale=locale))


def _automatic(value: float, locale: str) -> str:
    """Without a format: no grouping, at most ten decimals (recorded: 1/1024 reads 0.0009765625)."""
    exact = Decimal(repr(value)).quantize(Decimal("1e-10"), ROUND_HALF_UP)
    return str(format_decimal(exact, format="0.##########", locale=locale))


def _moment(value: float, shown: NumberFormat, locale: str) -> str:
    moment = EPOCH + timedelta(days=value)
    pattern = _date_pattern(shown.pattern) if shown.pattern != "" else default_pattern(shown.type, locale)
    return str(format_datetime(moment, format=pattern, locale=locale))


def _date_pattern(pattern: str) -> str:
    """Sheets spells months and minutes both `m`; the formatter wants M for months."""
    minutes = {at for match in _MINUTES.finditer(pattern) for at in range(match.start(), match.end())}
    swapped = [
        "M" if letter == "m" and at not in minutes else "H" if letter == "h" else letter
        for at, letter in enumerate(pattern)
    ]
    return "".join(swapped)


@lru_cache(maxsize=64)
def default_pattern(kind: str, locale: str) -> str:
    """The locale's own order for a date, with the year in full."""
    day = re.sub(r"y+", "yyyy", str(Locale.parse(locale).date_formats["short"].pattern))
    return {"DATE": day, "TIME": "HH:mm:ss", "DATE_TIME": f"{day} HH:mm:ss"}[kind]


@lru_cache(maxsize=64)
def currency_of(locale: str) -> str:
    """The currency of the locale's country; USD for a locale that names none."""
    territory = Locale.parse(locale).territory
    return get_territory_currencies(territory)[0] if territory else "USD"
