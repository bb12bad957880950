"""Changes of rows, whoever makes them: the API as the bot, or a person in the app.

Arrives: checked values, the author and the moment. Leaves: changed pages with author and time. Follows
recordings: every write sets `last_edited_by` and `last_edited_time`. Whether a write of an identical value
does so is not documented; here it does, the harder case for a sync tool.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from okrsync.sandbox.notion.columns import mirror_of, named
from okrsync.sandbox.notion.ids import new_id
from okrsync.sandbox.notion.options import cleared_status
from okrsync.sandbox.notion.state import Column, DataSource, Page, State
from okrsync.sandbox.notion.values import store

Json = Any
Values = list[tuple[Column, Json]]


def create(state: State, source: DataSource, values: Values, by: str, at: datetime) -> Page:
    """A new row; status columns start at their default, unique ids count on."""
    page_id = new_id(state, "page")
    page = Page(page_id, source.id, state.counter, by, by, at, at)
    for column in source.columns:
        if column.type == "status":
            page.values[column.id] = cleared_status(column)
        if column.type == "unique_id":
            page.values[column.id] = _next_number(state, source, column)
    state.pages[page.id] = page
    for column, value in values:
        store(state, page, column, value)
    return page


def _next_number(state: State, source: DataSource, column: Column) -> int:
    """One more than the highest in the table; trashed rows keep theirs."""
    return 1 + max((page.values.get(column.id, 0) for page in state.rows(source.id)), default=0)


def change(state: State, page: Page, values: Values, by: str, at: datetime) -> None:
    """Sets values; the other end of a two-way relation follows without counting as edited."""
    for column, value in values:
        store(state, page, column, value)
    touch(page, by, at)


def touch(page: Page, by: str, at: datetime) -> None:
    """Notes an edit."""
    page.edited_by, page.edited_at = by, at


def move(state: State, page: Page, target: DataSource, by: str, at: datetime) -> None:
    """Into another data source: values follow into columns of the same name and type, others are lost.

    Choices stay behind where the other column lacks the option, as ids mean nothing there.
    """
    old = state.data_sources[page.data_source_id]
    held = {column.name: (column, page.values.get(column.id)) for column in old.columns}
    for column in old.columns:
        if column.type == "relation" and mirror_of(state, column) is not None:
            store(state, page, column, [])
    page.data_source_id, page.values = target.id, {}
    for name, (column, value) in held.items():
        twin = named(target, name) if column.type != "title" else _title(target)
        if twin is not None and twin.type == "unique_id":
            page.values[twin.id] = _next_number(state, target, twin)
        elif twin is not None and twin.type == column.type and value is not None:
            _carry(state, page, column, twin, value)
    touch(page, by, at)


def _title(source: DataSource) -> Column:
    return next(column for column in source.columns if column.type == "title")


def _carry(state: State, page: Page, old: Column, new: Column, value: Json) -> None:
    if old.type in ("select", "status", "multi_select"):
        names = {option["id"]: option["name"] for option in old.config["options"]}
        known = {option["name"]: option["id"] for option in new.config["options"]}
        kept = [known[names[each]] for each in _listed(value) if names[each] in known]
        page.values[new.id] = kept if old.type == "multi_select" else next(iter(kept), None)
    elif old.type != "relation" or old.config["data_source_id"] == new.config["data_source_id"]:
        if old.type == "relation":
            store(state, page, new, value)
        else:
            page.values[new.id] = value


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]
