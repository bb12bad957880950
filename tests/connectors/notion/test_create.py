"""New rows in an imitated Notion: made with their key, found by it, never made by chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import pytest

from okrsync.connectors.base import Marker, Native, Record, Written
from okrsync.connectors.errors import ConnectorError, OutcomeUnknown, Rejected
from tests.connectors.notion.world import World, small_world

PAGES = {"method": "POST", "path": "/v1/pages"}
HOSTILE = '=IMPORTXML("http://x") \u202e<script>{{7*7}}</script> @everyone \U0001f525'


@pytest.fixture
def world() -> Iterator[World]:
    """The usual table; "Why" serves as its key column."""
    with small_world() as made:
        yield made


def marker(world: World, key: str = "KR-1") -> Marker:
    return Marker(key, "entity1", world.id("Why"))


def create(world: World, cells: Mapping[str, Native] | None = None, key: str = "KR-1") -> Written:
    """One row with these cells, by the columns' names."""
    named = {world.id(name): value for name, value in (cells or {}).items()}
    return world.connector.create(world.source, world.schema(), named, marker(world, key))


def marked(world: World, key: str = "KR-1") -> tuple[Record, ...]:
    return world.connector.marked(world.source, world.schema(), marker(world, key))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Name", "Get 700 MQLs"),
        ("Name", HOSTILE),
        ("Name", "x" * 5000),
        ("Start", Decimal("0.1")),
        ("Progress", Decimal("0.4217")),
        ("Health", "Off track"),
        ("Stage", "Done"),
        ("Tags", ("US",)),
        ("Due", date(2026, 12, 31)),
        ("Owner", ("ada@example.com",)),
        ("Strict", True),
    ],
)
def test_a_row_is_made_with_its_key_and_cells(world: World, name: str, value: Native) -> None:
    """One writing request; the answer and a fresh look show the same."""
    written = create(world, {name: value})
    assert written.error is None and world.writes() == 1
    shown = world.fetch(written.native_id, name, "Why")
    assert written.cells[world.id(name)].value == value == shown.cells[world.id(name)].value
    assert shown.cells[world.id("Why")].value == "KR-1"


def test_a_new_row_may_point_to_another(world: World) -> None:
    """By page id."""
    parent = world.add(Name="Parent")
    written = create(world, {"Part of": (parent,)})
    assert written.cells[world.id("Part of")].value == (parent,)


def test_a_row_is_found_by_its_key_alone(world: World) -> None:
    """Exactly that key, oldest first; rows in the trash do not count."""
    first = create(world).native_id
    create(world, key="kr-1")
    create(world, key="KR-10")
    assert [record.native_id for record in marked(world)] == [first]
    world.sandbox.call(lambda: world.clock.advance(minutes=1))
    second = create(world).native_id
    assert [record.native_id for record in marked(world)] == [first, second]
    world.person("trash", page=first)
    assert [record.native_id for record in marked(world)] == [second]


@pytest.mark.parametrize("kind", ["reset", "status", "truncated"])
def test_a_lost_answer_is_not_repeated_and_found_by_its_key(world: World, kind: str) -> None:
    """Saved, then cut or answered with a 503: the outcome is unknown, and one row is there."""
    schema, mark, cells = world.schema(), marker(world), {world.id("Name"): "A"}
    world.fault(kind, effect=True, **PAGES)
    written = world.connector.create(world.source, schema, cells, mark)
    assert isinstance(written.error, OutcomeUnknown)
    (found,) = world.connector.marked(world.source, schema, mark)
    assert found.title == "A" and world.writes() == 1


@pytest.mark.parametrize(
    ("cells", "blamed"),
    [
        ({"Health": "No such option"}, "Health"),
        ({"Score": Decimal(1)}, "Score"),
        ({"Owner": ("nobody@x.y",)}, "Owner"),
    ],
)
def test_what_cannot_be_written_makes_no_row(world: World, cells: dict[str, Native], blamed: str) -> None:
    """Refused before a request, with the column's name."""
    written = create(world, cells)
    assert isinstance(written.error, ConnectorError) and blamed in str(written.error)
    assert world.writes() == 0


def test_a_refusal_of_notions_is_told_by_column(world: World) -> None:
    """The message names the column; nothing is left behind."""
    told = {"object": "error", "status": 400, "code": "validation_error", "message": "Name is too lovely"}
    schema, mark, cells = world.schema(), marker(world), {world.id("Name"): "A"}
    world.fault("status", status=400, body=told, **PAGES)
    written = world.connector.create(world.source, schema, cells, mark)
    assert isinstance(written.error, Rejected) and "Name" in str(written.error)
    assert marked(world) == ()


def test_a_key_column_must_hold_text(world: World) -> None:
    """A number column is refused when looking, before anything is made."""
    with pytest.raises(Rejected, match="no text column"):
        world.connector.marked(world.source, world.schema(), Marker("1", "entity1", world.id("Start")))
