"""Large tabs over a real socket: whole once, then by the columns that matter."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from okrsync.connectors.base import Record
from okrsync.connectors.sheets import reader
from tests.connectors.sheets.conftest import Running
from tests.connectors.sheets.world import EMAIL, World, opened
from tests.fidelity.sheets_spec import Exchange, record

HEAD = ["KR", "Title", "Current", "Target", *(f"More {at}" for at in range(7))]
KEYS = ["K0", "K29"]


@pytest.fixture
def large(running: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """30 rows of 11 cells, results beside them; called large here, so that a test takes no seconds."""
    monkeypatch.setattr(reader, "LARGE", 300)
    with opened(*running) as world:
        file = world.sheets.create_spreadsheet("Large")
        rows: list[list[Any]] = [[f"K{at}", f"KR {at}", at, "=2*3", *("x" * 7)] for at in range(30)]
        world.sheets.add_tab(file, "KRs", [HEAD, *rows])
        world.sheets.add_tab(file, "_okrsync", [["key", "score"], ["K0", 0.5]])
        world.sheets.share(file, EMAIL)
        world.file, world.want = file, ("current", "target", "results:score")
        yield world


def fetched(world: World) -> dict[str, Record]:
    schema = world.connector.schema(world.source)
    return dict(world.connector.fetch(world.source, schema, KEYS, world.want))


def moved(world: World) -> None:
    """A person inserts a column."""
    world.do("insert_column", spreadsheet=world.file, column="Current")


def ranges(wire: list[Exchange]) -> list[list[str]]:
    return [each.query["ranges"] for each in wire]


def test_a_fresh_look_asks_for_the_columns_that_matter(large: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Still one request, with formulas and locks as they are now."""
    wire = record(monkeypatch)
    found = fetched(large)
    whole, narrow = wire
    people = [f"'KRs'!{part}:{part}" for part in ("1", "A", "B", "C", "D")]
    assert ranges(wire) == [["'KRs'!A:ZZZ", "'_okrsync'!A:ZZZ"], [*people, "'_okrsync'!A:ZZZ"]]
    assert len(str(narrow.answer)) < len(str(whole.answer)) / 2
    assert [found["K29"].title, found["K29"].place] == ["KR 29", "KRs!A31"]
    assert [found["K0"].cells[name].value for name in large.want] == [
        Decimal(0),
        Decimal(6),
        Decimal("0.5"),
    ]
    assert found["K0"].cells["target"].locked == "formula"


def test_columns_that_moved_meanwhile_cost_a_whole_look(
    large: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The headers come along with every look, so nothing is read from a wrong column."""
    fetched(large)
    large.fault("hook", path="/v4/*", skip=1, hook=lambda: moved(large))
    wire = record(monkeypatch)
    found = fetched(large)
    assert [len(asked) for asked in ranges(wire)] == [2, 6, 2]
    assert (found["K29"].cells["current"].value, found["K29"].cells["current"].place) == (
        Decimal(29),
        "KRs!D31",
    )


def test_a_column_that_is_gone_costs_a_whole_look(large: World) -> None:
    """Also where the service refuses to look beyond the grid."""
    fetched(large)

    def shrink() -> None:
        tab = large.sheets.spreadsheets[large.file].tabs[0]
        tab.columns = 3

    large.fault("hook", path="/v4/*", skip=1, hook=shrink)
    assert fetched(large)["K0"].cells["current"].value == Decimal(0)


def test_a_write_looks_at_the_whole_tab(large: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever cell a late write hits, what it held is known and put back."""
    found = fetched(large)
    large.before_write(lambda: moved(large))
    (written,) = large.write((found["K0"], {"current": Decimal(99)}))
    assert written.error is not None
    rows = {line[0]: line for line in large.grid()}
    assert rows["K0"][:5] == ["K0", "KR 0", None, 0, "=2*3"]


def test_a_small_tab_is_always_read_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One request with everything is the cheapest there."""
    world.write((world.fetch()["KR-1"], {"results:score": Decimal(1)}))
    wire = record(monkeypatch)
    world.fetch()
    assert ranges(wire) == [["'KRs'!A:ZZZ", "'_okrsync'!A:ZZZ"]] * 2
