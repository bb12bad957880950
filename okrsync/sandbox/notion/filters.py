"""Filters of a query, turned into a yes or no for a row.

Arrives: the `filter` of a query body. Leaves: a test for pages. Everything is checked before the first
row is looked at. Follows Notion's "Filter data source entries" and recordings: conditions nest two levels,
dates compare by the minute, an empty number does not equal 42, a timestamp is never empty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from okrsync.sandbox.notion import show
from okrsync.sandbox.notion.columns import find
from okrsync.sandbox.notion.errors import ApiError, body_invalid, no_such_property, validation
from okrsync.sandbox.notion.ids import canonical
from okrsync.sandbox.notion.moments import instant, is_span, named_interval, page_time, span
from okrsync.sandbox.notion.options import by_name
from okrsync.sandbox.notion.state import Column, DataSource, Page, State
from okrsync.sandbox.notion.text import plain

Json = Any
Test = Callable[[Page], bool]
ValueTest = Callable[[Json], bool]
DEEPEST = 2
_TIMESTAMPS = ("created_time", "last_edited_time")


class Filters:
    """Compiles filters for one data source at one moment."""

    def __init__(self, state: State, source: DataSource, now: datetime) -> None:
        self._state = state
        self._source = source
        self._now = now

    def compiled(self, raw: Json, depth: int = 0) -> Test:
        """The test a filter object stands for. Raises ApiError 400."""
        if not isinstance(raw, dict):
            raise body_invalid("filter", "an object", raw)
        for word, combine in (("and", all), ("or", any)):
            if word in raw:
                return self._compound(word, combine, raw[word], depth)
        if "timestamp" in raw:
            return self._timestamp(raw)
        return self._property(raw)

    def _compound(self, word: str, combine: Callable[..., bool], raw: Json, depth: int) -> Test:
        if depth >= DEEPEST:
            raise validation(f"body failed validation: body.filter nests deeper than {DEEPEST} levels.")
        if not isinstance(raw, list):
            raise body_invalid(f"filter.{word}", "an array", raw)
        tests = [self.compiled(each, depth + 1) for each in raw]
        return lambda page: combine(test(page) for test in tests)

    def _timestamp(self, raw: Json) -> Test:
        kind = raw["timestamp"]
        if kind not in _TIMESTAMPS or not isinstance(raw.get(kind), dict):
            raise body_invalid("filter.timestamp", '"created_time" or "last_edited_time"', kind)
        if "property" in raw:
            raise body_invalid("filter.property", "not present", raw["property"])
        test = _date_test(raw[kind], self._now)
        return lambda page: test(page_time(_moment(page, kind)))

    def _property(self, raw: Json) -> Test:
        name = raw.get("property", ...)
        if not isinstance(name, str):
            raise body_invalid("filter.property", "a string", name)
        column = find(self._source, name)
        if column is None:
            raise no_such_property(name)
        kinds = sorted(set(raw) - {"property", "type"})
        if kinds != [column.type] or not isinstance(raw[column.type], dict):
            raise validation(
                f"database property {column.type} does not match filter {', '.join(kinds) or 'none'}"
            )
        test = value_test(column, column.type, raw[column.type], self._now)
        return lambda page: test(show.value(self._state, page, column))


def _moment(page: Page, kind: str) -> datetime:
    return page.created_at if kind == "created_time" else page.edited_at


def value_test(column: Column, kind: str, conditions: Json, now: datetime) -> ValueTest:
    """A test for a value of this type, from `{condition: argument}`. Raises ApiError 400."""
    if kind in ("title", "rich_text"):
        test = _text_test(conditions)
        return lambda value: test(plain(value))
    if kind in ("url", "email", "phone_number"):
        test = _text_test(conditions)
        return lambda value: test("" if value is None else value)
    if kind in ("date", *_TIMESTAMPS):
        return _date_test(conditions, now)
    if kind == "unique_id":
        test = _number_test(conditions)
        return lambda value: test(value["number"])
    if kind in ("formula", "rollup"):
        return _computed_test(column, conditions, now)
    if kind not in _BY_KIND:
        raise validation(f"Filtering by {kind} is not supported.")
    return _BY_KIND[kind](column, conditions)


def _computed_test(column: Column, conditions: Json, now: datetime) -> ValueTest:
    """`{formula: {number: {...}}}`: a value of another result type does not match."""
    kind, inner = _single(conditions)
    shown = {"string": "url"}.get(kind, kind)
    if kind not in ("string", "number", "checkbox", "boolean", "date"):
        raise validation(f"Filtering a {column.type} by {kind} is not supported.")
    held = "boolean" if kind == "checkbox" else kind
    test = value_test(column, "checkbox" if held == "boolean" else shown, inner, now)
    return lambda value: value["type"] == held and test(value[held])


def _single(conditions: Json) -> tuple[str, Json]:
    if not isinstance(conditions, dict) or len(conditions) != 1:
        raise body_invalid("filter", "exactly one condition", conditions)
    return next(iter(conditions.items()))


def _unknown(kind: str, condition: str) -> ApiError:
    return validation(f"body failed validation: {condition} is not a condition of a {kind} filter.")


def _emptiness(condition: str, is_empty: ValueTest) -> ValueTest | None:
    if condition == "is_empty":
        return is_empty
    return (lambda value: not is_empty(value)) if condition == "is_not_empty" else None


def _text_test(conditions: Json) -> ValueTest:
    condition, wanted = _single(conditions)
    empty = _emptiness(condition, lambda value: value == "")
    if empty is not None:
        return empty
    tests: dict[str, ValueTest] = {
        "equals": lambda value: value == wanted,
        "does_not_equal": lambda value: value != wanted,
        "contains": lambda value: wanted in value,
        "does_not_contain": lambda value: wanted not in value,
        "starts_with": lambda value: value.startswith(wanted),
        "ends_with": lambda value: value.endswith(wanted),
    }
    return _chosen("text", tests, condition, isinstance(wanted, str), wanted)


def _chosen(kind: str, tests: dict[str, ValueTest], condition: str, fits: bool, wanted: Json) -> ValueTest:
    if condition not in tests:
        raise _unknown(kind, condition)
    if not fits:
        raise body_invalid(f"filter.{condition}", f"a {kind}", wanted)
    return tests[condition]


def _number_test(conditions: Json) -> ValueTest:
    condition, wanted = _single(conditions)
    empty = _emptiness(condition, lambda value: value is None)
    if empty is not None:
        return empty
    tests: dict[str, ValueTest] = {
        "equals": lambda value: value == wanted,
        "does_not_equal": lambda value: value != wanted,
        "greater_than": lambda value: value is not None and value > wanted,
        "less_than": lambda value: value is not None and value < wanted,
        "greater_than_or_equal_to": lambda value: value is not None and value >= wanted,
        "less_than_or_equal_to": lambda value: value is not None and value <= wanted,
    }
    fits = isinstance(wanted, int | float) and not isinstance(wanted, bool)
    return _chosen("number", tests, condition, fits, wanted)


def _date_test(conditions: Json, now: datetime) -> ValueTest:
    condition, wanted = _single(conditions)
    empty = _emptiness(condition, lambda value: value is None)
    if empty is not None:
        return empty
    at = span(condition, now) if is_span(condition) else named_interval(wanted, now, f"filter.{condition}")
    tests: dict[str, Callable[[datetime], bool]] = {
        "equals": lambda moment: at.start <= moment < at.end,
        "before": lambda moment: moment < at.start,
        "on_or_before": lambda moment: moment < at.end,
        "after": lambda moment: moment >= at.end,
        "on_or_after": lambda moment: moment >= at.start,
    }
    test = tests.get("equals" if is_span(condition) else condition)
    if test is None:
        raise _unknown("date", condition)
    return lambda value: value is not None and test(instant(_start(value)))


def _start(value: Json) -> str:
    """A date property is compared by its start; a timestamp is itself."""
    return str(value["start"] if isinstance(value, dict) else value)


def _checkbox(column: Column, conditions: Json) -> ValueTest:
    condition, wanted = _single(conditions)
    tests: dict[str, ValueTest] = {
        "equals": lambda value: value is wanted,
        "does_not_equal": lambda value: value is not wanted,
    }
    return _chosen("boolean", tests, condition, isinstance(wanted, bool), wanted)


def _choice(column: Column, conditions: Json) -> ValueTest:
    condition, wanted = _single(conditions)
    empty = _emptiness(condition, lambda value: value is None)
    if empty is not None:
        return empty
    names = _option_names(column, wanted)
    tests: dict[str, ValueTest] = {
        "equals": lambda value: value is not None and value["name"] in names,
        "does_not_equal": lambda value: value is None or value["name"] not in names,
    }
    return _chosen("string", tests, condition, True, wanted)


def _multi_choice(column: Column, conditions: Json) -> ValueTest:
    condition, wanted = _single(conditions)
    empty = _emptiness(condition, lambda value: value == [])
    if empty is not None:
        return empty
    names = _option_names(column, wanted)
    tests: dict[str, ValueTest] = {
        "contains": lambda value: any(each["name"] in names for each in value),
        "does_not_contain": lambda value: all(each["name"] not in names for each in value),
    }
    return _chosen("string", tests, condition, True, wanted)


def _option_names(column: Column, wanted: Json) -> list[str]:
    """One name or several. An option that is not there is refused, as drift of the schema."""
    names: Sequence[Json] = wanted if isinstance(wanted, list) else [wanted]
    return [_option_name(column, name) for name in names]


def _option_name(column: Column, wanted: Json) -> str:
    options = column.config["options"]
    option = by_name(options, wanted) if isinstance(wanted, str) else None
    if option is None:
        known = ", ".join(f'"{each["name"]}"' for each in options)
        raise validation(
            f'{column.type} option "{wanted}" not found for property "{column.name}". '
            f"Available options: {known}."
        )
    return str(option["name"])


def _references(column: Column, conditions: Json) -> ValueTest:
    condition, wanted = _single(conditions)
    empty = _emptiness(condition, lambda value: value == [])
    if empty is not None:
        return empty
    object_id = canonical(wanted)
    tests: dict[str, ValueTest] = {
        "contains": lambda value: any(each["id"] == object_id for each in value),
        "does_not_contain": lambda value: all(each["id"] != object_id for each in value),
    }
    # `me` is a documented argument of people filters and matches nothing for an internal connection
    return _chosen("valid uuid", tests, condition, object_id is not None or wanted == "me", wanted)


def _user(column: Column, conditions: Json) -> ValueTest:
    test = _references(column, conditions)
    return lambda value: test([value])


def _number(column: Column, conditions: Json) -> ValueTest:
    return _number_test(conditions)


def _files(column: Column, conditions: Json) -> ValueTest:
    condition, _ = _single(conditions)
    empty = _emptiness(condition, lambda value: value == [])
    if empty is None:
        raise _unknown("files", condition)
    return empty


_BY_KIND: dict[str, Callable[[Column, Json], ValueTest]] = {
    "number": _number,
    "checkbox": _checkbox,
    "select": _choice,
    "status": _choice,
    "multi_select": _multi_choice,
    "people": _references,
    "relation": _references,
    "created_by": _user,
    "last_edited_by": _user,
    "files": _files,
}
