"""The values reads have the renderings and shapes the real service was recorded with."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.sheets import SheetsService
from tests.sandbox.sheets.desk import LOOKUP, START, Desk, desk


class TestReading:
    """Renderings, shapes and ranges."""

    def test_three_renderings_of_a_number(self, world: Desk) -> None:
        """A percentage is text as displayed, a fraction unformatted."""
        assert world.values("KRs!C2:D2", "FORMATTED_VALUE") == [["20", "42.00%"]]
        assert world.values("KRs!C2:D2") == [[20, 0.42]]
        assert world.values("KRs!E2", "FORMULA") == [[LOOKUP.format(row=2)]]

    def test_dates_are_serials_unless_asked_as_text(self, world: Desk) -> None:
        """2020-01-01 is 43831, and its text only under FORMATTED_STRING (recorded)."""
        world.put("KRs!G1", [["2020-01-01"]], "USER_ENTERED")
        assert world.values("KRs!G1") == [[43831]]
        assert world.values("KRs!G1", dateTimeRenderOption="FORMATTED_STRING") == [["2020-01-01"]]
        assert world.values("KRs!G1", "FORMATTED_VALUE") == [["2020-01-01"]]

    def test_rows_are_ragged_and_blank_middle_rows_are_empty(self, world: Desk) -> None:
        """Trailing blanks are dropped, leading ones are "", blank rows in the middle are []."""
        world.put("'_okrsync'!A1", [["", "x", ""], ["", "", ""], ["y", ""]])
        assert world.values("'_okrsync'!A1:C20") == [["", "x"], [], ["y"]]

    def test_an_empty_range_has_no_values(self, world: Desk) -> None:
        """Nothing there: no `values` key at all."""
        assert world.get("/values/KRs!G10:H20") == {"range": "KRs!G10:H20", "majorDimension": "ROWS"}

    def test_ranges_are_clamped_and_echoed_in_normal_form(self, world: Desk) -> None:
        """The end is cut to the grid; quotes are kept only when a title needs them."""
        assert world.get("/values/'KRs'!a2:b9999")["range"] == "KRs!A2:B100"
        world.act("rename_tab", tab="KRs", to="O'Brien 1")
        assert world.get("/values/'O''Brien 1'!B2:C")["range"] == "'O''Brien 1'!B2:C100"
        assert world.get("/values/'O''Brien 1'")["range"] == "'O''Brien 1'!A1:H100"

    def test_a_start_beyond_the_grid_is_400(self, world: Desk) -> None:
        """The limits are in the text."""
        error = world.get("/values/KRs!A101")["error"]
        assert error["message"] == "Range (KRs!A101) exceeds grid limits. Max rows: 100, max columns: 8"

    def test_an_unknown_tab_is_unparsable(self, world: Desk) -> None:
        """One bad range fails the whole read with 400."""
        answer = world.get("/values:batchGet", ranges=["KRs!A1", "Gone!A1"])
        assert answer["error"]["message"] == "Unable to parse range: Gone!A1"

    def test_columns_can_be_the_major_dimension(self, world: Desk) -> None:
        """majorDimension=COLUMNS turns the block."""
        assert world.values("KRs!A1:B2", majorDimension="COLUMNS") == [["KR", "KR-2"], ["Title", "Second"]]

    @pytest.mark.parametrize(
        ("kind", "formatted", "unformatted"),
        [
            ("DIVIDE_BY_ZERO", "#DIV/0!", "#DIV/0! (Function DIVIDE parameter 2 cannot be zero.)"),
            ("N_A", "#N/A", "#N/A"),
            ("REF", "#REF!", "#REF! (Reference does not exist.)"),
            ("NAME", "#NAME?", "#NAME? (Unknown function: 'NOSUCHFUNCTION'.)"),
            ("NUM", "#NUM!", "#NUM!"),
            ("NULL_VALUE", "#NULL!", "#NULL!"),
            ("ERROR", "#ERROR!", "#ERROR! (Formula parse error.)"),
            ("LOADING", "Loading...", "Loading..."),
        ],
    )
    def test_error_cells(self, world: Desk, kind: str, formatted: str, unformatted: str) -> None:
        """An error shows its code, unformatted also its message, and its type in the cell data."""
        world.act("set_error", tab="KRs", cell="C2", type=kind)
        assert world.values("KRs!C2", "FORMATTED_VALUE") == [[formatted]]
        assert world.values("KRs!C2") == [[unformatted]]
        answer = world.get(
            fields="sheets.data.rowData.values.effectiveValue.errorValue.type", ranges="KRs!C2"
        )
        cell = answer["sheets"][0]["data"][0]["rowData"][0]["values"][0]
        assert cell == {"effectiveValue": {"errorValue": {"type": kind}}}

    @pytest.mark.parametrize(
        ("locale", "shown"),
        [
            ("en_US", ["1234.5", "$1,234.50", "12/31/2026"]),
            ("de_DE", ["1234,5", "1.234,50\u00a0€", "31.12.2026"]),
            ("fr_FR", ["1234,5", "1\u202f234,50\u00a0€", "31/12/2026"]),
        ],
    )
    def test_display_follows_the_locale_of_the_file(self, locale: str, shown: list[str]) -> None:
        """Decimal mark, currency and the order of a date are the spreadsheet's, not the caller's."""
        clock = VirtualClock(START)
        with desk(SheetsService(clock), clock, locale) as world:
            rows: list[list[Any]] = [[1234.5, 1234.5, date(2026, 12, 31)]]
            world.service.add_tab(world.id, "T", rows, {1: "CURRENCY"})
            assert world.values("T", "FORMATTED_VALUE") == [shown]
