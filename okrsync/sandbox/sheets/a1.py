"""A1 notation: texts such as `'O''Brien'!A2:K` in, half-open 0-based rectangles out, and back.

Separate because reading, writing, formulas and people all address cells, and must agree. Open ends (`A2:K`,
`3:5`) stay open here; the grid closes them. Titles are quoted only when needed, as the recorded echoes are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CELL = re.compile(r"\$?([A-Za-z]{0,3})\$?([1-9]\d*)?")
_PLAIN_TITLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_LOOKS_LIKE_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d+[Cc]\d+")


@dataclass(frozen=True, slots=True)
class Box:
    """A closed rectangle of one tab: 0-based, half-open."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell lies inside."""
        return self.top <= row < self.bottom and self.left <= column < self.right

    def meets(self, other: Box) -> bool:
        """Whether the two share a cell."""
        rows = self.top < other.bottom and other.top < self.bottom
        return rows and self.left < other.right and other.left < self.right


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed range: the tab's title (None: not named) and ends that are None where open or unnamed."""

    title: str | None
    top: int | None = None
    left: int | None = None
    bottom: int | None = None
    right: int | None = None


def column_name(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_index(name: str) -> int:
    """A is 0; upper and lower case alike."""
    index = 0
    for letter in name.upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def cell_name(row: int, column: int) -> str:
    """(0, 0) is A1."""
    return f"{column_name(column)}{row + 1}"


def quoted(title: str) -> str:
    """The title as a range shows it: quotes only when needed (recorded: Sheet1, but 'export-records')."""
    if _PLAIN_TITLE.fullmatch(title) and not _LOOKS_LIKE_CELL.fullmatch(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def range_name(title: str, box: Box) -> str:
    """The normalised range the service echoes: `Sheet1!A1:C3`, or `Sheet1!A1` for one cell."""
    first = cell_name(box.top, box.left)
    last = cell_name(box.bottom - 1, box.right - 1)
    return f"{quoted(title)}!{first}" + ("" if first == last else f":{last}")


def parse(text: str) -> Address | None:
    """Read a range; None when it cannot be one.

    With `!` the left side is always a title. Without it a quoted text is a title, what looks like cells is
    cells, and anything else is a title.
    """
    if text.startswith("'"):
        return _parse_quoted(text)
    title, mark, cells = text.rpartition("!")
    if mark:
        return _cells(title, cells)
    return _cells(None, text) or (Address(text) if text else None)


def _parse_quoted(text: str) -> Address | None:
    match = re.fullmatch(r"'((?:[^']|'')+)'(?:!(.+))?", text)
    if match is None:
        return None
    title = match[1].replace("''", "'")
    return Address(title) if match[2] is None else _cells(title, match[2])


def _cells(title: str | None, text: str) -> Address | None:
    first, colon, last = text.partition(":")
    start, end = _corner(first), _corner(last) if colon else _corner(first)
    if start is None or end is None or (not colon and None in start):
        return None
    rows = _ends(start[0], end[0])
    columns = _ends(start[1], end[1])
    return Address(title, rows[0], columns[0], rows[1], columns[1])


def _ends(first: int | None, last: int | None) -> tuple[int | None, int | None]:
    """Order two inclusive ends and make the last one exclusive; one missing end leaves it open."""
    if first is None or last is None:
        return (first if first is not None else last, None)
    return min(first, last), max(first, last) + 1


def _corner(text: str) -> tuple[int | None, int | None] | None:
    """(row, column) of one corner, either may be missing but not both."""
    match = _CELL.fullmatch(text)
    if match is None or not text:
        return None
    row = None if match[2] is None else int(match[2]) - 1
    column = column_index(match[1]) if match[1] else None
    return row, column
