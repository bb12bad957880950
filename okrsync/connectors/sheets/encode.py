"""From a value to the cell data that stores exactly it, without any parsing on the other side.

Arrives: a `Native`. Leaves: an ExtendedValue for `updateCells`. A text stays text whatever it begins with,
since `stringValue` is never parsed; numbers go as JSON numbers (the API's own type is the double).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from okrsync.connectors.base import Native
from okrsync.connectors.sendable import why_unsendable
from okrsync.connectors.sheets.book import Json
from okrsync.connectors.sheets.decode import SERIAL_DAY_0, number_format
from okrsync.okr.values import Unreadable

LONGEST_TEXT = 50_000
_DAY = timedelta(days=1)


def why_unfit(value: Native, zone: ZoneInfo) -> str | None:
    """Why no cell of this spreadsheet can hold the value; `None` where one can.

    A cell holds 50,000 characters (Sheets help: "Files you can store"), and a wall-clock time without an
    offset, so the hour that summer time repeats cannot be told from the one before.
    """
    if isinstance(value, datetime):
        return _why_no_moment(value, zone)
    text = ", ".join(value) if isinstance(value, tuple) else value
    if isinstance(text, str) and len(text) > LONGEST_TEXT:
        return f"it has {len(text)} characters, and a cell holds {LONGEST_TEXT}"
    return why_unsendable(value)


def _why_no_moment(value: datetime, zone: ZoneInfo) -> str | None:
    try:
        wall = value.astimezone(zone)
    except OverflowError:
        return "no calendar has this day"
    if wall.fold == 1:
        return f"clocks in {zone} show this time twice, and a cell cannot tell which one is meant"
    return None


def wire_number(value: Decimal) -> int | float:
    """The JSON number: whole where it is whole, else the nearest double, which is all a cell can hold."""
    return int(value) if value == value.to_integral_value() else float(value)


def extended(value: Native, zone: ZoneInfo) -> Json:
    """The ExtendedValue of a value for people's cells; `None` for a blank. Dates become serial numbers.

    Raises ValueError on `Unreadable`, which is no value.
    """
    if isinstance(value, datetime):
        return {"numberValue": wire_number(_moment_serial(value, zone))}
    if isinstance(value, date):
        return {"numberValue": (value - SERIAL_DAY_0).days}
    return _simple(value)


def extended_result(value: Native) -> Json:
    """The ExtendedValue for okrsync's own tab: dates as ISO text, so that no format has to be set there."""
    if isinstance(value, date):
        return {"stringValue": value.isoformat()}
    return _simple(value)


def cell_data(value: Native, zone: ZoneInfo, current: Json) -> tuple[Json, str]:
    """The CellData and the `fields` of an `updateCells` that puts `value` over `current`.

    A date put into a cell without a date format would show as a bare number, so the format comes along
    there and only there: formats are people's.
    """
    entered = extended(value, zone)
    data: dict[str, Json] = {} if entered is None else {"userEnteredValue": entered}
    wanted = _date_format(value)
    if wanted is None or number_format(current) == wanted:
        return data, "userEnteredValue"
    data["userEnteredFormat"] = {"numberFormat": {"type": wanted}}
    return data, "userEnteredValue,userEnteredFormat.numberFormat"


def _date_format(value: Native) -> str | None:
    if isinstance(value, datetime):
        return "DATE_TIME"
    return "DATE" if isinstance(value, date) else None


def _simple(value: Native) -> Json:
    if value is None or value == "":
        return None
    if isinstance(value, Unreadable):
        raise ValueError(f"not a value: {value.reason}")
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, Decimal):
        return {"numberValue": wire_number(value)}
    if isinstance(value, tuple):
        return {"stringValue": ", ".join(value)}
    return {"stringValue": str(value)}


def _moment_serial(value: datetime, zone: ZoneInfo) -> Decimal:
    wall = value.astimezone(zone).replace(tzinfo=None)
    since = wall - datetime.combine(SERIAL_DAY_0, datetime.min.time())
    return Decimal(since // _DAY) + Decimal((since % _DAY).seconds) / Decimal(86_400)
