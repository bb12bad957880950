"""Answers recorded from the real Google Sheets, read by our connector.

The recordings are kept beside the repository and are no part of it; without them these tests skip and say
so. Whole spreadsheets and refusals are read as they are. Tables of bare values, which the connector never
asks for, are laid into cells and read as a tab, since their shape (ragged rows, gaps, odd headers) is the
same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from okrsync.connectors.errors import Forbidden, NotFound, RateLimited, Rejected
from okrsync.connectors.sheets.book import Area, Book, parse_book
from okrsync.connectors.sheets.decode import native
from okrsync.connectors.sheets.errors import Context, PartRejected
from okrsync.connectors.sheets.grid import read_grid
from okrsync.okr.values import Unreadable
from tests.connectors.sheets.sheet import source, tab
from tests.fidelity.sheets_spec import Exchange, spec

Json = Any
FOLDER = Path(__file__).resolve().parents[3] / "shared" / "samples" / "sheets"
CONTEXT = Context("GET /v4/spreadsheets/1abc", "okrsync@acme.iam.gserviceaccount.com")
ZERO_SHEET_ID = "protected_range_reply"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no recordings of Google Sheets in {FOLDER}")


def recorded() -> Iterator[tuple[str, Json]]:
    """Every recorded exchange with the Sheets API, with its file's name; Drive is never asked by us."""
    for path in sorted(FOLDER.glob("*.json")):
        held = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        for each in held["interactions"]:
            if each["request"]["path"].startswith("/v4/"):
                yield path.stem, each


def answers(name: str) -> list[Json]:
    return [each["response"]["body"] for found, each in recorded() if found == name]


def exchange(each: Json) -> Exchange:
    asked, answered = each["request"], each["response"]
    query: dict[str, list[str]] = {}
    for name, value in asked["query"]:
        query.setdefault(name, []).append(value)
    path, body = asked["path"].replace("/:", ":"), _set(_floats(asked["body"]))
    return Exchange(asked["method"], path, query, body, answered["status"], _floats(answered["body"]))


def _set(body: Json) -> Json:
    """Without members that are null: in Google's JSON they are as good as left out."""
    if isinstance(body, list):
        return [_set(each) for each in body]
    if not isinstance(body, dict):
        return body
    return {name: _set(each) for name, each in body.items() if each is not None}


def _floats(body: Json) -> Json:
    return json.loads(json.dumps(body, default=float))


def books() -> Iterator[tuple[str, Book]]:
    """Every recorded spreadsheet, whole or after a write."""
    for name, each in recorded():
        body = each["response"]["body"]
        for raw in (body, body.get("updatedSpreadsheet", {})):
            if "sheets" in raw:
                yield name, parse_book(raw)


def tables() -> Iterator[tuple[str, list[list[Json]]]]:
    """Every recorded table of values; one without values is empty."""
    for name, each in recorded():
        body = each["response"]["body"]
        for held in (body, *body.get("valueRanges", ()), body.get("updatedData", {})):
            if "majorDimension" in held:
                yield name, held.get("values", [])


def test_there_is_much_to_read() -> None:
    """The comparison is not empty."""
    counts = len(list(recorded())), len(list(books())), len(list(tables()))
    assert counts >= (70, 5, 25)


def test_every_recording_is_read_here() -> None:
    """Each file gives a book, a table or a refusal; what remains holds replies that we do not look at."""
    read = {name for name, _ in books()} | {name for name, _ in tables()}
    read |= {name for name, each in recorded() if each["response"]["status"] != 200}
    assert {path.stem for path in FOLDER.glob("*.json")} - read == {"drive_modified_time", ZERO_SHEET_ID}


def test_the_judge_accepts_what_really_happened() -> None:
    """Google's document is held to the letter elsewhere; so it must not object to Google."""
    wrong = []
    for name, each in recorded():
        one = exchange(each)
        judge = spec().complaints if one.status == 200 else spec().complaints_of_answer
        wrong += [f"{name}: {problem}" for problem in judge(one)]
    assert wrong == []


def test_every_recorded_spreadsheet_is_a_book() -> None:
    """Tabs with id, title and size where they were asked for; every cell has a value or none."""
    for name, book in books():
        assert book.tabs != (), name
        for each in book.tabs:
            values = [native(cell, book.zone) for cell in each.cells.values()]
            assert not any(isinstance(value, Unreadable) for value in values), name
            if name != "cell_notes":  # asked for nothing else
                assert each.title != "" and each.rows > 0 and each.columns > 0, name


def test_the_zone_of_a_recorded_spreadsheet_is_known() -> None:
    """The first is of a fresh file, the second after a change."""
    found = [str(book.zone) for name, book in books() if name == "spreadsheet_get_locale_timezone"]
    raw = [
        body["properties"]["timeZone"]
        for body in answers("spreadsheet_get_locale_timezone")
        if "properties" in body
    ]
    assert found == raw and len(set(found)) == 2


def test_a_write_answers_with_the_spreadsheet_as_it_then_is() -> None:
    """What every write of ours reads back; recorded without a mask, so tabs of others come along."""
    (book,) = (book for name, book in books() if name == "batch_update_include_spreadsheet")
    assert "export-records" in [each.title for each in book.tabs]


def test_sparse_rows_keep_their_places() -> None:
    """Notes alone: empty objects stand for the cells before them."""
    places = [[*each.cells] for name, book in books() if name == "cell_notes" for each in book.tabs]
    assert places == [[(0, 1), (1, 0), (1, 2)], [(0, 0), (1, 1), (2, 0), (2, 2)]]


def test_a_range_of_the_first_tab_has_no_sheet_id() -> None:
    """0 is left out of a recorded range; the area is read all the same."""
    (body,) = answers(ZERO_SHEET_ID)
    shown = body["replies"][0]["addProtectedRange"]["protectedRange"]["range"]
    assert "sheetId" not in shown
    assert Area.of(shown).holds(shown.get("startRowIndex", 0), shown.get("startColumnIndex", 0))


def test_every_recorded_table_is_read_as_a_tab() -> None:
    """Ragged rows, blank rows, duplicate and blank headers: each key is found, no cell is lost."""
    for name, lines in tables():
        key = "|".join(str(cell) for cell in lines[0][:1]) if lines else ""
        if key.strip() == "":
            continue
        people = parse_book({"sheets": [tab("T", lines)]})
        grid = read_grid(people.tabs[0], people.zone, source(tab="T", key=key))
        filled = {str(line[0]).strip() for line in lines[1:] if line and str(line[0]).strip() != ""}
        assert len(grid.rows) == len(filled), name
        assert {len(column.others) for column in grid.columns.values()} <= {0, 1}, name


def test_duplicate_headers_of_a_recording_are_seen() -> None:
    """Neither of the two columns wins."""
    lines = next(lines for name, lines in tables() if name == "duplicate_and_blank_headers")
    book = parse_book({"sheets": [tab("T", lines)]})
    grid = read_grid(book.tabs[0], book.zone, source(tab="T", key="A1"))
    assert (grid.columns["faff"].index, grid.columns["faff"].others) == (1, (3,))


def test_serial_days_are_recorded_as_numbers() -> None:
    """43831 is the day that was typed in as 2020-01-01; the format alone tells, which a value lacks."""
    lines = next(lines for name, lines in tables() if name == "values_get_render_options" and lines[0][1:])
    book = parse_book({"sheets": [tab("T", lines)]})
    dated = {
        "effectiveValue": {"numberValue": lines[0][1]},
        "effectiveFormat": {"numberFormat": {"type": "DATE"}},
    }
    assert native(book.tabs[0].at(0, 1), book.zone) == Decimal(43831)
    assert str(native(dated, book.zone)) == "2020-01-01"


def test_every_recorded_refusal_has_a_meaning() -> None:
    """The status decides; the part of a batch is found, and no waiting time is invented."""
    seen = {}
    for name, each in recorded():
        answer = _response(each["response"])
        if answer.status_code >= 400:
            error = CONTEXT.from_answer(answer)
            seen[name] = type(error)
            assert not isinstance(error, RateLimited) or error.retry_after is None
            assert not isinstance(error, PartRejected) or error.index == 0
    assert seen == {
        "error_400_bad_values": Rejected,
        "error_400_batchupdate_index": PartRejected,
        "error_403_permission_denied": Forbidden,
        "error_404_not_found": NotFound,
        "error_429_read_quota": RateLimited,
    }


def _response(recorded: Json) -> requests.Response:
    answer = requests.Response()
    answer.status_code = recorded["status"]
    answer.headers.update({name: str(value) for name, value in recorded["headers"].items()})
    answer._content = json.dumps(recorded["body"], default=float).encode()
    return answer
