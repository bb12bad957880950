"""What a spreadsheet holds: cells, tabs, protections and developer metadata, and their saved form.

Cells are kept sparsely and never changed in place, so a copy of a tab is cheap; a batch works on a copy and
is applied as a whole or not at all. Numbers are IEEE doubles on purpose: that is what Google stores, and the
noise of its sums is part of what a client has to cope with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from okrsync.sandbox.sheets.a1 import Box

Scalar = float | bool | str


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as entered, with its leading `=`. A plain text may begin with `=` too (RAW): not one."""

    text: str


Entered = Scalar | Formula | None


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How numbers of a cell are shown; `pattern` is empty for the locale's own."""

    type: str
    pattern: str = ""

    def view(self) -> dict[str, str]:
        """As the API shows it."""
        return {"type": self.type, **({"pattern": self.pattern} if self.pattern != "" else {})}


@dataclass(frozen=True, slots=True)
class Rule:
    """A validation rule; `type` is the API's word for its condition. A strict one refuses people's typing."""

    type: str
    values: tuple[str, ...] = ()
    strict: bool = False

    def takes(self, entered: Entered) -> bool:
        """Whether it lets a value pass; blanks do, and all that a kind of rule not known here would judge."""
        if entered is None or isinstance(entered, Formula):
            return True
        if self.type == "BOOLEAN":
            return isinstance(entered, bool)
        return self.type != "ONE_OF_LIST" or str(entered) in self.values

    def view(self) -> dict[str, Any]:
        """As the API shows it."""
        values = {"values": [{"userEnteredValue": one} for one in self.values]} if self.values else {}
        return {"condition": {"type": self.type, **values}, **({"strict": True} if self.strict else {})}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what was entered, its own number format, its note and its validation rule."""

    entered: Entered = None
    format: NumberFormat | None = None
    note: str = ""
    rule: Rule | None = None

    def used(self) -> bool:
        """Whether the cell makes its row appear in replies; a format alone does not."""
        return self.entered is not None or self.note != ""


BLANK = Cell()


@dataclass(frozen=True, slots=True)
class Protection:
    """A protected range; `box` None means the whole tab, `editors` are e-mail addresses."""

    id: int
    box: Box | None
    editors: frozenset[str]
    warning_only: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """Developer metadata on the spreadsheet, a tab, or one row or column (`index`) of a tab."""

    id: int
    key: str
    value: str
    visibility: str
    kind: str
    """SPREADSHEET, SHEET, ROW or COLUMN."""
    index: int = 0


@dataclass(slots=True)
class Tab:
    """One grid."""

    id: int
    title: str
    rows: int = 1000
    columns: int = 26
    hidden: bool = False
    frozen_rows: int = 0
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    column_formats: dict[int, NumberFormat] = field(default_factory=dict)
    protections: list[Protection] = field(default_factory=list)
    merges: list[Box] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)

    def copy(self) -> Tab:
        """A tab that can be changed without touching this one."""
        return replace(
            self,
            cells=dict(self.cells),
            column_formats=dict(self.column_formats),
            protections=list(self.protections),
            merges=list(self.merges),
            tags=list(self.tags),
        )

    def cell(self, row: int, column: int) -> Cell:
        """The cell, blank when nothing is there."""
        return self.cells.get((row, column), BLANK)

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Replace a cell; blank ones take no room."""
        if cell == BLANK:
            self.cells.pop((row, column), None)
        else:
            self.cells[row, column] = cell

    def format_of(self, row: int, column: int) -> NumberFormat | None:
        """The cell's own number format, else its column's."""
        own = self.cell(row, column).format
        return self.column_formats.get(column) if own is None else own

    def whole(self) -> Box:
        """The whole grid."""
        return Box(0, 0, self.rows, self.columns)

    def used_in(self, box: Box) -> Iterator[tuple[int, int]]:
        """Positions of used cells inside a rectangle, in no promised order."""
        return (at for at, cell in self.cells.items() if cell.used() and box.holds(*at))


@dataclass(slots=True)
class Spreadsheet:
    """One file: its tabs in order, and who may do what."""

    id: str
    title: str
    locale: str
    time_zone: str
    tabs: list[Tab] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    """E-mail to reader or writer."""
    tags: list[Tag] = field(default_factory=list)
    next_number: int = 1
    """Source of sheet, protection and metadata ids."""

    def copy(self) -> Spreadsheet:
        """A spreadsheet that can be changed without touching this one."""
        return replace(
            self, tabs=[tab.copy() for tab in self.tabs], roles=dict(self.roles), tags=list(self.tags)
        )

    def tab_titled(self, title: str) -> Tab | None:
        """The tab of that title."""
        return next((tab for tab in self.tabs if tab.title == title), None)

    def tab_numbered(self, sheet_id: Any) -> Tab | None:
        """The tab of that sheetId."""
        return next((tab for tab in self.tabs if tab.id == sheet_id), None)

    def mint(self) -> int:
        """A new id: large and unlike a counter as Google's are, yet the same in every run."""
        self.next_number += 1
        return (self.next_number * 2654435761) % 2147483647
