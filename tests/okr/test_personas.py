"""Each persona sees what matters to them, and work stands beside its outcome."""

from __future__ import annotations

import pytest

from okrsync.okr.model import Entity
from okrsync.okr.personas import (
    Contributor,
    Executive,
    Leader,
    Manager,
    contributor,
    executive,
    leader,
    manager,
    published,
)
from okrsync.okr.values import Value
from okrsync.okr.work_report import WorkAndOutcome, work_and_outcome
from tests.okr.make import initiative, item, key_result, number, objective, run
from tests.okr.seed import world

ANA, BO = "ana@acme.example", "bo@acme.example"


def by_id(*entities: Entity) -> dict[str, Entity]:
    return {each.id: each for each in entities}


def refs(*ids: str) -> frozenset[str]:
    return frozenset(ids)


TREE = by_id(
    objective("TOP", owner=ANA),
    key_result("K1", "TOP"),
    objective("MID", contributes_to=refs("K1"), team="Sales", owner=ANA),
    key_result("K2", "MID", current=number(44), challenges="no budget"),
    key_result("K3", "MID", owner=BO, current=number(1)),
    objective("LOW", contributes_to=refs("K2"), depends_on=refs("NEED")),
    objective("NEED", depends_on=refs("K3")),
    objective("OLD", contributes_to=refs("K1"), state="closed"),
    objective("NEW", contributes_to=refs("TOP"), state="draft"),
    initiative("E", contributes_to=refs("K3")),
    initiative("F", owner=ANA),
)


def test_executives_see_their_goals_and_one_level_down() -> None:
    """S92: not two levels, and nothing that is over."""
    assert executive(TREE) == Executive(("TOP",), ("K1",), ("MID", "NEW"))


def test_the_ceo_of_the_examples_sees_three_functions() -> None:
    """One level down of ACME: marketing, sales and people."""
    seen = executive(world())
    below = [each for each in seen.one_level_down if each.startswith("ACME")]
    assert below == ["ACME-CHRO-O1", "ACME-CMO-O1", "ACME-SALES-O1"]


def test_leaders_see_up_down_and_across() -> None:
    """S93: what they serve, what serves them, who needs them."""
    assert leader(TREE, "Sales") == Leader(("MID",), ("K1",), ("LOW",), (), ("NEED",))


def test_managers_see_what_to_talk_about() -> None:
    """S94: behind or blocked; the objective's team holds for its key results."""
    computed = run(*TREE.values())
    assert manager(TREE, computed, "Sales") == Manager(("K2", "K3"), ("K3",), ("K2",))
    assert manager(TREE, computed, "Ops") == Manager((), (), ())


def test_contributors_see_their_own() -> None:
    """S95, S9: what they own, or own the objective of; and the work for it."""
    assert contributor(TREE, BO) == Contributor(("K3",), ("E",))
    assert contributor(TREE, ANA) == Contributor(("K1", "K2"), ("F",))
    assert contributor(TREE, "nobody") == Contributor((), ())


def test_everybody_may_read_what_is_published() -> None:
    """S98: no drafts, nothing that is over."""
    assert published(TREE) == ("LOW", "MID", "NEED", "TOP", "K2", "K3", "K1")


@pytest.mark.parametrize(
    ("done", "current", "work", "verdict"),
    [
        (9, "20", "0.9", "work without outcome"),
        (1, "80", "0.1", "outcome without work"),
        (5, "50", "0.5", "in step"),
        (9, "50", "0.9", "work without outcome"),
        (8, "41", "0.8", "in step"),
        (5, None, "0.5", "not known"),
    ],
)
def test_work_beside_its_outcome(done: int, current: str | None, work: str, verdict: str) -> None:
    """S72: work 90% done, result at 20%."""
    value: Value = None if current is None else number(current)
    jobs = [item(f"J{n}", "E", "done" if n < done else "new") for n in range(10)]
    entities = by_id(
        objective("O"), key_result("A", current=value), initiative("E", contributes_to=refs("A")), *jobs
    )
    score = None if current is None else number(current) / 100
    assert work_and_outcome(entities, run(*entities.values())) == (
        WorkAndOutcome("A", ("E",), number(work), score, verdict),
    )


def test_work_nobody_tracks_is_not_known() -> None:
    """An epic under way without work items says nothing; a key result without work is not listed."""
    epic = initiative("E", contributes_to=refs("A"), status_category="indeterminate")
    entities = by_id(objective("O"), key_result("A", current=number(5)), key_result("B"), epic)
    (found,) = work_and_outcome(entities, run(*entities.values()))
    assert (found.key_result, found.work, found.verdict) == ("A", None, "not known")
