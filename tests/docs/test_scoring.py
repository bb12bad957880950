"""The examples of docs/scoring.md, computed by the method itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from okrsync.okr.compute import compute
from okrsync.okr.measures import Goal
from okrsync.okr.method import Method
from okrsync.okr.model import FIELDS, Entity, Kind, Type
from okrsync.okr.values import NOT_YET, Value, plain
from tests.docs.markdown import Row, codes, first_codes, rows, sections, table, text_of

NAME = "docs/scoring.md"
TODAY = date(2026, 2, 10)
NONE = "–"


def _examples(width: int, under: str) -> list[Row]:
    """All rows of that many cells under the headings of one part of the document."""
    parts = sections(text_of(NAME))
    return [row for heading in parts if heading == under for row in rows(parts[heading]) if len(row) == width]


def _value(name: str, text: str) -> Value:
    """A field's value as the examples write it."""
    kind = FIELDS[Kind.KEY_RESULT][name].type
    if text == "not_yet":
        return NOT_YET
    if kind is Type.NUMBER:
        return Decimal(text)
    return text == "yes" if kind is Type.BOOL else text


def _shown(value: Value) -> str:
    return plain(value) if isinstance(value, Decimal) else NONE if value is None else str(value)


def _key_result(**fields: Value) -> Entity:
    return Entity("KR", Kind.KEY_RESULT, "KR", {"title": "A key result", **fields})


def _key_result_examples() -> Iterator[Row]:
    """The rows whose first cell spells out a key result."""
    for heading, text in sections(text_of(NAME)).items():
        if heading not in ("An objective", "Work"):
            yield from (row for row in rows(text) if len(row) == 3)


@pytest.mark.parametrize("row", list(_key_result_examples()), ids=lambda row: row[0])
def test_key_results(row: Row) -> None:
    """Raw progress and score are what the row says."""
    words = [pair.strip().split(" ", 1) for pair in row[0].split(",")]
    entity = _key_result(**{name: _value(name, text) for name, text in words})
    derived = compute({"KR": entity}, TODAY, Method()).derived["KR"]
    assert (_shown(derived["raw"]), _shown(derived["score"])) == row[1:]


@pytest.mark.parametrize("row", _examples(3, "An objective"), ids=lambda row: row[0])
def test_objectives(row: Row) -> None:
    """The weighted mean and the coverage are what the row says."""
    entities = {"O": Entity("O", Kind.OBJECTIVE, "O", {"title": "An objective"})}
    for number, part in enumerate(row[0].split(",")):
        score, _, weight = part.strip().partition(" × ")
        fields: dict[str, Value] = {"start": Decimal(0), "target": Decimal(1), "objective": frozenset({"O"})}
        fields |= {} if score == NONE else {"current": Decimal(score)}
        fields |= {"weight": Decimal(weight)} if weight else {}
        entities[f"KR{number}"] = Entity(f"KR{number}", Kind.KEY_RESULT, None, fields)
    derived = compute(entities, TODAY, Method()).derived["O"]
    assert (_shown(derived["score"]), derived["coverage"]) == row[1:]


@pytest.mark.parametrize("row", _examples(5, "Status"), ids=lambda row: f"{row[0]} on {row[1]}")
def test_statuses(row: Row) -> None:
    """Expectation, gap and status are what the row says."""
    fields: dict[str, Value] = {"start": Decimal(0), "target": Decimal(100), "current": Decimal(row[0])}
    fields |= {"starts": date(2026, 1, 1), "due": date(2026, 4, 11)}
    derived = compute({"KR": _key_result(**fields)}, date.fromisoformat(row[1]), Method()).derived["KR"]
    assert tuple(_shown(derived[name]) for name in ("expected", "gap", "status")) == row[2:]


@pytest.mark.parametrize("row", _examples(3, "Work"), ids=lambda row: row[0])
@pytest.mark.parametrize(("by", "column"), [("count", 1), ("points", 2)])
def test_work(row: Row, by: str, column: int) -> None:
    """An initiative's progress is what the row says, by count and by points."""
    entities = {"E": Entity("E", Kind.INITIATIVE, "E", {"title": "An epic"})}
    for number, part in enumerate(row[0].split(",") if row[0] != NONE else []):
        entities[f"I{number}"] = Entity(f"I{number}", Kind.WORK_ITEM, None, _item(*part.strip().split(" ")))
    derived = compute(entities, TODAY, Method(work=by)).derived["E"]
    assert _shown(derived["progress"]) == row[column]


def _item(state: str, points: str | None = None) -> dict[str, Value]:
    """`done 8` is an item that is done, with 8 points; `cancelled` was given up."""
    cancelled = state == "cancelled"
    fields: dict[str, Value] = {"parent": frozenset({"E"}), "status_category": "done" if cancelled else state}
    fields |= {"resolution": "Cancelled"} if cancelled else {}
    return fields | ({"points": Decimal(points)} if points else {})


def test_every_status_is_in_the_rules_or_told_below_them() -> None:
    """The section on status names every status there is."""
    told = sections(text_of(NAME))["Status"]
    assert [each for each in FIELDS[Kind.KEY_RESULT]["status"].choices if f"`{each}`" not in told] == []


def test_every_roll_up_and_evaluation_has_a_row() -> None:
    """The tables of choices name every choice."""
    choices = FIELDS[Kind.KEY_RESULT]
    told = first_codes(NAME, "Roll-up to a key result")
    assert sorted(told) == sorted(choices["rollup"].choices)
    kept = [codes(row[0])[0] for row in table(NAME, "What is kept all along") if len(row) == 2]
    assert sorted(kept) == sorted(choices["evaluation"].choices)


def test_every_measure_is_explained() -> None:
    """The document names every measure but the level, which is the formula at its beginning."""
    measures = set(FIELDS[Kind.KEY_RESULT]["measure"].choices) - {Goal("level").measure}
    assert [each for each in sorted(measures) if f"`{each}`" not in text_of(NAME)] == []
