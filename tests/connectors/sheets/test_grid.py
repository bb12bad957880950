"""Headers, keys and rows; and what a person should repair."""

from __future__ import annotations

from decimal import Decimal

import pytest

from okrsync.connectors.base import Cell
from okrsync.connectors.errors import NotFound, Rejected
from okrsync.connectors.sheets.book import a1, letters
from okrsync.connectors.sheets.records import findings, records, schema_of
from okrsync.okr.values import Unreadable
from tests.connectors.sheets.sheet import cell, error, formula, source, view

HEAD: list[object] = ["KR", "Title", " Current\n value ", "Confidence"]


def test_columns_have_letters() -> None:
    """26 letters, then two."""
    assert [letters(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert a1(6, 4) == "E7"


def test_headers_are_found_by_normal_form() -> None:
    """Blanks, line breaks and letter case do not matter; the field shows the header as written."""
    seen = view([HEAD, ["KR-1", "Ship", 5]])
    field = next(field for field in schema_of(seen).fields if field.id == "current value")
    assert (field.name, field.type, field.writable) == (" Current\n value ", "number", True)
    assert records(seen, ["current value"])[0].cells["current value"] == Cell(Decimal(5), "KRs!C2")


def test_full_width_headers_are_the_same() -> None:
    """As typed on an East Asian keyboard; keys, which are data, are not folded so."""
    seen = view([["ＫＲ", "Ｔｉｔｌｅ"], ["ＫＲ-1", "Ship"]])
    record = records(seen, ["title"])[0]
    assert (record.native_id, record.cells["title"].value) == ("ＫＲ-1", "Ship")


def test_a_record_is_named_and_linked() -> None:
    """Title from the title column, place at the key, link to the row."""
    record = records(view([HEAD, ["KR-1", "Ship"]]), [])[0]
    assert (record.native_id, record.title, record.place) == ("KR-1", "Ship", "KRs!A2")
    assert record.url == "https://docs.google.com/spreadsheets/d/1abc/edit#gid=0&range=A2"


def test_a_blank_middle_row_does_not_end_the_table() -> None:
    """Rows below a gap count."""
    seen = view([HEAD, ["KR-1"], [], ["KR-2"]])
    assert [record.native_id for record in records(seen, [])] == ["KR-1", "KR-2"]


def test_a_ragged_row_reads_blank_where_it_ends() -> None:
    """A missing tail is None, never an index error and never 0."""
    assert records(view([HEAD, ["KR-1"]]), ["confidence"])[0].cells["confidence"].value is None


def test_headers_may_stand_lower() -> None:
    """Rows above the header row are not ours."""
    seen = view([["Our OKRs"], HEAD, ["KR-1", "Ship"]], where=source(header_row=2))
    assert [(record.native_id, record.place) for record in records(seen, [])] == [("KR-1", "KRs!A3")]


def test_a_duplicate_key_reads_as_unreadable_and_names_both_rows() -> None:
    """Neither row may stand for the key."""
    seen = view([HEAD, [7, "One", 1], ["7", "Two", 2]])
    record = records(seen, ["current value"])[0]
    found = [finding for finding in findings(seen, []) if finding.code == "KEY_SHARED"]
    assert isinstance(record.cells["current value"].value, Unreadable)
    assert record.cells["current value"].locked == "duplicate key"
    assert "rows 2 and 3" in found[0].message


def test_a_row_with_values_but_no_key_is_reported() -> None:
    """It is skipped, and told; an unticked check box alone says nothing."""
    seen = view([HEAD, ["KR-1"], [None, "Orphan"], [None, False]])
    found = [finding for finding in findings(seen, ["title"]) if finding.code == "KEY_BLANK"]
    assert [finding.place for finding in found] == ["KRs!A3"]
    assert [record.native_id for record in records(seen, [])] == ["KR-1"]


def test_a_broken_key_is_reported() -> None:
    """A key cell that shows an error belongs to nobody."""
    seen = view([HEAD, [error("REF", "#REF!"), "Ship"]])
    assert [finding.code for finding in findings(seen, [])] == ["KEY_UNREADABLE"]


def test_a_duplicate_header_of_a_wanted_column_is_an_error() -> None:
    """The cells are unreadable, so that no column silently wins; unwanted duplicates are not our business."""
    seen = view([[*HEAD, "title"], ["KR-1", "One", 1, None, "Two"]])
    assert isinstance(records(seen, ["title"])[0].cells["title"].value, Unreadable)
    assert [finding.code for finding in findings(seen, ["title"])] == ["FIELD_AMBIGUOUS"]
    assert findings(seen, ["confidence"]) == ()


def test_a_wanted_column_that_is_gone_is_a_finding() -> None:
    """Not an exception: the other columns can still be read."""
    seen = view([HEAD, ["KR-1"]])
    assert [finding.code for finding in findings(seen, ["target"])] == ["FIELD_MISSING"]
    assert records(seen, ["target"])[0].cells == {}


def test_a_missing_key_column_names_the_nearest() -> None:
    """Without it nothing can be read."""
    with pytest.raises(NotFound, match=r"Did you mean 'KR key'\?"):
        view([["KR key", "Title"]], where=source(key="KR keys"))


def test_two_key_columns_are_refused() -> None:
    """Nobody can tell which one holds the keys."""
    with pytest.raises(Rejected, match="columns A, C"):
        view([["KR", "Title", "kr"]])


def test_formula_and_protected_cells_are_locked() -> None:
    """Locked cells still read; a protected range we may edit and a warning do not lock."""
    area = {"startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 3, "endColumnIndex": 4}
    protected = [
        {"range": area},
        {"range": {"startColumnIndex": 1, "endColumnIndex": 2}, "warningOnly": True},
        {"range": {"startColumnIndex": 1, "endColumnIndex": 2}, "requestingUserCanEdit": True},
    ]
    lines: list[list[object]] = [HEAD, ["KR-1", "Ship", formula("=2*2", 4), Decimal("0.5")]]
    cells = records(view(lines, protectedRanges=protected), ["title", "current value", "confidence"])[0].cells
    assert {name: found.locked for name, found in cells.items()} == {
        "title": None,
        "current value": "formula",
        "confidence": "protected range",
    }
    assert cells["current value"].value == Decimal(4)


def test_a_cell_that_a_formula_elsewhere_fills_is_locked() -> None:
    """An array formula spills its results; a value typed there would break it for the whole column."""
    spilled = {"effectiveValue": {"numberValue": 5}, "formattedValue": "5"}
    seen = view([HEAD, ["KR-1", "Ship", formula("=ARRAYFORMULA(F2:F9)", 4)], ["KR-2", "Sell", spilled]])
    locked = [record.cells["current value"].locked for record in records(seen, ["current value"])]
    assert locked == ["formula", "filled by a formula elsewhere"]


def test_an_open_part_of_a_protected_tab_is_not_locked() -> None:
    """Unprotected ranges are holes in a protected sheet."""
    hole = {"startColumnIndex": 1, "endColumnIndex": 2}
    seen = view([HEAD, ["KR-1", "Ship", 4]], protectedRanges=[{"range": {}, "unprotectedRanges": [hole]}])
    cells = records(seen, ["title", "current value"])[0].cells
    assert (cells["title"].locked, cells["current value"].locked) == (None, "protected range")


def test_a_merged_cell_hides_its_rows() -> None:
    """Only the first cell of a merge holds a value; the others are unreadable, not blank."""
    merge = {"startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 1, "endColumnIndex": 2}
    first, second = records(view([HEAD, ["KR-1", "Both"], ["KR-2"]], merges=[merge]), ["title"])
    assert (first.cells["title"].value, first.cells["title"].locked) == ("Both", "merged cell")
    assert isinstance(second.cells["title"].value, Unreadable)


def test_a_percent_column_says_so_and_a_mixed_one_is_told() -> None:
    """All numbers percent-formatted: type percent. Some: number, and the odd cells are named."""
    percent = cell(Decimal("0.42"), "PERCENT")
    pure, mixed = (
        view([HEAD, ["KR-1", None, percent]]),
        view([HEAD, ["KR-1", None, percent], ["KR-2", None, 42]]),
    )
    types = [
        next(field.type for field in schema_of(seen).fields if field.id == "current value")
        for seen in (pure, mixed)
    ]
    assert types == ["percent", "number"]
    assert "KRs!C2" in findings(mixed, ["current value"])[0].message


def test_a_column_of_formulas_is_not_writable() -> None:
    """The schema says why, before anything is planned."""
    seen = view([HEAD, ["KR-1", None, formula("=1", 1)], ["KR-2"]])
    field = next(field for field in schema_of(seen).fields if field.id == "current value")
    assert (field.writable, field.why_not) == (False, "every cell is a formula")
