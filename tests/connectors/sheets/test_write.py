"""Writing over a real socket, with people at work in the same tab at the same moment."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from okrsync.connectors.base import Native, Patch
from okrsync.connectors.errors import EditConflict, NotFound, OutcomeUnknown, Rejected
from okrsync.connectors.sheets.tabwrite import move_own_row
from okrsync.okr.values import Unreadable
from tests.connectors.sheets.world import BATCH, EMAIL, World, small_world

FORMULA = "=IFERROR(VLOOKUP(A2;'_okrsync'!$A:$Z;2;FALSE);\"\")"


def test_cells_of_many_rows_are_one_read_and_one_write(world: World) -> None:
    """Whatever the number of patches; the answer is the service's own read-back."""
    found = world.fetch()
    before = world.sent()
    schema_read = 1
    first, second = world.write(
        (found["KR-1"], {"current": Decimal("6.5"), "title": "=1+1"}),
        (found["KR-3"], {"due": date(2027, 1, 1)}),
    )
    assert (first.error, second.error) == (None, None)
    assert {name: cell.value for name, cell in first.cells.items()} == {
        "current": Decimal("6.5"),
        "title": "=1+1",
    }
    assert second.cells["due"].value == date(2027, 1, 1)
    after = world.sent()
    assert (after["read"] - before["read"], after["write"] - before["write"]) == (1 + schema_read, 1)
    assert (world.column("Title")["KR-1"], world.column("Current")["KR-1"]) == ("=1+1", 6.5)


@pytest.mark.parametrize("value", [None, Decimal(0), "text", True, datetime(2026, 7, 1, 9, 30, tzinfo=UTC)])
def test_each_kind_of_value_is_stored_as_itself(world: World, value: Native) -> None:
    """Read back fresh, not only in the write's answer."""
    (written,) = world.write((world.fetch()["KR-1"], {"current": value}))
    assert written.cells["current"].value == value
    assert world.fetch()["KR-1"].cells["current"].value == value


def test_a_percentage_is_written_as_its_fraction() -> None:
    """0.5 into a percent cell is 50 %, and the cell keeps its format."""
    with small_world() as world:
        file = world.sheets.create_spreadsheet("Percent")
        world.sheets.add_tab(file, "KRs", [["KR", "Current"], ["KR-1", 0.42]], {1: "PERCENT"})
        world.sheets.share(file, EMAIL)
        world.file, world.changes, world.want = file, {"results": None}, ("current",)
        (written,) = world.write((world.fetch()["KR-1"], {"current": Decimal("0.5")}))
        assert written.cells["current"].value == Decimal("0.5")
        assert world.connector.schema(world.source).fields[1].type == "percent"


def test_a_cell_changed_since_it_was_read_is_left_alone(world: World) -> None:
    """The person's value stands, the patch says conflict, and the other patch still goes through."""
    found = world.fetch()
    world.do("set_cell", key="KR-1", column="Target", value="11")
    first, second = world.write(
        (found["KR-1"], {"target": Decimal(99), "title": "New"}), (found["KR-3"], {"target": Decimal(13)})
    )
    assert isinstance(first.error, EditConflict)
    assert second.error is None
    assert world.column("Target")["KR-1"] == 11
    assert world.column("Title")["KR-1"] == "Win customers"
    assert world.column("Target")["KR-3"] == 13


def test_a_formula_is_never_overwritten(world: World) -> None:
    """It is what feeds the number."""
    (written,) = world.write((world.fetch()["KR-2"], {"current": Decimal(1)}))
    assert isinstance(written.error, Rejected)
    assert "formula" in written.error.fields["current"]
    assert world.column("Current")["KR-2"] == "=2*3"


def test_a_protected_cell_is_refused_before_anything_is_sent(world: World) -> None:
    """The service would refuse the whole batch; so the others must not share it."""
    world.do("protect", range="D2:D2")
    found = world.fetch()
    first, second = world.write(
        (found["KR-1"], {"target": Decimal(1)}), (found["KR-3"], {"target": Decimal(2)})
    )
    assert isinstance(first.error, Rejected)
    assert (second.error, world.column("Target")["KR-3"]) == (None, 2)
    assert world.sent()["write"] == 1


def test_a_cell_protected_at_the_last_moment_costs_only_its_own_patch(world: World) -> None:
    """The refusal names the part; the rest is sent once more."""
    found = world.fetch()
    world.before_write(lambda: world.do("protect", range="D2:D2"))
    first, second = world.write(
        (found["KR-1"], {"target": Decimal(1)}), (found["KR-3"], {"target": Decimal(2)})
    )
    assert isinstance(first.error, Rejected)
    assert second.error is None
    assert (world.column("Target")["KR-1"], world.column("Target")["KR-3"]) == (10, 2)


def test_a_key_that_is_gone_or_doubled_is_not_written(world: World) -> None:
    """Neither is a row number remembered from before."""
    found = world.fetch()
    world.do("delete_row", key="KR-1")
    world.do("set_cell", key="KR-2", column="KR", value="KR-3")
    gone, doubled = world.write((found["KR-1"], {"title": "X"}), (found["KR-3"], {"title": "Y"}))
    assert isinstance(gone.error, NotFound)
    assert isinstance(doubled.error, Rejected)
    assert "X" not in world.column("Title").values()
    assert world.sent()["write"] == 0


def test_rows_sorted_before_the_fresh_read_do_no_harm(world: World) -> None:
    """The row is found anew by its key."""
    found = world.fetch()
    world.do("sort", column="Title")
    (written,) = world.write((found["KR-1"], {"target": Decimal(20)}))
    assert written.error is None
    assert world.column("Target") == {"KR-1": 20, "KR-2": 8, "KR-3": 12, 1001: 3}


def test_rows_sorted_between_read_and_write_are_noticed_and_repaired(world: World) -> None:
    """The hit row gets back what it held; the patch is a conflict, to be tried again."""
    found = world.fetch()
    world.before_write(lambda: world.do("sort", column="Title"))
    first, second = world.write(
        (found["KR-1"], {"target": Decimal(99), "due": date(2030, 1, 1)}),
        (found["KR-3"], {"target": Decimal(98)}),
    )
    assert isinstance(first.error, EditConflict)
    # sorted by title: KR-2, 1001, KR-3, KR-1; row 4 still is KR-3's
    assert second.error is None
    assert world.column("Target") == {"KR-1": 10, "KR-2": 8, "KR-3": 98, 1001: 3}
    assert world.fetch()["KR-2"].cells["due"].value == date(2026, 11, 30)
    again = world.write((world.fetch()["KR-1"], {"target": Decimal(99)}))
    assert (again[0].error, world.column("Target")["KR-1"]) == (None, 99)


def test_a_sort_may_take_a_protection_along_or_leave_it(world: World) -> None:
    """Either way the late write changes nothing: refused, or repaired."""
    world.do("protect", range="D3:D3")
    found = world.fetch()
    world.before_write(lambda: world.do("sort", column="Title", descending=True))
    (written,) = world.write((found["1001"], {"target": Decimal(99)}))
    assert isinstance(written.error, EditConflict | Rejected)
    assert world.column("Target") == {"KR-1": 10, "KR-2": 8, "KR-3": 12, 1001: 3}


def test_a_formula_hit_by_a_late_write_comes_back_for_its_new_row(world: World) -> None:
    """References to its own row have moved with it."""
    world.do("set_formula", key="KR-2", column="Target", formula="=C3*2")
    found = world.fetch()
    world.before_write(lambda: world.do("sort", column="Title"))
    (written,) = world.write((found["KR-1"], {"target": Decimal(99)}))
    assert isinstance(written.error, EditConflict)
    assert world.column("Target") == {"KR-1": 10, "KR-2": "=C2*2", "KR-3": 12, 1001: 3}


@pytest.mark.parametrize("values", [{}, {"KR": "KR-0", "Title": "Brand new"}])
def test_a_row_inserted_above_shifts_nothing_for_good(world: World, values: dict[str, Any]) -> None:
    """The inserted row loses the stray value, the shifted rows keep theirs."""
    found = world.fetch()
    world.before_write(lambda: world.do("insert_row", key="KR-1", values=values))
    (written,) = world.write((found["KR-1"], {"target": Decimal(99)}))
    assert isinstance(written.error, EditConflict)
    expected = {values.get("KR"): None, "KR-1": 10, "KR-2": 8, "KR-3": 12, 1001: 3}
    assert world.column("Target") == expected


def test_a_header_hit_by_a_late_write_comes_back(world: World) -> None:
    """Rows inserted above the header push it down onto the first record's old row."""
    found = world.fetch()
    world.before_write(lambda: world.do("insert_row", row=1))
    (written,) = world.write((found["KR-1"], {"target": Decimal(99)}))
    assert isinstance(written.error, EditConflict)
    assert world.grid()[1][:5] == ["KR", "Title", "Current", "Target", "Due"]
    assert world.grid()[2][3] == 10


def test_a_column_inserted_between_read_and_write_is_repaired(world: World) -> None:
    """The cell is under another header now, which gets its own value back."""
    found = world.fetch()
    world.before_write(lambda: world.do("insert_column", column="Current", header="New"))
    (written,) = world.write((found["KR-1"], {"target": Decimal(99)}))
    assert isinstance(written.error, EditConflict)
    assert (world.column("Current")["KR-1"], world.column("Target")["KR-1"]) == (5, 10)


def test_a_lost_answer_is_an_open_outcome_not_a_failure(world: World) -> None:
    """The write may have happened: only a fresh read can tell, so nothing is repeated."""
    found = world.fetch()
    world.fault("status", path=BATCH, status=503, effect=True)
    (written,) = world.write((found["KR-1"], {"target": Decimal(99)}))
    assert isinstance(written.error, OutcomeUnknown)
    assert (world.sent()["write"], world.fetch()["KR-1"].cells["target"].value) == (1, Decimal(99))


def test_a_write_that_had_to_wait_long_is_not_sent_on_an_old_read(world: World) -> None:
    """A person may have edited the cell meanwhile; results, which are nobody else's, are still written."""
    found = world.fetch()["KR-1"]
    world.fault("status", path=BATCH, status=429, retry_after=60, skip=1)
    (written,) = world.write((found, {"results:score": Decimal(1), "target": Decimal(99)}))
    assert isinstance(written.error, EditConflict)
    assert (world.column("Target")["KR-1"], world.grid("_okrsync")[1][:2]) == (10, ["KR-1", 1])


@pytest.mark.parametrize(
    "value",
    [Unreadable("cut"), Decimal("NaN"), Decimal("Infinity"), "x" * 50_001, ("\udc00",), Decimal("1e999")],
    ids=["unreadable", "nan", "infinity", "too long", "half a character", "too large"],
)
def test_what_no_cell_can_hold_is_refused_alone(world: World, value: Native) -> None:
    """It must not spoil the batch of the others."""
    found = world.fetch()
    first, second = world.write((found["KR-1"], {"target": value}), (found["KR-3"], {"target": Decimal(1)}))
    assert isinstance(first.error, Rejected)
    assert second.error is None


def test_a_read_that_fails_is_every_patch_s_error(world: World) -> None:
    """`write` raises nothing: each patch says what became of it."""
    found = world.fetch()["KR-1"]
    schema = world.connector.schema(world.source)
    world.do("unshare", email=EMAIL)
    (written,) = world.connector.write(world.source, schema, [Patch(found, {"title": "X"})])
    assert "Share the spreadsheet" in str(written.error)


def test_the_results_tab_is_made_with_the_first_results(world: World) -> None:
    """One request: tab, warning to people, headers and values; keys as people typed them."""
    found = world.fetch()
    written = world.write(
        (found["KR-1"], {"results:score": Decimal("0.7"), "results:status": "on_track"}),
        (found["1001"], {"results:score": Decimal(0), "results:as_of": date(2026, 11, 2)}),
    )
    assert [each.error for each in written] == [None, None]
    assert written[1].cells["results:as_of"].value == "2026-11-02"
    assert [row[:4] for row in world.grid("_okrsync")] == [
        ["key", "score", "status", "as_of"],
        ["KR-1", 0.7, "on_track", None],
        [1001, 0, None, "2026-11-02"],
    ]
    assert world.sent()["write"] == 1


def test_results_of_other_rows_stay_and_those_of_vanished_keys_go(world: World) -> None:
    """The block is rewritten as a whole, with what the fresh read showed."""
    found = world.fetch()
    world.write(*((record, {"results:score": Decimal(1)}) for record in found.values()))
    world.do("delete_row", key="KR-2")
    world.write((found["KR-1"], {"results:score": Decimal("0.5")}))
    shown = [row[:2] for row in world.grid("_okrsync") if row[0] is not None]
    assert shown == [["key", "score"], ["KR-1", 0.5], ["KR-3", 1], [1001, 1]]


def test_results_that_are_there_already_are_not_written_again(world: World) -> None:
    """Of any kind, and also those of a number key; a cell a person broke is put right."""
    found = world.fetch()
    kinds: dict[str, Native] = {
        "results:score": Decimal("0.30000000000000004"),
        "results:done": False,
        "results:at": date(2026, 11, 2),
        "results:who": ("Ann", "Ben"),
        "results:why": None,
    }
    patches = [(found[key], kinds) for key in ("KR-1", "1001")]
    world.write(*patches)
    before = world.sent()["write"]
    again = world.write(*patches)
    assert [each.error for each in again] == [None, None]
    assert world.sent()["write"] == before
    world.sandbox.act("sheets", "set_cell", {"tab": "_okrsync", "cell": "B2", "value": "mine"})
    world.write(*patches)
    assert world.sent()["write"] == before + 1
    assert world.grid("_okrsync")[1][1] == 0.30000000000000004


def test_results_survive_a_sort_between_read_and_write(world: World) -> None:
    """The own tab is keyed: people's sorting cannot misplace it."""
    found = world.fetch()
    world.before_write(lambda: world.do("sort", column="Title"))
    world.write(*((record, {"results:score": Decimal(at)}) for at, record in enumerate(found.values())))
    shown = {key: record.cells["results:score"].value for key, record in world.fetch().items()}
    assert shown == {"KR-1": Decimal(0), "KR-2": Decimal(1), "KR-3": Decimal(2), "1001": Decimal(3)}


def test_a_tab_created_without_an_answer_is_not_created_twice(world: World) -> None:
    """The outcome is open; the next write finds the tab."""
    found = world.fetch()["KR-1"]
    world.fault("status", path=BATCH, status=503, effect=True)
    (first,) = world.write((found, {"results:score": Decimal(1)}))
    (second,) = world.write((found, {"results:score": Decimal(2)}))
    assert isinstance(first.error, OutcomeUnknown)
    assert second.error is None
    titles = [tab.title for tab in world.sheets.spreadsheets[world.file].tabs]
    assert titles == ["KRs", "_okrsync"]


def test_results_and_lookups_are_installed_and_show(world: World) -> None:
    """Block first, formulas after; a lookup cell then reads as shown, and stays so through a sort."""
    found = world.fetch()
    change: dict[str, Native] = {"results:score": Decimal("0.7"), "lookup:Score=score": "shown"}
    (written,) = world.write((found["KR-1"], change))
    assert written.cells["lookup:Score=score"].value == "shown"
    assert world.column("Score")["KR-1"] == FORMULA
    world.do("sort", column="Title")
    record = world.fetch()["KR-1"]
    assert (record.cells["lookup:Score=score"].value, record.cells["lookup:Score=score"].locked) == (
        "shown",
        None,
    )


def test_a_lookup_shows_to_people_what_the_tab_holds(world: World) -> None:
    """Also for a key that is a number, and blank for a key without results."""
    found = world.fetch()
    world.write(
        (found["1001"], {"results:score": Decimal("0.25"), "lookup:Score=score": "shown"}),
        (found["KR-3"], {"lookup:Score=score": "shown"}),
    )
    world.want = ("score",)
    cells = {key: record.cells["score"] for key, record in world.fetch().items()}
    assert (cells["1001"].value, cells["1001"].locked) == (Decimal("0.25"), "formula")
    assert cells["KR-3"].value is None


def test_an_installed_lookup_is_not_written_again(world: World) -> None:
    """A second write of the same finds nothing to send into people's tab."""
    found = world.fetch()["KR-1"]
    world.write((found, {"results:score": Decimal(1), "lookup:Score=score": "shown"}))
    before = world.sent()["write"]
    (written,) = world.write((found, {"lookup:Score=score": "shown"}))
    assert (written.error, written.cells["lookup:Score=score"].value) == (None, "shown")
    assert world.sent()["write"] == before


@pytest.mark.parametrize("held", ["0.5", "=1+1", "my own note"])
def test_a_lookup_never_replaces_what_a_person_put_there(world: World, held: str) -> None:
    """A value, a formula or a note: theirs."""
    world.do("set_cell", key="KR-1", column="Score", value=held)
    (written,) = world.write((world.fetch()["KR-1"], {"lookup:Score=score": "shown"}))
    assert isinstance(written.error, Rejected)
    assert world.column("Score")["KR-1"] is not None
    assert "VLOOKUP" not in str(world.column("Score")["KR-1"])


def test_a_lookup_can_be_taken_away_again(world: World) -> None:
    """For undo: only where the formula is ours."""
    found = world.fetch()["KR-1"]
    world.write((found, {"results:score": Decimal(1), "lookup:Score=score": "shown"}))
    (written,) = world.write((found, {"lookup:Score=score": None}))
    assert (written.error, world.column("Score")["KR-1"]) == (None, None)


def test_lookups_are_known_when_the_service_respells_them() -> None:
    """A file in another locale shows the separators its own way."""
    with small_world(rewrites_separators=True) as world:
        found = world.fetch()["KR-1"]
        world.write((found, {"results:score": Decimal(1), "lookup:Score=score": "shown"}))
        assert "," in world.column("Score")["KR-1"]
        assert world.fetch()["KR-1"].cells["lookup:Score=score"].value == "shown"


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("=E5*2", "=E7*2"),
        ("=$E5+E15+E$5", "=$E7+E15+E$5"),
        ('=E5&" E5 "', '=E7&" E5 "'),
        ("=E5*Rates!B5", "=E7*Rates!B5"),
        ("=LOG5(E5)", "=LOG5(E7)"),
    ],
)
def test_a_formula_put_back_names_its_new_row(formula: str, moved: str) -> None:
    """Only references to its own row follow."""
    assert move_own_row(formula, 5, 7) == moved
