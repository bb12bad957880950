"""Small pieces of Notion's JSON for the tests, in the shape its API answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from okrsync.connectors.base import Cell, Native, NativeField, Patch, Record
from okrsync.connectors.notion.ids import column_id
from okrsync.connectors.notion.properties import Spelling, fields_of

Json = dict[str, Any]

PLAIN = {
    "bold": False,
    "italic": False,
    "strikethrough": False,
    "underline": False,
    "code": False,
    "color": "default",
}
PAGE = "3839ce7b-60a4-81c8-867a-f81fd71aa55c"
OTHER = "3839ce7b-60a4-8135-8cb7-c6657a2dd0d5"


def text(content: str, **changes: Any) -> Json:
    """One element of rich text."""
    element = {
        "type": "text",
        "text": {"content": content, "link": None},
        "annotations": PLAIN,
        "plain_text": content,
        "href": None,
    }
    return element | changes


def prop(kind: str, value: Any, **rest: Any) -> Json:
    """A property of a page."""
    return {"id": "ab%3Ac", "type": kind, kind: value, **rest}


def user(number: int, email: str | None = None, name: str = "Ada") -> Json:
    """A person; without `email` the connection may not see it."""
    uuid = f"00000000-0000-4000-8000-{number:012d}"
    known: Json = {"object": "user", "id": uuid, "name": name, "type": "person", "person": {}}
    return known if email is None else known | {"person": {"email": email}}


SCHEMA: dict[str, Json] = {
    "Name": {"id": "title", "type": "title", "title": {}},
    "Why": {"id": "why1", "type": "rich_text", "rich_text": {}},
    "Progress": {"id": "%3AJ%7B%3A", "type": "number", "number": {"format": "percent"}},
    "Start": {"id": "st%40t", "type": "number", "number": {"format": "number"}},
    "Health": {
        "id": "hlth",
        "type": "select",
        "select": {"options": [{"id": "opt1", "name": "On track"}, {"id": "opt2", "name": "Off track"}]},
    },
    "Tags": {
        "id": "tags",
        "type": "multi_select",
        "multi_select": {"options": [{"id": "t1", "name": "EMEA"}]},
    },
    "Due": {"id": "due1", "type": "date", "date": {}},
    "Owner": {"id": "ownr", "type": "people", "people": {}},
    "Objective": {"id": "rel1", "type": "relation", "relation": {}},
    "Strict": {"id": "chck", "type": "checkbox", "checkbox": {}},
    "Link": {"id": "url1", "type": "url", "url": {}},
    "Score": {"id": "frml", "type": "formula", "formula": {"expression": "1"}},
}

FIELDS: dict[str, NativeField] = {field.id: field for field in fields_of(SCHEMA)}
SPELLINGS = {column_id(raw["id"]): Spelling(raw["type"], raw["id"]) for raw in SCHEMA.values()}
EMPTY: dict[str, Native] = {"ownr": (), "rel1": (), "tags": (), "chck": False, ":J{:": Decimal(0)}


def record(**cells: Cell) -> Record:
    """A row of that schema as a fresh look showed it; `cells` replaces some by field id."""
    shown = {key: Cell(EMPTY.get(key), f"row › {key}") for key in FIELDS}
    return Record(PAGE, "row", "Notion › KRs › row", {**shown, **cells}, locator=SPELLINGS)


def patch(cells: dict[str, Native], **shown: Cell) -> Patch:
    """A patch of that row."""
    return Patch(record(**shown), cells)
