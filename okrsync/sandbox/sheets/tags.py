"""Developer metadata: how tags look, where they hang and how they are searched.

Arrives: a spreadsheet and a DeveloperMetadataLookup. Leaves: the tags that match, each with the tab it is on.
A tag names a row, not a KR: it can stay behind or lie, which is why a client must confirm it by the key cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from okrsync.sandbox.sheets.a1 import Box
from okrsync.sandbox.sheets.errors import invalid
from okrsync.sandbox.sheets.grid import Spreadsheet, Tab, Tag

Found = tuple[Tag, Tab | None]
_PLACES = {"ROW": "ROWS", "COLUMN": "COLUMNS"}
MATCHED = {"metadataId": "id", "metadataKey": "key", "metadataValue": "value", "visibility": "visibility"}


def tag_view(tag: Tag, tab: Tab | None) -> dict[str, Any]:
    """A DeveloperMetadata resource."""
    value = {} if tag.value == "" else {"metadataValue": tag.value}
    return {
        "metadataId": tag.id,
        "metadataKey": tag.key,
        **value,
        "location": _location(tag, tab),
        "visibility": tag.visibility,
    }


def _location(tag: Tag, tab: Tab | None) -> dict[str, Any]:
    if tab is None:
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    if tag.kind == "SHEET":
        return {"locationType": "SHEET", "sheetId": tab.id}
    place: dict[str, Any] = {} if tab.id == 0 else {"sheetId": tab.id}
    place.update(dimension=_PLACES[tag.kind], startIndex=tag.index, endIndex=tag.index + 1)
    return {"locationType": tag.kind, "dimensionRange": place}


def all_tags(spreadsheet: Spreadsheet) -> Iterator[Found]:
    """Every tag of the file."""
    yield from ((tag, None) for tag in spreadsheet.tags)
    for tab in spreadsheet.tabs:
        yield from ((tag, tab) for tag in tab.tags)


def search(spreadsheet: Spreadsheet, lookup: Mapping[str, Any]) -> list[Found]:
    """Tags that agree with every given member of a lookup (id, key, value, visibility, location type)."""

    def matches(tag: Tag) -> bool:
        asked = {own: lookup[name] for name, own in MATCHED.items() if name in lookup}
        kind = lookup.get("locationType", tag.kind)
        return kind == tag.kind and all(getattr(tag, own) == value for own, value in asked.items())

    return [(tag, tab) for tag, tab in all_tags(spreadsheet) if matches(tag)]


def tag_box(tag: Tag, tab: Tab) -> Box:
    """The cells a tag stands for: its whole row, column or tab."""
    if tag.kind == "ROW":
        return Box(tag.index, 0, tag.index + 1, tab.columns)
    return Box(0, tag.index, tab.rows, tag.index + 1) if tag.kind == "COLUMN" else tab.whole()


def create(spreadsheet: Spreadsheet, asked: Mapping[str, Any]) -> Found:
    """Hang up a new tag; raises a 400 refusal for a bad place or an id that is taken."""
    location = asked.get("location", {})
    number = asked.get("metadataId")
    if number is None:
        number = spreadsheet.mint()
    elif any(tag.id == number for tag, _ in all_tags(spreadsheet)):
        raise invalid(f"Developer metadata with id {number} already exists.")
    key, value = str(asked.get("metadataKey", "")), str(asked.get("metadataValue", ""))
    kind, tab, index = _place(spreadsheet, location)
    tag = Tag(number, key, value, asked.get("visibility", "DOCUMENT"), kind, index)
    (spreadsheet.tags if tab is None else tab.tags).append(tag)
    return tag, tab


def _place(spreadsheet: Spreadsheet, location: Mapping[str, Any]) -> tuple[str, Tab | None, int]:
    if location.get("spreadsheet"):
        return "SPREADSHEET", None, 0
    span = location.get("dimensionRange")
    tab = spreadsheet.tab_numbered(span.get("sheetId", 0) if span is not None else location.get("sheetId", 0))
    if tab is None:
        raise invalid("No grid with that id")
    if span is None:
        return "SHEET", tab, 0
    start, end = int(span.get("startIndex", 0)), int(span.get("endIndex", 0))
    if end - start != 1:
        raise invalid("Developer metadata must be attached to exactly one row or column.")
    return ("ROW" if span.get("dimension") == "ROWS" else "COLUMN"), tab, start


def remove(spreadsheet: Spreadsheet, found: Found) -> None:
    """Take a tag down."""
    tag, tab = found
    (spreadsheet.tags if tab is None else tab.tags).remove(tag)
