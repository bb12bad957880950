"""From a cell's data to the value it means. Pure; never looks at the display text for a number.

Arrives: one CellData (`userEnteredValue`, `effectiveValue`, `effectiveFormat.numberFormat`). Leaves: a
`Native` value. Numbers come from `effectiveValue.numberValue`; only the number format tells a percent
(0.42) or a date (a serial day number counted from 1899-12-30, in the spreadsheet's time zone) apart.
An error, or a function that is still loading, is `Unreadable`, never blank and never 0.
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal
from math import floor
from zoneinfo import ZoneInfo

from okrsync.connectors.base import Native
from okrsync.connectors.sheets.book import Json
from okrsync.okr.values import Unreadable, plain

SERIAL_DAY_0 = date(1899, 12, 30)
_SECONDS_A_DAY = 86_400
# a double carries 15 digits for certain; more are noise such as 0.30000000000000004
_FIFTEEN_DIGITS = Context(prec=15)


def native(cell: Json, zone: ZoneInfo) -> Native:
    """The value of one cell; a blank cell (also one with spaces only) is `None`."""
    value = cell.get("effectiveValue", {})
    if "errorValue" in value:
        return _error(cell)
    if "boolValue" in value:
        return bool(value["boolValue"])
    if "numberValue" in value:
        return _number(cell, zone)
    text = str(value.get("stringValue", ""))
    return text if text.strip() else None


def number_format(cell: Json) -> str:
    """The type of the cell's number format, such as PERCENT; empty where none is set."""
    return str(cell.get("effectiveFormat", {}).get("numberFormat", {}).get("type", ""))


def number(raw: int | Decimal | float) -> Decimal:
    """A wire number without a double's noise digits; whole numbers stay exact."""
    exact = Decimal(str(raw))
    return exact if exact == exact.to_integral_value() else _FIFTEEN_DIGITS.plus(exact)


def kind(cell: Json) -> str | None:
    """The field type one cell speaks for, `None` where it says nothing."""
    value = cell.get("effectiveValue", {})
    if "boolValue" in value:
        return "bool"
    if "stringValue" in value:
        return "text" if str(value["stringValue"]).strip() else None
    if "numberValue" in value:
        return {"PERCENT": "percent", "DATE": "date", "DATE_TIME": "moment"}.get(
            number_format(cell), "number"
        )
    return None


def key_text(cell: Json, zone: ZoneInfo) -> str | Unreadable | None:
    """A key as text: 1001, 1001.0 and "1001" are one key, "007" stays as it is."""
    value = native(cell, zone)
    if value is None or isinstance(value, Unreadable):
        return value
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return fold_space(str(value))


def fold_space(text: str) -> str:
    """NFC, trimmed, inner white space as single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _error(cell: Json) -> Unreadable:
    error = cell["effectiveValue"]["errorValue"]
    code = str(error.get("type", "ERROR"))
    shown = str(cell.get("formattedValue", ""))
    if code == "LOADING":
        return Unreadable("a function in the cell has not finished loading (LOADING)", shown)
    return Unreadable(f"the cell shows an error ({code})", shown)


def _number(cell: Json, zone: ZoneInfo) -> Native:
    value = number(cell["effectiveValue"]["numberValue"])
    form = number_format(cell)
    if form not in ("DATE", "DATE_TIME"):
        return value
    try:
        return _day(value) if form == "DATE" else _moment(value, zone)
    except (OverflowError, ValueError):
        return Unreadable("the cell is formatted as a date but its number is no day", plain(value))


def _day(serial: Decimal) -> date:
    return SERIAL_DAY_0 + timedelta(days=floor(serial))


def _moment(serial: Decimal, zone: ZoneInfo) -> datetime:
    days, fraction = divmod(serial, 1)
    midnight = datetime.combine(SERIAL_DAY_0 + timedelta(days=int(days)), time(), zone)
    # wall-clock arithmetic: the spreadsheet counts no hour twice when clocks change
    return midnight + timedelta(seconds=round(fraction * _SECONDS_A_DAY))
