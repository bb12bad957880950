"""Objectives as the mean of their key results and of the objectives below them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from okrsync.okr.closing import close
from okrsync.okr.compute import compute
from okrsync.okr.cycles import Calendar, find
from okrsync.okr.explain import render
from okrsync.okr.method import Method
from okrsync.okr.model import Entity
from okrsync.okr.values import Value
from tests.okr.make import codes, key_result, number, objective, run

BOTH = Method(objectives="both")
DUE: dict[str, Value] = {"starts": date(2026, 1, 1), "due": date(2026, 4, 11)}


def below(key: str, score: str | None, above: str = "O", **fields: Value) -> tuple[Entity, Entity]:
    """An objective that contributes to others, with one key result that came so far."""
    current = None if score is None else number(score) * 100
    child = objective(key, contributes_to=frozenset({above}), **fields)
    return child, key_result(f"{key}-KR", key, current=current)


OWN = (key_result("A", current=number(80)), key_result("B", current=number(40)))


def test_each_child_is_one_item() -> None:
    """0.8, 0.4 and an objective of 0.3 are 0.5; the coverage counts all three."""
    derived = run(objective("O"), *OWN, *below("P", "0.3"), method=BOTH).derived["O"]
    assert (derived["score"], derived["coverage"]) == (Decimal("0.5"), "3/3")
    assert derived["explanation"] == "0.50: weighted mean of 2 key results and 1 objective below"


def test_by_default_objectives_below_do_not_enter() -> None:
    """Off unless the workspace asks for it."""
    derived = run(objective("O"), *OWN, *below("P", "0.3")).derived["O"]
    assert (derived["score"], derived["coverage"]) == (Decimal("0.6"), "2/2")


def test_explain_says_so() -> None:
    """The rule, the sum and the objective below with all of its own."""
    lines = render(run(objective("O"), *OWN, *below("P", "0.3"), method=BOTH).explanations["O"])
    rule = "weighted mean of the key results and the objectives below that have a score, each one item (3/3)"
    assert f"  rule: {rule}" in lines
    assert "  numbers: (1 × 0.80 + 1 × 0.40 + 1 × 0.30) ÷ 3 = 0.50" in lines
    assert "  P · Objective P = 0.30" in lines and "    P-KR · Result P-KR = 0.30" in lines


def test_weights_of_objectives_count() -> None:
    """An objective of weight 2 counts twice."""
    derived = run(objective("O"), *OWN, *below("P", "0.3", weight=number(2)), method=BOTH).derived["O"]
    assert derived["score"] == Decimal("0.45")


def test_an_objective_without_a_score_is_left_out_and_listed() -> None:
    """Never 0."""
    computed = run(objective("O"), *OWN, *below("P", None), method=BOTH)
    assert (computed.derived["O"]["score"], computed.derived["O"]["coverage"]) == (Decimal("0.6"), "2/3")
    assert computed.derived["O"]["explanation"] == (
        "0.60: weighted mean of 2 of 3 items: 2 key results and 1 objective below"
    )
    assert [each.name for each in computed.explanations["O"].exclusions] == ["P · Objective P"]


def test_objectives_alone_are_enough() -> None:
    """An objective without key results of its own has the mean of those below; levels add up."""
    tree = (objective("O"), *below("P", "0.4"), *below("Q", "0.8", "P"))
    derived = run(*tree, method=BOTH).derived
    assert (derived["P"]["score"], derived["O"]["score"]) == (Decimal("0.6"), Decimal("0.6"))


def test_levels_are_computed_from_below_whatever_their_keys() -> None:
    """The parent sorts before, between and after its children."""
    tree = (objective("M"), *below("A", "0.2", "M"), *below("Z", "0.6", "M"))
    assert run(*tree, method=BOTH).derived["M"]["coverage"] == "2/2"


def test_a_cancelled_objective_does_not_enter() -> None:
    """It is listed with its reason."""
    computed = run(objective("O"), *OWN, *below("P", "0.3", state="cancelled"), method=BOTH)
    assert computed.derived["O"]["coverage"] == "2/2"
    assert [each.reason for each in computed.explanations["O"].exclusions] == ["it is cancelled"]


@pytest.mark.parametrize(
    ("how", "score", "coverage"), [("weighted_mean", "0.3", "1/1"), ("none", "0.55", "2/2")]
)
def test_what_enters_through_a_key_result_counts_once(how: str, score: str, coverage: str) -> None:
    """S29: linked to the objective and to its key result; without a roll-up there it enters directly."""
    current = None if how == "weighted_mean" else number(80)
    top = key_result("A", rollup=how, current=current)
    child, part = below("P", "0.3")
    child = replace(child, fields={**child.fields, "contributes_to": frozenset({"O", "A"})})
    computed = run(objective("O"), top, child, part, method=BOTH)
    derived = computed.derived["O"]
    assert (derived["score"], derived["coverage"]) == (Decimal(score), coverage)
    left = [each.reason for each in computed.explanations["O"].exclusions]
    assert left == (["it enters through A · Result A already"] if how == "weighted_mean" else [])


def test_a_circle_of_objectives_counts_only_what_stands_outside_it() -> None:
    """S33: the two feed each other, so neither enters the other; what is below them does."""
    ring = below("P", "0.4", "Q"), below("Q", "0.8", "P")
    computed = run(*ring[0], *ring[1], *below("A", "0.6", "P"), *below("Z", "0.2", "P"), method=BOTH)
    assert codes(computed) == ["LINK_CYCLE"]
    assert (computed.derived["P"]["score"], computed.derived["P"]["coverage"]) == (Decimal("0.4"), "3/3")
    assert "its links lead in a circle" in {each.reason for each in computed.explanations["P"].exclusions}


def test_the_expectation_is_that_of_all_items() -> None:
    """Expected and compared are over the same children as the score."""
    tree = objective("O", **DUE), key_result("A", current=number(60)), *below("P", "0.2", "O", **DUE)
    derived = run(*tree, method=BOTH).derived["O"]
    assert (derived["expected"], derived["gap"], derived["status"]) == (
        Decimal("0.4"),
        Decimal(0),
        "on_track",
    )


def test_a_frozen_objective_below_enters_with_its_frozen_score() -> None:
    """S55: a later edit below a closed objective does not move what stands above it."""
    cycle = find("2026-Q1", Calendar())
    assert cycle is not None
    child, part = below("P", "0.4")
    closing = close({each.id: each for each in (child, part)}, cycle, date(2026, 4, 20), BOTH)
    edited = key_result("P-KR", "P", current=number(90))
    known = {each.id: each for each in (objective("O", cycle="2026"), child, edited)}
    computed = compute(known, date(2026, 5, 4), BOTH, {}, closing.frozen())
    assert computed.derived["O"]["score"] == Decimal("0.4")


def test_an_unknown_choice_is_refused() -> None:
    """The message names the choices."""
    with pytest.raises(ValueError, match="objectives is 'all'; it must be one of key_results, both"):
        Method(objectives="all")
