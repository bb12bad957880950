"""The imitation's answers beside recorded ones: the same members, by kind of object.

The recordings are not part of the project; without them the comparison has nothing to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.notion.workspace import Workspace

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples" / "notion"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no recordings at {SAMPLES}")


def recorded() -> Iterator[Any]:
    """Every answer recorded under the current version."""
    for path in sorted(SAMPLES.glob("[0-9]*.json")):
        for exchange in json.loads(path.read_text())["exchanges"]:
            if exchange["request"].get("notion_version") == "2026-03-11":
                yield exchange["response"]["body"]


def members(kind: str) -> set[frozenset[str]]:
    """The sets of members recorded for objects of a kind."""
    return {frozenset(body) for body in recorded() if body.get("object") == kind}


def values_by_type() -> dict[str, set[frozenset[str]]]:
    """The sets of members recorded for properties inside pages, by type."""
    found: dict[str, set[frozenset[str]]] = {}
    for body in recorded():
        if body.get("object") == "page":
            for value in body["properties"].values():
                found.setdefault(value["type"], set()).add(frozenset(value))
    return found


@needs_samples
def test_objects_have_the_recorded_members(ws: Workspace) -> None:
    """Page, data source, database, bot, list, comment and error carry what was recorded, no more."""
    page = ws.notion.add_page(ws.objectives, {"Name": "Grow"})
    comment = ws.client.comments.create(parent={"page_id": page}, rich_text=[{"text": {"content": "x"}}])
    shown = {
        "page": ws.page(page),
        "data_source": ws.client.data_sources.retrieve(ws.objectives),
        "database": ws.client.databases.retrieve(ws.database),
        "user": ws.client.users.me(),
        "list": ws.client.data_sources.query(ws.objectives),
        "error": ws.http.get(f"/v1/pages/{ws.ada}").json(),
        "comment": comment,
    }
    assert {kind for kind, body in shown.items() if frozenset(body) not in members(kind)} == set()


@needs_samples
def test_property_values_have_the_recorded_members(ws: Workspace) -> None:
    """Every property type of the workspace looks as it was recorded inside pages."""
    known = values_by_type()
    pages = [ws.notion.add_page(source, {"Name": "x"}) for source in (ws.objectives, ws.key_results)]
    compared = 0
    for page in pages:
        for value in ws.page(page)["properties"].values():
            if value["type"] in known:
                assert frozenset(value) in known[value["type"]], value
                compared += 1
    assert compared >= 10


@needs_samples
def test_columns_have_the_recorded_members(ws: Workspace) -> None:
    """Every column of a schema, and its settings, carry the members recorded for its type."""
    known: dict[str, set[tuple[frozenset[str], frozenset[str]]]] = {}
    for body in recorded():
        if body.get("object") == "data_source":
            for column in body["properties"].values():
                settings = column[column["type"]]
                known.setdefault(column["type"], set()).add((frozenset(column), frozenset(settings)))
    for source in (ws.objectives, ws.key_results):
        for column in ws.client.data_sources.retrieve(source)["properties"].values():
            shown = frozenset(column), frozenset(column[column["type"]])
            assert shown in known[column["type"]], column


@needs_samples
def test_property_items_have_the_recorded_shape(ws: Workspace) -> None:
    """List or single item, by type, as the recordings of the property endpoint show."""
    known = {}
    for body in recorded():
        if "property_item" in (body.get("object"), body.get("type")):
            kind = body["type"] if body["object"] == "property_item" else body["property_item"]["type"]
            known[kind] = frozenset(body)
    page = ws.notion.add_page(ws.objectives, {"Name": "x"})
    for value in ws.page(page)["properties"].values():
        item = ws.client.pages.properties.retrieve(page, value["id"])
        assert frozenset(item) == known[value["type"]], value["type"]
