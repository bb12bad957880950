"""Stages, ratings with a scale, durations in several units, percentage points."""

from __future__ import annotations

from decimal import Decimal

import pytest

from okrsync.okr.checks import target_sum
from okrsync.okr.durations import convert, is_duration
from okrsync.okr.model import Entity
from okrsync.okr.reasons import Why
from okrsync.okr.stages import Stage, stages_of
from okrsync.okr.values import Value
from tests.okr.make import codes, key_result, number, objective, run

STAGES = "Draft = 0.2; Pilot = 0.5; Live = 1"
MILESTONE: dict[str, Value] = {"measure": "milestone", "target": None, "start": None, "stages": STAGES}


@pytest.mark.parametrize(("stage", "score"), [("Draft", "0.2"), ("pilot", "0.5"), ("LIVE", "1")])
def test_a_stage_counts_its_stated_value(stage: str, score: str) -> None:
    """S46: by name, in any case."""
    assert run(objective("O"), key_result("A", **MILESTONE, stage=stage)).derived["A"]["score"] == number(
        score
    )


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"stage": "Beta"}, Why.STAGE_UNKNOWN),
        ({"stage": "Draft", "stages": "Draft; Live"}, Why.STAGES_UNREADABLE),
        ({"stage": "Draft", "stages": "Draft = 20"}, Why.STAGES_UNREADABLE),
        ({"stage": "Draft", "stages": "Draft = 0.1; draft = 0.2"}, Why.STAGES_UNREADABLE),
    ],
)
def test_what_is_not_stated_is_not_guessed(fields: dict[str, Value], why: Why) -> None:
    """No score, and a finding that says how to write it."""
    computed = run(objective("O"), key_result("A", **{**MILESTONE, **fields}))
    assert (computed.derived["A"]["score"], codes(computed)) == (None, [why])


def test_no_stage_entered_is_missing_not_zero() -> None:
    """Nobody has said that it has not begun."""
    computed = run(objective("O"), key_result("A", **MILESTONE))
    assert computed.derived["A"]["score"] is None
    assert computed.derived["A"]["explanation"] == "not scored: no current value"


def test_stages_keep_their_order() -> None:
    """As written, on lines or with semicolons."""
    assert stages_of("Draft: 0.2\nLive = 1.0;") == (
        Stage("Draft", number("0.2")),
        Stage("Live", number("1.0")),
    )


@pytest.mark.parametrize(("current", "score"), [("4.4", "0.5"), ("5", "1"), ("85", None), ("0.5", None)])
def test_a_rating_stays_on_its_scale(current: str, score: str | None) -> None:
    """S48: 85 stars of 5 is a mistake, not a success."""
    rating = {"start": number(4), "target": number("4.8"), "scale_min": number(1), "scale_max": number(5)}
    computed = run(objective("O"), key_result("A", **rating, current=number(current)))
    assert computed.derived["A"]["score"] == (None if score is None else number(score))
    assert (codes(computed) == [Why.OUT_OF_SCALE]) is (score is None)


@pytest.mark.parametrize(
    ("value", "unit", "into", "expected"),
    [
        ("90", "min", "hours", "1.5"),
        ("2", "days", "h", "48"),
        ("500", "ms", "s", "0.5"),
        ("1", "week", "days", "7"),
        ("20", "minutes", "h", "0.333333333333"),
        ("2", "years", "quarters", "8"),
        ("1", "month", "days", None),
        ("5", "working days", "days", None),
        ("5", "MQL", "days", None),
    ],
)
def test_durations_convert_where_their_length_is_fixed(
    value: str, unit: str, into: str, expected: str | None
) -> None:
    """S47: a month has no number of days."""
    assert convert(number(value), unit, into) == (None if expected is None else number(expected))
    assert is_duration(unit) is (unit not in ("working days", "MQL"))


def tree(*units: str, parent: str = "hours") -> list[Entity]:
    below = [
        key_result(f"A{n}", "C", unit=unit, current=number(20), target=number(20))
        for n, unit in enumerate(units)
    ]
    top = key_result("P", unit=parent, target=number(1), rollup="sum")
    return [objective("O"), top, objective("C", contributes_to=frozenset("P")), *below]


def test_durations_are_added_in_the_parents_unit() -> None:
    """Three times twenty minutes are one hour: reached, to the last digit; the sum shows its units."""
    computed = run(*tree("min", "min", "minutes"))
    assert (computed.derived["P"]["value"], computed.derived["P"]["score"]) == (Decimal(1), Decimal(1))
    assert computed.explanations["P"].numbers.startswith("20 min + 20 min + 20 minutes = 1; ")


def test_targets_in_several_units_are_compared_in_one() -> None:
    """The check of targets uses the same conversion."""
    entities = {each.id: each for each in tree("min", "min", "min")}
    assert target_sum(entities, "P").adds_up is True


def test_what_has_no_fixed_length_is_still_refused() -> None:
    """Days into months: left out with the reason."""
    computed = run(*tree("days", parent="months"))
    assert codes(computed) == [Why.UNIT_MISMATCH_PARENT]


def test_percentage_points_and_percent_are_never_added() -> None:
    """S43: 5 pp and 5% are different things."""
    computed = run(*tree("pp", parent="%"))
    assert codes(computed) == [Why.UNIT_MISMATCH_PARENT]


def test_percentage_points_are_a_change_from_the_baseline() -> None:
    """From 40% by 15 pp is 55%; by 15% it is 46%."""
    points: dict[str, Value] = {
        "measure": "delta",
        "unit": "pp",
        "baseline": number(40),
        "target": number(15),
        "start": None,
    }
    percent: dict[str, Value] = {**points, "measure": "relative", "unit": "%"}
    computed = run(
        objective("O"),
        key_result("A", **points, current=number(46)),
        key_result("B", **percent, current=number(46)),
    )
    assert (computed.derived["A"]["score"], computed.derived["B"]["score"]) == (Decimal("0.4"), Decimal(1))
