"""Our requests and the sandbox's answers against Google's own discovery document of the Sheets API.

The tests of the connector and of the sandbox are judged one by one as they run (their `conftest`). Here one
walk through everything the connector can do is judged as a whole, and the judge itself is tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from okrsync.connectors.base import Marker, Native
from okrsync.connectors.errors import ConnectorError
from tests.connectors.sheets.world import EMAIL, World, small_world
from tests.fidelity.sheets_spec import Exchange, paths_of, record, spec

USED = {"GET /v4/spreadsheets/FILE", "POST /v4/spreadsheets/FILE:batchUpdate"}
"""All that is ever asked: nothing is appended, cleared, or written where values are parsed."""
PARTS = {
    "addSheet",
    "addProtectedRange",
    "appendDimension",
    "insertDimension",
    "updateCells",
    "updateSheetProperties",
}
"""The kinds of request that are ever sent: no rule, no format of people's, no structure of theirs."""


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Exchange]]:
    """Every call of the port, with every kind of value, a refusal and a repair."""
    with small_world() as world:
        wire = record(monkeypatch)
        walk_through(world)
        yield [named(one, world.file) for one in wire]


def named(one: Exchange, file: str) -> Exchange:
    return Exchange(
        one.method,
        one.path.replace(file, "FILE"),
        one.query,
        one.body,
        one.status,
        one.answer,
        one.by_service,
    )


def walk_through(world: World) -> None:
    world.connector.account()
    world.want = (*world.want, "strict", "notes")
    found = world.fetch()
    for cells in written():
        (done,) = world.write((found["KR-1"], cells))
        assert done.error is None
        found = world.fetch()
    world.do("protect", range="D2:D2")
    world.before_write(lambda: world.do("sort", column="Title"))
    world.write((found["KR-3"], {"target": Decimal(99)}), (found["1001"], {"title": "moved"}))
    world.before_write(lambda: world.do("protect", range="A1:I9"))
    world.write((found["1001"], {"title": "shut"}))
    world.do("unprotect")
    many = {f"results:r{at}": Decimal(at) for at in range(30)}
    world.write((found["KR-3"], many))
    schema = world.connector.schema(world.source)
    for at in range(2):
        world.connector.create(world.source, schema, {"title": "New"}, Marker(f"KR-9{at}", "entity", "kr"))
    world.connector.marked(world.source, schema, Marker("KR-90", "entity", "kr"))
    full_grid(world)
    world.do("unshare", email=EMAIL)
    with pytest.raises(ConnectorError):
        world.pull()


def full_grid(world: World) -> None:
    """A row below the last one of the grid."""
    rows = len(world.grid())
    world.sandbox.call(lambda: setattr(world.sheets.spreadsheets[world.file].tabs[0], "rows", rows))
    schema = world.connector.schema(world.source)
    world.connector.create(world.source, schema, {"title": "Last"}, Marker("KR-99", "entity", "kr"))


def written() -> Iterator[Mapping[str, Native]]:
    """Patches of every kind of value."""
    yield {"title": "=1+1", "target": Decimal("0.5"), "due": date(2027, 1, 1), "strict": False}
    yield {"due": datetime(2027, 1, 1, 12, tzinfo=UTC), "notes": None}
    yield {"results:score": Decimal("0.7"), "results:status": "on", "results:at": date(2026, 1, 1)}
    yield {"lookup:Score=score": "shown"}


def test_everything_the_connector_does_is_in_the_document(walked: list[Exchange]) -> None:
    """Paths, parameters, bodies, masks and answers, refusals among them."""
    assert {f"{one.method} {one.path}" for one in walked} == USED
    assert {one.status for one in walked} == {200, 400, 403}
    assert [problem for one in walked for problem in spec().complaints(one)] == []


def test_only_harmless_kinds_of_request_are_sent(walked: list[Exchange]) -> None:
    """No rule, format, note or structure of people's is ever touched."""
    parts = [part for one in walked if one.body is not None for part in one.body["requests"]]
    assert {kind for part in parts for kind in part} == PARTS
    masks = {part["updateCells"]["fields"] for part in parts if "updateCells" in part}
    assert masks == {"userEnteredValue", "userEnteredValue,userEnteredFormat.numberFormat"}


def test_every_read_is_masked(walked: list[Exchange]) -> None:
    """Without a mask all charts, rules and tabs of the file would come along."""
    assert all("fields" in one.query for one in walked)


GOOD: dict[str, Any] = {
    "method": "POST",
    "path": "/v4/spreadsheets/1abc:batchUpdate",
    "query": {"fields": ["updatedSpreadsheet(sheets.properties(sheetId,title))"], "prettyPrint": ["false"]},
    "body": {
        "requests": [
            {"updateCells": {"start": {"rowIndex": 1}, "rows": [], "fields": "userEnteredValue,note"}}
        ],
        "responseRanges": ["A:A"],
    },
    "status": 200,
    "answer": {"updatedSpreadsheet": {"sheets": [{"properties": {"sheetId": 0}}, {"merges": []}]}},
}


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"path": "/v4/spreadsheets/1abc:batchWrite"}, "no such method"),
        ({"method": "PATCH"}, "no such method"),
        ({"query": {"valueInputOption": ["RAW"]}}, "unknown query parameter valueInputOption"),
        ({"query": {"prettyPrint": ["no"]}}, "prettyPrint is 'no'"),
        ({"query": {"fields": ["replies", "spreadsheetId"]}}, "fields given twice"),
        ({"query": {"fields": ["updatedSpreadsheet(sheets(cells))"]}}, "sheets.cells, which"),
        ({"body": {"requests": [{"updateCell": {}}]}}, "updateCell"),
        ({"body": {"requests": [{"addSheet": {"properties": {"sheetId": 2**31}}}]}}, "2147483648"),
        ({"body": {"requests": [{"updateCells": {"rows": [], "fields": "value"}}]}}, "names value"),
        ({"answer": {"updatedSpreadsheet": {"tabs": []}}}, "tabs"),
        ({"answer": {"updatedSpreadsheet": {"sheets": [{"properties": {"sheetType": "TABLE"}}]}}}, "TABLE"),
        ({"status": 400, "answer": {"error": {"code": 400, "message": "no"}}}, "'status' is a required"),
    ],
)
def test_the_judge_sees_what_is_wrong(changed: dict[str, Any], word: str) -> None:
    """Each kind of departure from the document is told."""
    assert spec().complaints(Exchange(**GOOD)) == []
    (problem,) = spec().complaints(Exchange(**{**GOOD, **changed}))
    assert word in problem


def test_a_get_with_a_body_is_wrong() -> None:
    """Google refuses it."""
    asked = Exchange("GET", "/v4/spreadsheets/1abc", {}, {"ranges": []}, 200, {})
    assert "a body where none is declared" in spec().complaints(asked)[0]


def test_a_fault_in_front_of_the_service_is_not_judged() -> None:
    """A gateway's page is nobody's protocol."""
    page = Exchange("GET", "/v4/spreadsheets/1abc", {}, None, 502, None, by_service=False)
    assert spec().complaints(page) == []


@pytest.mark.parametrize(
    ("mask", "paths"),
    [
        ("a", ["a"]),
        ("a.b,c", ["a.b", "c"]),
        ("a(b,c(d,e.f)),g", ["a.b", "a.c.d", "a.c.e.f", "g"]),
        ("a/b", ["a.b"]),
        ("*", ["*"]),
    ],
)
def test_masks_are_read(mask: str, paths: list[str]) -> None:
    """Every path in them is looked up."""
    assert [".".join(path) for path in paths_of(mask)] == paths
