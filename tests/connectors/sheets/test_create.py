"""New rows over a real socket: where they go, what they hold, and people at work at the same moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from okrsync.connectors.base import Marker, Native, Written
from okrsync.connectors.errors import EditConflict, OutcomeUnknown, Rejected
from tests.connectors.sheets.world import BATCH, EMAIL, World, small_world

HOSTILE = '=IMPORTXML("http://x") \u202e<script>{{7*7}}</script> \U0001f525'


def create(world: World, cells: Mapping[str, Native], key: str = "KR-9") -> Written:
    schema = world.connector.schema(world.source)
    return world.connector.create(world.source, schema, cells, Marker(key, "entity1", "kr"))


def marked(world: World, key: str = "KR-9") -> list[str]:
    schema = world.connector.schema(world.source)
    found = world.connector.marked(world.source, schema, Marker(key, "entity1", "kr"))
    return [record.native_id for record in found]


def test_a_row_goes_below_the_last_one(world: World) -> None:
    """One writing request; key and cells stand in it, all else is as before."""
    before = world.grid()
    sent = world.sent()["write"]
    written = create(world, {"title": "New", "target": Decimal("2.5"), "due": date(2026, 7, 1)})
    assert (written.native_id, written.error) == ("KR-9", None)
    assert {name: cell.value for name, cell in written.cells.items()} == {
        "title": "New",
        "target": Decimal("2.5"),
        "due": date(2026, 7, 1),
    }
    assert world.grid()[:-1] == before and world.grid()[-1][:2] == ["KR-9", "New"]
    assert world.sent()["write"] == sent + 1


@pytest.mark.parametrize("value", [HOSTILE, "'1", "1e5", "TRUE", "+1", Decimal(0), False])
def test_what_is_sent_is_stored_as_itself(world: World, value: Native) -> None:
    """Nothing is parsed: no formula comes to be, no text becomes a number."""
    written = create(world, {"notes": value})
    assert written.cells["notes"].value == value
    assert world.column("Notes")["KR-9"] == (value if not isinstance(value, Decimal) else 0)


def test_a_key_is_text_also_when_it_looks_like_something_else(world: World) -> None:
    """`=1+1` is a key like any other."""
    assert create(world, {}, "=1+1").native_id == "=1+1"
    assert marked(world, "=1+1") == ["=1+1"]


def test_notes_below_a_gap_stay_below(world: World) -> None:
    """The row is inserted under the table; what stands further down moves down whole."""
    world.do("set_cell", cell="B8", value="Written by Ann")
    create(world, {"title": "New"})
    assert world.grid()[5][:2] == ["KR-9", "New"]
    assert world.grid()[8][1] == "Written by Ann"


def test_a_line_right_below_the_table_is_not_cut_off(world: World) -> None:
    """Its row belongs to the rows above."""
    world.do("set_cell", cell="B6", value="of which EMEA")
    create(world, {"title": "New"})
    assert [line[1] for line in world.grid()[5:]] == ["of which EMEA", "New"]


def test_a_full_grid_grows(world: World) -> None:
    """A table that reaches the last row of the tab gets one more."""
    with small_world() as tight:
        file = tight.sheets.create_spreadsheet("Tight")
        tight.sheets.add_tab(file, "KRs", [["KR", "Title"], *([f"K{n}", "x"] for n in range(999))])
        tight.sheets.share(file, EMAIL)
        tight.file, tight.changes = file, {"results": None}
        assert create(tight, {"title": "New"}).error is None
        assert tight.grid()[1000][:2] == ["KR-9", "New"]


def test_a_percent_column_stays_one() -> None:
    """The new row has the formats of the row above."""
    with small_world() as world:
        file = world.sheets.create_spreadsheet("Percent")
        world.sheets.add_tab(file, "KRs", [["KR", "Current"], ["KR-1", 0.42]], {1: "PERCENT"})
        world.sheets.share(file, EMAIL)
        world.file, world.changes = file, {"results": None}
        assert create(world, {"current": Decimal("0.5")}).cells["current"].value == Decimal("0.5")
        assert world.connector.schema(world.source).fields[1].type == "percent"


def test_the_key_finds_the_row(world: World) -> None:
    """By a fresh read; other keys are other rows."""
    assert marked(world) == []
    create(world, {"title": "New"})
    assert marked(world) == ["KR-9"] and marked(world, "KR-99") == []


@pytest.mark.parametrize("kind", ["reset", "status", "truncated"])
def test_a_lost_answer_is_not_repeated_and_found_by_its_key(world: World, kind: str) -> None:
    """The row is there once; the outcome is unknown until somebody looks."""
    world.fault(kind, path=BATCH, effect=True)
    assert isinstance(create(world, {"title": "New"}).error, OutcomeUnknown)
    assert marked(world) == ["KR-9"]
    assert [line[0] for line in world.grid()].count("KR-9") == 1


def test_a_key_a_person_added_first_is_left_alone(world: World) -> None:
    """The fresh read sees it: nothing is written."""
    sent = world.sent()["write"]
    world.do("set_cell", cell="A6", value="KR-9")
    assert isinstance(create(world, {"title": "New"}).error, EditConflict)
    assert world.sent()["write"] == sent and world.column("Title")["KR-9"] is None


def test_a_row_typed_at_the_same_moment_stays_whole(world: World) -> None:
    """Between the read and the write somebody fills the very row: theirs moves down."""
    world.before_write(lambda: [world.do("set_cell", cell=f"{at}6", value=f"Ann {at}") for at in "ABC"])
    assert create(world, {"title": "New"}).error is None
    assert [line[:3] for line in world.grid()[5:]] == [["KR-9", "New", None], ["Ann A", "Ann B", "Ann C"]]


def test_columns_moved_at_the_same_moment_are_told(world: World) -> None:
    """The key is in the wrong column then: no record was made that okrsync could use."""
    world.before_write(lambda: world.do("insert_column", column="KR"))
    error = create(world, {"title": "New"}).error
    assert isinstance(error, EditConflict) and "columns were moved" in str(error)


def test_a_cell_that_missed_its_column_is_not_answered_for(world: World) -> None:
    """The row is there; only what stands where it was meant to counts as written."""
    world.before_write(lambda: world.do("insert_column", column="Current"))
    written = create(world, {"title": "New", "current": Decimal(3)})
    assert (written.error, list(written.cells)) == (None, ["title"])


@pytest.mark.parametrize("name", ["no such column", "results:score"])
def test_what_has_no_place_makes_no_row(world: World, name: str) -> None:
    """Refused with the field's name, before anything is written."""
    sent = world.sent()["write"]
    written = create(world, {name: Decimal(1)})
    assert isinstance(written.error, Rejected) and name in written.error.fields
    assert world.sent()["write"] == sent


def test_results_follow_when_the_row_is_there(world: World) -> None:
    """An ordinary write finds it."""
    create(world, {"title": "New"})
    schema = world.connector.schema(world.source)
    found = world.connector.fetch(world.source, schema, ["KR-9"], world.want)
    results: Mapping[str, Native] = {"results:score": Decimal("0.3"), "lookup:Score=score": "shown"}
    (written,) = world.write((found["KR-9"], results))
    assert written.error is None
