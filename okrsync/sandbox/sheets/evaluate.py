"""The value of every cell, formulas included.

Arrives: a spreadsheet and a cell's position. Leaves: the effective value, which may be a cell error. One
calculator serves one request and remembers what it has worked out, so a lookup column costs each cell once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from babel.numbers import get_decimal_symbol

from okrsync.sandbox.sheets.a1 import Box
from okrsync.sandbox.sheets.formula import Ref, Token, read_ref, tokens
from okrsync.sandbox.sheets.functions import Argument, alike, arithmetic, call, same
from okrsync.sandbox.sheets.grid import Formula, Spreadsheet, Tab
from okrsync.sandbox.sheets.outcome import CIRCULAR, CODES, NO_REFERENCE, UNPARSABLE, CellError, Value

_LITERAL_ERRORS = {code: kind for kind, code in CODES.items() if code.startswith("#")}


class Calculator:
    """Effective values of one unchanging spreadsheet."""

    def __init__(self, spreadsheet: Spreadsheet) -> None:
        self.spreadsheet = spreadsheet
        self.decimal_comma = get_decimal_symbol(spreadsheet.locale) == ","
        self._known: dict[tuple[int, int, int], Value] = {}
        self._busy: set[tuple[int, int, int]] = set()
        self._columns: dict[tuple[int, Box], Mapping[tuple[type, Value], int] | None] = {}

    def value(self, tab: Tab, row: int, column: int) -> Value:
        """The effective value of a cell; None when it is blank."""
        entered = tab.cell(row, column).entered
        if not isinstance(entered, Formula):
            return entered
        at = (tab.id, row, column)
        if at not in self._known:
            self._known[at] = self._work_out(tab, entered, at)
        return self._known[at]

    def first_rows(self, tab: Tab, strip: Box) -> Mapping[tuple[type, Value], int] | None:
        """Where each value stands first in one column; `None` where the column holds formulas."""
        at = (tab.id, strip)
        if at not in self._columns:
            cells = [(row, tab.cell(row, strip.left).entered) for row, _ in sorted(tab.used_in(strip))]
            known = {alike(held): row for row, held in reversed(cells) if not isinstance(held, Formula)}
            has_formulas = any(isinstance(held, Formula) for _, held in cells)
            self._columns[at] = None if has_formulas else known
        return self._columns[at]

    def _work_out(self, tab: Tab, formula: Formula, at: tuple[int, int, int]) -> Value:
        if at in self._busy:
            return CIRCULAR
        self._busy.add(at)
        try:
            return _Reading(self, tab, formula.text).value()
        finally:
            self._busy.discard(at)


@dataclass(frozen=True, slots=True)
class CellArea:
    """A rectangle of a tab as functions see it."""

    calculator: Calculator
    tab: Tab
    box: Box

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.box.right - self.box.left

    def only(self) -> Value:
        """The value where a single one is wanted; more than one cell is #VALUE!."""
        if (self.box.bottom - self.box.top, self.width) != (1, 1):
            return CellError("VALUE", "An array value could not be found.")
        return self.at(self.box.top, 0)

    def row_values(self, column: int) -> Iterator[tuple[int, Value]]:
        """(row, value) of the used cells in one column, from the top."""
        strip = self._strip(column)
        for row, _ in sorted(self.tab.used_in(strip)):
            yield row, self.calculator.value(self.tab, row, strip.left)

    def first_row(self, wanted: Value) -> int | None:
        """The first row whose first cell equals a value; from an index, for long tables of lookups."""
        known = self.calculator.first_rows(self.tab, self._strip(0))
        if known is not None:
            return None if wanted is None else known.get(alike(wanted))
        return next((row for row, value in self.row_values(0) if same(value, wanted)), None)

    def _strip(self, column: int) -> Box:
        left = self.box.left + column
        return Box(self.box.top, left, self.box.bottom, left + 1)

    def at(self, row: int, column: int) -> Value:
        """The value at a row of the tab and a column of the area."""
        return self.calculator.value(self.tab, row, self.box.left + column)


class _Unparsable(Exception):
    """The text is no formula this evaluator can read."""


class _Reading:
    """Reads and evaluates one formula in one pass, by recursive descent."""

    def __init__(self, calculator: Calculator, tab: Tab, text: str) -> None:
        self._calculator = calculator
        self._tab = tab
        all_tokens = tokens(text, calculator.decimal_comma)
        self._tokens = [token for token in all_tokens if token.kind != "space"]
        self._next = 0

    def value(self) -> Value:
        """The formula's value; #ERROR! when it cannot be read."""
        try:
            result = self._single(self._sum())
        except _Unparsable:
            return UNPARSABLE
        if self._next < len(self._tokens):
            return UNPARSABLE
        # a formula that points at a blank cell shows nothing, but its own cell is not blank
        return "" if result is None else result

    def _take(self) -> Token:
        if self._next >= len(self._tokens):
            raise _Unparsable
        self._next += 1
        return self._tokens[self._next - 1]

    def _peek(self) -> str:
        return self._tokens[self._next].text if self._next < len(self._tokens) else ""

    def _sum(self) -> Argument:
        left = self._product()
        while self._peek() in ("+", "-"):
            sign = self._take().text
            left = arithmetic(sign, self._single(left), self._single(self._product()))
        return left

    def _product(self) -> Argument:
        left = self._signed()
        while self._peek() in ("*", "/"):
            sign = self._take().text
            left = arithmetic(sign, self._single(left), self._single(self._signed()))
        return left

    def _signed(self) -> Argument:
        if self._peek() == "-":
            self._take()
            return arithmetic("-", 0.0, self._single(self._signed()))
        value = self._primary()
        while self._peek() == "%":
            self._take()
            value = arithmetic("/", self._single(value), 100.0)
        return value

    def _primary(self) -> Argument:
        token = self._take()
        if token.kind == "number":
            return float(token.text.replace(",", "."))
        if token.kind == "text":
            return token.text[1:-1].replace('""', '"')
        if token.kind == "error":
            return _literal_error(token.text)
        if token.kind == "ref":
            return self._area(read_ref(token.text))
        if token.kind == "name":
            return self._named(token.text)
        if token.text == "(":
            inner = self._sum()
            self._expect(")")
            return inner
        raise _Unparsable

    def _expect(self, text: str) -> None:
        if self._take().text != text:
            raise _Unparsable

    def _named(self, name: str) -> Argument:
        if self._peek() == "(":
            self._take()
            return call(name, self._arguments())
        if name.upper() in ("TRUE", "FALSE"):
            return name.upper() == "TRUE"
        return CellError("NAME", f"Unknown range name: '{name.upper()}'.")

    def _arguments(self) -> list[Argument]:
        if self._peek() == ")":
            self._take()
            return []
        found = [self._sum()]
        while (token := self._take()).text != ")":
            self._check_separator(token)
            found.append(self._sum())
        return found

    def _check_separator(self, token: Token) -> None:
        """`;` always separates; `,` only where it is not the decimal mark (reported for de_DE)."""
        if token.kind != "separator" or (token.text == "," and self._calculator.decimal_comma):
            raise _Unparsable

    def _area(self, ref: Ref) -> Argument:
        spreadsheet = self._calculator.spreadsheet
        tab = self._tab if ref.title is None else spreadsheet.tab_titled(ref.title)
        if tab is None:
            return CellError("REF", f"Unresolved sheet name '{ref.title}'.")
        box = ref_box(ref, tab)
        if box is None:
            return NO_REFERENCE
        return CellArea(self._calculator, tab, box)

    @staticmethod
    def _single(argument: Argument) -> Value:
        if argument is None or isinstance(argument, (float, bool, str, CellError)):
            return argument
        return argument.only()


def ref_box(ref: Ref, tab: Tab) -> Box | None:
    """The cells a reference covers within the grid; None when it starts outside."""
    rows = [row for row in (ref.first.row, ref.last.row) if row is not None]
    columns = [column for column in (ref.first.column, ref.last.column) if column is not None]
    top, left = min(rows, default=0), min(columns, default=0)
    bottom = tab.rows if None in (ref.first.row, ref.last.row) else min(max(rows) + 1, tab.rows)
    right = tab.columns if None in (ref.first.column, ref.last.column) else min(max(columns) + 1, tab.columns)
    return Box(top, left, bottom, right) if top < bottom and left < right else None


def _literal_error(text: str) -> CellError:
    kind = _LITERAL_ERRORS[text]
    return NO_REFERENCE if kind == "REF" else CellError(kind)
