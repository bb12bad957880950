"""One query of a data source: which rows, in which order, in which portions.

Arrives: the body and query string of `POST /v1/data_sources/{id}/query`. Leaves: one list answer. Follows
Notion's "Query a data source" and "Query large data sources": opaque cursors, at most 100 rows an answer,
10,000 rows a query, after which `has_more` turns false and `request_status` says the answer is incomplete.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from okrsync.sandbox.notion import show
from okrsync.sandbox.notion.columns import find, named
from okrsync.sandbox.notion.cursors import Cursors, Session, page_size
from okrsync.sandbox.notion.errors import body_invalid, no_such_property, validation
from okrsync.sandbox.notion.filters import Filters
from okrsync.sandbox.notion.moments import floored, instant
from okrsync.sandbox.notion.state import Column, DataSource, Page, State
from okrsync.sandbox.notion.text import plain

Json = Any
_MEMBERS = {
    "filter",
    "sorts",
    "start_cursor",
    "page_size",
    "result_type",
    "is_archived",
    "in_trash",
}
_TIMESTAMPS = ("created_time", "last_edited_time")


def only_columns(source: DataSource, keys: list[str]) -> list[Column] | None:
    """The columns `filter_properties` leaves, `None` for all. Raises ApiError 400.

    The query string carries decoded ids, or names. An id that arrives still encoded was encoded twice,
    and Notion refuses it (fixed for that reason in its own JavaScript client).
    """
    if not keys:
        return None
    chosen = []
    for key in keys:
        column = next((each for each in source.columns if each.id == key), None) or named(source, key)
        if column is None:
            raise no_such_property(key)
        chosen.append(column)
    return chosen


class Query:
    """Answers queries of one data source at one moment."""

    def __init__(self, state: State, cursors: Cursors, source: DataSource, now: datetime) -> None:
        self._state = state
        self._cursors = cursors
        self._source = source
        self._now = now

    def answer(self, version: str, body: dict[str, Json], keys: list[str]) -> dict[str, Json]:
        """The list answer. Raises ApiError 400."""
        self._check(body)
        columns = only_columns(self._source, keys)
        size = min(page_size(body.get("page_size")), self._state.settings.page_limit)
        session, offset = self._position(body)
        ids = session.ids[offset : offset + size]
        following = self._cursors.at(session, offset + size)
        return {
            "object": "list",
            "results": [self._shown(version, each, columns) for each in ids if self._still_there(each, body)],
            "next_cursor": following,
            "has_more": following is not None,
            "type": "page_or_data_source",
            "page_or_data_source": {},
            **self._incomplete(session),
        }

    def _shown(self, version: str, row_id: str, columns: list[Column] | None) -> dict[str, Json]:
        if row_id in self._state.data_sources:
            return show.data_source(self._state, version, self._state.data_sources[row_id])
        return show.page(self._state, version, self._state.pages[row_id], columns)

    def _check(self, body: dict[str, Json]) -> None:
        unknown = next((key for key in body if key not in _MEMBERS), None)
        if unknown is not None:
            raise body_invalid(unknown, "not present", body[unknown])
        if body.get("result_type") not in (None, "page", "data_source"):
            raise body_invalid("result_type", '"page" or "data_source"', body["result_type"])
        if self._source.in_trash:
            raise validation("Can't query a data source that is in the trash.")

    def _position(self, body: dict[str, Json]) -> tuple[Session, int]:
        asked = {key: value for key, value in body.items() if key not in ("start_cursor", "page_size")}
        key = repr((self._source.id, asked))
        if body.get("start_cursor") is not None:
            return self._cursors.find(body["start_cursor"], key)
        ids = self._ids(body)
        ceiling = self._state.settings.row_ceiling
        return self._cursors.open(key, ids[:ceiling], cut=len(ids) > ceiling), 0

    def _ids(self, body: dict[str, Json]) -> list[str]:
        """Pages, and in a wiki the data sources among them unless pages alone are asked for (documented)."""
        kind = body.get("result_type")
        pages = [row.id for row in self._rows(body)] if kind != "data_source" else []
        inside = [each.id for each in self._state.data_sources.values() if each.wiki == self._source.id]
        return [*pages[:1], *(inside if kind != "page" else []), *pages[1:]]

    def _rows(self, body: dict[str, Json]) -> list[Page]:
        rows = [row for row in self._state.rows(self._source.id) if self._listed(row, body)]
        if body.get("filter") is not None:
            test = Filters(self._state, self._source, self._now).compiled(body["filter"])
            rows = [row for row in rows if test(row)]
        # documented as undefined; recorded as newest first
        rows.sort(key=lambda row: row.order, reverse=True)
        for key, descending in reversed(self._sorts(body.get("sorts"))):
            _sort(rows, key, descending)
        return rows

    def _listed(self, row: Page, body: dict[str, Json]) -> bool:
        """Trashed and archived rows are hidden unless asked for, and then alone."""
        wanted = (body.get("in_trash") is True, body.get("is_archived") is True)
        return (row.in_trash, row.is_archived) == wanted and self._state.sees_page(row.id)

    def _still_there(self, page_id: str, body: dict[str, Json]) -> bool:
        """A row trashed or moved since the first portion leaves its portion short."""
        if page_id in self._state.data_sources:
            return True
        row = self._state.pages[page_id]
        return row.data_source_id == self._source.id and self._listed(row, body)

    def _sorts(self, raw: Json) -> list[tuple[Callable[[Page], Json], bool]]:
        if raw is None:
            return []
        if not isinstance(raw, list):
            raise body_invalid("sorts", "an array", raw)
        return [self._sort_key(each) for each in raw]

    def _sort_key(self, raw: Json) -> tuple[Callable[[Page], Json], bool]:
        direction = raw.get("direction", "ascending") if isinstance(raw, dict) else None
        if direction not in ("ascending", "descending"):
            raise body_invalid("sorts[].direction", '"ascending" or "descending"', direction)
        return self._sorted_by(raw), direction == "descending"

    def _sorted_by(self, raw: dict[str, Json]) -> Callable[[Page], Json]:
        if raw.get("timestamp") == "created_time":
            return lambda row: floored(row.created_at)
        if raw.get("timestamp") == "last_edited_time":
            return lambda row: floored(row.edited_at)
        name = raw.get("property")
        if not isinstance(name, str):
            raise body_invalid("sorts[].property", "a string", name)
        column = find(self._source, name)
        if column is None:
            raise no_such_property(name)
        return lambda row: _sortable(column, show.value(self._state, row, column))

    def _incomplete(self, session: Session) -> dict[str, Json]:
        if not session.cut:
            return {}
        reason = "query_result_limit_reached"
        return {"request_status": {"type": "incomplete", "incomplete_reason": reason}}


def _sort(rows: list[Page], key: Callable[[Page], Json], descending: bool) -> None:
    """Stable; rows without a value come last in either direction."""
    filled = [row for row in rows if key(row) is not None]
    empty = [row for row in rows if key(row) is None]
    filled.sort(key=key, reverse=descending)
    rows[:] = filled + empty


def _sortable(column: Column, value: Json) -> Json:
    if value in (None, []):
        return None
    if column.type in ("title", "rich_text"):
        return plain(value)
    if column.type in ("select", "status"):
        return [option["name"] for option in column.config["options"]].index(value["name"])
    if column.type == "date":
        return instant(value["start"])
    if column.type in ("people", "relation", "multi_select"):
        return [each.get("name", each["id"]) for each in value]
    if column.type == "unique_id":
        return value["number"]
    if column.type in ("formula", "rollup"):
        return value[value["type"]]
    return value
