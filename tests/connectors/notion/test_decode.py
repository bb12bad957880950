"""Property values as Notion answers them, read as neutral values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from okrsync.connectors.base import Native
from okrsync.connectors.notion import decode
from okrsync.okr.values import Unreadable
from tests.connectors.notion.samples import OTHER, PAGE, prop, text, user

RANGE = {"start": "2026-07-01", "end": "2026-09-30", "time_zone": None}
SIMPLE: list[tuple[str, Any, Native]] = [
    ("title", [], None),
    ("rich_text", [text("Get "), text("600 MQLs")], "Get 600 MQLs"),
    ("rich_text", [text(" kept ")], " kept "),
    ("number", None, None),
    ("number", Decimal("0.25"), Decimal("0.25")),
    ("number", Decimal(0), Decimal(0)),
    ("select", None, None),
    ("select", {"id": "a", "name": "On track"}, "On track"),
    ("status", {"id": "a", "name": "Done"}, "Done"),
    ("multi_select", [], ()),
    ("multi_select", [{"id": "a", "name": "EMEA"}, {"id": "b", "name": "US"}], ("EMEA", "US")),
    ("date", None, None),
    ("date", RANGE, date(2026, 7, 1)),
    ("people", [user(1, "Ada@Example.com"), user(2, None, "Bob")], ("ada@example.com", "Bob")),
    ("people", [{"object": "user", "id": "u-1"}], ("u-1",)),
    ("people", [{"object": "group", "id": "g-1", "name": "Sales"}], ("Sales",)),
    ("relation", [{"id": PAGE.upper()}, {"id": OTHER.replace("-", "")}], (PAGE, OTHER)),
    ("checkbox", False, False),
    ("url", None, None),
    ("email", "a@b.c", "a@b.c"),
    ("unique_id", {"prefix": "KR", "number": Decimal(7)}, "KR-7"),
    ("unique_id", {"prefix": None, "number": Decimal(7)}, "7"),
    ("formula", {"type": "number", "number": Decimal("1.5")}, Decimal("1.5")),
    ("formula", {"type": "string", "string": None}, None),
    ("formula", {"type": "boolean", "boolean": True}, True),
    ("formula", {"type": "date", "date": RANGE}, date(2026, 7, 1)),
    ("rollup", {"type": "number", "number": None, "function": "sum"}, None),
    ("rollup", {"type": "array", "array": []}, None),
    ("rollup", {"type": "array", "array": [{"type": "number", "number": Decimal(3)}]}, Decimal(3)),
    (
        "rollup",
        {
            "type": "array",
            "array": [{"type": "number", "number": Decimal(3)}, {"type": "checkbox", "checkbox": True}],
        },
        ("3", "True"),
    ),
    ("created_by", user(1, "a@b.c"), ("a@b.c",)),
    ("created_time", "2026-06-26T13:45:00.000Z", datetime(2026, 6, 26, 13, 45, tzinfo=UTC)),
    ("files", [{"name": "plan.pdf", "file": {"url": "https://x/expires"}}], ("plan.pdf",)),
    ("place", {"lat": Decimal(1), "lon": Decimal(2), "name": "Paris"}, "Paris"),
    ("verification", {"state": "verified", "date": None}, "verified"),
    ("button", {}, None),
]


@pytest.mark.parametrize(("kind", "raw", "value"), SIMPLE)
def test_a_value_is_read_as_meant(kind: str, raw: Any, value: Native) -> None:
    """Every documented type gives its neutral value; missing, False and 0 stay apart."""
    seen = decode.native(prop(kind, raw))
    assert (type(seen), seen) == (type(value), value)


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("hologram", {}),
        ("formula", {"type": "unsupported", "unsupported": {}}),
        ("rollup", {"type": "incomplete", "incomplete": {}}),
        ("rollup", {"type": "array", "array": [{"type": "hologram", "hologram": 1}]}),
        ("rollup", {"type": "array", "array": [{"type": "checkbox", "checkbox": True}] * 25}),
        ("number", "12"),
        ("number", True),
        ("checkbox", "yes"),
        ("date", {"start": "2026-07-01T10:00:00"}),
        ("date", {"start": "soon"}),
        ("relation", [{"id": "x"}]),
        ("select", {"id": "a"}),
        ("people", None),
        ("rich_text", [{"type": "text"}]),
    ],
)
def test_what_cannot_be_understood_is_unreadable(kind: str, raw: Any) -> None:
    """Unknown types, unsupported results and odd shapes never become a value or a missing one (I9)."""
    assert isinstance(decode.native(prop(kind, raw)), Unreadable)


def test_a_cut_relation_is_unreadable() -> None:
    """25 of 30 related pages are no value; writing them back would unlink five."""
    assert isinstance(decode.native(prop("relation", [{"id": PAGE}], has_more=True)), Unreadable)


def test_a_range_has_an_end_of_its_own() -> None:
    """`ID#end` reads the second half, missing where the date is single."""
    assert decode.native(prop("date", RANGE), end=True) == date(2026, 9, 30)
    assert decode.native(prop("date", RANGE | {"end": None}), end=True) is None


def test_a_time_is_an_instant_cut_to_the_minute() -> None:
    """Notion answers offsets of its own choice; instants compare, texts do not."""
    raw = {"start": "2026-07-01T19:57:33.181+02:00", "end": None, "time_zone": None}
    assert decode.native(prop("date", raw)) == datetime(2026, 7, 1, 17, 57, tzinfo=UTC)


def test_text_is_normalised() -> None:
    """The same letters in another composition are the same text."""
    assert decode.native(prop("rich_text", [text("e\u0301te\u0301")])) == "\u00e9t\u00e9"


@pytest.mark.parametrize(
    ("element", "word"),
    [
        (text("x", annotations={"bold": True, "color": "default"}), "formatting"),
        (text("x", annotations={"bold": False, "color": "red"}), "formatting"),
        (text("x", href="https://example.com"), "link"),
        (text("x", text={"content": "x", "link": {"url": "https://example.com"}}), "link"),
        ({"type": "mention", "plain_text": "@Ada"}, "mention"),
        ({"type": "equation", "plain_text": "e=mc2"}, "equation"),
    ],
)
def test_rich_text_that_would_be_destroyed_is_locked(element: dict[str, Any], word: str) -> None:
    """Writing plain text over formatting, links and mentions loses them, so the cell says no."""
    assert word in (decode.text_lock(prop("rich_text", [text("a"), element])) or "")


def test_plain_text_is_not_locked() -> None:
    """Text that lies in several plain elements can be written."""
    assert decode.text_lock(prop("rich_text", [text("a"), text("b")])) is None


@pytest.mark.parametrize(
    ("raw", "suspect"),
    [
        (prop("relation", [], has_more=True), True),
        (prop("relation", [{"id": PAGE}] * 25, has_more=False), False),
        (prop("people", [user(1)] * 25), True),
        (prop("people", [user(1)] * 24), False),
        (prop("rich_text", [{"type": "mention", "plain_text": "@A"}] * 25), True),
        (prop("rich_text", [text("a")] * 40), False),
        (prop("number", Decimal(1)), False),
    ],
)
def test_what_may_be_cut_is_suspected(raw: dict[str, Any], suspect: bool) -> None:
    """Relations say it; people and mentions are cut without a word at 25."""
    assert decode.may_be_cut(raw) is suspect


def test_a_list_is_completed_from_its_items() -> None:
    """The property endpoint's items take the place of the cut list."""
    items = [prop("relation", {"id": PAGE}), prop("relation", {"id": OTHER})]
    whole = decode.completed(prop("relation", [{"id": PAGE}], has_more=True), items)
    assert decode.native(whole) == (PAGE, OTHER)
