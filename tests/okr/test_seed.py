"""All worked examples of the method: 106 key results, 16 scores, 11 roll-ups."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from okrsync.okr.checks import target_sum, title_number_check
from okrsync.okr.compute import compute
from okrsync.okr.cycles import find
from okrsync.okr.method import Method
from okrsync.okr.reasons import Why
from tests.okr.make import SUM, TODAY
from tests.okr.seed import Row, key_result_rows, seed, world

WITH_BASELINE = ("ACME-CEO-O1-KR1", "ACME-CEO-O1-KR2", "ACME-CEO-O1-KR3")


def ids(rows: list[Row]) -> list[str]:
    return [row["id"] for row in rows]


def made_up(row: Row) -> Decimal:
    """A current value half way, or one below the target where there is no start."""
    if row["target"] is None:
        return Decimal(7)
    if row["start"] is None:
        return row["target"] - Decimal("0.1")  # type: ignore[no-any-return]  # the file's rows are untyped
    return (row["start"] + row["target"]) / 2  # type: ignore[no-any-return]  # the file's rows are untyped


def test_the_file_holds_every_example() -> None:
    """39 objectives, 106 key results, 13 initiatives, 9 wordings, 11 roll-ups, 16 scores."""
    names = ("objectives", "key_results", "initiatives", "wording_cases", "rollup_cases", "score_cases")
    assert [len(seed()[name]) for name in names] == [39, 106, 13, 9, 11, 16]


@pytest.mark.parametrize("row", key_result_rows(), ids=ids(key_result_rows()))
def test_each_key_result_is_scorable_as_the_examples_say(row: Row) -> None:
    """S35 to S51: scored, only met or not met, or null with the right reason."""
    computed = compute(world({row["id"]: made_up(row)}), TODAY, Method())
    derived, explanation = computed.derived[row["id"]], computed.explanations[row["id"]]
    reasons = {found.code for found in computed.findings if found.message.startswith(f"{row['id']} ·")}
    if row["scorable"] == "yes":
        assert derived["score"] is not None
    elif row["scorable"] == "binary":
        assert derived["score"] in (Decimal(0), Decimal(1)) and derived["expected"] is None
    elif row["scorable"] == "needs_start":
        bound = row["direction"] in ("at_least", "at_most")
        assert (derived["score"] in (Decimal(0), Decimal(1))) if bound else derived["score"] is None
        assert Why.START_MISSING in reasons
    else:
        wanted = {
            "needs_baseline": Why.BASELINE_MISSING,
            "needs_target": Why.TARGET_MISSING,
            "no": Why.NOT_MEASURABLE,
        }
        assert derived["score"] is None and derived["status"] == "unscored"
        assert wanted[row["scorable"]] in reasons and explanation.result == "not scored"


def test_without_values_no_example_has_a_score() -> None:
    """Missing is never 0: 145 nulls, each with its reason in words."""
    computed = compute(world(), TODAY, SUM)
    assert {fields["score"] for fields in computed.derived.values()} == {None}
    assert all(str(fields["explanation"]).startswith("not scored: ") for fields in computed.derived.values())


@pytest.mark.parametrize("case", seed()["score_cases"], ids=ids(seed()["score_cases"]))
def test_score_cases(case: dict[str, Any]) -> None:
    """Raw is unclamped and kept, the score is clamped."""
    derived = compute(world({case["kr"]: case["current"]}), TODAY, Method()).derived[case["kr"]]
    assert (derived["raw"], derived["score"]) == (case["raw"], case["score"])


@pytest.mark.parametrize(
    ("parent", "first", "second", "value", "score"),
    [
        ("ACME-CMO-O1-KR1", ("ACME-PPC-O1-KR1", 75), ("ACME-PPC-O1-KR2", 25), 100, "0.5"),
        (
            "ACME-SALES-O1-KR1",
            ("ACME-SASALES-O1-KR1", 150000),
            ("ACME-SASALES-O1-KR2", 45000),
            195000,
            "0.65",
        ),
        ("ACME-SALES-O1-KR2", ("ACME-EUSALES-O1-KR1", 0), ("ACME-EUSALES-O1-KR2", 50000), 50000, "0.25"),
    ],
)
def test_the_score_cases_roll_up_by_value(
    parent: str, first: tuple[str, int], second: tuple[str, int], value: int, score: str
) -> None:
    """X11 to X16: values are summed, then the parent is scored from its own start and target."""
    currents = {key: Decimal(number) for key, number in (first, second)}
    derived = compute(world(currents), TODAY, SUM).derived[parent]
    assert (derived["value"], derived["score"], derived["coverage"]) == (
        Decimal(value),
        Decimal(score),
        "2/2",
    )


def test_the_mean_of_scores_says_something_else() -> None:
    """X16: the European market is at 0.25 by sum and would be at 0.5 by the mean of scores."""
    currents = {"ACME-EUSALES-O1-KR1": Decimal(0), "ACME-EUSALES-O1-KR2": Decimal(50000)}
    entities = world(currents, {"ACME-SALES-O1-KR2": {"rollup": "weighted_mean"}})
    assert compute(entities, TODAY, SUM).derived["ACME-SALES-O1-KR2"]["score"] == Decimal("0.5")


def sums() -> list[Row]:
    return [
        case for case in seed()["rollup_cases"] if case["method"] in ("sum", "refuse") and "child_sum" in case
    ]


@pytest.mark.parametrize("case", sums(), ids=ids(sums()))
def test_targets_add_up_as_the_examples_say(case: dict[str, Any]) -> None:
    """R01 to R06: the children's targets against the parent's."""
    check = target_sum(world(), case["parent"])
    assert (check.parent_target, check.child_sum) == (case["parent_target"], case["child_sum"])
    assert check.adds_up is case["targets_add_up"]
    assert set(check.used) == (set(case["children"]) if case["method"] == "sum" else set())
    assert {each.entity.id for each in check.left_out} >= set(case.get("exclude", ()))


def test_r03_is_refused_because_of_its_unit() -> None:
    """R03: strategies and MQLs are never added; the finding names both."""
    computed = compute(world({"ACME-SEO-O1-KR1": Decimal(80)}), TODAY, SUM)
    derived = computed.derived["ACME-CMO-O1-KR3"]
    assert derived["value"] is None and derived["score"] is None
    found = next(
        f for f in computed.findings if f.code == Why.UNIT_MISMATCH_PARENT and "CMO-O1-KR3" in f.message
    )
    assert "ACME-SEO-O1-KR1" in found.message


def test_r06_leaves_the_funnel_out() -> None:
    """R06: candidates and interviews are stages; only the hires are summed."""
    currents = {f"ACME-RECR-O1-KR{n}": Decimal(1) for n in (1, 2, 3)} | {"ACME-RECR-O1-KR4": Decimal(2)}
    computed = compute(world(currents), TODAY, SUM)
    assert computed.derived["ACME-CHRO-O1-KR1"]["value"] == 2
    assert len(computed.explanations["ACME-CHRO-O1-KR1"].exclusions) == 3


def test_r07_the_title_against_the_lowest_key_results() -> None:
    """R07: 600 MQLs are promised; the leaves give 600, the CMO's own key results 400."""
    case = next(each for each in seed()["rollup_cases"] if each["id"] == "R07")
    check = title_number_check(world(), case["parent"])
    assert check is not None and check.adds_up
    assert (check.amount.number, check.leaf_sum) == (case["parent_target"], case["child_sum"])
    assert check.own_sum == 400
    assert set(check.leaves) == set(case["children"])


def test_r08_the_title_against_its_own_key_results() -> None:
    """R08: $500K against 300K and 200K."""
    case = next(each for each in seed()["rollup_cases"] if each["id"] == "R08")
    check = title_number_check(world(), case["parent"])
    assert check is not None and check.adds_up
    assert (check.amount.number, check.own_sum) == (case["parent_target"], case["child_sum"])
    assert set(check.own) == set(case["children"])


@pytest.mark.parametrize("parent", WITH_BASELINE)
def test_r09_to_r11_are_refused_without_a_baseline(parent: str) -> None:
    """R09 to R11: a percentage of nothing known takes no sum."""
    leaves = {row["id"]: Decimal(1) for row in key_result_rows() if row["id"].startswith("ACME")}
    leaves = {each: value for each, value in leaves.items() if "CEO" not in each}
    computed = compute(world(leaves), TODAY, SUM)
    assert computed.derived[parent]["score"] is None
    assert computed.explanations[parent].rule == "a change without the value it starts from"
    check = target_sum(world(), parent)
    assert check.adds_up is None and check.why is Why.BASELINE_MISSING


def test_exactly_the_late_children_are_found() -> None:
    """S17: both mail results and the SEO result are due after the key result they contribute to."""
    computed = compute(world(), TODAY, Method())
    late = Counter(
        f.message.split(" ·")[0] for f in computed.findings if f.code == Why.CHILD_DUE_AFTER_PARENT
    )
    expected = {row["id"]: 1 for row in key_result_rows() if "CHILD_DUE_AFTER_PARENT" in row["lint"]}
    assert late == Counter(expected)


def test_the_checks_stand_in_the_explanations() -> None:
    """R01 and R07 can be read beside the numbers."""
    explanations = compute(world(), TODAY, Method()).explanations
    assert "check: the targets below give 200 MQL: they add up to the target of 200 MQL" in (
        explanations["ACME-CMO-O1-KR1"].notes
    )
    assert explanations["ACME-CMO-O1"].notes[-1] == (
        "check: the title says 600 MQLs: adds up; its own key results give 400 MQLs, the lowest ones 600 MQLs"
    )


def test_every_cycle_of_the_examples_has_dates() -> None:
    """The loader gives each named cycle a year, so that pace can be computed."""
    cycles = {str(e.get("cycle")) for e in world().values() if e.get("cycle") is not None}
    assert all(find(name, Method().calendar) for name in cycles)
