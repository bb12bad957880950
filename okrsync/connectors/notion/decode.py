"""From Notion's property values to neutral ones.

Arrives: one property of one page, parsed with exact numbers. Leaves: a `Native` value, or `Unreadable`
with the reason. Pure: completing a list that Notion cut takes requests and is the connector's work; this
module only tells that it was cut. An empty text, list of people or date is missing (`None` or an empty
tuple), never 0 and never False.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from okrsync.connectors.base import Native
from okrsync.connectors.notion.ids import object_id
from okrsync.okr.values import Unreadable, plain

Json = dict[str, Any]

CUT_AT = 25
"""Notion API reference, "Retrieve a page": a page answer holds at most 25 references per property."""


def native(prop: Json, *, end: bool = False) -> Native:
    """The value of one property.

    Args:
        prop: a page's property: `{"id": …, "type": T, T: …}`; an item of an array rollup has no id.
        end: for a date, its end instead of its start.
    """
    kind = str(prop.get("type"))
    if kind == "date" and end:
        return _guarded(kind, lambda raw: _half(raw, "end"), prop)
    if kind == "relation" and prop.get("has_more") is True:
        return Unreadable("Notion cut the list of related pages at 25")
    decoder = _DECODERS.get(kind)
    if decoder is None:
        return Unreadable(f"okrsync does not know Notion's type {kind!r}")
    return _guarded(kind, decoder, prop)


def may_be_cut(prop: Json) -> bool:
    """Whether the value may be shortened, so that the property endpoint must be asked.

    Relations say so; people and text say nothing and are suspect from 25 references on.
    """
    kind = str(prop.get("type"))
    value = prop.get(kind)
    if kind == "relation":
        return prop.get("has_more") is True
    if not isinstance(value, list):
        return False
    if kind == "people":
        return len(value) >= CUT_AT
    return kind in ("title", "rich_text") and _mentions(value) >= CUT_AT


def completed(prop: Json, items: list[Json]) -> Json:
    """The property with all the values its own endpoint listed."""
    kind = str(prop["type"])
    return {**prop, kind: [item[kind] for item in items], "has_more": False}


def text_lock(prop: Json) -> str | None:
    """Why writing plain text here would destroy something, `None` when it would not."""
    if prop.get("type") not in ("title", "rich_text"):
        return None
    for element in prop.get(prop["type"]) or ():
        if element.get("type") != "text":
            return f"holds a {element.get('type')}, which writing plain text would destroy"
        if element.get("href") or (element.get("text") or {}).get("link"):
            return "holds a link, which writing plain text would destroy"
        if any(value not in (False, "default") for value in (element.get("annotations") or {}).values()):
            return "holds formatting, which writing plain text would destroy"
    return None


def plain_text(elements: list[Json]) -> str:
    """All elements of a rich text as one, in Unicode NFC."""
    return unicodedata.normalize("NFC", "".join(element["plain_text"] for element in elements))


def person(user: Json) -> str:
    """A user as people know them: e-mail in lower case, else name, else the id (no user capability)."""
    email = (user.get("person") or {}).get("email")
    if email:
        return str(email).lower()
    return str(user.get("name") or user["id"])


def moment(text: str) -> datetime:
    """An instant in UTC, cut to the minute as Notion stores it. Raises ValueError without an offset."""
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        raise ValueError(f"{text!r} has no offset")
    return parsed.astimezone(UTC).replace(second=0, microsecond=0)


def _guarded(kind: str, decoder: Callable[[Any], Native], prop: Json) -> Native:
    try:
        return decoder(prop[kind])
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return Unreadable(f"this is not how Notion documents a {kind}", raw=str(prop.get(kind))[:80])


def _mentions(elements: list[Json]) -> int:
    return sum(1 for element in elements if element.get("type") == "mention")


def _text(elements: Any) -> Native:
    return plain_text(elements) or None


def _line(value: Any) -> Native:
    if value is not None and not isinstance(value, str):
        raise TypeError(type(value))
    return unicodedata.normalize("NFC", value) if value else None


def _number(value: Any) -> Native:
    if value is not None and not isinstance(value, Decimal):
        raise TypeError(type(value))
    return value


def _truth(value: Any) -> Native:
    if value is not None and not isinstance(value, bool):
        raise TypeError(type(value))
    return value


def _option(value: Any) -> Native:
    return None if value is None else str(value["name"])


def _options(values: Any) -> Native:
    return tuple(str(value["name"]) for value in values)


def _date(value: Any) -> Native:
    return _half(value, "start")


def _half(value: Any, half: str) -> Native:
    text = None if value is None else value.get(half)
    return None if text is None else _day_or_moment(text)


def _day_or_moment(text: str) -> date | datetime:
    """A plain date has no zone and stays one (Notion API reference, "Page property values")."""
    return date.fromisoformat(text) if len(text) == len("2026-07-01") else moment(text)


def _people(users: Any) -> Native:
    return tuple(person(user) for user in users)


def _relation(pages: Any) -> Native:
    return tuple(object_id(page["id"]) for page in pages)


def _author(user: Any) -> Native:
    return (person(user),)


def _timestamp(text: Any) -> Native:
    return None if text is None else moment(text)


def _unique_id(value: Any) -> Native:
    if value is None or value["number"] is None:
        return None
    number = plain(value["number"])
    return f"{value['prefix']}-{number}" if value.get("prefix") else number


def _files(values: Any) -> Native:
    """Names only: the addresses of hosted files change with every read."""
    return tuple(str(value["name"]) for value in values)


def _place(value: Any) -> Native:
    return None if value is None else _line(value.get("name") or value.get("address"))


def _verification(value: Any) -> Native:
    return None if value is None else _line(value["state"])


def _button(_: Any) -> Native:
    return None


def _formula(value: Any) -> Native:
    kind = value["type"]
    decoder = _RESULTS.get(kind)
    if decoder is None:
        return Unreadable(f"Notion could not give this formula's result ({kind})")
    return decoder(value[kind])


def _rollup(value: Any) -> Native:
    kind = value["type"]
    if kind == "array":
        return _rollup_array(value["array"])
    if kind in ("number", "date"):
        return _RESULTS[kind](value[kind])
    return Unreadable(f"Notion could not give this rollup's result ({kind})")


def _rollup_array(items: list[Json]) -> Native:
    """One item is that item's value, none is missing, several are the tuple of their texts."""
    if len(items) >= CUT_AT:
        return Unreadable("this rollup may rest on only the first 25 related pages")
    values = [native(item) for item in items]
    broken = next((value for value in values if isinstance(value, Unreadable)), None)
    if broken is not None or not values:
        return broken
    return values[0] if len(values) == 1 else tuple(text for value in values for text in _texts(value))


def _texts(value: Native) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, tuple):
        return value
    if isinstance(value, Decimal):
        return (plain(value),)
    return (value.isoformat() if isinstance(value, date) else str(value),)


_RESULTS: dict[str, Callable[[Any], Native]] = {
    "string": _line,
    "number": _number,
    "boolean": _truth,
    "date": _date,
}

_DECODERS: dict[str, Callable[[Any], Native]] = {
    "title": _text,
    "rich_text": _text,
    "url": _line,
    "email": _line,
    "phone_number": _line,
    "number": _number,
    "select": _option,
    "status": _option,
    "multi_select": _options,
    "date": _date,
    "checkbox": _truth,
    "people": _people,
    "relation": _relation,
    "formula": _formula,
    "rollup": _rollup,
    "unique_id": _unique_id,
    "created_time": _timestamp,
    "last_edited_time": _timestamp,
    "created_by": _author,
    "last_edited_by": _author,
    "files": _files,
    "place": _place,
    "verification": _verification,
    "button": _button,
}
