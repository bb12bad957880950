"""KPIs and check-ins as collections of their own, from the cell to the explanation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from okrsync.connectors.base import Native, NativeField
from okrsync.connectors.memory.settings import Source
from okrsync.mappings.binding import Binding, Place
from okrsync.mappings.collection import CollectionMapping
from okrsync.okr.explain import render
from okrsync.okr.model import FIELDS, Kind
from okrsync.sync_engine.runner import View, view
from tests.engine.world import World, settings

PLACE = Place("okrsync.yaml", 1, 1)
FIELD_TYPES = {"current": "number", "target": "number", "start": "number", "value": "number", "date": "date",
               "score": "number"}  # fmt: skip
KPIS = ("title", "current", "unit")
RESULTS = ("title", "start", "target", "current", "metric")
SAID = ("key_result", "date", "value", "confidence", "challenges", "helper")


def collection(name: str, tool: str, kind: Kind, read: tuple[str, ...], key: str | None) -> CollectionMapping:
    """A collection that is only read, its table named like itself; key results get their score."""
    specs = FIELDS[kind]
    bindings = [Binding(name, each, specs[each], each, True, False, PLACE) for each in read]
    if kind is Kind.KEY_RESULT:
        bindings.append(Binding(name, "score", specs["score"], "score", False, True, PLACE))
    return CollectionMapping(name, tool, Source(table=name), kind, key, tuple(bindings), PLACE)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """KPIs in the sheet, key results in the tracker, check-ins without keys among the notes."""
    mappings = (
        collection("kpis", "numbers", Kind.METRIC, KPIS, "key"),
        collection("results", "tracker", Kind.KEY_RESULT, RESULTS, "key"),
        collection("said", "notes", Kind.CHECK_IN, SAID, None),
    )
    made = World(f"sqlite:///{tmp_path / 'okrsync.db'}", settings(mappings=mappings))
    for mapping in mappings:
        names = dict.fromkeys(("key", "title", *(each.native for each in mapping.bindings)))
        columns = [NativeField(n, n, FIELD_TYPES.get(n, "text"), writable=True) for n in names]
        made.services[mapping.connection].add_table(mapping.name, columns)
    return made


def add(world: World, tool: str, table: str, **values: Native) -> str:
    """A person adds a record."""
    return world.services[tool].add(table, values)


def model(world: World) -> View:
    """The model as agreed."""
    with world.open() as workspace:
        return view(workspace)


def explained(seen: View, key: str) -> str:
    """What `okrsync explain` would show of the entity with a key."""
    entity = next(each for each in seen.entities.values() if each.key == key)
    return "\n".join(render(seen.computed.explanations[entity.id]))


def test_one_kpi_feeds_every_key_result_that_names_it(world: World) -> None:
    """S54: one cell, two scores, written back to both; the explanation names the cell and since when."""
    add(world, "numbers", "kpis", key="NPS", title="Net promoter score", current=Decimal(50))
    for key, target in (("KR1", 60), ("KR2", 80)):
        add(
            world,
            "tracker",
            "results",
            key=key,
            title=key,
            start=Decimal(40),
            target=Decimal(target),
            metric="NPS",
        )
    world.sync()
    rows = world.services["tracker"].tables["results"].rows.values()
    assert [row.values["score"] for row in rows] == [Decimal("0.5"), Decimal("0.25")]
    told = explained(model(world), "KR1")
    assert "KPI NPS · Net promoter score 50  [numbers: " in told and "since 2026-02-09]" in told
    assert "used by KR1 · KR1" in explained(model(world), "NPS")


def test_a_kpi_nobody_holds_is_said(world: World) -> None:
    """A mistyped KPI is unreadable, not missing: the finding names what it points to."""
    add(
        world,
        "tracker",
        "results",
        key="KR1",
        title="KR1",
        start=Decimal(0),
        target=Decimal(10),
        metric="NSP",
    )
    report = world.sync()
    assert any(found.code == "UNREADABLE" and "NSP" in found.message for found in report.findings)


def test_a_check_in_is_news_and_a_value(world: World) -> None:
    """S66: its value counts where no cell holds one, and its text is told with its place."""
    add(world, "tracker", "results", key="KR1", title="KR1", start=Decimal(0), target=Decimal(10))
    add(world, "notes", "said", title="Week 6", key_result="KR1", date=date(2026, 2, 6), value=Decimal(4),
        challenges="No data", helper="bo@acme.example")  # fmt: skip
    world.sync()
    seen = model(world)
    (kr,) = [each for each in seen.entities.values() if each.kind is Kind.KEY_RESULT]
    assert seen.computed.derived[kr.id]["score"] == Decimal("0.4")
    told = explained(seen, "KR1")
    assert "check-in 2026-02-06: 4, in the way: No data (can help: bo@acme.example)  [notes: " in told


def test_a_check_in_of_two_key_results_counts_for_both(world: World) -> None:
    """One record, two keys in its cell."""
    for key in ("KR1", "KR2"):
        add(world, "tracker", "results", key=key, title=key, start=Decimal(0), target=Decimal(10))
    add(world, "notes", "said", title="W6", key_result="KR1, KR2", date=date(2026, 2, 6), value=Decimal(5))
    world.sync()
    seen = model(world)
    results = [each.id for each in seen.entities.values() if each.kind is Kind.KEY_RESULT]
    assert [seen.computed.derived[each]["score"] for each in results] == [Decimal("0.5")] * 2
