"""Developer metadata and the calls by data filter: helpful for rows, and able to lie about records."""

from __future__ import annotations

import pytest

from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.sheets import SheetsService
from tests.sandbox.sheets.desk import START, Desk, desk


class TestTags:
    """Developer metadata and the calls by data filter."""

    def tag(self, world: Desk, row: int, number: int) -> None:
        """Tag a row."""
        span = {"sheetId": 0, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
        tag = {
            "metadataId": number,
            "metadataKey": "okr",
            "metadataValue": f"v{number}",
            "visibility": "DOCUMENT",
            "location": {"dimensionRange": span},
        }
        assert world.batch({"createDeveloperMetadata": {"developerMetadata": tag}}).status_code == 200

    def row_of(self, world: Desk, number: int) -> int | None:
        """The row a tag is on now."""
        lookup = {"dataFilters": [{"developerMetadataLookup": {"metadataId": number}}]}
        found = world.post("/developerMetadata:search", lookup).json().get("matchedDeveloperMetadata", [])
        return found[0]["developerMetadata"]["location"]["dimensionRange"]["startIndex"] if found else None

    def test_a_tag_stays_with_its_row_and_dies_with_it(self, world: Desk) -> None:
        """Rows inserted above move the tag, deleting the row deletes it."""
        self.tag(world, 1, 11)
        world.act("insert_row", tab="KRs", row=2)
        assert self.row_of(world, 11) == 2
        world.act("delete_row", tab="KRs", key="KR-2")
        assert self.row_of(world, 11) is None

    @pytest.mark.parametrize(("follows", "row"), [(True, 2), (False, 1)])
    def test_whether_a_tag_follows_a_sort_is_a_switch(self, follows: bool, row: int) -> None:
        """Nobody has documented it, so clients are tried both ways."""
        clock = VirtualClock(START)
        with desk(SheetsService(clock, metadata_follows_sort=follows), clock) as world:
            world.service.add_tab(world.id, "KRs", [["KR"], ["b"], ["a"]])
            self.tag(world, 1, 11)
            world.act("sort", tab="KRs", column="KR")
            assert world.values("KRs!A2:A3") == [["a"], ["b"]]
            assert self.row_of(world, 11) == row

    @pytest.mark.parametrize(("follows", "cell"), [(True, "A3"), (False, "A2")])
    def test_a_rows_protection_goes_the_same_way(self, follows: bool, cell: str) -> None:
        """A protection of several rows stays where it is."""
        clock = VirtualClock(START)
        with desk(SheetsService(clock, metadata_follows_sort=follows), clock) as world:
            world.service.add_tab(world.id, "KRs", [["KR", "Note"], ["b"], ["a"]])
            world.act("protect", tab="KRs", range="A2")
            world.act("protect", tab="KRs", range="B1:B2")
            world.act("sort", tab="KRs", column="KR")
            tried = {at: world.put(f"KRs!{at}", [["x"]]).status_code for at in ("A2", "A3", "B2", "B3")}
            other = {"A2": "A3", "A3": "A2"}[cell]
            assert tried == {cell: 400, other: 200, "B2": 400, "B3": 200}

    def test_a_tag_stays_behind_when_cells_are_cut_or_typed_over(self, world: Desk) -> None:
        """So a tag can lie about the record of its row."""
        self.tag(world, 1, 11)
        world.act("cut_paste", tab="KRs", **{"from": "A2:E2", "to": "A9"})
        assert self.row_of(world, 11) == 1
        self.tag(world, 2, 12)
        world.act("type_over", tab="KRs", key="KR-1", values={"KR": "KR-8", "Current": "99"})
        assert self.row_of(world, 12) == 2
        assert world.values("KRs!A3:C3") == [["KR-8", "First", 99]]

    def test_values_are_read_and_written_by_tag(self, world: Desk) -> None:
        """A row tag stands for its whole row; null skips cells."""
        self.tag(world, 2, 12)
        data_filter = {"developerMetadataLookup": {"metadataId": 12}}
        part = {"dataFilter": data_filter, "values": [[None, None, 11]], "majorDimension": "ROWS"}
        body = {"valueInputOption": "RAW", "data": [part]}
        answer = world.post("/values:batchUpdateByDataFilter", body).json()
        assert answer["totalUpdatedCells"] == 1
        read = {"dataFilters": [data_filter], "valueRenderOption": "UNFORMATTED_VALUE"}
        matched = world.post("/values:batchGetByDataFilter", read).json()["valueRanges"]
        assert matched[0]["valueRange"]["values"] == [["KR-1", "First", 11, 0.1, 0.1]]

    def test_a_grid_range_filter_survives_a_renamed_tab(self, world: Desk) -> None:
        """Addressing by sheetId does not need the title."""
        world.act("rename_tab", tab="KRs", to="Other")
        area = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 2, "endColumnIndex": 1}
        matched = world.post("/values:batchGetByDataFilter", {"dataFilters": [{"gridRange": area}]}).json()
        assert matched["valueRanges"][0]["valueRange"]["values"] == [["KR-2"]]
