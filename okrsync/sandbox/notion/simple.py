"""Plain Python values as people and worlds are described in, turned into stored values.

Arrives: a column and text, numbers, dates, e-mails or page ids. Leaves: what `values.store` takes.
Separate from the API's checks because people are not bound by its limits: they relate more than a hundred
pages, see what is not shared, and their formulas and rollups show results.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from okrsync.sandbox.notion.columns import CHOICES
from okrsync.sandbox.notion.errors import validation
from okrsync.sandbox.notion.ids import canonical
from okrsync.sandbox.notion.state import Column, State
from okrsync.sandbox.notion.text import from_plain
from okrsync.sandbox.notion.values import read

Json = Any
_DERIVED = ("created_time", "last_edited_time", "created_by", "last_edited_by")


def column_spec(raw: Json) -> tuple[str, dict[str, Json]]:
    """A column's type and settings, from a short form.

    `"number"`, `"percent"`, `{"select": ["High", "Low"]}`, `{"relation": data_source_id}` with an optional
    `"mirror": name` for a two-way one, or Notion's own `{"number": {"format": "percent"}}`.
    """
    if raw == "percent":
        return "number", {"format": "percent"}
    if isinstance(raw, str):
        return raw, {}
    kind = next(iter(raw))
    settings = raw[kind]
    if kind in CHOICES and isinstance(settings, list):
        options = [{"name": each} if isinstance(each, str) else each for each in settings]
        return kind, {"options": options}
    if kind == "relation" and isinstance(settings, str):
        return kind, {"data_source_id": settings, "single_property": {}}
    return kind, dict(settings)


def stored_value(state: State, column: Column, value: Json) -> Json:
    """The value to store. Raises ApiError when it does not fit the column."""
    path = column.name
    if column.type in ("title", "rich_text"):
        return from_plain("" if value is None else str(value)) if not isinstance(value, list) else value
    if column.type == "people":
        return [user_id(state, each) for each in _several(value)]
    if column.type == "relation":
        return [_related(state, column, each) for each in _several(value)]
    if column.type == "multi_select":
        return read(state, column, [{"name": each} for each in _several(value)], path)
    if column.type in ("select", "status"):
        return read(state, column, None if value is None else {"name": value}, path)
    if column.type == "date":
        return read(state, column, _date(value), path)
    if column.type == "checkbox" and value is None:
        return False
    if column.type in _DERIVED:
        raise validation(f"{column.name} is kept by Notion and cannot be edited.")
    if column.type in ("formula", "rollup"):
        return _computed(value)
    value = _number(value) if isinstance(value, Decimal) else value
    return value if column.type == "unique_id" else read(state, column, value, path)


def user_id(state: State, who: str) -> str:
    """A user by id, e-mail or name. Raises ApiError."""
    for user in state.users.values():
        if who in (user.id, user.email, user.name):
            return user.id
    raise validation(f"nobody in this workspace is {who!r}")


def _several(value: Json) -> Sequence[Json]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def _related(state: State, column: Column, raw: Json) -> str:
    page = state.pages.get(canonical(raw) or "")
    if page is None or page.data_source_id != column.config["data_source_id"]:
        raise validation(f"{raw!r} is not a page {column.name} can relate to")
    return page.id


def _date(value: Json) -> Json:
    if value is None or isinstance(value, dict):
        return value
    start, end = value if isinstance(value, tuple | list) else (value, None)
    return {"start": _iso(start), "end": None if end is None else _iso(end)}


def _iso(value: Json) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value: Decimal) -> int | float:
    """Notion stores JavaScript numbers."""
    return int(value) if value == value.to_integral_value() else float(value)


def _computed(value: Json) -> Json:
    if value is None or isinstance(value, dict):
        return value
    if isinstance(value, bool):
        return {"type": "boolean", "boolean": value}
    if isinstance(value, Decimal):
        value = _number(value)
    return (
        {"type": "string", "string": value} if isinstance(value, str) else {"type": "number", "number": value}
    )
