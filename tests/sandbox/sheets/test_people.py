"""People's edits in the editor, and saving and reopening the whole state."""

from __future__ import annotations

import json

import gspread
import pytest

from okrsync.sandbox.service import PersonError
from okrsync.sandbox.sheets import SheetsService
from tests.sandbox.sheets.desk import FORMULA, Desk, Json, access_token


class TestPeopleAndState:
    """People's edits, and saving the world."""

    def test_a_cell_is_named_by_key_and_header(self, world: Desk) -> None:
        """What is typed is read as the editor does: 42 in a percent cell is 42 %."""
        world.act("set_cell", tab="KRs", key="KR-3", column="Share", value="42")
        assert world.values("KRs!D4") == [[0.42]]

    def test_a_typed_moment_is_a_number_with_a_format(self, world: Desk) -> None:
        """The editor takes a day with a time as a date-time; an impossible time stays text."""
        world.act("set_cell", tab="KRs", cell="C2", value="2020-01-01 12:00")
        world.act("set_cell", tab="KRs", cell="C3", value="2020-01-01 25:00")
        assert world.values("KRs!C2:C3") == [[43831.5], ["2020-01-01 25:00"]]

    def test_headers_can_be_renamed(self, world: Desk) -> None:
        """The header cell changes, the column does not."""
        world.act("rename_header", tab="KRs", column="Current", to="Now")
        assert world.values("KRs!C1:C2") == [["Now"], [20]]

    def test_a_sort_of_some_columns_tears_rows_apart(self, world: Desk) -> None:
        """Only the cells of the range move."""
        world.act("sort", tab="KRs", column="KR", range="A2:A4")
        assert world.values("KRs!A2:B4") == [["KR-1", "Second"], ["KR-2", "First"], ["KR-3", "Third"]]

    @pytest.mark.parametrize(
        ("action", "arguments"),
        [
            ("fly", {}),
            ("set_cell", {"key": "KR-77", "column": "Current", "value": 1}),
            ("set_cell", {"key": "KR-1", "column": "Nothing", "value": 1}),
            ("set_cell", {"tab": "Gone", "cell": "A1", "value": 1}),
            ("set_cell", {"cell": "A1"}),
            ("set_error", {"cell": "A1", "type": "OOPS"}),
            ("unshare", {"email": "nobody@example.com"}),
        ],
    )
    def test_an_edit_that_cannot_be_done_says_so(self, world: Desk, action: str, arguments: Json) -> None:
        """PersonError, and nothing has changed."""
        before = world.service.dump()
        with pytest.raises(PersonError):
            world.act(action, **arguments)
        assert world.service.dump() == before

    def test_a_saved_state_works_in_another_sandbox(self, world: Desk) -> None:
        """Files, keys and tokens survive a trip through JSON text."""
        world.act("protect", tab="KRs", range="A1:B2")
        saved = json.dumps(world.service.dump())
        world.service.reset()
        assert world.get()["error"]["code"] == 401
        world.service.load(json.loads(saved))
        assert json.dumps(world.service.dump()) == saved
        assert world.values("KRs!A2") == [["KR-2"]]
        assert access_token(world.service, world.url) != ""

    def test_a_foreign_dump_is_refused(self, world: Desk) -> None:
        """ValueError, and the old state stays."""
        with pytest.raises(ValueError, match="not a saved state"):
            world.service.load({"spreadsheets": [{}]})
        assert world.values("KRs!A1") == [["KR"]]

    def test_ids_are_the_same_in_every_run(self) -> None:
        """Spreadsheet ids look like Google's and depend only on the order of creation."""
        first, second = SheetsService(), SheetsService()
        made = [first.create_spreadsheet("A"), first.create_spreadsheet("B")]
        assert made == [second.create_spreadsheet("X"), second.create_spreadsheet("Y")]
        assert [len(number) for number in made] == [44, 44]

    def test_gspreads_own_error_carries_the_message(self, world: Desk) -> None:
        """The client library's error object can read the sandbox's refusals."""
        with pytest.raises(gspread.exceptions.APIError) as caught:
            world.client.values_get(world.id, "Gone!A1", dict(FORMULA))
        assert caught.value.code == 400
