"""spreadsheets.batchUpdate: the kinds of request it knows, applied in order, all or none.

Arrives: the `requests` list and a change under way on a copy. Leaves: one reply per request. A refusal names
the request by index and kind (recorded: `Invalid requests[0].updateSheetProperties: ...`); the caller then
drops the copy, so nothing is applied. Kinds the sandbox does not imitate are refused, never silently
accepted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from okrsync.sandbox.sheets import cellwrites, reshape, tags
from okrsync.sandbox.sheets.a1 import Box
from okrsync.sandbox.sheets.editing import Editing, grid_box
from okrsync.sandbox.sheets.errors import Refused, bad_field, invalid
from okrsync.sandbox.sheets.fieldmask import parse_mask
from okrsync.sandbox.sheets.grid import Protection, Tab
from okrsync.sandbox.sheets.view import protection_view, tab_properties

Json = dict[str, Any]


def apply(editing: Editing, requests: list[Json]) -> list[Json]:
    """Apply all requests in order and return their replies."""
    if not requests:
        raise invalid("Must specify at least one request.")
    return [_apply_one(editing, index, request) for index, request in enumerate(requests)]


def _apply_one(editing: Editing, index: int, request: Json) -> Json:
    kinds = [kind for kind, body in request.items() if body is not None]
    if len(kinds) != 1 or kinds[0] not in _KINDS:
        place = f"requests[{index}]"
        name = kinds[0] if kinds else ""
        message = f"Invalid JSON payload received. Unknown name \"{name}\" at '{place}': Cannot find field."
        raise bad_field(place, message)
    try:
        return _KINDS[kinds[0]](editing, request[kinds[0]])
    except Refused as refused:
        raise refused.within(f"requests[{index}].{kinds[0]}") from refused


def _add_sheet(editing: Editing, body: Json) -> Json:
    asked = body.get("properties", {})
    spreadsheet = editing.spreadsheet
    number = spreadsheet.mint() if asked.get("sheetId") is None else int(asked["sheetId"])
    if spreadsheet.tab_numbered(number) is not None:
        raise invalid(f"Sheet ID {number} already exists. Please enter another ID.")
    title = asked.get("title") or f"Sheet{len(spreadsheet.tabs) + 1}"
    _check_title(editing, title)
    tab = Tab(number, title, hidden=bool(asked.get("hidden", False)))
    _set_grid(editing, tab, asked.get("gridProperties", {}))
    index = min(int(asked.get("index", len(spreadsheet.tabs))), len(spreadsheet.tabs))
    spreadsheet.tabs.insert(index, tab)
    return {"addSheet": {"properties": tab_properties(tab, index)}}


def _check_title(editing: Editing, title: str) -> None:
    """Titles are unique whatever their case."""
    if any(tab.title.casefold() == title.casefold() for tab in editing.spreadsheet.tabs):
        message = f'A sheet with the name "{title}" already exists. Please enter another name.'
        raise invalid(message)


def _set_grid(editing: Editing, tab: Tab, grid: Json) -> None:
    """Resize; rows and columns cut off are deleted with what points at them."""
    rows, columns = int(grid.get("rowCount", tab.rows)), int(grid.get("columnCount", tab.columns))
    if rows < tab.rows:
        shift = reshape.Shift(rows, removed=tab.rows - rows)
        reshape.shift(editing.spreadsheet, tab, rows=True, by=shift)
    if columns < tab.columns:
        shift = reshape.Shift(columns, removed=tab.columns - columns)
        reshape.shift(editing.spreadsheet, tab, rows=False, by=shift)
    tab.rows, tab.columns = rows, columns
    tab.frozen_rows = int(grid.get("frozenRowCount", tab.frozen_rows))


def _update_sheet(editing: Editing, body: Json) -> Json:
    asked, mask = body.get("properties", {}), parse_mask(body.get("fields", "*"))
    tab = editing.tab(asked.get("sheetId"))
    fields = set(asked) - {"sheetId"} if "*" in mask else set(mask)
    if "title" in fields and asked.get("title") != tab.title:
        _check_title(editing, asked["title"])
        reshape.rename(editing.spreadsheet, tab, asked["title"])
    if "gridProperties" in fields:
        _set_grid(editing, tab, asked.get("gridProperties", {}))
    if "index" in fields:
        _move_tab(editing, tab, int(asked.get("index", 0)))
    if "hidden" in fields:
        tab.hidden = bool(asked.get("hidden", False))
        if all(other.hidden for other in editing.spreadsheet.tabs):
            raise invalid("You can't hide all the sheets in a document.")
    return {}


def _move_tab(editing: Editing, tab: Tab, index: int) -> None:
    editing.spreadsheet.tabs.remove(tab)
    editing.spreadsheet.tabs.insert(index, tab)


def _delete_sheet(editing: Editing, body: Json) -> Json:
    tab = editing.tab(body.get("sheetId"))
    if len(editing.spreadsheet.tabs) == 1:
        raise invalid("You can't remove all the sheets in a document.")
    editing.guard(tab, tab.whole())
    reshape.remove_tab(editing.spreadsheet, tab)
    return {}


def _update_spreadsheet(editing: Editing, body: Json) -> Json:
    asked, mask = body.get("properties", {}), parse_mask(body.get("fields", "*"))
    spreadsheet = editing.spreadsheet
    names = {"title": "title", "locale": "locale", "timeZone": "time_zone"}
    for name, attribute in names.items():
        if name in asked and (name in mask or "*" in mask):
            setattr(spreadsheet, attribute, str(asked[name]))
    return {}


def _sort_range(editing: Editing, body: Json) -> Json:
    given = body.get("range", {})
    tab = editing.tab(given.get("sheetId"))
    box = grid_box(tab, given)
    editing.guard(tab, box)
    specs = body.get("sortSpecs", [])
    order = [(int(spec.get("dimensionIndex", 0)), spec.get("sortOrder") == "DESCENDING") for spec in specs]
    follow = editing.manners.metadata_follows_sort
    reshape.sort(editing.spreadsheet, tab, box, order, metadata_follows=follow)
    return {}


def _insert_dimension(editing: Editing, body: Json) -> Json:
    tab, rows, start, end = _span(editing, body)
    limit = tab.rows if rows else tab.columns
    if start > limit:
        raise invalid(
            f"range.startIndex[{start}] is after the last {'row' if rows else 'column'} in grid[{limit}]"
        )
    by = reshape.Shift(start, added=end - start)
    reshape.shift(editing.spreadsheet, tab, rows=rows, by=by)
    source = start - 1 if body.get("inheritFromBefore") else end
    cellwrites.inherit_formats(tab, rows, source, range(start, end))
    return {}


def _delete_dimension(editing: Editing, body: Json) -> Json:
    tab, rows, start, end = _span(editing, body)
    limit = tab.rows if rows else tab.columns
    if end > limit:
        raise invalid(
            f"range.endIndex[{end}] is after the last {'row' if rows else 'column'} in grid[{limit}]"
        )
    if end - start == limit:
        raise invalid(f"You can't delete all the {'rows' if rows else 'columns'} on the sheet.")
    editing.guard(tab, Box(start, 0, end, tab.columns) if rows else Box(0, start, tab.rows, end))
    by = reshape.Shift(start, removed=end - start)
    reshape.shift(editing.spreadsheet, tab, rows=rows, by=by)
    return {}


def _span(editing: Editing, body: Json) -> tuple[Tab, bool, int, int]:
    """A DimensionRange: (tab, whether rows, start, end)."""
    given = body.get("range", {})
    tab, rows = editing.tab(given.get("sheetId")), given.get("dimension") == "ROWS"
    start = int(given.get("startIndex", 0))
    end = int(given.get("endIndex", tab.rows if rows else tab.columns))
    if end <= start:
        raise invalid("range.endIndex must be greater than range.startIndex")
    return tab, rows, start, end


def _append_dimension(editing: Editing, body: Json) -> Json:
    tab, length = editing.tab(body.get("sheetId")), int(body.get("length", 0))
    if length < 1:
        raise invalid("length must be greater than 0")
    if body.get("dimension") == "ROWS":
        tab.rows += length
    else:
        tab.columns += length
    return {}


def _add_protection(editing: Editing, body: Json) -> Json:
    asked = body.get("protectedRange", {})
    given = asked.get("range", {})
    tab = editing.tab(given.get("sheetId"))
    box = grid_box(tab, given) if set(given) - {"sheetId"} else None
    number = asked.get("protectedRangeId")
    number = editing.spreadsheet.mint() if number is None else int(number)
    if any(item.id == number for other in editing.spreadsheet.tabs for item in other.protections):
        raise invalid(f"Protected range with id {number} already exists.")
    # whoever protects a range can edit it, whatever requestingUserCanEdit was sent (recorded)
    users = {str(user) for user in (asked.get("editors") or {}).get("users", [])} | {editing.email}
    warning_only = bool(asked.get("warningOnly", False))
    item = Protection(number, box, frozenset(users), warning_only, asked.get("description") or "")
    tab.protections.append(item)
    return {"addProtectedRange": {"protectedRange": protection_view(tab, item, editing.email)}}


def _merge_cells(editing: Editing, body: Json) -> Json:
    given = body.get("range", {})
    tab = editing.tab(given.get("sheetId"))
    box = grid_box(tab, given)
    editing.guard(tab, box)
    for at in list(tab.used_in(box)):
        if at != (box.top, box.left):
            tab.put(*at, replace(tab.cell(*at), entered=None))
    tab.merges.append(box)
    return {}


def _create_tag(editing: Editing, body: Json) -> Json:
    tag, tab = tags.create(editing.spreadsheet, body.get("developerMetadata", {}))
    return {"createDeveloperMetadata": {"developerMetadata": tags.tag_view(tag, tab)}}


def _delete_tags(editing: Editing, body: Json) -> Json:
    lookup = body.get("dataFilter", {}).get("developerMetadataLookup", {})
    found = tags.search(editing.spreadsheet, lookup)
    for item in found:
        tags.remove(editing.spreadsheet, item)
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": [tags.tag_view(*item) for item in found]}}


def _update_cells(editing: Editing, body: Json) -> Json:
    cellwrites.update_cells(editing, body)
    return {}


def _repeat_cell(editing: Editing, body: Json) -> Json:
    cellwrites.repeat_cell(editing, body)
    return {}


def _set_validation(editing: Editing, body: Json) -> Json:
    cellwrites.set_validation(editing, body)
    return {}


_KINDS: dict[str, Callable[[Editing, Json], Json]] = {
    "addProtectedRange": _add_protection,
    "addSheet": _add_sheet,
    "appendDimension": _append_dimension,
    "createDeveloperMetadata": _create_tag,
    "deleteDeveloperMetadata": _delete_tags,
    "deleteDimension": _delete_dimension,
    "deleteSheet": _delete_sheet,
    "insertDimension": _insert_dimension,
    "mergeCells": _merge_cells,
    "repeatCell": _repeat_cell,
    "setDataValidation": _set_validation,
    "sortRange": _sort_range,
    "updateCells": _update_cells,
    "updateSheetProperties": _update_sheet,
    "updateSpreadsheetProperties": _update_spreadsheet,
}
