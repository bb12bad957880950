"""The values reads: one range to one ValueRange.

Arrives: a range, and how to render. Leaves: `{"range", "majorDimension", "values"?}` with the shape the real
service was recorded with: trailing blanks dropped, rows ragged, wholly blank rows in the middle as `[]`,
leading blanks as "", no `values` at all when nothing is there, and the range normalised and clamped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from okrsync.sandbox.sheets.a1 import Box, range_name
from okrsync.sandbox.sheets.errors import bad_field
from okrsync.sandbox.sheets.evaluate import Calculator
from okrsync.sandbox.sheets.grid import Formula, Tab
from okrsync.sandbox.sheets.render import Rendered, formatted, unformatted

_OPTIONS = ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")
_DATES = ("SERIAL_NUMBER", "FORMATTED_STRING")
_MAJOR = ("ROWS", "COLUMNS")


@dataclass(frozen=True, slots=True)
class Rendering:
    """How a caller wants values."""

    option: str = "FORMATTED_VALUE"
    dates: str = "SERIAL_NUMBER"
    major: str = "ROWS"

    @classmethod
    def read(cls, given: Mapping[str, Any], prefix: str = "") -> Rendering:
        """From query parameters or a body; `prefix` is "response" for a write's own readback."""

        def choice(name: str, allowed: tuple[str, ...]) -> str:
            key = prefix + name if prefix else name[0].lower() + name[1:]
            value = given.get(key) or allowed[0]
            if value not in allowed:
                kind = "type.googleapis.com/google.apps.sheets.v4"
                raise bad_field(_snake(key), f"Invalid value at '{_snake(key)}' ({kind}.{name}), \"{value}\"")
            return str(value)

        major = "ROWS" if prefix else choice("MajorDimension", _MAJOR)
        return cls(choice("ValueRenderOption", _OPTIONS), choice("DateTimeRenderOption", _DATES), major)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def value_range(calculator: Calculator, tab: Tab, box: Box, rendering: Rendering) -> dict[str, Any]:
    """The ValueRange of a rectangle."""
    answer: dict[str, Any] = {"range": range_name(tab.title, box), "majorDimension": rendering.major}
    values = _lines(calculator, tab, box, rendering)
    return {**answer, "values": values} if values else answer


def _lines(calculator: Calculator, tab: Tab, box: Box, rendering: Rendering) -> list[list[Rendered]]:
    """Rows (or columns) up to their last filled cell; a formula that shows "" still fills its cell."""
    by_rows = rendering.major == "ROWS"
    ends: dict[int, int] = {}
    for row, column in tab.used_in(box):
        if tab.cell(row, column).entered is not None:
            line, place = (
                (row - box.top, column - box.left) if by_rows else (column - box.left, row - box.top)
            )
            ends[line] = max(ends.get(line, 0), place + 1)

    def cell(line: int, place: int) -> Rendered:
        row, column = (line, place) if by_rows else (place, line)
        return render(calculator, tab, box.top + row, box.left + column, rendering)

    return [
        [cell(line, place) for place in range(ends.get(line, 0))] for line in range(max(ends, default=-1) + 1)
    ]


def render(calculator: Calculator, tab: Tab, row: int, column: int, rendering: Rendering) -> Rendered:
    """One cell in the wanted rendering."""
    entered = tab.cell(row, column).entered
    if rendering.option == "FORMULA" and isinstance(entered, Formula):
        return entered.text
    value, shown = calculator.value(tab, row, column), tab.format_of(row, column)
    locale = calculator.spreadsheet.locale
    if rendering.option == "FORMATTED_VALUE":
        return formatted(value, shown, locale)
    return unformatted(value, shown, locale, rendering.dates == "FORMATTED_STRING")
