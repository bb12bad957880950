"""updateCells and repeatCell: typed cell contents, notes and number formats.

Arrives: CellData objects and the mask of fields to set. Leaves: changed cells. No text is interpreted here: a
stringValue stays text whatever it begins with, only a formulaValue is a formula (API reference). Cells of a
given range that `rows` do not cover lose the listed fields, also as the reference says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from okrsync.sandbox.sheets.a1 import Box, cell_name
from okrsync.sandbox.sheets.editing import Editing, beyond, grid_box
from okrsync.sandbox.sheets.entry import scalar
from okrsync.sandbox.sheets.errors import invalid
from okrsync.sandbox.sheets.fieldmask import Mask, parse_mask, wants
from okrsync.sandbox.sheets.grid import Cell, Entered, Formula, NumberFormat, Rule, Tab

Json = dict[str, Any]
_FIELDS = {"userEnteredValue", "note", "userEnteredFormat", "dataValidation", "*"}
_TYPES = ("TEXT", "NUMBER", "PERCENT", "CURRENCY", "DATE", "TIME", "DATE_TIME", "SCIENTIFIC")


def update_cells(editing: Editing, body: Json) -> None:
    """Set cells from `start`, or over the whole of `range`."""
    mask, rows = _mask(body), body.get("rows", [])
    given = body.get("range") or {}
    start = body.get("start") or given
    tab = editing.tab(start.get("sheetId"))
    box = grid_box(tab, given) if body.get("range") else _block(tab, start, rows)
    _check_fits(rows, box)
    editing.guard(tab, box)
    for row in range(box.top, box.bottom):
        cells = rows[row - box.top].get("values", []) if row - box.top < len(rows) else []
        # under `start` a short row leaves the rest alone, under `range` it clears it
        end = box.right if body.get("range") else box.left + len(cells)
        for column in range(box.left, end):
            data = cells[column - box.left] if column - box.left < len(cells) else {}
            tab.put(row, column, editing.settled(_merged(tab.cell(row, column), data, mask)))


def _block(tab: Tab, start: Json, rows: list[Json]) -> Box:
    top, left = int(start.get("rowIndex", 0)), int(start.get("columnIndex", 0))
    bottom = top + len(rows)
    right = left + max((len(row.get("values", [])) for row in rows), default=0)
    if bottom > tab.rows or right > tab.columns:
        raise beyond(tab, cell_name(max(bottom - 1, 0), max(right - 1, 0)))
    return Box(top, left, bottom, right)


def _check_fits(rows: list[Json], box: Box) -> None:
    if len(rows) > box.bottom - box.top:
        last = box.bottom - 1
        raise invalid(f"Attempting to write row: {last + 1}, beyond the last requested row of: {last}")
    if any(len(row.get("values", [])) > box.right - box.left for row in rows):
        last = box.right - 1
        raise invalid(f"Attempting to write column: {last + 1}, beyond the last requested column of: {last}")


def repeat_cell(editing: Editing, body: Json) -> None:
    """Set the listed fields of every cell alike; a format for whole columns is kept as theirs."""
    mask, data = _mask(body), body.get("cell") or {}
    given = body.get("range") or {}
    tab = editing.tab(given.get("sheetId"))
    box = grid_box(tab, given)
    editing.guard(tab, box)
    if set(mask) == {"userEnteredFormat"} and box.top <= 1 and box.bottom == tab.rows:
        _format_columns(tab, range(box.left, box.right), _number_format(data))
        return
    for row in range(box.top, box.bottom):
        for column in range(box.left, box.right):
            tab.put(row, column, editing.settled(_merged(tab.cell(row, column), data, mask)))


def _format_columns(tab: Tab, columns: Iterable[int], shown: NumberFormat | None) -> None:
    for column in columns:
        tab.column_formats.pop(column, None)
        if shown is not None:
            tab.column_formats[column] = shown
        for at in [at for at in tab.cells if at[1] == column]:
            tab.put(*at, replace(tab.cells[at], format=None))


def _mask(body: Json) -> Mask:
    """The fields to set; a mask is required, and what the sandbox cannot set is refused."""
    text = body.get("fields")
    if not text:
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    mask = parse_mask(text)
    unknown = sorted(set(mask) - _FIELDS)
    if unknown:
        raise invalid(f"Invalid field: {unknown[0]}")
    return mask


def _merged(cell: Cell, data: Json, mask: Mask) -> Cell:
    """The cell with the masked fields taken from the data; a field the data lacks is cleared."""
    everything = "*" in mask
    if everything or "userEnteredValue" in mask:
        cell = replace(cell, entered=_entered(data.get("userEnteredValue") or {}))
    if everything or "note" in mask:
        cell = replace(cell, note=data.get("note") or "")
    if everything or wants(mask, "userEnteredFormat", "numberFormat"):
        cell = replace(cell, format=_number_format(data))
    if everything or "dataValidation" in mask:
        cell = replace(cell, rule=rule_of(data.get("dataValidation")))
    return cell


def set_validation(editing: Editing, body: Json) -> None:
    """A rule for every cell of a range; none takes the rules away."""
    given = body.get("range") or {}
    tab, rule = editing.tab(given.get("sheetId")), rule_of(body.get("rule"))
    box = grid_box(tab, given)
    editing.guard(tab, box)
    for row in range(box.top, box.bottom):
        for column in range(box.left, box.right):
            tab.put(row, column, replace(tab.cell(row, column), rule=rule))


def rule_of(data: Json | None) -> Rule | None:
    """A DataValidationRule; the condition's type is required."""
    if data is None:
        return None
    condition = data.get("condition") or {}
    if "type" not in condition:
        raise invalid("A validation rule needs a condition with a type")
    values = tuple(str(one.get("userEnteredValue", "")) for one in condition.get("values", []))
    return Rule(condition["type"], values, bool(data.get("strict", False)))


def _entered(value: Json) -> Entered:
    if "formulaValue" in value:
        text = str(value["formulaValue"])
        return Formula(text if text.startswith("=") else "=" + text)
    for name in ("numberValue", "stringValue", "boolValue"):
        if name in value:
            return scalar(value[name])
    return None


def _number_format(data: Json) -> NumberFormat | None:
    asked = (data.get("userEnteredFormat") or {}).get("numberFormat")
    if asked is None:
        return None
    if asked.get("type") not in _TYPES:
        raise invalid("numberFormat.type is required and must be a known type")
    return NumberFormat(asked["type"], asked.get("pattern") or "")


def inherit_formats(tab: Tab, rows: bool, source: int, targets: Iterable[int]) -> None:
    """Give new rows (or columns) the number formats of a neighbour."""
    if not rows and source in tab.column_formats:
        tab.column_formats.update(dict.fromkeys(targets, tab.column_formats[source]))
    copied = [(at, cell.format) for at, cell in tab.cells.items() if at[0 if rows else 1] == source]
    for (row, column), shown in copied:
        for target in targets:
            tab.put(*((target, column) if rows else (row, target)), Cell(format=shown))
