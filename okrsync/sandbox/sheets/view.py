"""spreadsheets.get: a whole spreadsheet as JSON.

Arrives: a spreadsheet, the wanted ranges and a field mask. Leaves: the resource of the Sheets API reference,
with the habits of the real service: zero-valued fields left out of ranges (recorded: sheetId 0), no `rowData`
on an empty tab, `startRow` left out when 0, one `data` block per range, trailing blank rows and cells
dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from okrsync.sandbox.sheets.a1 import Box
from okrsync.sandbox.sheets.editing import can_edit, locate
from okrsync.sandbox.sheets.evaluate import Calculator
from okrsync.sandbox.sheets.fieldmask import Mask, check_known, keep, wants
from okrsync.sandbox.sheets.grid import Cell, Formula, Protection, Spreadsheet, Tab
from okrsync.sandbox.sheets.outcome import CellError, Value
from okrsync.sandbox.sheets.render import formatted, plain
from okrsync.sandbox.sheets.tags import tag_view

Json = dict[str, Any]
_FIELDS = """
spreadsheetId properties title locale timeZone autoRecalc sheets spreadsheetUrl sheetId index sheetType hidden
gridProperties rowCount columnCount frozenRowCount frozenColumnCount data startRow startColumn rowData values
userEnteredValue effectiveValue formattedValue numberValue stringValue boolValue formulaValue errorValue type
message userEnteredFormat effectiveFormat numberFormat pattern note rowMetadata columnMetadata pixelSize
hiddenByFilter hiddenByUser developerMetadata metadataId metadataKey metadataValue visibility location
locationType dimensionRange dimension startIndex endIndex spreadsheet merges protectedRanges protectedRangeId
range startRowIndex endRowIndex startColumnIndex endColumnIndex description warningOnly requestingUserCanEdit
editors users groups domainUsersCanEdit namedRanges tables conditionalFormats basicFilter filterViews charts
condition strict showCustomUi inputMessage
bandedRanges hyperlink textFormatRuns dataValidation chipRuns spreadsheetTheme defaultFormat
"""
_KNOWN = frozenset(_FIELDS.split())


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller wants to see of a spreadsheet."""

    ranges: Sequence[str] = ()
    mask: Mask | None = None
    grid_data: bool = False
    """includeGridData; ignored once a mask is given (API reference)."""

    def sees_data(self) -> bool:
        """Whether cells are part of the answer."""
        return self.grid_data if self.mask is None else wants(self.mask, "sheets", "data")


def spreadsheet_view(spreadsheet: Spreadsheet, wish: Wish, email: str) -> Json:
    """The spreadsheet as `email` sees it; raises a 400 refusal for a bad range or an unknown field."""
    mask: Mask = wish.mask or {}
    check_known(mask, _KNOWN)
    boxes = [locate(spreadsheet, text)[:2] for text in wish.ranges]
    calculator = Calculator(spreadsheet)
    sheets = []
    for index, tab in enumerate(spreadsheet.tabs):
        wanted = [box for found, box in boxes if found is tab] if wish.ranges else [tab.whole()]
        if wanted:
            sheets.append(_sheet(calculator, tab, index, wanted if wish.sees_data() else [], email))
    answer = {
        "spreadsheetId": spreadsheet.id,
        "properties": _properties(spreadsheet),
        "sheets": sheets,
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{spreadsheet.id}/edit",
    }
    if spreadsheet.tags:
        answer["developerMetadata"] = [tag_view(tag, None) for tag in spreadsheet.tags]
    masked: Json = keep(answer, mask)
    return masked


def _properties(spreadsheet: Spreadsheet) -> Json:
    return {
        "title": spreadsheet.title,
        "locale": spreadsheet.locale,
        "autoRecalc": "ON_CHANGE",
        "timeZone": spreadsheet.time_zone,
    }


def _sheet(calculator: Calculator, tab: Tab, index: int, boxes: list[Box], email: str) -> Json:
    sheet: Json = {"properties": tab_properties(tab, index)}
    if boxes:
        sheet["data"] = [_grid_data(calculator, tab, box) for box in boxes]
    if tab.merges:
        sheet["merges"] = [range_view(tab, box) for box in tab.merges]
    if tab.protections:
        sheet["protectedRanges"] = [protection_view(tab, item, email) for item in tab.protections]
    tags = [tag_view(tag, tab) for tag in tab.tags if tag.kind == "SHEET"]
    return {**sheet, "developerMetadata": tags} if tags else sheet


def tab_properties(tab: Tab, index: int) -> Json:
    """SheetProperties; here sheetId and index are shown even when 0 (recorded)."""
    grid: Json = {"rowCount": tab.rows, "columnCount": tab.columns}
    if tab.frozen_rows > 0:
        grid["frozenRowCount"] = tab.frozen_rows
    shown = {
        "sheetId": tab.id,
        "title": tab.title,
        "index": index,
        "sheetType": "GRID",
        "gridProperties": grid,
    }
    return {**shown, "hidden": True} if tab.hidden else shown


def range_view(tab: Tab, box: Box | None) -> Json:
    """A GridRange; sheetId 0 is left out (recorded), a whole tab has no indexes."""
    shown: Json = {} if tab.id == 0 else {"sheetId": tab.id}
    if box is None:
        return shown
    rows = {"startRowIndex": box.top, "endRowIndex": box.bottom}
    return {**shown, **rows, "startColumnIndex": box.left, "endColumnIndex": box.right}


def protection_view(tab: Tab, item: Protection, email: str) -> Json:
    """A ProtectedRange as `email` sees it; who may edit it is shown only to those who may."""
    may = can_edit(item, email)
    shown: Json = {"protectedRangeId": item.id, "range": range_view(tab, item.box)}
    if item.description != "":
        shown["description"] = item.description
    if item.warning_only:
        shown["warningOnly"] = True
    if not may:
        return shown
    editors = {} if item.warning_only else {"users": sorted(item.editors)}
    return {**shown, "requestingUserCanEdit": True, "editors": editors}


def _grid_data(calculator: Calculator, tab: Tab, box: Box) -> Json:
    data: Json = {}
    if box.top > 0:
        data["startRow"] = box.top
    if box.left > 0:
        data["startColumn"] = box.left
    rows = _row_data(calculator, tab, box)
    if rows:
        data["rowData"] = rows
    data["rowMetadata"] = [_dimension(tab, "ROW", row, 21) for row in range(box.top, box.bottom)]
    data["columnMetadata"] = [_dimension(tab, "COLUMN", column, 100) for column in range(box.left, box.right)]
    return data


def _row_data(calculator: Calculator, tab: Tab, box: Box) -> list[Json]:
    ends: dict[int, int] = {}
    for row, column in tab.used_in(box):
        ends[row] = max(ends.get(row, 0), column + 1)
    rows: list[Json] = []
    for row in range(box.top, max(ends, default=box.top - 1) + 1):
        cells = [cell_view(calculator, tab, row, column) for column in range(box.left, ends.get(row, 0))]
        rows.append({"values": cells} if cells else {})
    return rows


def _dimension(tab: Tab, kind: str, index: int, size: int) -> Json:
    tags = [tag_view(tag, tab) for tag in tab.tags if tag.kind == kind and tag.index == index]
    return {"pixelSize": size, **({"developerMetadata": tags} if tags else {})}


def cell_view(calculator: Calculator, tab: Tab, row: int, column: int) -> Json:
    """A CellData: a blank cell is an empty object."""
    cell = tab.cell(row, column)
    shown: Json = {}
    if cell.entered is not None:
        value = calculator.value(tab, row, column)
        number_format = tab.format_of(row, column)
        shown["userEnteredValue"] = entered_view(cell)
        shown["effectiveValue"] = extended(value)
        shown["formattedValue"] = formatted(value, number_format, calculator.spreadsheet.locale)
    if (in_force := tab.format_of(row, column)) is not None:
        shown["userEnteredFormat"] = {"numberFormat": in_force.view()}
        shown["effectiveFormat"] = {"numberFormat": in_force.view()}
    if cell.note != "":
        shown["note"] = cell.note
    if cell.rule is not None:
        shown["dataValidation"] = cell.rule.view()
    return shown


def entered_view(cell: Cell) -> Json:
    """The ExtendedValue of what was entered: a formula stays a formula."""
    if isinstance(cell.entered, Formula):
        return {"formulaValue": cell.entered.text}
    return extended(cell.entered)


def extended(value: Value) -> Json:
    """The ExtendedValue of a value; an error carries its type, and its message when there is one."""
    if value is None:
        return {}
    if isinstance(value, CellError):
        message = {} if value.message == "" else {"message": value.message}
        return {"errorValue": {"type": value.type, **message}}
    if isinstance(value, bool):
        return {"boolValue": value}
    return {"stringValue": value} if isinstance(value, str) else {"numberValue": plain(value)}
