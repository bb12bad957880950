"""Initiatives: the share of work done, which never scores a result."""

from __future__ import annotations

from decimal import Decimal

import pytest

from okrsync.okr.method import Method
from okrsync.okr.model import Entity
from okrsync.okr.reasons import Why
from okrsync.okr.values import Value
from tests.okr.make import codes, initiative, item, key_result, objective, run

POINTS = Method(work="points")


def items(**statuses: str) -> list[Entity]:
    return [item(key, "E", status) for key, status in statuses.items()]


def test_seven_of_ten() -> None:
    """The vector of ten children, seven done."""
    children = [item(f"J-{n}", "E", "done" if n < 7 else "indeterminate") for n in range(10)]
    derived = run(initiative("E"), *children).derived["E"]
    assert derived == {"progress": Decimal("0.7"), "explanation": "0.70: 7 of 10 work items done"}


def test_given_up_work_counts_neither_way() -> None:
    """A resolution of the list leaves an item out, visibly."""
    gone = item("C", "E", "done", resolution="Won't Do")
    computed = run(initiative("E"), *items(A="done", B="new"), gone)
    assert computed.derived["E"]["progress"] == Decimal("0.5")
    assert computed.explanations["E"].exclusions[0].reason == "given up: Won't Do"


def test_an_item_of_unknown_status_is_left_out() -> None:
    """Not known is not open."""
    computed = run(initiative("E"), *items(A="done", B="new"), item("C", "E", None))
    assert computed.derived["E"]["progress"] == Decimal("0.5")


def test_points_are_counted_where_asked() -> None:
    """8 of 10 points done; what has none is listed."""
    children = [
        item("A", "E", "done", points=Decimal(8)),
        item("B", "E", "new", points=Decimal(2)),
        item("C", "E", "new"),
        item("D", "E", "new", points=Decimal(-3)),
        item("F", "E", "new", points=Decimal(0)),
    ]
    computed = run(initiative("E"), *children, method=POINTS)
    assert computed.derived["E"]["explanation"] == "0.80: 8 of 10 points done"
    reasons = [each.reason for each in computed.explanations["E"].exclusions]
    assert reasons == ["it has no points", "its points are negative"]


def test_categories_count_half_for_what_is_under_way() -> None:
    """Done 1, under way a half, new 0; only where asked."""
    children = items(A="done", B="indeterminate", C="new", D="indeterminate")
    derived = run(initiative("E"), *children, method=Method(work="categories")).derived["E"]
    line = "0.50: 2 of 4 work items done, half for each under way"
    assert derived == {"progress": Decimal("0.5"), "explanation": line}


@pytest.mark.parametrize("points", [None, Decimal(0)])
def test_no_points_falls_back_to_counting(points: Value) -> None:
    """Dividing by 0 points is no answer; items are counted and the note says so."""
    children = [item("A", "E", "done", points=points), item("B", "E", "new", points=points)]
    computed = run(initiative("E"), *children, method=POINTS)
    assert computed.derived["E"]["progress"] == Decimal("0.5")
    assert computed.explanations["E"].notes == ("no points are stated: work items were counted",)


@pytest.mark.parametrize(
    ("own", "share"), [("done", Decimal(1)), ("new", Decimal(0)), ("indeterminate", None), (None, None)]
)
def test_without_children_its_own_status_is_taken_and_flagged(own: str | None, share: Value) -> None:
    """Under way says nothing about how far."""
    computed = run(initiative("E", status_category=own))
    assert (computed.derived["E"]["progress"], codes(computed)) == (share, [Why.NO_WORK])


def test_open_children_win_over_a_closed_epic() -> None:
    """The contradiction is shown with the names of the open ones."""
    computed = run(initiative("E", status_category="done"), *items(A="done", B="new"))
    assert computed.derived["E"]["progress"] == Decimal("0.5")
    assert codes(computed) == [Why.EPIC_DONE_CHILDREN_OPEN]
    assert "B · Issue B" in computed.findings[0].message


def test_work_never_scores_a_result() -> None:
    """S2: all work done, and the key result still has no score."""
    epic = initiative("E", contributes_to=frozenset({"K"}))
    computed = run(objective("O"), key_result("K"), epic, *items(A="done"))
    assert (computed.derived["E"]["progress"], computed.derived["K"]["score"]) == (Decimal(1), None)


def test_a_key_results_explanation_shows_its_work() -> None:
    """Down to the issue: the epic and its items stand below the key result they are meant to move."""
    epic = initiative("E", contributes_to=frozenset({"K"}))
    explanation = run(objective("O"), key_result("K"), epic, *items(A="done")).explanations["K"]
    assert [child.entity for child in explanation.children] == ["E"]
    assert [entered.label for entered in explanation.children[0].inputs] == ["own status", "A · Issue A"]


NESTED = (
    item("A", "E", "indeterminate"),
    *(item(f"A{n}", "A", "done" if n < 3 else "new") for n in range(4)),
    item("B", "E", "indeterminate"),
    item("B0", "B", "done"),
    item("B1", "B", "indeterminate"),
)


def test_sub_tasks_count_depth_first() -> None:
    """The vector: 3 of 4 sub-tasks of A and 1 of 2 of B are 0.625; flat, 4 of 6 are 0.6666."""
    derived = run(initiative("E"), *NESTED).derived["E"]
    assert derived["progress"] == Decimal("0.625")
    assert derived["explanation"] == "0.62: 1.25 of 2 work items done, items with sub-tasks by those"
    flat = [item(f"J{n}", "E", "done" if n < 4 else "new") for n in range(6)]
    assert run(initiative("E"), *flat).derived["E"]["progress"] == Decimal("0.6666")


@pytest.mark.parametrize(("way", "progress"), [("points", "0.6875"), ("categories", "0.75")])
def test_sub_tasks_count_in_every_way(way: str, progress: str) -> None:
    """Points are the items' own, 6 and 2; a sub-task under way is half where categories count."""
    points = {"A": Decimal(6), "B": Decimal(2)}
    items_ = [item(e.key or "", "E", points=points[e.key]) if e.key in points else e for e in NESTED]
    assert run(initiative("E"), *items_, method=Method(work=way)).derived["E"]["progress"] == Decimal(
        progress
    )


def test_given_up_sub_tasks_count_neither_way_and_are_listed() -> None:
    """Also where all of an item's are given up: then its own status counts."""
    gone = item("A1", "A", "done", resolution="Duplicate")
    tree = item("A", "E", "new"), gone, item("B", "E", "done")
    computed = run(initiative("E"), *tree)
    assert computed.derived["E"]["progress"] == Decimal("0.5")
    assert [each.reason for each in computed.explanations["E"].exclusions] == ["given up: Duplicate"]


def test_open_sub_tasks_of_a_done_item_are_a_contradiction() -> None:
    """The sub-tasks win, and the item is named."""
    tree = initiative("E", status_category="done"), item("A", "E", "done"), item("A1", "A", "new")
    computed = run(*tree)
    assert computed.derived["E"]["progress"] == Decimal(0)
    found = [each for each in computed.findings if each.code == Why.EPIC_DONE_CHILDREN_OPEN]
    assert "Issue A" in found[0].message


def test_explain_lists_sub_tasks_below_their_item() -> None:
    """Down to each of them."""
    labels = [each.label for each in run(initiative("E"), *NESTED).explanations["E"].inputs]
    assert labels[1:4] == ["A · Issue A", "A0 · Issue A0", "A1 · Issue A1"]
