"""Cells in, values out."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from okrsync.connectors.sheets.decode import key_text, kind, native
from okrsync.connectors.sheets.encode import cell_data, extended, extended_result
from okrsync.okr.values import Unreadable
from tests.connectors.sheets.sheet import cell, error, formula

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (cell(0), Decimal(0)),
        (cell(Decimal("0.30000000000000004")), Decimal("0.3")),
        (cell(Decimal("0.42"), "PERCENT"), Decimal("0.42")),
        (cell(9007199254740991), Decimal(9007199254740991)),
        (cell("007"), "007"),
        (cell("1,5"), "1,5"),
        (cell(False), False),
        (cell(43831, "DATE"), date(2020, 1, 1)),
        (cell(Decimal("43831.5"), "DATE"), date(2020, 1, 1)),
        (cell(Decimal("43831.75"), "DATE_TIME"), datetime(2020, 1, 1, 18, tzinfo=PARIS)),
        (cell(43831), Decimal(43831)),
        (cell(""), None),
        (cell("  "), None),
        ({}, None),
        ({"effectiveFormat": {"numberFormat": {"type": "PERCENT"}}}, None),
        (formula("=A1", Decimal("1.5")), Decimal("1.5")),
    ],
)
def test_a_cell_means_its_effective_value(held: dict[str, Any], expected: object) -> None:
    """Only the number format tells percent and date from number; 0, False, text and blank stay apart."""
    value = native(held, PARIS)
    assert value == expected
    assert type(value) is type(expected)


def test_an_error_is_unreadable_with_its_code() -> None:
    """The code is the API's own, which no locale changes."""
    value = native(error("DIVIDE_BY_ZERO", "#DIV/0!"), PARIS)
    assert isinstance(value, Unreadable)
    assert "DIVIDE_BY_ZERO" in value.reason
    assert value.raw == "#DIV/0!"


def test_loading_is_unreadable() -> None:
    """A function that has not finished is no reading, neither 0 nor blank."""
    assert isinstance(native(error("LOADING", "Loading..."), PARIS), Unreadable)


def test_a_date_out_of_range_is_unreadable() -> None:
    """A number no calendar holds is not cut to one."""
    assert isinstance(native(cell(10**9, "DATE"), PARIS), Unreadable)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (cell(1001), "1001"),
        (cell(Decimal("1001.0")), "1001"),
        (cell("1001"), "1001"),
        (cell("007"), "007"),
        (cell("  KR\u00a0 7\n"), "KR 7"),
        (cell("e\u0301"), "é"),
        ({}, None),
    ],
)
def test_keys_are_canonical_text(held: dict[str, Any], expected: str | None) -> None:
    """1001, 1001.0 and "1001" are one key; "007" is not 7."""
    assert key_text(held, PARIS) == expected


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (cell(1), "number"),
        (cell(1, "PERCENT"), "percent"),
        (cell(1, "DATE"), "date"),
        (cell(1, "DATE_TIME"), "moment"),
        (cell(1, "CURRENCY"), "number"),
        (cell(True), "bool"),
        (cell("x"), "text"),
        (cell(" "), None),
        (error("N_A", "#N/A"), None),
    ],
)
def test_a_cell_speaks_for_a_type(held: dict[str, Any], expected: str | None) -> None:
    """Blank and broken cells say nothing about their column."""
    assert kind(held) == expected


@pytest.mark.parametrize(
    "value",
    [
        None,
        Decimal(0),
        Decimal("0.42"),
        "007",
        '=IMPORTRANGE("x";"y")',
        True,
        date(2026, 11, 21),
        datetime(2026, 7, 1, 9, 30, tzinfo=PARIS),
    ],
)
def test_what_is_written_reads_back_the_same(value: Any) -> None:
    """Encoding and decoding are inverse, through the format that is set where dates need one."""
    data, fields = cell_data(value, PARIS, {})
    stored = {"effectiveValue": data.get("userEnteredValue", {})}
    if "userEnteredFormat" in fields:
        stored["effectiveFormat"] = data["userEnteredFormat"]
    assert native(stored, PARIS) == value


def test_a_leading_equals_sign_stays_text() -> None:
    """Foreign text can never become a formula."""
    assert extended("=1+1", PARIS) == {"stringValue": "=1+1"}


def test_formats_of_people_are_left_alone() -> None:
    """A cell that has a date format keeps it untouched."""
    assert cell_data(date(2026, 1, 1), PARIS, cell(1, "DATE"))[1] == "userEnteredValue"


def test_results_hold_dates_as_iso_text() -> None:
    """The results tab needs no formats."""
    assert extended_result(date(2026, 1, 2)) == {"stringValue": "2026-01-02"}


def test_an_unreadable_value_cannot_be_written() -> None:
    """What could not be read must not be stored as if it were a value."""
    with pytest.raises(ValueError, match="not a value"):
        extended(Unreadable("cut"), PARIS)
