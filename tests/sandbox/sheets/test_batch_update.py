"""spreadsheets.batchUpdate applies all of its requests or none, and protected cells refuse."""

from __future__ import annotations

from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.sheets import SheetsService
from tests.sandbox.sheets.desk import ROBOT, START, Desk, Json, desk, message


def number_cell(value: float) -> Json:
    """CellData of a number."""
    return {"userEnteredValue": {"numberValue": value}}


class TestBatchUpdate:
    """spreadsheets.batchUpdate."""

    def test_update_cells_takes_typed_values_and_notes(self, world: Desk) -> None:
        """No text is parsed: a stringValue beginning with = stays text."""
        values = [
            {"userEnteredValue": {"stringValue": "=1+1"}, "note": "why"},
            number_cell(2.5),
            {"userEnteredValue": {"boolValue": True}},
            {"userEnteredValue": {"formulaValue": "=B2*2"}},
        ]
        start = {"sheetId": 0, "rowIndex": 1, "columnIndex": 0}
        body = {"start": start, "rows": [{"values": values}], "fields": "userEnteredValue,note"}
        assert world.batch({"updateCells": body}).json()["replies"] == [{}]
        assert world.values("KRs!A2:D2") == [["=1+1", 2.5, True, 5]]
        note = world.get(ranges="KRs!A2", fields="sheets.data.rowData.values.note")
        assert note["sheets"][0]["data"][0]["rowData"] == [{"values": [{"note": "why"}]}]

    def test_update_cells_over_a_range_clears_the_rest(self, world: Desk) -> None:
        """Cells of the range that rows do not cover lose the listed fields."""
        area = {
            "sheetId": 0,
            "startRowIndex": 1,
            "endRowIndex": 4,
            "startColumnIndex": 2,
            "endColumnIndex": 4,
        }
        body = {"range": area, "rows": [{"values": [number_cell(1)]}], "fields": "userEnteredValue"}
        world.batch({"updateCells": body})
        assert world.values("KRs!C1:D4") == [["Current", "Share"], [1]]

    def test_the_changed_sheet_comes_back_in_the_same_answer(self, world: Desk) -> None:
        """includeSpreadsheetInResponse with ranges and a mask is a readback at no extra request."""
        area = {
            "sheetId": 0,
            "startRowIndex": 1,
            "endRowIndex": 2,
            "startColumnIndex": 2,
            "endColumnIndex": 3,
        }
        update = {"range": area, "rows": [{"values": [number_cell(21)]}], "fields": "userEnteredValue"}
        body = {
            "requests": [{"updateCells": update}],
            "includeSpreadsheetInResponse": True,
            "responseRanges": ["KRs!C2"],
        }
        mask = "updatedSpreadsheet.sheets.data.rowData.values.effectiveValue"
        answer = world.post(":batchUpdate", body, fields=mask).json()
        row = {"values": [{"effectiveValue": {"numberValue": 21}}]}
        assert answer == {"updatedSpreadsheet": {"sheets": [{"data": [{"rowData": [row]}]}]}}

    def test_one_bad_request_and_nothing_is_applied(self, world: Desk) -> None:
        """The message carries index and kind; the good request before it is undone."""
        add = {"addSheet": {"properties": {"sheetId": 7, "title": "New"}}}
        response = world.batch(add, add)
        assert response.status_code == 400
        assert message(response).startswith("Invalid requests[1].addSheet: ")
        assert len(world.get()["sheets"]) == 2

    def test_a_kind_that_is_not_imitated_is_refused(self, world: Desk) -> None:
        """Nothing is accepted silently."""
        assert world.batch({"addChart": {}}).status_code == 400

    def test_sheets_are_added_changed_and_deleted(self, world: Desk) -> None:
        """A given sheetId is kept, so a repeated attempt fails instead of making a twin."""
        properties = {"sheetId": 7, "title": "New", "gridProperties": {"rowCount": 5, "columnCount": 2}}
        reply = world.batch({"addSheet": {"properties": properties}}).json()["replies"][0]
        assert reply["addSheet"]["properties"]["index"] == 2
        rename = {"properties": {"sheetId": 7, "title": "Newer", "hidden": True}, "fields": "title,hidden"}
        world.batch({"updateSheetProperties": rename})
        shown = world.get(fields="sheets.properties(title,hidden)")["sheets"][2]
        assert shown == {"properties": {"title": "Newer", "hidden": True}}
        world.batch({"deleteSheet": {"sheetId": 7}})
        assert len(world.get()["sheets"]) == 2

    def test_hiding_all_sheets_is_refused_as_recorded(self, world: Desk) -> None:
        """The recorded message, word for word."""
        hide: list[Json] = [
            {
                "updateSheetProperties": {
                    "properties": {"sheetId": tab["properties"]["sheetId"], "hidden": True}
                }
            }
            for tab in world.get()["sheets"]
        ]
        for request in hide:
            request["updateSheetProperties"]["fields"] = "hidden"
        text = "Invalid requests[1].updateSheetProperties: You can't hide all the sheets in a document."
        assert message(world.batch(*hide)) == text

    def test_repeat_cell_sets_a_format(self, world: Desk) -> None:
        """A number format for a whole column shows in every cell of it."""
        cell = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "0.000"}}}
        area = {"sheetId": 0, "startRowIndex": 1, "startColumnIndex": 2, "endColumnIndex": 3}
        fields = "userEnteredFormat.numberFormat"
        world.batch({"repeatCell": {"range": area, "cell": cell, "fields": fields}})
        assert world.values("KRs!C2:C4", "FORMATTED_VALUE") == [["20.000"], ["10.000"], ["30.500"]]

    def test_rows_and_columns_come_and_go(self, world: Desk) -> None:
        """insertDimension, deleteDimension and appendDimension move the cells and the grid's size."""
        span = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 3}
        world.batch({"insertDimension": {"range": span, "inheritFromBefore": True}})
        assert world.values("KRs!A1:A4") == [["KR"], [], [], ["KR-2"]]
        world.batch({"deleteDimension": {"range": span}})
        assert world.values("KRs!A1:A2") == [["KR"], ["KR-2"]]
        world.batch({"appendDimension": {"sheetId": 0, "dimension": "COLUMNS", "length": 3}})
        grid = world.get(fields="sheets.properties.gridProperties")["sheets"][0]
        assert grid == {"properties": {"gridProperties": {"rowCount": 100, "columnCount": 11}}}

    def test_sort_range_moves_rows(self, world: Desk) -> None:
        """The same data on other row numbers; blanks stay last."""
        area = {
            "sheetId": 0,
            "startRowIndex": 1,
            "endRowIndex": 10,
            "startColumnIndex": 0,
            "endColumnIndex": 8,
        }
        specs = [{"dimensionIndex": 2, "sortOrder": "DESCENDING"}]
        world.batch({"sortRange": {"range": area, "sortSpecs": specs}})
        assert world.values("KRs!A2:A5") == [["KR-3"], ["KR-2"], ["KR-1"]]

    def test_a_protected_range_reply_leaves_out_sheet_0(self, world: Desk) -> None:
        """sheetId 0 is omitted and requestingUserCanEdit is the server's own (recorded)."""
        area = {
            "sheetId": 0,
            "startRowIndex": 0,
            "endRowIndex": 2,
            "startColumnIndex": 0,
            "endColumnIndex": 2,
        }
        asked = {"range": area, "warningOnly": True, "requestingUserCanEdit": False}
        reply = world.batch({"addProtectedRange": {"protectedRange": asked}}).json()["replies"][0]
        shown = reply["addProtectedRange"]["protectedRange"]
        assert "sheetId" not in shown["range"]
        assert shown["requestingUserCanEdit"] is True


class TestProtection:
    """Protected cells."""

    def test_a_protected_cell_loses_the_whole_batch(self, world: Desk) -> None:
        """400 INVALID_ARGUMENT, not 403, with the index of the part; nothing of the batch is written."""
        world.act("protect", tab="KRs", range="C2:C4")
        data = [{"range": "KRs!B2", "values": [["x"]]}, {"range": "KRs!C2", "values": [[1]]}]
        response = world.post("/values:batchUpdate", {"valueInputOption": "RAW", "data": data})
        assert response.json()["error"]["status"] == "INVALID_ARGUMENT"
        assert message(response).startswith("Invalid data[1]: You are trying to edit a protected cell")
        assert world.values("KRs!B2") == [["Second"]]

    def test_the_refusal_is_in_the_language_of_the_account(self) -> None:
        """A Spanish account is refused in Spanish."""
        clock = VirtualClock(START)
        with desk(SheetsService(clock), clock, language="es") as world:
            world.service.add_tab(world.id, "T", [["x"]])
            world.act("protect", tab="T")
            assert message(world.put("T!A1", [["y"]])).startswith("Estás intentando editar")

    def test_a_protection_shows_whether_the_caller_may_edit(self, world: Desk) -> None:
        """requestingUserCanEdit is missing for others and true for editors."""
        world.act("protect", tab="KRs", range="A1:A2")
        world.act("protect", tab="KRs", range="B1:B2", editors=[ROBOT])
        shown = world.get(fields="sheets.protectedRanges.requestingUserCanEdit")["sheets"][0]
        assert shown == {"protectedRanges": [{}, {"requestingUserCanEdit": True}]}
        assert world.put("KRs!B1", [["x"]]).status_code == 200

    def test_validation_rules_are_no_bar_to_the_api_and_survive_it(self, world: Desk) -> None:
        """Measured by others: values land whatever the rule; only a mask that names it changes a rule."""
        area = {"startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 1, "endColumnIndex": 2}
        rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "A"}]}, "strict": True}
        world.batch({"setDataValidation": {"range": area, "rule": rule}})
        rows = [{"values": [{"userEnteredValue": {"stringValue": "Z"}}]}]
        start = {"sheetId": 0, "rowIndex": 1, "columnIndex": 1}
        body = {"start": start, "rows": rows, "fields": "userEnteredValue"}
        assert world.batch({"updateCells": body}).status_code == 200
        shown = world.get(ranges="KRs!B2", fields="sheets.data.rowData.values(formattedValue,dataValidation)")
        cell = {"formattedValue": "Z", "dataValidation": rule}
        assert shown["sheets"][0]["data"][0]["rowData"] == [{"values": [cell]}]
        world.batch({"updateCells": {**body, "fields": "dataValidation"}})
        shown = world.get(ranges="KRs!B2", fields="sheets.data.rowData.values(dataValidation)")
        assert "dataValidation" not in str(shown)
