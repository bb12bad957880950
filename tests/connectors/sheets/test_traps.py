"""Ways in which programs for Google Sheets go wrong, tried on the connector.

`tests/fidelity/traps_sheets.py` lists all that are known, with the tests that hold them.
"""

from __future__ import annotations

import ast
from decimal import Decimal
from pathlib import Path

import pytest

from okrsync.connectors import sheets
from okrsync.connectors.base import Native
from okrsync.connectors.errors import BadAnswer, EditConflict, Forbidden, NotFound, Transient
from okrsync.connectors.pacer import Pacer
from okrsync.connectors.policy import Policy
from okrsync.connectors.sheets.book import parse_book
from okrsync.connectors.sheets.connector import open_connector
from okrsync.connectors.sheets.decode import native
from okrsync.connectors.sheets.records import records
from tests.connectors.sheets.sheet import error, view
from tests.connectors.sheets.world import EMAIL, ROWS, World, connection, small_world
from tests.fidelity.sheets_spec import record

FORBIDDEN = {
    "get_all_records",
    "get_all_values",
    "numericise",
    "BackOffHTTPClient",
    "update_cell",
    "update_acell",
    "append_row",
    "open_by_key",
    "service_account",
    "Worksheet",
    "USER_ENTERED",
    "FORMATTED_VALUE",
}
"""Words of the client library and of the API that parse, guess or repeat behind our back."""


def test_nothing_that_converts_guesses_or_repeats_is_used() -> None:
    """Neither the library's convenience layer nor the API's parsing of texts."""
    used = set()
    for path in Path(sheets.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Name | ast.Attribute | ast.alias):
                used.add(getattr(node, "id", getattr(node, "attr", getattr(node, "name", ""))))
            elif isinstance(node, ast.Constant):
                used.add(str(node.value))
    assert used & FORBIDDEN == set()


def test_a_broken_title_is_not_taken_for_one() -> None:
    """The text of an error is nobody's title; the key stands in."""
    shown = error("N_A", "#N/A (Did not find value)")
    assert records(view([["KR", "Title"], ["KR-1", shown]]), [])[0].title == "KR-1"


def test_blank_headers_hide_nothing_to_their_right() -> None:
    """Columns without a header are skipped, however many there are."""
    seen = view([["KR", None, "Title", None, "Target"], ["KR-1", "x", "Ship", "y", 3]])
    cells = records(seen, ["title", "target"])[0].cells
    assert [cells[name].value for name in ("title", "target")] == ["Ship", Decimal(3)]


def test_zeros_that_are_left_out_are_zeros() -> None:
    """The first tab's id, a block's first row and column."""
    (tab,) = parse_book({"sheets": [{"data": [{"rowData": [{"values": [{"note": "x"}]}]}]}]}).tabs
    assert (tab.sheet_id, [*tab.cells]) == (0, [(0, 0)])


def test_an_empty_tab_has_no_cells() -> None:
    """No `rowData`, no `data` at all."""
    book = parse_book({"sheets": [{"properties": {"title": "a"}}, {"data": [{}]}]})
    assert [tab.cells for tab in book.tabs] == [{}, {}]


def test_an_answer_without_tabs_is_no_empty_spreadsheet(world: World) -> None:
    """A proxy's empty object must not read as the removal of all rows."""
    world.fault("status", path="/v4/*", status=200, body={})
    with pytest.raises(BadAnswer, match="lacks the tab"):
        world.connector.schema(world.source)


def test_an_emptied_tab_is_an_error_and_not_a_tab_without_rows(world: World) -> None:
    """Somebody cut everything for a moment: nobody's absence is proven."""
    world.sandbox.call(lambda: world.sheets.spreadsheets[world.file].tabs[0].cells.clear())
    with pytest.raises(NotFound, match="no column is headed 'KR'"):
        world.connector.schema(world.source)


@pytest.mark.parametrize("title", ["O'Brien", "100%/Q1 – B2", "A1", "KRs!A1", "über 'uns' & co"])
def test_a_tab_of_any_title_is_read_and_written(world: World, title: str) -> None:
    """Quoted always, apostrophes doubled, percent-encoded by the library."""
    world.do("rename_tab", to=title)
    world.changes = {"tab": title}
    found = world.fetch()["KR-1"]
    (written,) = world.write((found, {"target": Decimal(11), "results:score": Decimal(1)}))
    assert written.error is None
    assert {line[0]: line[3] for line in world.grid(title)}["KR-1"] == 11


def test_a_copy_of_the_tab_beside_it_is_not_read(world: World) -> None:
    """The same keys twice in a file are no duplicates."""
    world.sandbox.call(lambda: world.sheets.add_tab(world.file, "Copy of KRs", ROWS))
    pull = world.pull()
    assert (len(pull.records), pull.findings) == (4, ())


def test_only_the_scope_for_spreadsheets_is_asked_for(world: World) -> None:
    """Not the whole Drive, which the library asks for by default."""
    world.connector.account()
    (grant,) = world.sheets.accounts.save()["tokens"].values()
    assert grant["scopes"] == ["https://www.googleapis.com/auth/spreadsheets"]


def test_noise_of_a_double_is_not_a_change(world: World) -> None:
    """0.1 + 0.2 is 0.3, read and written."""
    world.do("set_formula", key="KR-3", column="Target", formula="=0.1+0.2")
    found = world.fetch()
    assert found["KR-3"].cells["target"].value == Decimal("0.3")
    (written,) = world.write((found["KR-1"], {"current": Decimal("5.0")}))
    assert (written.error, world.sent()["write"]) == (None, 0)


def test_lookups_work_in_a_file_with_decimal_commas() -> None:
    """Formulas are sent with semicolons, which every locale takes."""
    with small_world() as world:
        file = world.sheets.create_spreadsheet("Deutsch", "de_DE", "Europe/Berlin")
        world.sheets.add_tab(file, "KRs", [["KR", "Score"], ["KR-1", None], [17, None]])
        world.sheets.share(file, EMAIL)
        world.file, world.want = file, ("results:score", "lookup:Score=score")
        schema = world.connector.schema(world.source)
        found = world.connector.fetch(world.source, schema, ["KR-1", "17"], world.want)
        wanted: dict[str, Native] = {"results:score": Decimal("0.7"), "lookup:Score=score": "shown"}
        done = world.write(*((found[key], wanted) for key in ("KR-1", "17")))
        assert [each.error for each in done] == [None, None]
        shown = world.connector.fetch(world.source, schema, ["KR-1", "17"], ["score"])
        assert [each.cells["score"].value for each in shown.values()] == [Decimal("0.7")] * 2


def test_another_record_typed_over_a_row_is_not_written(world: World) -> None:
    """The row's tag stays and lies; the key cell says whose row it is, and what is lost is told."""
    found = world.fetch()
    typed = {"KR": "KR-7", "Title": "Quite another", "Target": "70"}
    world.before_write(lambda: world.do("type_over", key="KR-1", values=typed))
    (written,) = world.write((found["KR-1"], {"target": Decimal(99)}))
    assert isinstance(written.error, EditConflict)
    assert "look at the cell" in written.error.message
    assert world.column("Target") == {"KR-7": None, "KR-2": 8, "KR-3": 12, 1001: 3}


def test_cut_and_pasted_rows_are_found_by_their_keys(world: World) -> None:
    """Their tags stay behind."""
    found = world.fetch()
    world.do("cut_paste", **{"from": "A2:I2", "to": "A12"})
    (written,) = world.write((found["KR-1"], {"target": Decimal(99)}))
    assert (written.error, world.column("Target")["KR-1"]) == (None, 99)


def test_sharing_taken_back_between_read_and_write_is_told(world: World) -> None:
    """Nothing was written, and the person reads whom to share with."""
    found = world.fetch()
    world.before_write(lambda: world.do("unshare", email=EMAIL))
    (written,) = world.write((found["KR-1"], {"target": Decimal(99)}))
    assert isinstance(written.error, Forbidden)
    assert world.column("Target")["KR-1"] == 10


def test_a_service_that_hangs_is_given_up(world: World) -> None:
    """The library's own default is to wait for ever."""
    policy = Policy("sheets", Pacer(), attempts=1)
    impatient = open_connector("google", connection(world.sandbox, world.sheets, timeout=0.2), policy=policy)
    impatient.account()
    world.fault("timeout_before", path="/v4/*", seconds=1)
    with pytest.raises(Transient, match="no answer in time"):
        impatient.schema(world.source)
    impatient.close()


def test_a_repeated_read_asks_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library writes into the parameters it is given; a repeat must not notice."""
    world.fault("status", path="/v4/*", status=503, times=2)
    wire = record(monkeypatch)
    world.changes = {"results": None}
    world.connector.schema(world.source)
    first, *others = [(each.path, each.query) for each in wire]
    assert len(others) == 2 and all(each == first for each in others)


def test_a_text_that_looks_like_a_number_stays_text() -> None:
    """Only a rule the admin wrote may turn it into one."""
    for text in ("1,5", "1.234,56", "007", "1e5", "50%", "٣", "nan", "TRUE"):
        assert native({"effectiveValue": {"stringValue": text}}, parse_book({}).zone) == text
