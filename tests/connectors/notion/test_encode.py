"""Neutral values as the body of a page update, and what is refused before it is sent."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.connectors.base import Cell, Native, Patch, Record
from okrsync.connectors.errors import Rejected
from okrsync.connectors.notion import decode, encode, wire
from okrsync.connectors.notion.errors import Unwritable
from okrsync.okr.values import Unreadable
from tests.connectors.notion.samples import FIELDS, OTHER, PAGE, patch, text

NOON = datetime(2026, 7, 1, 12, 0, 30, tzinfo=UTC)


def reference(name: str) -> dict[str, Any]:
    """A directory that knows one person."""
    if name != "ada@example.com":
        raise Unwritable(f"nobody in this workspace is known as {name!r}")
    return {"object": "user", "id": "u-1"}


def body(one: Patch) -> dict[str, Any]:
    return encode.properties(one, FIELDS, reference)


def refusal(one: Patch) -> dict[str, str]:
    with pytest.raises(Rejected) as caught:
        body(one)
    return caught.value.fields


@pytest.mark.parametrize(
    ("field", "value", "sent"),
    [
        (":J{:", Decimal("0.25"), {"%3AJ%7B%3A": {"number": 0.25}}),
        ("st@t", Decimal("600"), {"st%40t": {"number": 600}}),
        ("st@t", None, {"st%40t": {"number": None}}),
        ("hlth", "On track", {"hlth": {"select": {"id": "opt1"}}}),
        ("hlth", "on TRACK ", {"hlth": {"select": {"id": "opt1"}}}),
        ("hlth", None, {"hlth": {"select": None}}),
        ("tags", ("EMEA",), {"tags": {"multi_select": [{"id": "t1"}]}}),
        ("tags", None, {"tags": {"multi_select": []}}),
        ("ownr", ("ada@example.com",), {"ownr": {"people": [{"object": "user", "id": "u-1"}]}}),
        ("ownr", (), {"ownr": {"people": []}}),
        ("rel1", (PAGE, OTHER.replace("-", "")), {"rel1": {"relation": [{"id": PAGE}, {"id": OTHER}]}}),
        ("chck", True, {"chck": {"checkbox": True}}),
        ("url1", "https://example.com", {"url1": {"url": "https://example.com"}}),
        ("url1", "", {"url1": {"url": None}}),
        ("title", None, {"title": {"title": []}}),
        ("why1", "Because", {"why1": {"rich_text": [{"type": "text", "text": {"content": "Because"}}]}}),
        ("due1", date(2026, 7, 1), {"due1": {"date": {"start": "2026-07-01", "end": None}}}),
        ("due1", NOON, {"due1": {"date": {"start": "2026-07-01T12:00:00+00:00", "end": None}}}),
        ("due1", None, {"due1": {"date": None}}),
    ],
)
def test_a_value_is_sent_by_column_id(field: str, value: Native, sent: dict[str, Any]) -> None:
    """Only the patched column goes out, under its id, in Notion's shape."""
    assert body(patch({field: value})) == sent


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("hlth", "On trak", "has no option 'On trak' (it offers 'On track', 'Off track')"),
        ("tags", ("EMEA", "APAC"), "has no option 'APAC'"),
        ("ownr", ("bob@example.com",), "nobody"),
        ("ownr", "ada@example.com", "list"),
        ("rel1", ("KR-1",), "not a Notion id"),
        ("rel1", (PAGE,) * 101, "at most 100"),
        ("chck", None, "checkbox"),
        ("st@t", "12", "number"),
        ("st@t", True, "number"),
        ("st@t", Decimal("NaN"), "number"),
        ("st@t", Decimal("1e999"), "larger"),
        ("why1", "x" * 190_001, "longer"),
        ("why1", Decimal(1), "text"),
        ("url1", "x" * 2001, "longer"),
        ("due1", "2026-07-01", "date"),
        ("due1", NOON.replace(tzinfo=None), "zone"),
        ("due1#end", date(2026, 9, 30), "without a start"),
        ("frml", Decimal(1), "formula"),
        ("gone", "x", "no such column"),
        ("why1", Unreadable("?"), "never written"),
    ],
)
def test_what_cannot_be_sent_is_refused_by_name(field: str, value: Native, word: str) -> None:
    """The refusal blames the field, says why, and comes before any request."""
    assert word in refusal(patch({field: value}))[field]


def test_all_refusals_come_at_once() -> None:
    """Two wrong cells are told together."""
    assert set(refusal(patch({"hlth": "?", "chck": None, "st@t": Decimal(1)}))) == {"hlth", "chck"}


def test_locked_cells_are_not_written() -> None:
    """Formatting that a fresh look saw is never overwritten."""
    locked = Cell("x", "row › Why", locked="holds a link")
    assert refusal(patch({"why1": "y"}, why1=locked)) == {"why1": "holds a link"}


def test_cut_lists_are_not_overwritten() -> None:
    """A relation that was not read whole is not replaced."""
    cut = Cell(Unreadable("cut"), "row › Objective")
    assert "could not be read" in refusal(patch({"rel1": (PAGE,)}, rel1=cut))["rel1"]


def test_cells_that_were_not_read_are_not_written() -> None:
    """Without a look nobody knows what would be destroyed."""
    blind = Patch(Record(PAGE, "row", "Notion › KRs › row", {}), {"why1": "x"})
    assert "not read" in refusal(blind)["why1"]


@pytest.mark.parametrize(
    ("cells", "sent"),
    [
        ({"due1": date(2026, 8, 1)}, {"start": "2026-08-01", "end": "2026-09-30"}),
        ({"due1#end": date(2026, 12, 31)}, {"start": "2026-07-01", "end": "2026-12-31"}),
        ({"due1#end": None}, {"start": "2026-07-01", "end": None}),
        (
            {"due1": date(2026, 8, 1), "due1#end": date(2026, 8, 2)},
            {"start": "2026-08-01", "end": "2026-08-02"},
        ),
        ({"due1": None}, None),
    ],
)
def test_one_half_of_a_date_keeps_the_other(cells: dict[str, Native], sent: Any) -> None:
    """Notion replaces a range whole; the half nobody patched is repeated."""
    shown = {
        "due1": Cell(date(2026, 7, 1), "row › Due"),
        "due1#end": Cell(date(2026, 9, 30), "row › Due (end)"),
    }
    assert body(patch(cells, **shown)) == {"due1": {"date": sent}}


@given(st.text(min_size=0, max_size=6000))
def test_text_survives_both_ways(written: str) -> None:
    """Whatever is written is read back: split into elements Notion takes, joined without loss."""
    elements = body(patch({"why1": written}))["why1"]["rich_text"]
    assert all(0 < len(element["text"]["content"]) <= encode.CHUNK for element in elements)
    answer = {"type": "rich_text", "rich_text": [text(each["text"]["content"]) for each in elements]}
    assert decode.native(answer) == (unicodedata.normalize("NFC", written) or None)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10))
def test_numbers_people_type_survive_both_ways(written: Decimal) -> None:
    """Up to 15 significant digits pass unchanged through Notion's doubles."""
    sent = body(patch({"st@t": written}))["st%40t"]["number"]
    assert wire.parse(json.dumps(sent)) == written
