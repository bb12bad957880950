"""What the real Notion once answered, read by the connector: nothing known comes out unreadable."""

from __future__ import annotations

import json
from datetime import UTC

import httpx
import notion_client.errors
import pytest

from okrsync.connectors.base import NativeField
from okrsync.connectors.errors import AuthFailed, ConnectorError, NotFound
from okrsync.connectors.notion import decode
from okrsync.connectors.notion.errors import Invalid, classify
from okrsync.connectors.notion.ids import column_id, object_id, wire_id
from okrsync.connectors.notion.pages import CREATED, EDITED, stamped
from okrsync.connectors.notion.people import People
from okrsync.connectors.notion.properties import fields_of
from okrsync.connectors.notion.rows import Reader, is_row
from okrsync.okr.values import Unreadable
from tests.fidelity.notion_recordings import SAMPLES, Json, exchanges, objects

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no recordings of Notion in {SAMPLES}")


def rows() -> list[Json]:
    return [page for page in objects("page") if "properties" in page]


def fields(page: Json) -> tuple[NativeField, ...]:
    """Fields as a schema of this page's columns would give them."""
    return fields_of(
        {name: {"id": prop["id"], "type": prop["type"]} for name, prop in page["properties"].items()}
    )


def items(page_id: str, wire: str) -> list[Json]:
    """The recorded list of one property; a page whose rest was not recorded has none."""
    found: list[Json] = []
    for exchange in exchanges():
        if f"/pages/{page_id}/properties/{wire}" in exchange["request"]["path"]:
            found += exchange["response"]["body"]["results"]
    return found


def test_there_is_much_to_read() -> None:
    """The comparison is not empty."""
    assert len(rows()) >= 150
    assert len(list(objects("data_source"))) >= 20


def test_every_recorded_row_is_read() -> None:
    """Each column of each row gives a value, or says why Notion itself gave none."""
    reader = Reader("Notion", People(list), items)
    broken = []
    for page in rows():
        record = reader.record(page, fields(page))
        assert record.edited_at is not None and record.edited_at.tzinfo == UTC
        for key, cell in record.cells.items():
            if isinstance(cell.value, Unreadable) and "unsupported" not in cell.value.reason:
                broken.append((record.place, key, cell.value))
    assert broken == []


def test_long_relations_are_completed_as_recorded() -> None:
    """A page that shows 25 of 30 is read whole from what its property answered."""
    reader = Reader("Notion", People(list), items)
    cut = [
        (page, prop)
        for page in rows()
        for prop in page["properties"].values()
        if prop["type"] == "relation" and prop["has_more"] is True
    ]
    assert cut != []
    for page, prop in cut:
        value = reader.record(page, fields(page)).cells[column_id(prop["id"])].value
        assert isinstance(value, tuple) and len(value) == 30


def test_every_recorded_schema_is_read() -> None:
    """Columns of every type, with the ids of their options."""
    for source in objects("data_source"):
        found = fields_of(source["properties"])
        assert {field.id for field in found} >= {
            column_id(raw["id"]) for raw in source["properties"].values()
        }
        assert all(field.writable or field.why_not != "" for field in found)
        assert not any("does not know the type" in field.why_not for field in found)


def test_column_ids_are_spelled_as_recorded() -> None:
    """Our encoding of a decoded id is Notion's own, so that paths and messages match."""
    ids = {prop["id"] for page in rows() for prop in page["properties"].values()}
    ids |= {raw["id"] for source in objects("data_source") for raw in source["properties"].values()}
    assert any("%" in each for each in ids)
    assert [each for each in ids if wire_id(column_id(each)) != each] == []


def test_every_recorded_property_item_is_read() -> None:
    """Single items and lists of the property endpoint hold what a page's property holds."""
    read = 0
    for exchange in exchanges():
        body = exchange["response"]["body"]
        kind = body.get("object") if isinstance(body, dict) else None
        if kind == "property_item":
            assert not isinstance(decode.native(body), Unreadable), body
            read += 1
        elif kind == "list" and body.get("type") == "property_item":
            wire = body["property_item"]["type"]
            if wire in ("title", "rich_text", "people", "relation"):
                whole = decode.completed({"type": wire}, body["results"])
                assert not isinstance(decode.native(whole), Unreadable), body
                read += 1
    assert read >= 15


def test_every_recorded_user_is_known() -> None:
    """People, our bot and foreign bots have a name to show."""
    found = list(objects("user"))
    people = People(lambda: found)
    for user in found:
        people.learn(user)
        assert people.name(user["id"]) != ""
    assert any("@" in decode.person(user) for user in found)


def test_every_recorded_failure_is_understood() -> None:
    """Bad ids, a bad address, a wrong token and what is not shared each get their meaning."""
    seen: dict[tuple[int, str], type[ConnectorError]] = {}
    for exchange in exchanges():
        body, status = exchange["response"]["body"], int(exchange["response"]["status"])
        if status >= 400:
            text = _dumped(body)
            answer = httpx.Response(status, text=text, request=httpx.Request("GET", "https://api.notion.com"))
            error = classify(notion_client.errors.build_request_error(answer, text))
            assert error.request_id == body["request_id"]
            seen[status, body["code"]] = type(error)
    assert seen == {
        (400, "validation_error"): Invalid,
        (400, "invalid_request_url"): Invalid,
        (401, "unauthorized"): AuthFailed,
        (404, "object_not_found"): NotFound,
    }


def test_every_recorded_time_can_be_followed() -> None:
    """The stamps that windows and watermarks rest on."""
    assert all(stamped(page, CREATED) is not None and stamped(page, EDITED) is not None for page in rows())


def test_recorded_rows_are_live_unless_put_away() -> None:
    """In the trash by either version's word, else a row of its own data source."""
    for page in rows():
        home = page["parent"].get("data_source_id")
        if home is not None:
            assert is_row(page, object_id(home)) is not (page["in_trash"] or page.get("is_archived") is True)


def _dumped(body: Json) -> str:
    return json.dumps(body, default=str)
