"""Property values on their way in: checked completely, then stored.

Arrives: the `properties` of a create or update request. Leaves: stored values, set only after every one
of them was found good, so that a refused request changes nothing. Follows Notion's "Page property values"
and "Request limits": arrays replace the whole value, at most 100 references a request, an unknown select
name makes an option, an unknown status name is refused, null clears, computed columns are refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from okrsync.sandbox.notion.columns import CHOICES, COMPUTED, find, mirror_of, new_option, no_such_column
from okrsync.sandbox.notion.errors import body_invalid, not_found, validation
from okrsync.sandbox.notion.ids import canonical
from okrsync.sandbox.notion.moments import date_value
from okrsync.sandbox.notion.options import by_name, checked_name, cleared_status
from okrsync.sandbox.notion.state import Column, DataSource, Page, State
from okrsync.sandbox.notion.text import from_wire

Json = Any
MOST_REFERENCES = 100
_TEXT_LIMITS = {"url": 2000, "email": 200, "phone_number": 200}


def checked(state: State, source: DataSource, properties: Json) -> list[tuple[Column, Json]]:
    """The columns named and the values to set. Raises ApiError 400 or 404; changes nothing."""
    if not isinstance(properties, dict):
        raise body_invalid("properties", "an object", properties)
    return [_checked_one(state, source, key, raw) for key, raw in properties.items()]


def _checked_one(state: State, source: DataSource, key: str, raw: Json) -> tuple[Column, Json]:
    column = find(source, key)
    if column is None:
        raise no_such_column(key)
    if column.type in COMPUTED:
        raise validation(f"{column.name} is computed ({column.type}) and cannot be set.")
    if not isinstance(raw, dict):
        raise body_invalid(f"properties.{key}", "an object", raw)
    if column.type not in raw or raw.get("type", column.type) != column.type:
        raise validation(f"{column.name} is expected to be {column.type}.")
    return column, read(state, column, raw[column.type], f"properties.{key}.{column.type}")


def read(state: State, column: Column, raw: Json, path: str) -> Json:
    """One value of a column that is not computed, as `store` takes it. Raises ApiError 400 or 404."""
    return _READERS[column.type](state, column, raw, path)


def store(state: State, page: Page, column: Column, value: Json) -> None:
    """Sets one checked value; new select options and the other end of relations come with it."""
    if column.type in CHOICES:
        value = _stored_choice(state, column, value)
    if column.type == "relation":
        _mirror(state, page, column, value)
    page.values[column.id] = value


def _stored_choice(state: State, column: Column, names: Json) -> Json:
    if column.type == "multi_select":
        return list(dict.fromkeys(_option_id(state, column, name) for name in names))
    if names is None:
        return cleared_status(column) if column.type == "status" else None
    return _option_id(state, column, names)


def _option_id(state: State, column: Column, name: str) -> str:
    option = by_name(column.config["options"], name)
    return new_option(state, column, name) if option is None else str(option["id"])


def _mirror(state: State, page: Page, column: Column, ids: list[str]) -> None:
    """Keeps the other end equal. It does not count as an edit of the other page."""
    mirror = mirror_of(state, column)
    if mirror is None:
        return
    before = page.values.get(column.id, [])
    for gone in (each for each in before if each not in ids):
        state.pages[gone].values[mirror.id].remove(page.id)
    for new in (each for each in ids if each not in before):
        state.pages[new].values.setdefault(mirror.id, []).append(page.id)


def _text(state: State, column: Column, raw: Json, path: str) -> Json:
    return from_wire(state, raw, path)


def _number(state: State, column: Column, raw: Json, path: str) -> Json:
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise body_invalid(path, "a number or `null`", raw)
    if not math.isfinite(raw):
        raise body_invalid(path, "a finite number", str(raw))
    return int(raw) if float(raw).is_integer() else raw


def _checkbox(state: State, column: Column, raw: Json, path: str) -> Json:
    if not isinstance(raw, bool):
        raise body_invalid(path, "a boolean", raw)
    return raw


def _line(state: State, column: Column, raw: Json, path: str) -> Json:
    if raw is None:
        return None
    if not isinstance(raw, str) or raw == "":
        raise body_invalid(path, "a non-empty string or `null`", raw)
    if len(raw) > _TEXT_LIMITS[column.type]:
        raise body_invalid(f"{path}.length", f"≤ `{_TEXT_LIMITS[column.type]}`", len(raw))
    return raw


def _date(state: State, column: Column, raw: Json, path: str) -> Json:
    return None if raw is None else date_value(raw, path)


def _select(state: State, column: Column, raw: Json, path: str) -> Json:
    return None if raw is None else _choice_name(column, raw, path)


def _multi_select(state: State, column: Column, raw: Json, path: str) -> Json:
    return [_choice_name(column, each, f"{path}[]") for each in _array(raw, path)]


def _choice_name(column: Column, raw: Json, path: str) -> str:
    """The option's name, by id where one is given, as callers send back what they read."""
    if not isinstance(raw, dict) or not ({"id", "name"} & set(raw)):
        raise body_invalid(path, "an object with `id` or `name`", raw)
    options = column.config["options"]
    if raw.get("id") is not None:
        found = next((option for option in options if option["id"] == raw["id"]), None)
        if found is None:
            raise validation(f'{column.type} option with id "{raw["id"]}" does not exist.')
        return str(found["name"])
    name = checked_name(raw["name"], f"{path}.name")
    if column.type == "status" and by_name(options, name) is None:
        raise validation(f'Status option "{name}" does not exist".')
    return name


def _people(state: State, column: Column, raw: Json, path: str) -> Json:
    ids = [_reference(each, f"{path}[]") for each in _array(raw, path)]
    unknown = next((each for each in ids if each not in state.users), None)
    if unknown is not None:
        raise validation(f"Could not find user with ID: {unknown}.")
    return list(dict.fromkeys(ids))


def _relation(state: State, column: Column, raw: Json, path: str) -> Json:
    ids = [_reference(each, f"{path}[]") for each in _array(raw, path)]
    for page_id in ids:
        if not state.sees_page(page_id):
            raise not_found(state, "page", page_id)
        if state.pages[page_id].data_source_id != column.config["data_source_id"]:
            raise validation(f"{page_id} is not a page of the data source {column.name} relates to.")
    return list(dict.fromkeys(ids))


def _files(state: State, column: Column, raw: Json, path: str) -> Json:
    return _array(raw, path)


def _array(raw: Json, path: str) -> list[Json]:
    if not isinstance(raw, list):
        raise body_invalid(path, "an array", raw)
    if len(raw) > MOST_REFERENCES:
        raise body_invalid(f"{path}.length", f"≤ `{MOST_REFERENCES}`", len(raw))
    return raw


def _reference(raw: Json, path: str) -> str:
    found = canonical(raw.get("id")) if isinstance(raw, dict) else None
    if found is None:
        raise body_invalid(f"{path}.id", "a valid uuid", raw)
    return found


_Reader = Callable[[State, Column, Json, str], Json]
_READERS: Mapping[str, _Reader] = {
    "title": _text,
    "rich_text": _text,
    "number": _number,
    "select": _select,
    "multi_select": _multi_select,
    "status": _select,
    "date": _date,
    "people": _people,
    "relation": _relation,
    "checkbox": _checkbox,
    "url": _line,
    "email": _line,
    "phone_number": _line,
    "files": _files,
}
