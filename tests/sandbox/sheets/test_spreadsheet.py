"""spreadsheets.get shows a file through a field mask and leaves out what the real service leaves out."""

from __future__ import annotations

from tests.sandbox.sheets.desk import LOOKUP, Desk


class TestSpreadsheetGet:
    """The spreadsheet resource and its field masks."""

    def test_the_bare_resource(self, world: Desk) -> None:
        """Properties of file and tabs without cells; the first tab's sheetId 0 is shown here (recorded)."""
        answer = world.get(includeGridData="false")
        assert answer["properties"]["locale"] == "en_US"
        assert answer["properties"]["timeZone"] == "Europe/Paris"
        first = answer["sheets"][0]
        assert first["properties"]["sheetId"] == 0
        assert first["properties"]["gridProperties"] == {"rowCount": 100, "columnCount": 8}
        assert "data" not in first

    def test_a_mask_keeps_only_what_it_names(self, world: Desk) -> None:
        """Nested parentheses, commas and dots; includeGridData is not needed with a mask."""
        cells = "data(startRow,rowData.values(effectiveValue,note))"
        mask = f"properties.locale,sheets(properties(sheetId,title),{cells})"
        answer = world.client.spreadsheets_get(world.id, {"fields": mask, "ranges": "KRs!A2:A3"})
        values = [{"effectiveValue": {"stringValue": text}} for text in ("KR-2", "KR-1")]
        rows = [{"values": [value]} for value in values]
        sheet = {"properties": {"sheetId": 0, "title": "KRs"}, "data": [{"startRow": 1, "rowData": rows}]}
        assert answer == {"properties": {"locale": "en_US"}, "sheets": [sheet]}

    def test_a_star_keeps_everything_below(self, world: Desk) -> None:
        """`*` is every field."""
        answer = world.get(fields="properties(*)")
        assert set(answer) == {"properties"} and answer["properties"]["title"] == "ACME"

    def test_an_unknown_field_is_400(self, world: Desk) -> None:
        """A typo in a mask is refused, not ignored."""
        assert world.get(fields="sheets.proprties")["error"]["message"] == "Invalid field selection proprties"

    def test_formula_format_and_value_of_a_cell(self, world: Desk) -> None:
        """A formula stays a formula in userEnteredValue, with its result in effectiveValue."""
        answer = world.get(ranges=["KRs!D2:E2"], fields="sheets.data.rowData.values")
        percent, lookup = answer["sheets"][0]["data"][0]["rowData"][0]["values"]
        assert percent["effectiveFormat"] == {"numberFormat": {"type": "PERCENT"}}
        assert lookup["userEnteredValue"] == {"formulaValue": LOOKUP.format(row=2)}
        assert lookup["effectiveValue"] == {"numberValue": 0.2}

    def test_two_ranges_on_one_tab_are_two_blocks(self, world: Desk) -> None:
        """Each range gives its own data block; startRow is left out when 0."""
        answer = world.get(ranges=["KRs!A1:A1", "KRs!A3:A3"], fields="sheets.data(startRow,startColumn)")
        assert answer == {"sheets": [{"data": [{}, {"startRow": 2}]}]}

    def test_an_empty_tab_has_no_row_data(self, world: Desk) -> None:
        """No rowData key where nothing is."""
        world.service.add_tab(world.id, "Empty", row_count=2, column_count=1)
        answer = world.get(ranges="Empty", includeGridData="true")
        assert "rowData" not in answer["sheets"][0]["data"][0]
