"""The few spreadsheet functions formulas of an OKR sheet use, and the arithmetic under them.

Arrives: already evaluated arguments, single values or areas. Leaves: a value, errors included. Anything not
named here is #NAME?, as a sheet answers for a function it does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from okrsync.sandbox.sheets.outcome import DIVIDED_BY_ZERO, LOADING, CellError, Value


class Area(Protocol):
    """A rectangle of cells a function was given."""

    @property
    def width(self) -> int:
        """Number of columns."""
        ...

    def only(self) -> Value:
        """The value where a single one is wanted; more than one cell is #VALUE!."""
        ...

    def row_values(self, column: int) -> Iterator[tuple[int, Value]]:
        """(row, value) of the used cells in one column of the area, from the top."""
        ...

    def first_row(self, wanted: Value) -> int | None:
        """The first row whose cell in the area's first column equals a value."""
        ...

    def at(self, row: int, column: int) -> Value:
        """The value at a row of the tab and a column of the area."""
        ...


Argument = Value | Area


def number(value: Value, operation: str, position: int) -> float | CellError:
    """Coerce to a number as arithmetic does: blank is 0, booleans 0 and 1, number-like text its number."""
    if isinstance(value, CellError):
        return value
    if value is None:
        return 0.0
    try:
        return float(value)
    except ValueError:
        message = (
            f"Function {operation} parameter {position} expects number values. "
            f"But '{value}' is a text and cannot be coerced to a number."
        )
        return CellError("VALUE", message)


_OPERATIONS = {"+": "ADD", "-": "MINUS", "*": "MULTIPLY", "/": "DIVIDE"}


def arithmetic(sign: str, left: Value, right: Value) -> Value:
    """`left sign right`; the first error wins, as in a sheet."""
    a, b = number(left, _OPERATIONS[sign], 1), number(right, _OPERATIONS[sign], 2)
    if isinstance(a, CellError) or isinstance(b, CellError):
        return a if isinstance(a, CellError) else b
    if sign == "/":
        return DIVIDED_BY_ZERO if b == 0 else a / b
    return a + b if sign == "+" else a - b if sign == "-" else a * b


def call(name: str, arguments: Sequence[Argument]) -> Value:
    """Apply a function by name; wrong numbers of arguments are #N/A as a sheet says."""
    function = _FUNCTIONS.get(name.upper())
    if function is None:
        return CellError("NAME", f"Unknown function: '{name}'.")
    try:
        return function(*arguments)
    except TypeError:
        return CellError("N_A", f"Wrong number of arguments to {name.upper()}.")


def _single(argument: Argument) -> Value:
    """One value of an argument."""
    if argument is None or isinstance(argument, (float, bool, str, CellError)):
        return argument
    return argument.only()


def _iferror(value: Argument, fallback: Argument = "") -> Value:
    first = _single(value)
    failed = isinstance(first, CellError) and first != LOADING
    return _single(fallback) if failed else first


def _sum(*arguments: Argument) -> Value:
    total = 0.0
    for value in _numbers(arguments):
        if isinstance(value, CellError):
            return value
        total += value
    return total


def _numbers(arguments: Sequence[Argument]) -> Iterator[float | CellError]:
    """Numbers to add up: of areas only numbers and errors count, text and booleans are passed over."""
    for argument in arguments:
        if argument is None or isinstance(argument, (float, bool, str, CellError)):
            yield number(argument, "SUM", 1)
            continue
        for column in range(argument.width):
            for _, value in argument.row_values(column):
                if isinstance(value, (CellError, float)):
                    yield value


def _vlookup(key: Argument, area: Argument, index: Argument, is_sorted: Argument = True) -> Value:
    wanted, position = _single(key), number(_single(index), "VLOOKUP", 3)
    for value in (wanted, position):
        if isinstance(value, CellError):
            return value
    if area is None or isinstance(area, (float, bool, str, CellError)):
        return area if isinstance(area, CellError) else CellError("N_A", "VLOOKUP needs a range.")
    column = int(position) - 1 if not isinstance(position, CellError) else 0
    if not 0 <= column < area.width:
        return CellError("REF", "VLOOKUP evaluates to an out of bounds range.")
    row = _row_of(wanted, area, _single(is_sorted))
    if row is None:
        return CellError("N_A", f"Did not find value '{_shown(wanted)}' in VLOOKUP evaluation.")
    return area.at(row, column)


def _row_of(wanted: Value, area: Area, is_sorted: Value) -> int | None:
    """Exact: the first equal row. Sorted: the last row not above the wanted value."""
    if is_sorted in (False, 0.0):
        return area.first_row(wanted)
    found = None
    for row, value in area.row_values(0):
        if same(value, wanted):
            return row
        if _not_above(value, wanted):
            found = row
    return found


def same(left: Value, right: Value) -> bool:
    """Equality of a lookup: the types must agree (17 is not "17"), case does not matter."""
    return left is not None and alike(left) == alike(right)


def alike(value: Value) -> tuple[type, Value]:
    """What equal values have in common, to find one among many."""
    return type(value), value.casefold() if isinstance(value, str) else value


def _not_above(value: Value, wanted: Value) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return value.casefold() <= wanted.casefold()
    return type(value) is float and type(wanted) is float and value <= wanted


def _shown(value: Value) -> str:
    return f"{value:g}" if type(value) is float else "" if value is None else str(value)


def _na() -> Value:
    return CellError("N_A")


def _loading(*_: Argument) -> Value:
    """Functions that fetch from elsewhere never finish here; a sheet shows Loading... meanwhile."""
    return LOADING


_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "IFERROR": _iferror,
    "SUM": _sum,
    "VLOOKUP": _vlookup,
    "NA": _na,
    "IMPORTRANGE": _loading,
    "GOOGLEFINANCE": _loading,
}
