"""The results tab and its lookups."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from okrsync.connectors.sheets.records import records
from okrsync.connectors.sheets.results import (
    is_ours,
    lookup_formula,
    own_sheet_id,
    same_formula,
    write_requests,
)
from tests.connectors.sheets.sheet import formula, view

HEAD = ["KR", "Score", "Status"]
OWN = (["key", "score", "status"], ["KR-1", Decimal("0.7"), "on_track"], ["KR-9", 1, "off"])
LOOKUP = "=IFERROR(VLOOKUP(A2;'_okrsync'!$A:$Z;2;FALSE);\"\")"


def test_results_are_read_by_key_and_name() -> None:
    """Values come from the own tab, with their place there."""
    cells = records(view([HEAD, ["KR-1"]], *OWN), ["results:score", "results:expected"])[0].cells
    assert (cells["results:score"].value, cells["results:score"].place) == (Decimal("0.7"), "_okrsync!B2")
    assert (cells["results:expected"].value, cells["results:expected"].place) == (None, "_okrsync")


def test_the_block_keeps_what_lives_and_drops_what_is_gone() -> None:
    """New values lie over the old ones, columns keep their places, new ones come behind."""
    block = view([HEAD, ["KR-1"], ["KR-2"]], *OWN).block
    new = block.updated({"KR-2": {"pace": Decimal(1)}}, ["why"], {"KR-1", "KR-2"})
    assert new.names == ("score", "status", "why", "pace")
    assert new.rows == {"KR-1": {"score": Decimal("0.7"), "status": "on_track"}, "KR-2": {"pace": Decimal(1)}}


def test_the_block_is_one_write_that_also_clears_the_old_tail() -> None:
    """The range covers what stood there before; keys keep the type they have in people's rows."""
    block = view([HEAD, ["KR-1"]], *OWN).block.updated({"17": {}}, [], {"17"})
    (part,) = write_requests(block, {"17"}, ())
    write = part["updateCells"]
    assert write["range"] == {
        "sheetId": 77,
        "startRowIndex": 0,
        "endRowIndex": 3,
        "startColumnIndex": 0,
        "endColumnIndex": 3,
    }
    assert write["rows"][1]["values"][0] == {"userEnteredValue": {"numberValue": 17}}


def test_a_missing_tab_is_added_in_the_same_request() -> None:
    """With a sheet id of ours, so that a repeat cannot make a second tab, and with a warning to people."""
    block = view([HEAD, ["KR-1"]]).block.updated({"KR-1": {"score": Decimal(1)}}, [], {"KR-1"})
    parts = write_requests(block, (), ())
    assert [next(iter(part)) for part in parts] == ["addSheet", "addProtectedRange", "updateCells"]
    ids = {
        parts[0]["addSheet"]["properties"]["sheetId"],
        parts[1]["addProtectedRange"]["protectedRange"]["range"]["sheetId"],
        parts[2]["updateCells"]["range"]["sheetId"],
    }
    assert ids == {own_sheet_id("_okrsync", ())}
    assert own_sheet_id("_okrsync", ids) not in ids


def test_the_grid_grows_before_a_larger_block() -> None:
    """A write past the grid's edge would be refused."""
    keys = [f"KR-{at}" for at in range(150)]
    block = view([HEAD], *OWN).block.updated({key: {} for key in keys}, [], keys)
    assert [next(iter(part)) for part in write_requests(block, (), ())] == [
        "updateSheetProperties",
        "updateCells",
    ]


@pytest.mark.parametrize(
    ("found", "expected", "ours"),
    [
        (LOOKUP, True, True),
        ('=iferror(vlookup(A2, _okrsync!$A:$Z, 2, false), "")', True, True),
        (LOOKUP.replace("A2", "A3"), False, True),
        (LOOKUP.replace(";2;", ";3;"), False, True),
        ("=VLOOKUP(A2;Prices!$A:$Z;2;FALSE)", False, False),
        ("=0.7", False, False),
    ],
)
def test_our_formula_is_known_in_either_spelling(found: str, expected: bool, ours: bool) -> None:
    """Commas, quotes and letter case are the service's to respell; another row or column is still ours."""
    block = view([HEAD, ["KR-1"]], *OWN).block
    assert same_formula(found, lookup_formula(block, "score", 1, 0)) is expected
    assert is_ours(found, block) is ours


def test_one_more_result_changes_no_formula() -> None:
    """Else every new name would mean a rewrite of all rows."""
    block = view([HEAD, ["KR-1"]], *OWN).block
    assert lookup_formula(block, "score", 1, 0) == LOOKUP
    assert lookup_formula(block.updated({}, ["why"], ()), "score", 1, 0) == LOOKUP


@pytest.mark.parametrize(
    ("held", "value", "locked"),
    [
        (formula(LOOKUP, Decimal("0.7")), "shown", None),
        (None, None, None),
        (0, Decimal(0), None),
        (formula("=1+1", 2), Decimal(2), "formula"),
        (formula('=IF(1;"";"")', ""), '=IF(1;"";"")', "formula"),
    ],
)
def test_a_lookup_cell_reads_as_shown_or_as_what_it_holds(
    held: Any, value: object, locked: str | None
) -> None:
    """A formula with a blank result is not a blank cell."""
    found = records(view([HEAD, ["KR-1", held]], *OWN), ["lookup:Score=score"])[0].cells["lookup:Score=score"]
    assert (found.value, found.locked) == (value, locked)
