"""What a cell shows in the end: values and the errors a formula can give.

Separate because evaluating, rendering and sorting all need them, and a cell error is an ordinary value that
travels through formulas, not an exception. The codes are the ones a sheet shows; the types are those of
`ErrorValue` in the Sheets API reference.
"""

from __future__ import annotations

from dataclasses import dataclass

CODES = {
    "ERROR": "#ERROR!",
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
    "LOADING": "Loading...",
}


@dataclass(frozen=True, slots=True)
class CellError:
    """An error value: its type in the API and its message, which may be empty."""

    type: str
    message: str = ""

    @property
    def code(self) -> str:
        """What the cell shows, such as #N/A."""
        return CODES[self.type]


Value = float | bool | str | CellError | None
"""None is a blank cell."""

DIVIDED_BY_ZERO = CellError("DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero.")
NO_REFERENCE = CellError("REF", "Reference does not exist.")
CIRCULAR = CellError("REF", "Circular dependency detected.")
UNPARSABLE = CellError("ERROR", "Formula parse error.")
LOADING = CellError("LOADING", "Loading...")


def sort_key(value: Value) -> tuple[int, float, str]:
    """Ascending order within a sheet: numbers, then text (ignoring case), booleans, errors."""
    if isinstance(value, bool):
        return 2, float(value), ""
    if isinstance(value, float):
        return 0, value, ""
    if isinstance(value, str):
        return 1, 0.0, value.casefold()
    return 3, 0.0, ""
