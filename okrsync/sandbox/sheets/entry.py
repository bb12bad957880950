"""What a typed text becomes: number, percentage, money, date, boolean, formula or text.

Arrives: a text as a person types it, or as USER_ENTERED sends it, with the cell's format and the
spreadsheet's locale. Leaves: what the cell then holds and the number format it takes on. RAW never comes
here. Follows the Sheets guide ("parsed as if the user typed them into the UI") and the recorded traffic.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from babel.numbers import get_currency_symbol, get_decimal_symbol, get_group_symbol

from okrsync.sandbox.sheets.errors import invalid
from okrsync.sandbox.sheets.grid import Cell, Entered, Formula, NumberFormat
from okrsync.sandbox.sheets.render import currency_of, default_pattern, serial

LONGEST_TEXT = 50_000
_SPACES = re.compile("[ \u00a0\u202f]")


def scalar(value: object) -> Entered:
    """A JSON value as stored under RAW: text to the letter, numbers as doubles, "" and null blank.

    Raises a 400 refusal for a text longer than a cell holds (Sheets help: 50,000 characters).
    """
    if value is None or value == "":
        return None
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise invalid(
            f"Your input contains more than the maximum of {LONGEST_TEXT} characters in a single cell."
        )
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float)):
        return float(value)
    raise TypeError(f"a cell holds text, a number or a boolean, not {type(value).__name__}")


def typed(value: object, cell: Cell, shown: NumberFormat | None, locale: str, today: date) -> Cell:
    """The cell after the value was typed into it; `shown` is the format in force, `today` supplies the year.

    Only texts are interpreted. A format already in force is kept, else the one the text suggests is taken on.
    """
    if not isinstance(value, str) or value == "":
        return replace(cell, entered=scalar(value))
    if value.startswith("'"):
        return replace(cell, entered=value[1:])
    if value.startswith("=") and len(value) > 1:
        return replace(cell, entered=Formula(value))
    entered, suggested = _interpret(value.strip(), shown, locale, today)
    if entered is None:
        return replace(cell, entered=value)
    return replace(cell, entered=entered, format=cell.format if shown is not None else suggested)


def _interpret(
    text: str, shown: NumberFormat | None, locale: str, today: date
) -> tuple[Entered, NumberFormat | None]:
    if shown is not None and shown.type == "TEXT":
        return None, None
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE", None
    if (found := _number(text, locale)) is not None:
        percent = shown is not None and shown.type == "PERCENT"
        grouped = (
            NumberFormat("NUMBER", "#,##0.00" if found % 1 else "#,##0") if _grouped(text, locale) else None
        )
        # typing 42 into a percent cell means 42 %
        return (found / 100 if percent else found), grouped
    if text.endswith("%") and (found := _number(text[:-1].rstrip(), locale)) is not None:
        return found / 100, NumberFormat("PERCENT", "0.00%" if found % 1 else "0%")
    if (found := _money(text, locale)) is not None:
        return found, NumberFormat("CURRENCY")
    return _dated(text, locale, today)


def _grouped(text: str, locale: str) -> bool:
    return get_group_symbol(locale) in text or _SPACES.search(text) is not None


def _number(text: str, locale: str) -> float | None:
    """A number in the locale: its decimal mark, groups of three (blanks of any width count as a space)."""
    decimal, group = get_decimal_symbol(locale), _SPACES.sub(" ", get_group_symbol(locale))
    whole = rf"(?:\d{{1,3}}(?:{re.escape(group)}\d{{3}})+|\d+)"
    pattern = rf"[-+]?(?:{whole}(?:{re.escape(decimal)}\d*)?|{re.escape(decimal)}\d+)(?:[eE][-+]?\d+)?"
    spaced = _SPACES.sub(" ", text)
    if re.fullmatch(pattern, spaced) is None:
        return None
    return float(spaced.replace(group, "").replace(decimal, "."))


def _money(text: str, locale: str) -> float | None:
    symbol = get_currency_symbol(currency_of(locale), locale=locale)
    if text.startswith(symbol):
        return _number(text[len(symbol) :].strip(), locale)
    return _number(text[: -len(symbol)].strip(), locale) if text.endswith(symbol) else None


def _dated(text: str, locale: str, today: date) -> tuple[Entered, NumberFormat | None]:
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        year, month, day = (int(part) for part in text.split("-"))
        return _serial(year, month, day), NumberFormat("DATE", "yyyy-mm-dd")
    if (timed := re.fullmatch(r"(\d{4}-\d{1,2}-\d{1,2})[ T](\d{1,2}):(\d{2})", text)) is not None:
        midnight, _ = _dated(timed[1], locale, today)
        hour, minute = int(timed[2]), int(timed[3])
        if isinstance(midnight, float) and hour < 24 and minute < 60:
            return midnight + (hour * 60 + minute) / 1440, NumberFormat("DATE_TIME")
    match = re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})(?:\2(\d{4}))?", text)
    if match is None or not _separates_dates(match[2], locale):
        return None, None
    month_first = default_pattern("DATE", locale).startswith("M")
    first, second = int(match[1]), int(match[3])
    month, day = (first, second) if month_first else (second, first)
    return _serial(int(match[4] or today.year), month, day), NumberFormat("DATE")


def _separates_dates(mark: str, locale: str) -> bool:
    """`-` and `/` everywhere; `.` where dates are written with it: 1.5 is the first of May in de_DE."""
    return mark != "." or "." in default_pattern("DATE", locale)


def _serial(year: int, month: int, day: int) -> float | None:
    try:
        return serial(date(year, month, day))
    except ValueError:
        return None
