"""The connector's requests and the imitation's answers, judged by Notion's own documents.

Every test of the connector is judged so when it ends; here one walk through all addresses is judged as a
whole, and the judge itself is tried.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from okrsync.connectors.base import Marker
from okrsync.sandbox.notion import Settings
from tests.connectors.notion.watched import ADDRESSES, Watching
from tests.connectors.notion.world import World, small_world
from tests.fidelity import fetch_notion
from tests.fidelity.notion_spec import ABSENT, NO_BODIES, Exchange, documents, objections

needs_documents = pytest.mark.skipif(documents() == (), reason=ABSENT)
needs_bodies = pytest.mark.skipif(not any(each.bodies for each in documents()), reason=NO_BODIES)
QUERIED = Exchange(
    "POST",
    "/v1/data_sources/x/query",
    (),
    {},
    200,
    {
        "object": "list",
        "results": [],
        "has_more": False,
        "next_cursor": None,
        "type": "page_or_data_source",
        "page_or_data_source": {},
    },
)
"""A query as it should be."""


@pytest.fixture(scope="module")
def walked() -> Iterator[World]:
    """A world in which everything a sync does was done once."""
    with small_world(Settings(page_limit=20)) as world:
        world.connector.account()
        related = [world.add(Name=f"KR {number}") for number in range(30)]
        page = world.add(Name="Big", Part_of=related, Health="On track", Owner=["owner@example.com"])
        names = [field.name for field in world.schema().fields if not field.name.endswith("(end)")]
        first = world.pull(*names)
        world.connector.pull(world.source, world.schema(), world.ids(["Why"]), first.cursor)
        world.write(page, Owner=("ada@example.com",), Stage="Done", Due=None, Start=Decimal(1))
        world.write(page, Why="x" * 4000, Tags=("EMEA",), Strict=True, Part_of=tuple(related[:5]))
        made, cells = Marker("KR-9", "entity1", world.id("Why")), {world.id("Name"): "New"}
        world.connector.create(world.source, world.schema(), cells, made)
        assert len(world.connector.marked(world.source, world.schema(), made)) == 1
        world.connector.schema(
            world.source.model_copy(update={"data_source": None, "database": world.database})
        )
        world.person("delete_column", data_source=world.rows, column="Score")
        yield world


@needs_documents
def test_notions_documents_object_to_nothing(walked: World) -> None:
    """Addresses, parameters, bodies and answers are as Notion describes them."""
    assert [text for exchange in walked.wire.exchanges for text in objections(exchange)] == []


@needs_documents
def test_every_address_is_described() -> None:
    """What the connector asks, the documents know; what it asks is all that was judged."""
    examples = ["/v1/users", "/v1/users/me", "/v1/databases/x", "/v1/data_sources/x", "/v1/pages/x"]
    asked = [("GET", path) for path in (*examples, "/v1/pages/x/properties/y")]
    asked += [("POST", "/v1/data_sources/x/query"), ("POST", "/v1/pages"), ("PATCH", "/v1/pages/x")]
    first = documents()[0]
    assert [each for each in asked if not first.describes(*each)] == []


def test_every_address_was_walked(walked: World) -> None:
    """The walk leaves out nothing a sync may ask."""
    asked = [(each.method, each.path) for each in walked.wire.exchanges]
    forms = [(method, re.compile(form)) for method, form in ADDRESSES]
    missed = [
        form.pattern
        for method, form in forms
        if not any(method == how and form.fullmatch(path) for how, path in asked)
    ]
    assert missed == []


def test_every_query_is_sorted(walked: World) -> None:
    """Without an order rows may move past the reader."""
    bodies = [each.body for each in walked.wire.exchanges if each.path.endswith("/query")]
    assert len(bodies) >= 3
    assert all(body["sorts"][0]["direction"] == "ascending" for body in bodies)


def test_rows_are_asked_for_with_their_columns_alone(walked: World) -> None:
    """Computing columns nobody bound costs Notion time."""
    rows = [each for each in walked.wire.exchanges if each.path.endswith("/query")]
    assert all("filter_properties" in each.query for each in rows)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/v1/data_sources/x", b'{"properties": {"a": null}}'),
        ("POST", "/v1/search", b"{}"),
        ("POST", "/v1/pages", b'{"parent": {}, "properties": {}, "children": []}'),
        ("DELETE", "/v1/blocks/x", b""),
        ("PATCH", "/v1/pages/x", b'{"properties": {}, "in_trash": true}'),
        ("PATCH", "/v1/pages/x", b'{"properties": {}, "erase_content": true}'),
    ],
)
def test_nothing_but_a_syncs_addresses_can_be_asked(method: str, path: str, body: bytes) -> None:
    """The transport of all connector tests stops schema changes, searches, page contents and the trash."""
    request = httpx.Request(method, f"https://api.notion.com{path}", content=body)
    with pytest.raises(AssertionError, match="nothing a sync asks"):
        Watching().handle_request(request)


@needs_documents
@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"query": ("filter_property",)}, "unknown parameter filter_property"),
    ],
)
def test_the_judge_objects_to_addresses(change: dict[str, Any], word: str) -> None:
    """A parameter nobody described is seen, whichever document is at hand."""
    assert any(word in text for text in objections(replace(QUERIED, **change)))


@needs_bodies
@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"body": {"filters": {}}}, "unknown member filters"),
        ({"body": {"sorts": [{"timestamp": "edited", "direction": "ascending"}]}}, "sorts"),
        ({"answer": {"object": "list", "results": []}}, "required"),
    ],
)
def test_the_judge_objects(change: dict[str, Any], word: str) -> None:
    """A wrong member, value or answer is seen."""
    assert objections(QUERIED) == []
    assert any(word in text for text in objections(replace(QUERIED, **change)))


def test_without_npm_the_set_up_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It says that tests will skip, and leaves nothing half done."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "npm is not on the PATH" in fetch_notion.fetch(tmp_path / "notion.json")
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(("does", "word"), [("exit 7", "exit code 7"), ("touch a.tgz", "another document")])
def test_a_failing_npm_does_not_stop_the_set_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str, word: str
) -> None:
    """Nor does a package that holds something else; neither is taken for the document."""
    npm = tmp_path / "npm"
    npm.write_text(f"#!/bin/sh\n{does}\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert word in fetch_notion.fetch(tmp_path / "held" / "notion.json")
    assert not (tmp_path / "held").exists()
