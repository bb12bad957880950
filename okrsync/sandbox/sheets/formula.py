"""Formula texts: their tokens, the references in them, and how references move.

Arrives: a formula as entered. Leaves: tokens for the evaluator, or the same text with its references
rewritten because rows moved, tabs were renamed or cells were deleted. Everything but the references is kept
to the letter. Separate from evaluation because moving cells must not need to know what a formula means.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from okrsync.sandbox.sheets.a1 import column_index, column_name

DELETED = "#REF!"

_GRAMMAR = r"""
  (?P<space>\s+)
| (?P<text>"(?:[^"]|"")*")
| (?P<error>\#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|ERROR!))
| (?P<ref>(?:(?:'(?:[^']|'')+'|[A-Za-z_]\w*)!)?
    (?: \$?[A-Za-z]{1,3}\$?[1-9]\d*(?::\$?[A-Za-z]{1,3}(?:\$?[1-9]\d*)?)?
      | \$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?:\$?[1-9]\d*)?
      | \$?[1-9]\d*:\$?[1-9]\d* ))(?![\w(!])
| (?P<number>\d+(?:DECIMAL\d+)?(?:[eE][+-]?\d+)?)
| (?P<name>[A-Za-z_][\w.]*)
| (?P<op>[-+*/()%])
| (?P<separator>[;,])
| (?P<other>.)
"""
_POINT = re.compile(_GRAMMAR.replace("DECIMAL", r"\."), re.VERBOSE | re.DOTALL)
_COMMA = re.compile(_GRAMMAR.replace("DECIMAL", ","), re.VERBOSE | re.DOTALL)
_CORNER = re.compile(r"(\$?)([A-Za-z]*)(\$?)(\d*)")


@dataclass(frozen=True, slots=True)
class Corner:
    """One end of a reference; a missing row or column (None) means all of them. `$` fixes a part."""

    column: int | None
    row: int | None
    column_fixed: bool
    row_fixed: bool

    def text(self) -> str:
        """Back to `$A5`."""
        column = "" if self.column is None else ("$" if self.column_fixed else "") + column_name(self.column)
        return column + ("" if self.row is None else ("$" if self.row_fixed else "") + str(self.row + 1))


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference: a tab's title when named, its first and its last corner (the same when `single`)."""

    title: str | None
    first: Corner
    last: Corner
    single: bool
    spelled: str = ""
    """The tab's title and `!` as they stand in the formula, quotes kept."""

    def text(self) -> str:
        """Back to `'My tab'!$A:$H`."""
        return self.spelled + self.first.text() + ("" if self.single else ":" + self.last.text())


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a formula: its kind in the grammar, and its text."""

    kind: str
    text: str


@lru_cache(maxsize=4096)
def tokens(formula: str, decimal_comma: bool) -> tuple[Token, ...]:
    """All tokens after the leading `=`, white space included.

    Google parses formula text in the spreadsheet's locale: under a decimal comma `1,5` is one number.
    """
    grammar = _COMMA if decimal_comma else _POINT
    return tuple(Token(str(match.lastgroup), match[0]) for match in grammar.finditer(formula, 1))


def read_ref(text: str) -> Ref:
    """The reference a `ref` token spells."""
    title, mark, cells = text.rpartition("!")
    spelled = title + mark
    if title.startswith("'"):
        title = title[1:-1].replace("''", "'")
    first, colon, last = cells.partition(":")
    start = _corner(first)
    return Ref(title if title != "" else None, start, _corner(last) if colon else start, not colon, spelled)


def _corner(text: str) -> Corner:
    match = _CORNER.fullmatch(text)
    if match is None:
        raise ValueError(f"no corner of a reference: {text}")
    if match[2] == "":
        return Corner(None, int(match[4]) - 1, False, match[1] == "$" or match[3] == "$")
    row = int(match[4]) - 1 if match[4] != "" else None
    return Corner(column_index(match[2]), row, match[1] == "$", match[3] == "$")


def rewrite(formula: str, change: Callable[[Ref], Ref | None]) -> str:
    """The formula with every reference passed through `change`; None makes it `#REF!`."""

    def fresh(token: Token) -> str:
        if token.kind != "ref":
            return token.text
        old = read_ref(token.text)
        new = change(old)
        return DELETED if new is None else token.text if new == old else new.text()

    return "=" + "".join(fresh(token) for token in tokens(formula, False))


def with_separator(formula: str, separator: str) -> str:
    """The formula with its argument separators respelled, as an editor does that shows the locale's own."""
    return "=" + "".join(
        separator if token.kind == "separator" else token.text for token in tokens(formula, separator == ";")
    )


def carried(formula: str, down: int, right: int) -> str:
    """The formula as copied elsewhere: relative parts move, fixed ones stay; off the grid is `#REF!`."""

    def move(corner: Corner) -> Corner:
        row = corner.row if corner.row is None or corner.row_fixed else corner.row + down
        column = corner.column if corner.column is None or corner.column_fixed else corner.column + right
        return Corner(column, row, corner.column_fixed, corner.row_fixed)

    def change(ref: Ref) -> Ref | None:
        first, last = move(ref.first), move(ref.last)
        parts = (first.row, first.column, last.row, last.column)
        if any(part is not None and part < 0 for part in parts):
            return None
        return replace(ref, first=first, last=last)

    return rewrite(formula, change)
