"""One property of one page, in full: `GET /v1/pages/{id}/properties/{property}`.

Arrives: a page, a column and the portion asked for. Leaves: a paged list for title, rich text, people,
relation and rollup, and a single `property_item` for every other type (recorded for 23 types). This is
where relations and people beyond 25 are read. A rollup's own value stands in `property_item`, not in
`results`.
"""

from __future__ import annotations

from typing import Any

from okrsync.sandbox.notion import show
from okrsync.sandbox.notion.cursors import Cursors
from okrsync.sandbox.notion.ids import encoded, seeded_uuid
from okrsync.sandbox.notion.state import Column, Page, State

Json = Any
_API = "https://api.notion.com/v1"
_LISTED = ("title", "rich_text", "people", "relation", "rollup")


def property_item(
    state: State, cursors: Cursors, page: Page, column: Column, size: int, cursor: str | None
) -> dict[str, Json]:
    """The answer for one property. Raises ApiError 400 for a bad cursor."""
    value = show.value(state, page, column)
    if column.type not in _LISTED:
        return _item(column, column.type, value)
    elements, summary = _rolled(column, value) if column.type == "rollup" else (_items(column, value), {})
    size = min(size, state.settings.page_limit)
    # the list is named by position: elements of a text have no ids of their own
    places = [seeded_uuid(page.id + column.id, str(index)) for index in range(len(elements))]
    key = f"{page.id} {column.id}"
    session, offset = cursors.find(cursor, key) if cursor is not None else (cursors.open(key, places), 0)
    following = cursors.at(session, offset + size)
    return {
        "object": "list",
        "results": elements[offset : offset + size],
        "next_cursor": following,
        "has_more": following is not None,
        "type": "property_item",
        "property_item": {
            "id": encoded(column.id),
            "next_url": _next_url(page, column, following),
            "type": column.type,
            column.type: summary,
        },
    }


def _item(column: Column, kind: str, value: Json) -> dict[str, Json]:
    return {"object": "property_item", "type": kind, "id": encoded(column.id), kind: value}


def _items(column: Column, values: list[Json]) -> list[Json]:
    return [_item(column, column.type, value) for value in values]


def _rolled(column: Column, value: Json) -> tuple[list[Json], Json]:
    if value["type"] != "array":
        return [], value
    elements = [_item(column, each["type"], each[each["type"]]) for each in value["array"]]
    return elements, value | {"array": []}


def _next_url(page: Page, column: Column, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    return f"{_API}/pages/{page.id}/properties/{encoded(column.id)}?start_cursor={cursor}"
