"""Everything that moves cells: rows and columns come and go, ranges are sorted or cut, tabs are renamed.

Arrives: a spreadsheet that may be changed. Leaves: the same with its cells moved and with formulas, protected
ranges, merges and row tags following as the spreadsheet editor makes them. Used by the API and by people
alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from okrsync.sandbox.sheets.a1 import Box, quoted
from okrsync.sandbox.sheets.evaluate import Calculator, ref_box
from okrsync.sandbox.sheets.formula import Corner, Ref, carried, rewrite
from okrsync.sandbox.sheets.grid import Cell, Formula, Protection, Spreadsheet, Tab, Tag
from okrsync.sandbox.sheets.outcome import Value, sort_key


@dataclass(frozen=True, slots=True)
class Shift:
    """At `at`, `removed` rows (or columns) go or `added` come; one of the two is 0."""

    at: int
    removed: int = 0
    added: int = 0

    def point(self, index: int) -> int | None:
        """Where a row goes; None when it is removed."""
        if index < self.at:
            return index
        return None if index < self.at + self.removed else index - self.removed + self.added

    def span(self, first: int, last: int) -> tuple[int, int] | None:
        """Where an inclusive span goes: it grows around new rows, shrinks by lost ones, may vanish."""
        start, end = self.point(first), self.point(last)
        start = self.at if start is None else start
        end = self.at - 1 if end is None else end
        return (start, end) if start <= end else None

    def half_open(self, first: int, end: int) -> tuple[int, int] | None:
        """The same for a half-open span."""
        moved = self.span(first, end - 1)
        return None if moved is None else (moved[0], moved[1] + 1)


def shift(spreadsheet: Spreadsheet, tab: Tab, *, rows: bool, by: Shift) -> None:
    """Insert or delete rows (or columns) of a tab; everything that points at them follows."""
    tab.cells = _moved_cells(tab, rows, by)
    if not rows:
        formats = ((by.point(index), shown) for index, shown in tab.column_formats.items())
        tab.column_formats = {index: shown for index, shown in formats if index is not None}
    _shift_boxes(tab, rows, by)
    tab.tags = [moved for tag in tab.tags if (moved := _moved_tag(tag, rows, by)) is not None]
    change = by.added - by.removed
    if rows:
        tab.rows += change
    else:
        tab.columns += change

    def follow(home: Tab, ref: Ref) -> Ref | None:
        return _moved_ref(ref, rows, by) if points_at(ref, home, tab) else ref

    _map_references(spreadsheet, follow)


def _moved_cells(tab: Tab, rows: bool, by: Shift) -> dict[tuple[int, int], Cell]:
    moved: dict[tuple[int, int], Cell] = {}
    for (row, column), cell in tab.cells.items():
        index = by.point(row if rows else column)
        if index is not None:
            moved[(index, column) if rows else (row, index)] = cell
    return moved


def _shift_boxes(tab: Tab, rows: bool, by: Shift) -> None:
    """Merges vanish with their last cell; so does the protection of a deleted range."""
    tab.merges = [box for old in tab.merges if (box := _moved_box(old, rows, by)) is not None]
    kept = []
    for item in tab.protections:
        box = None if item.box is None else _moved_box(item.box, rows, by)
        if item.box is None or box is not None:
            kept.append(replace(item, box=box))
    tab.protections = kept


def _moved_box(box: Box, rows: bool, by: Shift) -> Box | None:
    if rows:
        span = by.half_open(box.top, box.bottom)
        return None if span is None else Box(span[0], box.left, span[1], box.right)
    span = by.half_open(box.left, box.right)
    return None if span is None else Box(box.top, span[0], box.bottom, span[1])


def _moved_tag(tag: Tag, rows: bool, by: Shift) -> Tag | None:
    """Row metadata stays with its row and dies with it (Sheets guide on metadata)."""
    if tag.kind != ("ROW" if rows else "COLUMN"):
        return tag
    index = by.point(tag.index)
    return None if index is None else replace(tag, index=index)


def _moved_ref(ref: Ref, rows: bool, by: Shift) -> Ref | None:
    """References follow inserted and deleted rows whether fixed by $ or not; open ends stay open."""
    first, last = (ref.first.row, ref.last.row) if rows else (ref.first.column, ref.last.column)
    if first is None and last is None:
        return ref
    # an open end reaches beyond any grid, so it neither moves nor vanishes
    start = first if first is not None else last if last is not None else 0
    span = by.span(start, 10**9 if last is None else last)
    if span is None:
        return None
    return replace(
        ref,
        first=_with(ref.first, rows, None if first is None else span[0]),
        last=_with(ref.last, rows, None if last is None else span[1]),
    )


def _with(corner: Corner, rows: bool, index: int | None) -> Corner:
    return replace(corner, row=index) if rows else replace(corner, column=index)


def points_at(ref: Ref, home: Tab, tab: Tab) -> bool:
    """Whether a reference in a formula of `home` means `tab`."""
    return home.id == tab.id if ref.title is None else ref.title == tab.title


def _map_references(spreadsheet: Spreadsheet, change: Callable[[Tab, Ref], Ref | None]) -> None:
    """Pass every reference of every formula through `change`."""
    for home in spreadsheet.tabs:
        for at, cell in home.cells.items():
            if isinstance(cell.entered, Formula):
                text = rewrite(cell.entered.text, partial(change, home))
                home.cells[at] = replace(cell, entered=Formula(text))


def sort(
    spreadsheet: Spreadsheet, tab: Tab, box: Box, order: Sequence[tuple[int, bool]], *, metadata_follows: bool
) -> None:
    """Sort the rows of a rectangle by (column, descending) pairs; blanks go last either way.

    A formula is carried along as a copy is, so references to its own row stay right. Whether row metadata
    follows a sort of whole rows is measured by others but documented nowhere, hence a switch; the protection
    of a single row goes the same way.
    """
    calculator = Calculator(spreadsheet)
    rows = list(range(box.top, box.bottom))
    for column, descending in reversed(order):
        values = {row: calculator.value(tab, row, column) for row in rows}
        rows = _sorted(rows, values, descending)
    moved: dict[tuple[int, int], Cell] = {}
    for new, old in enumerate(rows, box.top):
        for column in range(box.left, box.right):
            moved[new, column] = _carried(tab.cell(old, column), new - old)
    for at, cell in moved.items():
        tab.put(*at, cell)
    if metadata_follows and _covers_used_columns(tab, box):
        places = {old: new for new, old in enumerate(rows, box.top)}
        tab.tags = [_at_place(tag, places) for tag in tab.tags]
        tab.protections = [_protected_at_place(item, places) for item in tab.protections]


def _sorted(rows: list[int], values: dict[int, Value], descending: bool) -> list[int]:
    blank = [row for row in rows if values[row] in (None, "")]
    filled = [row for row in rows if values[row] not in (None, "")]
    return sorted(filled, key=lambda row: sort_key(values[row]), reverse=descending) + blank


def _carried(cell: Cell, down: int) -> Cell:
    if not isinstance(cell.entered, Formula) or down == 0:
        return cell
    return replace(cell, entered=Formula(carried(cell.entered.text, down, 0)))


def _at_place(tag: Tag, places: dict[int, int]) -> Tag:
    return replace(tag, index=places.get(tag.index, tag.index)) if tag.kind == "ROW" else tag


def _protected_at_place(item: Protection, places: dict[int, int]) -> Protection:
    box = item.box
    if box is None or box.bottom - box.top > 1:
        return item
    row = places.get(box.top, box.top)
    return replace(item, box=replace(box, top=row, bottom=row + 1))


def _covers_used_columns(tab: Tab, box: Box) -> bool:
    return all(box.left <= column < box.right for (_, column), cell in tab.cells.items() if cell.used())


def cut_paste(spreadsheet: Spreadsheet, tab: Tab, box: Box, row: int, column: int) -> None:
    """Move cells elsewhere on their tab: formulas keep their text, references to the moved cells follow them.

    Row metadata stays behind, as measured on the real service.
    """
    down, right = row - box.top, column - box.left
    taken = {at: tab.cell(*at) for at in _positions(box)}
    for at in taken:
        tab.cells.pop(at, None)
    for (old_row, old_column), cell in taken.items():
        tab.put(old_row + down, old_column + right, cell)

    def follow(home: Tab, ref: Ref) -> Ref:
        covered = ref_box(ref, tab) if points_at(ref, home, tab) else None
        inside = covered is not None and None not in (ref.first.row, ref.last.row, ref.first.column)
        if covered is None or not inside or not _inside(covered, box):
            return ref
        return replace(ref, first=_by(ref.first, down, right), last=_by(ref.last, down, right))

    _map_references(spreadsheet, follow)


def _positions(box: Box) -> list[tuple[int, int]]:
    return [(row, column) for row in range(box.top, box.bottom) for column in range(box.left, box.right)]


def _inside(inner: Box, outer: Box) -> bool:
    rows = outer.top <= inner.top and inner.bottom <= outer.bottom
    return rows and outer.left <= inner.left and inner.right <= outer.right


def _by(corner: Corner, down: int, right: int) -> Corner:
    row = None if corner.row is None else corner.row + down
    column = None if corner.column is None else corner.column + right
    return replace(corner, row=row, column=column)


def rename(spreadsheet: Spreadsheet, tab: Tab, title: str) -> None:
    """Give a tab another title; formulas that name it follow."""
    old = tab.title
    tab.title = title
    spelled = quoted(title) + "!"

    def follow(home: Tab, ref: Ref) -> Ref:
        return replace(ref, title=title, spelled=spelled) if ref.title == old else ref

    _map_references(spreadsheet, follow)


def remove_tab(spreadsheet: Spreadsheet, tab: Tab) -> None:
    """Delete a tab; references to it become #REF!."""
    spreadsheet.tabs.remove(tab)
    _map_references(spreadsheet, lambda _, ref: None if ref.title == tab.title else ref)
