"""The API calls themselves, as plain functions of a spreadsheet and a request's parts.

Arrives: a change under way (reads use it too) with query parameters and body. Leaves: the JSON answer. Knows
no HTTP: routes.py hands in what it took from the wire. One function per method of the Sheets API reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from okrsync.sandbox.sheets import requests, writing
from okrsync.sandbox.sheets.a1 import Box, range_name
from okrsync.sandbox.sheets.editing import Editing, grid_box, locate
from okrsync.sandbox.sheets.errors import Refused, bad_field, invalid
from okrsync.sandbox.sheets.evaluate import Calculator
from okrsync.sandbox.sheets.fieldmask import keep, parse_mask, wants
from okrsync.sandbox.sheets.grid import Tab
from okrsync.sandbox.sheets.reading import Rendering, value_range
from okrsync.sandbox.sheets.tags import search, tag_box, tag_view
from okrsync.sandbox.sheets.view import Wish, spreadsheet_view

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """The parts of an HTTP request a call looks at."""

    query: Mapping[str, str]
    ranges: Sequence[str]
    body: Json
    text: str = ""
    """The range of the path."""


def get(editing: Editing, request: Request) -> Json:
    """spreadsheets.get."""
    fields = request.query.get("fields")
    mask = None if fields is None else parse_mask(fields)
    wish = Wish(request.ranges, mask, _flag(request.query.get("includeGridData")))
    return spreadsheet_view(editing.spreadsheet, wish, editing.email)


def values_get(editing: Editing, request: Request) -> Json:
    """spreadsheets.values.get."""
    tab, box, _ = locate(editing.spreadsheet, request.text)
    rendering = Rendering.read(request.query)
    return _masked(value_range(Calculator(editing.spreadsheet), tab, box, rendering), request)


def values_batch_get(editing: Editing, request: Request) -> Json:
    """spreadsheets.values.batchGet: the order of the answer is the order of the request (recorded)."""
    calculator, rendering = Calculator(editing.spreadsheet), Rendering.read(request.query)
    found = [locate(editing.spreadsheet, text)[:2] for text in request.ranges]
    ranges = [value_range(calculator, tab, box, rendering) for tab, box in found]
    return _masked({"spreadsheetId": editing.spreadsheet.id, "valueRanges": ranges}, request)


def values_update(editing: Editing, request: Request) -> Json:
    """spreadsheets.values.update."""
    as_typed = _as_typed(request.query)
    written = writing.put(editing, request.text, request.body, as_typed=as_typed)
    return _masked(_written_view(editing, written, request.query), request)


def values_append(editing: Editing, request: Request) -> Json:
    """spreadsheets.values.append: no tableRange when the range holds no table (recorded)."""
    insert = request.query.get("insertDataOption") == "INSERT_ROWS"
    as_typed = _as_typed(request.query)
    table, written = writing.append(editing, request.text, request.body, as_typed=as_typed, insert=insert)
    answer: Json = {"spreadsheetId": editing.spreadsheet.id}
    if table is not None:
        answer["tableRange"] = range_name(written.tab.title, table)
    return _masked({**answer, "updates": _written_view(editing, written, request.query)}, request)


def values_clear(editing: Editing, request: Request) -> Json:
    """spreadsheets.values.clear."""
    return {"spreadsheetId": editing.spreadsheet.id, "clearedRange": writing.clear(editing, request.text)}


def values_batch_clear(editing: Editing, request: Request) -> Json:
    """spreadsheets.values.batchClear."""
    cleared = [writing.clear(editing, text) for text in request.body.get("ranges", [])]
    return {"spreadsheetId": editing.spreadsheet.id, "clearedRanges": cleared}


def values_batch_update(editing: Editing, request: Request) -> Json:
    """spreadsheets.values.batchUpdate: a bad range names its index (`data[0]`) and loses the whole batch."""
    as_typed = _as_typed(request.body)

    def put(part: Json, place: str) -> writing.Written:
        return writing.put(
            editing, part.get("range", ""), part, as_typed=as_typed, field_name=f"{place}.values"
        )

    written = [_within(f"data[{at}]", put, part) for at, part in enumerate(request.body.get("data", []))]
    return _masked(_batch_view(editing, request, [(item, {}) for item in written]), request)


def _within(place: str, put: Callable[[Json, str], writing.Written], part: Json) -> writing.Written:
    try:
        return put(part, place)
    except Refused as refused:
        raise refused.within(place) from refused


def batch_update(editing: Editing, request: Request) -> Json:
    """spreadsheets.batchUpdate, with the changed spreadsheet in the answer when asked for."""
    body = request.body
    replies = requests.apply(editing, body.get("requests", []))
    answer: Json = {"spreadsheetId": editing.spreadsheet.id, "replies": replies}
    if body.get("includeSpreadsheetInResponse"):
        answer["updatedSpreadsheet"] = _updated(editing, request)
    return _masked(answer, request)


def _updated(editing: Editing, request: Request) -> Json:
    """The spreadsheet after the change. The call's own mask starts at the answer, so it is applied there."""
    fields = request.query.get("fields")
    grid_data = bool(request.body.get("responseIncludeGridData"))
    if fields is not None:
        grid_data = wants(parse_mask(fields), "updatedSpreadsheet", "sheets", "data")
    wish = Wish(request.body.get("responseRanges") or (), None, grid_data)
    return spreadsheet_view(editing.spreadsheet, wish, editing.email)


def search_tags(editing: Editing, request: Request) -> Json:
    """spreadsheets.developerMetadata.search: nothing found is an empty object."""
    matched: list[Json] = []
    for data_filter in request.body.get("dataFilters", []):
        found = search(editing.spreadsheet, data_filter.get("developerMetadataLookup", {}))
        matched += [
            {"developerMetadata": tag_view(tag, tab), "dataFilters": [data_filter]} for tag, tab in found
        ]
    return {"matchedDeveloperMetadata": matched} if matched else {}


def values_batch_get_by_filter(editing: Editing, request: Request) -> Json:
    """spreadsheets.values.batchGetByDataFilter."""
    calculator, rendering = Calculator(editing.spreadsheet), Rendering.read(request.body)
    matched = [
        {"valueRange": value_range(calculator, tab, box, rendering), "dataFilters": [data_filter]}
        for data_filter in request.body.get("dataFilters", [])
        for tab, box in _matches(editing, data_filter)
    ]
    answer: Json = {"spreadsheetId": editing.spreadsheet.id}
    return _masked({**answer, "valueRanges": matched} if matched else answer, request)


def values_batch_update_by_filter(editing: Editing, request: Request) -> Json:
    """spreadsheets.values.batchUpdateByDataFilter: values go to every match (API reference).

    Its parts do not name the spreadsheet, as those of batchUpdate do (discovery document).
    """
    as_typed = _as_typed(request.body)
    written: list[tuple[writing.Written, Json]] = []
    for at, part in enumerate(request.body.get("data", [])):
        data_filter = part.get("dataFilter", {})
        for tab, box in _matches(editing, data_filter):
            put = _put_at(editing, tab, box, as_typed)
            written.append((_within(f"data[{at}]", put, part), {"dataFilter": data_filter}))
    answer = _batch_view(editing, request, written)
    for part in answer["responses"]:
        del part["spreadsheetId"]
    return _masked(answer, request)


def _put_at(editing: Editing, tab: Tab, box: Box, as_typed: bool) -> Callable[[Json, str], writing.Written]:
    def put(part: Json, place: str) -> writing.Written:
        return writing.put_at(editing, tab, box, part, box, as_typed=as_typed, field_name=f"{place}.values")

    return put


def _matches(editing: Editing, data_filter: Json) -> list[tuple[Tab, Box]]:
    """The places a data filter means, resolved at the moment the request is applied."""
    if "a1Range" in data_filter:
        return [locate(editing.spreadsheet, data_filter["a1Range"])[:2]]
    if "gridRange" in data_filter:
        tab = editing.tab(data_filter["gridRange"].get("sheetId"))
        return [(tab, grid_box(tab, data_filter["gridRange"]))]
    found = search(editing.spreadsheet, data_filter.get("developerMetadataLookup", {}))
    return [(tab, tag_box(tag, tab)) for tag, tab in found if tab is not None]


def _batch_view(editing: Editing, request: Request, written: list[tuple[writing.Written, Json]]) -> Json:
    answer: Json = {"spreadsheetId": editing.spreadsheet.id, **writing.totals([item for item, _ in written])}
    answer["responses"] = [{**_written_view(editing, item, request.body), **more} for item, more in written]
    return answer


def _written_view(editing: Editing, written: writing.Written, options: Mapping[str, Any]) -> Json:
    answer = written.view(editing.spreadsheet.id)
    if _flag(options.get("includeValuesInResponse")):
        rendering = Rendering.read(options, prefix="response")
        answer["updatedData"] = writing.readback(editing, written, rendering)
    return answer


def _flag(value: Any) -> bool:
    """A boolean of a query (text, any case: the client library sends `False`) or of a body."""
    return str(value).lower() == "true"


def _as_typed(options: Mapping[str, Any]) -> bool:
    option = options.get("valueInputOption")
    if option is None or option == "INPUT_VALUE_OPTION_UNSPECIFIED":
        raise invalid("'valueInputOption' is required but not specified")
    if option not in ("RAW", "USER_ENTERED"):
        kind = "type.googleapis.com/google.apps.sheets.v4.ValueInputOption"
        raise bad_field("value_input_option", f"Invalid value at 'value_input_option' ({kind}), \"{option}\"")
    return bool(option == "USER_ENTERED")


def _masked(answer: Json, request: Request) -> Json:
    fields = request.query.get("fields")
    kept: Json = answer if fields is None else keep(answer, parse_mask(fields))
    return kept
