"""The answer of `spreadsheets.get` as plain objects: a book, its tabs, their cells and locks.

Arrives: the JSON of a masked `spreadsheets.get` or of a write's `updatedSpreadsheet`. Leaves: cells by
(row, column), counted from 0. Separate because the API leaves out every zero and every empty part: a
missing `sheetId` is 0, a missing `rowData` an empty tab, two ranges of a tab come as two blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Json: TypeAlias = Any
Place: TypeAlias = tuple[int, int]

CELL_MASK = (
    "userEnteredValue,effectiveValue,effectiveFormat.numberFormat,formattedValue,"
    "dataValidation(condition(type,values.userEnteredValue),strict)"
)
SHEETS_MASK = (
    "sheets(properties(sheetId,title,gridProperties(rowCount,columnCount)),"
    f"data(startRow,startColumn,rowData.values({CELL_MASK})),protectedRanges,merges)"
)
BOOK_MASK = f"properties(locale,timeZone),{SHEETS_MASK}"
TABS_MASK = "sheets.properties(sheetId,title)"


def letters(column: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def a1(row: int, column: int) -> str:
    """A cell as people name it: (6, 4) is E7."""
    return f"{letters(column)}{row + 1}"


def quoted(title: str) -> str:
    """A tab's title as ranges and formulas want it: always quoted, inner apostrophes doubled."""
    return "'" + title.replace("'", "''") + "'"


@dataclass(frozen=True)
class Area:
    """A grid range; `None` at a side means no bound there."""

    top: int
    left: int
    bottom: int | None
    right: int | None

    @classmethod
    def of(cls, raw: Json) -> Area:
        """From a GridRange, whose missing starts are 0 and missing ends open."""
        return cls(
            raw.get("startRowIndex", 0),
            raw.get("startColumnIndex", 0),
            raw.get("endRowIndex"),
            raw.get("endColumnIndex"),
        )

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell lies inside."""
        below = self.bottom is None or row < self.bottom
        before = self.right is None or column < self.right
        return row >= self.top and column >= self.left and below and before


@dataclass(frozen=True)
class Protection:
    """A part this account may not edit, and the holes in it."""

    area: Area
    open: tuple[Area, ...]

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell is closed to us."""
        return self.area.holds(row, column) and not any(hole.holds(row, column) for hole in self.open)


@dataclass(frozen=True)
class Tab:
    """One tab: its size and the cells that hold or format something."""

    sheet_id: int
    title: str
    rows: int
    columns: int
    cells: Mapping[Place, Json]
    protections: tuple[Protection, ...] = ()
    merges: tuple[Area, ...] = ()

    def at(self, row: int, column: int) -> Json:
        """The cell's data; an empty mapping where there is none."""
        return self.cells.get((row, column), {})

    def last_row(self) -> int:
        """The lowest row that holds something, -1 for an empty tab."""
        return max((row for (row, _), cell in self.cells.items() if has_content(cell)), default=-1)

    def last_column(self) -> int:
        """The rightmost column that holds something, -1 for an empty tab."""
        return max((column for (_, column), cell in self.cells.items() if has_content(cell)), default=-1)

    def lock(self, row: int, column: int) -> str | None:
        """Why the cell must not be written, `None` when it may."""
        if any(area.holds(row, column) for area in self.merges):
            return "merged cell"
        if any(part.holds(row, column) for part in self.protections):
            return "protected range"
        held = self.at(row, column)
        if "effectiveValue" in held and "userEnteredValue" not in held:
            return "filled by a formula elsewhere"  # writing here would break the formula, and all it fills
        return "formula" if formula(held) is not None else None

    def swallowed(self, row: int, column: int) -> bool:
        """Whether a merge hides the cell: only the merge's first cell holds its value."""
        return any(area.holds(row, column) and (row, column) != (area.top, area.left) for area in self.merges)


@dataclass(frozen=True)
class Book:
    """One look at a spreadsheet: its time zone and the tabs that were asked for."""

    zone: ZoneInfo
    tabs: tuple[Tab, ...]

    def tab(self, title: str) -> Tab | None:
        """The tab of that title in any letter case, as the API takes it, if it was read."""
        wanted = title.casefold()
        return next((tab for tab in self.tabs if tab.title.casefold() == wanted), None)


def has_content(cell: Json) -> bool:
    """Whether a person would see something, or a formula stands there."""
    return bool(cell.get("userEnteredValue")) or bool(cell.get("effectiveValue"))


def formula(cell: Json) -> str | None:
    """The formula a cell holds, as the API spells it."""
    found = cell.get("userEnteredValue", {}).get("formulaValue")
    return None if found is None else str(found)


def parse_book(raw: Json, zone: ZoneInfo | None = None) -> Book:
    """A spreadsheet resource as a `Book`.

    `zone` serves where the answer carries no properties (the read-back of a write).
    """
    named = raw.get("properties", {}).get("timeZone", "Etc/UTC")
    return Book(zone or _zone(named), tuple(_tab(sheet) for sheet in raw.get("sheets", ())))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):  # Google's list may run ahead of the machine's
        return ZoneInfo("Etc/UTC")


def _tab(sheet: Json) -> Tab:
    properties = sheet.get("properties", {})
    size = properties.get("gridProperties", {})
    return Tab(
        sheet_id=properties.get("sheetId", 0),
        title=properties.get("title", ""),
        rows=size.get("rowCount", 0),
        columns=size.get("columnCount", 0),
        cells=dict(_cells(sheet)),
        protections=tuple(_protections(sheet)),
        merges=tuple(Area.of(merge) for merge in sheet.get("merges", ())),
    )


def _cells(sheet: Json) -> Iterator[tuple[Place, Json]]:
    for block in sheet.get("data", ()):
        top, left = block.get("startRow", 0), block.get("startColumn", 0)
        for down, row in enumerate(block.get("rowData", ())):
            for across, cell in enumerate(row.get("values", ())):
                if cell:
                    yield (top + down, left + across), cell


def _protections(sheet: Json) -> Iterator[Protection]:
    """Only what stops us: a warning stops people alone, and we may be among the editors."""
    for raw in sheet.get("protectedRanges", ()):
        if raw.get("warningOnly", False) or raw.get("requestingUserCanEdit", False):
            continue
        holes = tuple(Area.of(hole) for hole in raw.get("unprotectedRanges", ()))
        yield Protection(Area.of(raw.get("range", {})), holes)
