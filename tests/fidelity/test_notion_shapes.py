"""The imitation's answers beside recorded answers to the same calls: no member that Notion never sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from okrsync.connectors.base import Patch
from okrsync.connectors.errors import ConnectorError
from okrsync.connectors.notion.settings import Source
from tests.connectors.notion.samples import PAGE
from tests.connectors.notion.world import small_world
from tests.fidelity.notion_recordings import SAMPLES, Json, exchanges

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no recordings of Notion in {SAMPLES}")

CALLS = {
    "me": ("GET", r"/users/me"),
    "users": ("GET", r"/users"),
    "database": ("GET", r"/databases/[^/]+"),
    "schema": ("GET", r"/data_sources/[^/]+"),
    "query": ("POST", r"/data_sources/[^/]+/query"),
    "page": ("GET", r"/pages/[^/]+"),
    "items": ("GET", r"/pages/[^/]+/properties/[^/]+"),
    "update": ("PATCH", r"/pages/[^/]+"),
}
OBJECTS = ("page", "data_source", "database", "user")
Shape = set[tuple[str, str]]
"""Paths inside an answer, each with the JSON type found there."""


def call_of(method: str, path: str, status: int) -> str | None:
    """Which call it is; refusals are one call each status."""
    if status != 200:
        return f"refusal {status}"
    short = path.split("?")[0].removeprefix("https://api.notion.com").removeprefix("/v1")
    return next(
        (name for name, (how, form) in CALLS.items() if method == how and re.fullmatch(form, short)), None
    )


def shape(value: Json, path: str = "") -> Iterator[tuple[str, str]]:
    """Every member with its type; columns and values are told by their type, not by their name.

    What is inside a page, a data source or a user is the same wherever the object stands.
    """
    if isinstance(value, dict):
        if value.get("object") in OBJECTS:
            yield path, value["object"]
            path = value["object"]
        for key, each in value.items():
            named = path.endswith(".properties") and isinstance(each, dict)
            yield from shape(each, f"{path}.{each['type'] if named else key}")
    elif isinstance(value, list):
        for each in value:
            yield from shape(each, f"{path}[]")
    yield path, _json_type(value)


def _json_type(value: Json) -> str:
    if value is None or isinstance(value, bool | str | dict | list):
        return type(value).__name__
    return "number"


def recorded() -> dict[str, Shape]:
    found: dict[str, Shape] = {}
    for exchange in exchanges():
        asked, answered = exchange["request"], exchange["response"]
        call = call_of(asked["method"], asked["path"], int(answered["status"]))
        found.setdefault(call or "other", set()).update(shape(answered["body"]))
    return found


def imitated() -> dict[str, Shape]:
    """The same calls, over real sockets."""
    with small_world() as world:
        world.connector.account()
        related = [world.add(Name=f"KR {number}") for number in range(30)]
        ada = "ada@example.com"
        values = {
            "Why": "Growth",
            "Start": 1,
            "Health": "On track",
            "Tags": ["EMEA"],
            "Due": date(2026, 7, 1),
        }
        page = world.add(Name="Big", Part_of=related, Owner=[ada], Score=3, **values)
        names = [field.name for field in world.schema().fields if not field.name.endswith("(end)")]
        world.connector.schema(Source(database=world.database))
        record = next(each for each in world.pull(*names).records if each.native_id == page)
        world.connector.write(
            world.source, world.schema(), [Patch(record, {world.id("Owner"): ("Ada", ada)})]
        )
        world.write(page, Owner=(ada,))
        for wrong in (lambda: world.connector.schema(Source(data_source=PAGE)), world.open("ntn_no").account):
            with pytest.raises(ConnectorError):
                wrong()
        world.person("delete_column", data_source=world.rows, column="Score")
        found: dict[str, Shape] = {}
        for each in world.wire.exchanges:
            call = call_of(each.method, each.path, each.status)
            found.setdefault(str(call), set()).update(shape(each.answer))
    return found


def test_no_answer_holds_what_notion_never_sent() -> None:
    """Every path of every call occurs in a recording of that call, with the same type."""
    real, ours = recorded(), imitated()
    assert set(ours) >= {"me", "users", "database", "schema", "query", "page", "items", "update"}
    known = {
        each for paths in real.values() for each in paths if each[0].split(".")[0].split("[")[0] in OBJECTS
    }
    strange = {call: sorted(ours[call] - real[call] - known) for call in sorted(set(ours) & set(real))}
    assert {call: paths for call, paths in strange.items() if paths} == {}


def test_no_answer_lacks_what_notion_always_sends() -> None:
    """Members at the top of every recorded answer of a call stand in ours."""
    ours = imitated()
    always: dict[str, set[str]] = {}
    for exchange in exchanges():
        asked, answered = exchange["request"], exchange["response"]
        call = call_of(asked["method"], asked["path"], int(answered["status"]))
        if (
            call in ours
            and asked.get("notion_version") == "2026-03-11"
            and isinstance(answered["body"], dict)
        ):
            top = {f".{key}" for key in answered["body"]}
            always[call] = always[call] & top if call in always else top
    shown = {call: {f".{path.split('.')[-1]}" for path, _ in paths} for call, paths in ours.items()}
    lacking = {call: sorted(top - shown[call]) for call, top in always.items()}
    assert {call: paths for call, paths in lacking.items() if paths} == {}
