"""`create: true`: off unless asked for, and refused where it could not work."""

from __future__ import annotations

from pathlib import Path

import pytest

from okrsync.config.schema import schema
from okrsync.connectors.registry import KINDS, ConnectorKind
from tests.config import faketool
from tests.config.bench import HEAD, complaints, epics, loaded, metrics, pages
from tests.config.faketool import settings

CREATE = "    create: true\n"
BOTH = "title: {from: summary, sync: both}"


def test_nothing_is_created_unless_asked_for(tmp_path: Path) -> None:
    """The default is off; the switch stands on one collection."""
    found = loaded(tmp_path, HEAD + metrics("current: C") + metrics("unit: U", "more", rest=CREATE))
    assert [one.create for one in found.collections] == [False, True]
    assert found.policies.max_creates == 20


def test_a_created_record_needs_a_key(tmp_path: Path) -> None:
    """By it a lost answer is found again; the message stands on the switch."""
    assert complaints(tmp_path, HEAD + pages("title: N", rest=CREATE)) == [
        "okrsync.yaml:12:13: collections.pages.create: needs a `key`, by which a new record is known;"
        " name the field that holds the human key"
    ]


def test_jira_gives_the_key_and_wants_a_title(tmp_path: Path) -> None:
    """No `key` is needed there; a title that is only read is not enough."""
    assert loaded(tmp_path, HEAD + epics(BOTH, rest=CREATE)).collection("epics").create
    (line,) = complaints(tmp_path, HEAD + epics("title: summary", rest=CREATE))
    assert "collections.epics.create: jira makes nothing without a title" in line


def test_a_data_center_takes_no_new_issues(tmp_path: Path) -> None:
    """What a new issue needs there differs from site to site; told at the switch, as its features say."""
    head = HEAD.replace("kind: jira", "kind: jira, deployment: data_center")
    (line,) = complaints(tmp_path, head + epics(BOTH, rest=CREATE))
    assert line.startswith("okrsync.yaml:") and "collections.epics.create: jira cannot create records" in line
    assert "deployment: data_center; leave it out" in line
    assert not loaded(tmp_path, head + epics(BOTH)).collection("epics").create


def test_a_kind_that_cannot_create_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is opened."""
    monkeypatch.setitem(KINDS, "faketool", ConnectorKind("faketool", faketool.__name__))
    head = HEAD.replace("collections:", "  mine: {kind: faketool, token: '${JIRA_TOKEN}'}\ncollections:")
    text = "  lists: {connection: mine, source: {list: a}, entity: key_result, key: K, create: true}\n"
    (line,) = complaints(tmp_path, head + text)
    assert "collections.lists.create: faketool cannot create records" in line


def test_another_packages_kind_can_create(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its settings say so; nothing here is edited."""
    monkeypatch.setitem(KINDS, "faketool", ConnectorKind("faketool", faketool.__name__))
    monkeypatch.setattr(settings, "GIVES_KEYS", False, raising=False)
    head = HEAD.replace("collections:", "  mine: {kind: faketool, token: '${JIRA_TOKEN}'}\ncollections:")
    text = "  lists: {connection: mine, source: {list: a}, entity: key_result, key: K, create: true}\n"
    assert loaded(tmp_path, head + text).collection("lists").create
    (line,) = complaints(tmp_path, head + text.replace("key: K, ", ""))
    assert "collections.lists.create: needs a `key`" in line


def test_editors_know_the_switch() -> None:
    """It is in the published schema with its default."""
    branch = schema()["properties"]["collections"]["additionalProperties"]["allOf"][0]
    described = branch["then"]["properties"]["create"]
    assert (described["type"], described["default"]) == ("boolean", False)
