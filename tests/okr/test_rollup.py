"""From contributing key results to parents, and from key results to objectives."""

from __future__ import annotations

from decimal import Decimal

import pytest

from okrsync.okr.compute import Computed
from okrsync.okr.findings import Severity
from okrsync.okr.model import Entity, Source
from okrsync.okr.reasons import Why
from okrsync.okr.values import NOT_YET, Value
from tests.okr.make import SUM, codes, key_result, objective, run

TOP, CHILD = objective("O"), objective("C", contributes_to=frozenset({"P"}))


def parent(**fields: Value) -> Entity:
    return key_result("P", "O", **{"rollup": "sum", "target": Decimal(200), **fields})


def child(key: str, current: int | None, **fields: Value) -> Entity:
    return key_result(key, "C", current=None if current is None else Decimal(current), **fields)


def tree(*krs: Entity) -> Computed:
    return run(TOP, CHILD, *krs)


def mean(**weighted: tuple[str | None, str]) -> Computed:
    """Key results with (score out of 1, weight)."""
    krs = [
        key_result(k, target=Decimal(1), current=None if x is None else Decimal(x), weight=Decimal(w))
        for k, (x, w) in weighted.items()
    ]
    return run(TOP, *krs)


def test_values_are_summed_and_the_parent_is_scored() -> None:
    """S23: 75 and 25 of 200 is 0.5, whatever the children's own scores are."""
    derived = tree(parent(), child("A", 75), child("B", 25)).derived["P"]
    assert (derived["value"], derived["score"], derived["coverage"]) == (Decimal(100), Decimal("0.5"), "2/2")
    assert derived["explanation"] == "0.50: 100 of 200 MQL, summed from 2 key results"


def test_sums_go_up_several_levels() -> None:
    """S33: a grandchild's value reaches the top."""
    deep = objective("D", contributes_to=frozenset({"A"}))
    computed = run(
        TOP, CHILD, deep, parent(), child("A", None), key_result("L", "D", current=Decimal(50)), method=SUM
    )
    assert computed.derived["P"]["value"] == 50


def test_a_missing_child_is_left_out_and_covered() -> None:
    """Null is never 0: the sum is of those that have a value, and the coverage says so."""
    computed = tree(parent(), child("A", 75), child("B", None))
    assert computed.derived["P"]["coverage"] == "1/2"
    assert computed.derived["P"]["explanation"] == "0.37: 75 of 200 MQL, summed from 1 of 2 key results"
    assert computed.explanations["P"].exclusions[0].reason == "no current value"


@pytest.mark.parametrize("value", [None, NOT_YET])
def test_no_child_value_is_null(value: Value) -> None:
    """No child has a value: the parent has none either."""
    derived = tree(parent(), key_result("A", "C", current=value)).derived["P"]
    assert (derived["value"], derived["score"], derived["coverage"]) == (None, None, "0/1")


def test_own_value_and_roll_up_are_a_conflict() -> None:
    """The own value is not silently replaced, and both numbers are shown."""
    computed = tree(parent(current=Decimal(150)), child("A", 75))
    assert computed.derived["P"]["value"] == 150
    found = next(each for each in computed.findings if each.code == Why.ROLLUP_AND_VALUE)
    assert "the roll-up would give 75 MQL" in found.message


def test_a_roll_up_that_nothing_contributes_to_leaves_the_own_value_alone() -> None:
    """Asking for a sum before anyone contributes is not a conflict."""
    computed = run(TOP, parent(current=Decimal(150)))
    assert (computed.derived["P"]["score"], codes(computed)) == (Decimal("0.75"), [])


def test_an_unreadable_own_value_is_not_replaced_by_the_roll_up() -> None:
    """There is a value that could not be read: taking the sum instead would hide it."""
    unread = parent()
    unread = Entity("P", unread.kind, "P", unread.fields, {}, {"current": "#REF!"})
    assert tree(unread, child("A", 75)).derived["P"]["score"] is None


def test_none_is_the_default() -> None:
    """Nothing is rolled up unless a key result or the settings say so."""
    assert tree(parent(rollup=None), child("A", 75)).derived["P"]["score"] is None


def test_the_default_fills_only_what_has_no_value() -> None:
    """The settings may say sum; a key result with a value of its own keeps it without a conflict."""
    entities = TOP, CHILD, child("A", 75)
    assert run(*entities, parent(rollup=None), method=SUM).derived["P"]["value"] == 75
    own = run(*entities, parent(rollup=None, current=Decimal(10)), method=SUM)
    assert (own.derived["P"]["value"], codes(own)) == (Decimal(10), [])


def test_contributes_no_leaves_a_key_result_out() -> None:
    """S25: the flag wins over the same unit."""
    assert tree(parent(), child("A", 75), child("B", 25, contributes=False)).derived["P"]["value"] == 75


def test_contributes_yes_takes_another_unit() -> None:
    """S25: the flag wins over a different unit."""
    assert tree(parent(), child("A", 75, unit="leads", contributes=True)).derived["P"]["value"] == 75


def test_nothing_left_to_sum_is_told_apart_from_wrong_units() -> None:
    """Every child says it does not contribute: that is a wish, not a mistake."""
    computed = tree(parent(), child("A", 75, contributes=False))
    assert (computed.derived["P"]["score"], codes(computed)) == (None, [])


def test_unstated_units_are_not_the_same() -> None:
    """S24: two unstated units may be anything."""
    computed = tree(parent(unit=None), child("A", 75, unit=None))
    assert (computed.derived["P"]["value"], codes(computed)) == (None, [Why.UNIT_MISMATCH_PARENT])


def test_different_currencies_are_refused_as_a_whole() -> None:
    """S45: a sum of the euros alone would be a wrong number that looks right."""
    computed = tree(
        parent(unit="EUR"), child("A", 75, unit="€"), child("B", 25, unit="USD", contributes=True)
    )
    assert (computed.derived["P"]["value"], codes(computed)) == (None, [Why.CURRENCY_MISMATCH])


def test_a_relative_parent_with_a_baseline_is_summed() -> None:
    """S26: with a baseline of 100 MQLs, +20% is a level like any other."""
    relative = parent(measure="relative", start=None, target=Decimal(20), baseline=Decimal(100))
    assert tree(relative, child("A", 60), child("B", 50)).derived["P"]["score"] == Decimal("0.5")


@pytest.mark.parametrize(("how", "score"), [("weighted_mean", "0.4"), ("min", "0.2"), ("max", "0.5")])
def test_scores_can_be_rolled_up_instead(how: str, score: str) -> None:
    """S27: the second choice; units do not matter, weights do, and there is no value."""
    computed = tree(parent(rollup=how), child("A", 50, weight=Decimal(2)), child("B", 20, unit="hires"))
    assert computed.derived["P"]["score"] == Decimal(score)
    assert computed.derived["P"]["value"] is None


def test_the_latest_value_is_the_one_seen_last() -> None:
    """S27: by the time the value was first seen."""

    def seen(entity: Entity, moment: str) -> Entity:
        return Entity(
            entity.id, entity.kind, entity.key, entity.fields, {"current": Source("s", "A1", at=moment)}
        )

    old, new = seen(child("B", 75), "2026-01-05T10:00Z"), seen(child("A", 25), "2026-02-05T10:00Z")
    computed = tree(parent(rollup="latest"), old, new)
    assert computed.derived["P"]["value"] == 25
    assert computed.explanations["P"].exclusions[0].reason == "a later value was used"


def test_a_shared_key_result_counts_once() -> None:
    """S29: in two contributing objectives, and once in the total."""
    twin = objective("C2", contributes_to=frozenset({"P"}))
    shared = key_result("A", ("C", "C2"), current=Decimal(75))
    assert run(TOP, CHILD, twin, parent(), shared).derived["P"]["value"] == 75


def test_a_cancelled_objective_no_longer_contributes() -> None:
    """Its key results are left out, visibly."""
    gone = objective("G", contributes_to=frozenset({"P"}), state="cancelled")
    computed = run(TOP, CHILD, gone, parent(), child("A", 75), key_result("B", "G", current=Decimal(25)))
    assert computed.derived["P"]["value"] == 75
    assert computed.explanations["P"].exclusions[0].reason == "its objective is cancelled"


def test_objectives_that_feed_each_other_are_named_and_not_summed() -> None:
    """S33: a circle is found, its members have no roll-up, and everything else is computed."""
    first = objective("O", contributes_to=frozenset({"A"}))
    computed = run(
        first, CHILD, parent(), child("A", None, rollup="sum"), key_result("X", "O", current=Decimal(50))
    )
    assert (computed.derived["P"]["score"], computed.derived["X"]["score"]) == (None, Decimal("0.5"))
    circle = [each for each in computed.findings if each.code == Why.LINK_CYCLE]
    assert len(circle) == 1 and circle[0].severity is Severity.ERROR
    assert all(name in circle[0].message for name in ("Objective O", "Objective C", "Result A", "Result P"))


def test_an_objective_that_feeds_its_own_key_result_is_a_circle() -> None:
    """The shortest circle: an objective contributes to a key result of its own."""
    own = objective("O", contributes_to=frozenset({"P"}))
    computed = run(own, parent(), key_result("A", current=Decimal(50)))
    assert (computed.derived["P"]["value"], codes(computed)) == (None, [Why.LINK_CYCLE])


def test_a_long_chain_needs_no_recursion() -> None:
    """Three hundred levels are summed."""
    chain: list[Entity] = [objective("O0"), key_result("K0", "O0", rollup="sum")]
    for n in range(1, 300):
        chain.append(objective(f"O{n}", contributes_to=frozenset({f"K{n - 1}"})))
        chain.append(key_result(f"K{n}", f"O{n}", rollup="sum"))
    chain[-1] = key_result("K299", "O299", current=Decimal(50))
    assert run(*chain).derived["K0"]["value"] == 50


@pytest.mark.parametrize(
    ("scores", "expected"),
    [(("1", "0", "0"), "0.3333"), (("0.64", "0.78", "0.06"), "0.4933"), (("1.2", "0.57", "1"), "0.8566")],
)
def test_mean_vectors(scores: tuple[str, ...], expected: str) -> None:
    """The plain mean; an overshoot is clamped before it is averaged."""
    computed = mean(**{f"K{n}": (x, "1") for n, x in enumerate(scores)})
    assert computed.derived["O"]["score"] == Decimal(expected)


def test_weights_are_normalised() -> None:
    """2, 1, 1 on 0.5, 0.667, 0.4."""
    computed = mean(A=("0.5", "2"), B=("0.667", "1"), C=("0.4", "1"))
    assert computed.derived["O"]["score"] == Decimal("0.5167")
    assert computed.explanations["O"].numbers == "(2 × 0.50 + 1 × 0.66 + 1 × 0.40) ÷ 4 = 0.51"


def test_a_null_key_result_is_left_out_of_the_mean() -> None:
    """2 of 3 scored; the third weighs nothing rather than 0."""
    computed = mean(A=("0.5", "1"), B=(None, "5"), C=("0.7", "1"))
    assert (computed.derived["O"]["score"], computed.derived["O"]["coverage"]) == (Decimal("0.6"), "2/3")
    assert computed.derived["O"]["explanation"] == "0.60: weighted mean of 2 of 3 key results"


@pytest.mark.parametrize(
    ("weights", "why", "coverage"),
    [(("0", "0"), Why.WEIGHTS_ALL_ZERO, "2/2"), (("-1", "-1"), Why.NEGATIVE_WEIGHT, "0/2")],
)
def test_weights_that_give_no_mean(weights: tuple[str, str], why: Why, coverage: str) -> None:
    """All 0, or negative: null and a finding."""
    computed = mean(A=("0.5", weights[0]), B=("0.7", weights[1]))
    assert (computed.derived["O"]["score"], computed.derived["O"]["coverage"]) == (None, coverage)
    assert set(codes(computed)) == {why}


def test_a_negative_weight_is_left_out_of_the_mean() -> None:
    """An error, and the others still count."""
    computed = mean(A=("0.5", "1"), B=("0.9", "-1"))
    assert computed.derived["O"]["score"] == Decimal("0.5")
    assert [(f.code, f.severity) for f in computed.findings] == [(Why.NEGATIVE_WEIGHT, Severity.ERROR)]


def test_an_objective_without_key_results_is_null() -> None:
    """Not 0: there is nothing to measure it by."""
    derived = run(TOP).derived["O"]
    assert (derived["score"], derived["coverage"], derived["status"]) == (None, "0/0", "unscored")


def test_a_link_to_nothing_is_found() -> None:
    """S33: dangling parents are named."""
    computed = run(objective("O", contributes_to=frozenset({"gone"})))
    assert codes(computed) == [Why.LINK_DANGLING]
    assert "gone" in computed.findings[0].message


def test_the_weakest_of_unscored_children_is_null() -> None:
    """min over nothing is null, not 0."""
    assert tree(parent(rollup="min"), child("A", None)).derived["P"]["score"] is None
