"""The values writes store, count and read back as recorded, and are refused as a whole."""

from __future__ import annotations

from datetime import date

from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.sheets import SheetsService
from tests.sandbox.sheets.desk import START, Desk, desk, message


class TestWriting:
    """The values writes."""

    def test_raw_keeps_text_and_user_entered_reads_it(self, world: Desk) -> None:
        """RAW stores to the letter; USER_ENTERED parses as if typed."""
        texts = ["007", "=1+1", "1-2", "50%", "TRUE", "2,000.5"]
        world.put("'_okrsync'!A1", [texts])
        assert world.values("'_okrsync'!A1:F1", "FORMULA") == [texts]
        world.put("'_okrsync'!A1", [texts], "USER_ENTERED")
        days = (date(2026, 1, 2) - date(1899, 12, 30)).days
        assert world.values("'_okrsync'!A1:F1") == [[7, 2, days, 0.5, True, 2000.5]]

    def test_a_cell_holds_fifty_thousand_characters(self, world: Desk) -> None:
        """One more is refused, and with it the whole batch."""
        assert world.put("KRs!B2", [["x" * 50_000]]).status_code == 200
        cells = [{"userEnteredValue": {"stringValue": "x" * 50_001}}]
        part = {"updateCells": {"start": {}, "rows": [{"values": cells}], "fields": "userEnteredValue"}}
        refused = world.batch(part)
        assert (refused.status_code, "50000 characters" in message(refused)) == (400, True)

    def test_a_comma_locale_reads_its_own_numbers(self) -> None:
        """Under de_DE "1,5" is one and a half and "1.5" is a date."""
        clock = VirtualClock(START)
        with desk(SheetsService(clock), clock, "de_DE") as world:
            world.service.add_tab(world.id, "T")
            world.put("T!A1", [["1,5", "1.234,5", "1.5"]], "USER_ENTERED")
            assert world.values("T") == [[1.5, 1234.5, (date(2026, 5, 1) - date(1899, 12, 30)).days]]

    def test_null_skips_and_empty_text_clears(self, world: Desk) -> None:
        """null leaves a cell alone, "" blanks it; only written cells are counted (recorded)."""
        answer = world.put("KRs!A2:C3", [["new", None, None], [None, None, ""]]).json()
        assert answer == {
            "spreadsheetId": world.id,
            "updatedRange": "KRs!A2:C3",
            "updatedRows": 2,
            "updatedColumns": 2,
            "updatedCells": 2,
        }
        assert world.values("KRs!A2:C3") == [["new", "Second", 20], ["KR-1", "First"]]

    def test_the_answer_reads_back_the_asked_range(self, world: Desk) -> None:
        """includeValuesInResponse gives what was stored, over the whole asked range (recorded)."""
        more = {"includeValuesInResponse": "true", "responseValueRenderOption": "UNFORMATTED_VALUE"}
        answer = world.put("KRs!A2:C2", [["x", 1.5]], **more).json()
        assert answer["updatedRange"] == "KRs!A2:B2"
        assert answer["updatedData"] == {
            "range": "KRs!A2:C2",
            "majorDimension": "ROWS",
            "values": [["x", 1.5, 20]],
        }

    def test_values_that_are_no_lists_are_refused_as_recorded(self, world: Desk) -> None:
        """The 400 carries field violations."""
        error = world.put("KRs!A1", "X").json()["error"]
        text = "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"X\""
        assert error["message"] == text
        assert error["details"][0]["fieldViolations"] == [{"field": "data.values", "description": text}]

    def test_writing_past_the_range_or_the_grid_is_refused(self, world: Desk) -> None:
        """Neither the asked range nor the grid grows by writing."""
        assert "tried writing to row [3]" in message(world.put("KRs!A1:B2", [["a"], ["b"], ["c"]]))
        assert "tried writing to column [C]" in message(world.put("KRs!A1:B2", [["a", "b", "c"]]))
        assert "exceeds grid limits" in message(world.put("KRs!A100", [["a"], ["b"]]))

    def test_an_input_option_is_required(self, world: Desk) -> None:
        """Google has no default for valueInputOption."""
        response = world.post("/values:batchUpdate", {"data": []})
        assert message(response) == "'valueInputOption' is required but not specified"

    def test_a_batch_is_counted_once_and_lost_as_a_whole(self, world: Desk) -> None:
        """Totals count shared columns once; one bad part and nothing is written."""
        good = {"range": "KRs!A2:B2", "values": [["a", "b"]]}
        body = {"valueInputOption": "RAW", "data": [good, {"range": "KRs!A4:B4", "values": [["c", "d"]]}]}
        answer = world.client.values_batch_update(world.id, body)
        totals = [answer[f"totalUpdated{name}"] for name in ("Rows", "Columns", "Cells", "Sheets")]
        assert totals == [2, 2, 4, 1]
        again = {"range": "KRs!A2:B2", "values": [["lost", "lost"]]}
        bad = {"valueInputOption": "RAW", "data": [again, {"range": "Gone!A1", "values": [["x"]]}]}
        assert (
            message(world.post("/values:batchUpdate", bad))
            == "Invalid data[1]: Unable to parse range: Gone!A1"
        )
        assert world.values("KRs!A2:B2") == [["a", "b"]]

    def test_append_writes_below_the_table(self, world: Desk) -> None:
        """The found table is named; trailing nulls do not widen the updated range (recorded)."""
        params = {"valueInputOption": "RAW", "includeValuesInResponse": "true"}
        body = {"values": [["KR-4", "Fourth", None]]}
        answer = world.post("/values/KRs!A1:append", body, **params).json()
        assert answer["tableRange"] == "KRs!A1:E4"
        assert answer["updates"]["updatedRange"] == "KRs!A5:B5"
        assert answer["updates"]["updatedData"]["values"] == [["KR-4", "Fourth"]]

    def test_append_to_an_empty_tab_names_no_table(self, world: Desk) -> None:
        """tableRange is absent, the row goes to the top (recorded)."""
        world.service.add_tab(world.id, "Empty")
        answer = world.client.values_append(
            world.id, "Empty", {"valueInputOption": "RAW"}, {"values": [["x"]]}
        )
        assert "tableRange" not in answer
        assert answer["updates"]["updatedRange"] == "Empty!A1"

    def test_clearing_keeps_formats(self, world: Desk) -> None:
        """batchClear blanks values only."""
        answer = world.post("/values:batchClear", {"ranges": ["KRs!D2:D4"]}).json()
        assert answer["clearedRanges"] == ["KRs!D2:D4"]
        assert world.values("KRs!D2:D4") is None
        world.put("KRs!D2", [[0.5]])
        assert world.values("KRs!D2", "FORMATTED_VALUE") == [["50.00%"]]

    def test_nan_is_no_json(self, world: Desk) -> None:
        """A body with NaN is refused as unreadable."""
        address = f"{world.url}/v4/spreadsheets/{world.id}/values/KRs!A1?valueInputOption=RAW"
        assert world.session.put(address, data='{"values": [[NaN]]}').status_code == 400
