"""The addresses of pages: read, create, change, and one property in full.

Arrives: a `Call`. Leaves: the whole page, which is Notion's answer to every read and write of one.
Follows Notion's "Create a page", "Update page" and "Retrieve a page property item". Page content (blocks,
icons, covers, templates) is not imitated and refused rather than silently lost.
"""

from __future__ import annotations

from typing import Any

from okrsync.sandbox.notion import rows, show
from okrsync.sandbox.notion.errors import body_invalid, no_such_property, not_found, validation
from okrsync.sandbox.notion.http import Call, Endpoint
from okrsync.sandbox.notion.ids import canonical
from okrsync.sandbox.notion.items import property_item
from okrsync.sandbox.notion.query import only_columns
from okrsync.sandbox.notion.state import DataSource, Page
from okrsync.sandbox.notion.values import checked

Json = Any


def visible_page(call: Call, page_id: str) -> Page:
    """A page the connection sees. Raises ApiError 404."""
    if not call.state.sees_page(page_id):
        raise not_found(call.state, "page", page_id)
    return call.state.pages[page_id]


def _shown(call: Call, page: Page) -> dict[str, Json]:
    source = call.state.data_sources[page.data_source_id]
    only = only_columns(source, call.many("filter_properties"))
    return show.page(call.state, call.version, page, only)


def read(call: Call) -> dict[str, Json]:
    """One page, trashed and archived ones too."""
    return _shown(call, visible_page(call, call.path_id("page_id")))


def create(call: Call) -> dict[str, Json]:
    """A new row, written by the bot."""
    _only(call.body, {"parent", "properties"})
    source = _parent(call)
    only_columns(source, call.many("filter_properties"))
    values = checked(call.state, source, call.body.get("properties", {}))
    return _shown(call, rows.create(call.state, source, values, call.state.bot_id, call.now))


def _parent(call: Call) -> DataSource:
    """Since 2025-09-03 a row's parent is named by its data source."""
    parent = call.body.get("parent")
    source_id = canonical(parent.get("data_source_id")) if isinstance(parent, dict) else None
    if source_id is None:
        raise body_invalid("parent.data_source_id", "a valid uuid", parent)
    if not call.state.sees_data_source(source_id):
        raise not_found(call.state, "data source", source_id)
    return call.state.data_sources[source_id]


def change(call: Call) -> dict[str, Json]:
    """Sets the properties named, leaves the others; trash and restore. All or nothing."""
    old = call.version == show.OLD_VERSION
    _only(call.body, {"properties", "in_trash", "archived"} if old else {"properties", "in_trash"})
    page = visible_page(call, call.path_id("page_id"))
    source = call.state.data_sources[page.data_source_id]
    only_columns(source, call.many("filter_properties"))
    trash = _flag(call.body, page.in_trash)
    properties = call.body.get("properties", {})
    if page.in_trash and trash and properties != {}:
        raise validation("Can't edit page that is in the trash. You must restore the page before editing.")
    values = checked(call.state, source, properties)
    if values or trash != page.in_trash:
        page.in_trash = trash
        rows.change(call.state, page, values, call.state.bot_id, call.now)
    return _shown(call, page)


def _flag(body: dict[str, Json], now: bool) -> bool:
    """`in_trash`, under 2025-09-03 also by its old name `archived`."""
    for name in ("in_trash", "archived"):
        if name in body:
            if not isinstance(body[name], bool):
                raise body_invalid(name, "a boolean", body[name])
            return body[name] is True
    return now


def _only(body: dict[str, Json], known: set[str]) -> None:
    unknown = next((key for key in body if key not in known), None)
    if unknown is not None:
        raise body_invalid(unknown, "not present", body[unknown])


def one_property(call: Call) -> dict[str, Json]:
    """One property in full; the path carries the encoded id unchanged."""
    page = visible_page(call, call.path_id("page_id"))
    source = call.state.data_sources[page.data_source_id]
    key = call.path["property_id"]
    column = next((each for each in source.columns if each.id == key), None)
    if column is None:
        raise no_such_property(key)
    return property_item(call.state, call.cursors, page, column, call.size(), call.cursor())


PAGE_ENDPOINTS = [
    Endpoint("GET", "/v1/pages/{page_id}", read, "read_content"),
    Endpoint("POST", "/v1/pages", create, "insert_content", writes=True),
    Endpoint("PATCH", "/v1/pages/{page_id}", change, "update_content", writes=True),
    Endpoint("GET", "/v1/pages/{page_id}/properties/{property_id}", one_property, "read_content"),
]
