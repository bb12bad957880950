"""Properties of the method over generated goals, values and trees."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from okrsync.okr.explain import render
from okrsync.okr.measures import Goal, Score, score
from okrsync.okr.model import Entity
from okrsync.okr.numbers import clamp, cut
from okrsync.okr.reading import Reading
from okrsync.okr.reasons import Why
from okrsync.okr.values import NOT_YET
from tests.okr.make import key_result, objective, run

NUMBERS = st.decimals(-1000, 1000, places=2)
WEIGHTS = st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1), Decimal(3)])
MEASURES = st.sampled_from(["level", "relative", "delta", "binary", "milestone", "rate", "maintain", "none"])
DIRECTIONS = st.sampled_from(
    [None, "increase", "decrease", "at_least", "at_most", "maintain_at_least", "maintain_at_most", "complete"]
)
MAYBE = st.none() | NUMBERS
GOALS = st.builds(Goal, MEASURES, DIRECTIONS, MAYBE, MAYBE, MAYBE, st.booleans())
NOTHING = st.sampled_from([None, NOT_YET])


@st.composite
def levels(draw: st.DrawFn) -> Goal:
    """A level goal whose direction agrees with its numbers."""
    start, target = draw(NUMBERS), draw(NUMBERS)
    assume(start != target)
    names = ("increase", "at_least", None) if start < target else ("decrease", "at_most", None)
    return Goal("level", draw(st.sampled_from(names)), start, target, strict=draw(st.booleans()))


def scored(goal: Goal, value: Decimal) -> Score:
    return score(goal, Reading(value))


def points(goal: Goal, value: Decimal) -> Fraction:
    result = scored(goal, value)
    assert result.score is not None
    return result.score


@given(levels(), NUMBERS, NUMBERS)
def test_moving_towards_the_target_never_lowers_the_score(goal: Goal, one: Decimal, other: Decimal) -> None:
    """Monotone in the current value, up and down, strict or not."""
    assert goal.start is not None and goal.target is not None
    near, far = sorted((one, other), reverse=goal.target > goal.start)
    assert points(goal, near) >= points(goal, far)


@given(levels(), NUMBERS)
def test_reversing_everything_changes_nothing(goal: Goal, value: Decimal) -> None:
    """A goal to come down is the mirror of one to go up."""
    assert goal.start is not None and goal.target is not None
    flip = {"increase": "decrease", "decrease": "increase", "at_least": "at_most", "at_most": "at_least"}
    mirrored = replace(goal, direction=flip.get(goal.direction or ""), start=-goal.start, target=-goal.target)
    assert scored(mirrored, -value).raw == scored(goal, value).raw
    assert points(mirrored, -value) == points(goal, value)


@given(levels(), NUMBERS, st.sampled_from([Decimal("0.001"), Decimal(60), Decimal(1000)]), NUMBERS)
def test_another_unit_changes_nothing(goal: Goal, value: Decimal, factor: Decimal, shift: Decimal) -> None:
    """Seconds or minutes, degrees from here or from there: the score is the same."""
    assert goal.start is not None and goal.target is not None
    other = replace(goal, start=goal.start * factor + shift, target=goal.target * factor + shift)
    assert points(other, value * factor + shift) == points(goal, value)


@given(GOALS, NUMBERS)
def test_a_score_is_its_raw_clamped(goal: Goal, value: Decimal) -> None:
    """Clamped before anything is rolled up; a strict target's last step is the one exception."""
    result = scored(goal, value)
    if result.score is None or result.raw is None:
        assert (result.score, result.raw) == (None, None) and result.why is not None
    else:
        assert 0 <= result.score <= 1
        assert result.score in (clamp(result.raw), min(clamp(result.raw), Fraction(9999, 10000)))


@given(GOALS, st.sampled_from([Why.CURRENT_MISSING, Why.NOT_YET, Why.CURRENT_UNREADABLE]))
def test_nothing_never_becomes_zero(goal: Goal, why: Why) -> None:
    """No goal gives a score to a value that is not there."""
    result = score(goal, Reading(None, why))
    assert (result.score, result.raw) == (None, None)
    assert result.why is not None


def krs(values: list[tuple[Decimal | None, Decimal]], under: str = "O") -> list[Entity]:
    return [
        key_result(f"{under}{n}", under, current=value, weight=weight)
        for n, (value, weight) in enumerate(values)
    ]


PAIRS = st.lists(st.tuples(NUMBERS, WEIGHTS), min_size=1, max_size=6)


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_mean_does_not_depend_on_order(values: list[tuple[Decimal, Decimal]], shuffle: Random) -> None:
    """Exact arithmetic: not even the last stored digit moves."""
    shuffled = list(values)
    shuffle.shuffle(shuffled)
    one = run(objective("O"), *krs(list(values))).derived["O"]["score"]
    assert run(objective("O"), *krs(list(shuffled))).derived["O"]["score"] == one


@given(PAIRS, NOTHING, WEIGHTS)
def test_a_missing_value_moves_no_objective(
    values: list[tuple[Decimal, Decimal]], nothing: None, weight: Decimal
) -> None:
    """Adding a key result without a value neither lowers nor raises the score."""
    known = krs(list(values))
    blank = key_result("blank", current=nothing, weight=weight)
    before, after = run(objective("O"), *known), run(objective("O"), *known, blank)
    assert after.derived["O"]["score"] == before.derived["O"]["score"]
    assert after.derived["O"]["coverage"] == f"{len(known)}/{len(known) + 1}"


@given(PAIRS, NOTHING)
def test_a_missing_value_moves_no_sum(values: list[tuple[Decimal, Decimal]], nothing: None) -> None:
    """Adding a contributing key result without a value leaves the sum as it was."""
    above = objective("O"), objective("C", contributes_to=frozenset({"P"})), key_result("P", rollup="sum")
    known = krs(list(values), "C")
    after = run(*above, *known, key_result("blank", "C", current=nothing)).derived["P"]
    assert after["value"] == sum((value for value, _ in values), Decimal(0))
    assert after["coverage"] == f"{len(known)}/{len(known) + 1}"


@given(PAIRS)
def test_an_objective_lies_between_its_key_results(values: list[tuple[Decimal, Decimal]]) -> None:
    """A weighted mean of clamped scores never leaves their range."""
    computed = run(objective("O"), *krs(list(values)))
    score_ = computed.derived["O"]["score"]
    if any(weight > 0 for _, weight in values):
        heavy = [clamp(Fraction(value) / 100) for value, weight in values if weight > 0]
        assert isinstance(score_, Decimal)
        assert min(heavy) - Fraction(1, 10000) < score_ <= max(heavy)
    else:
        assert score_ is None


ROLLUPS = st.sampled_from(["sum", "weighted_mean", "min", "max", "latest"])


def tree(values: list[tuple[Decimal | None, Decimal]], how: str) -> list[Entity]:
    """A parent key result that is made from those of a contributing objective."""
    above = objective("O"), objective("C", contributes_to=frozenset({"P"})), key_result("P", rollup=how)
    return [*above, *krs(values, "C")]


@given(PAIRS, ROLLUPS, st.randoms(use_true_random=False))
def test_no_roll_up_depends_on_order(
    values: list[tuple[Decimal, Decimal]], how: str, shuffle: Random
) -> None:
    """However parts make the whole: value, score, coverage and every byte of the explanation."""
    entities = tree(list(values), how)
    shuffled = entities[:]
    shuffle.shuffle(shuffled)
    one, other = run(*entities), run(*shuffled)
    assert one.derived["P"] == other.derived["P"]
    assert render(one.explanations["P"]) == render(other.explanations["P"])


@given(st.lists(st.tuples(NOTHING, WEIGHTS), min_size=1, max_size=4), ROLLUPS)
def test_nothing_rolled_up_never_becomes_zero(values: list[tuple[None, Decimal]], how: str) -> None:
    """Missing and "not yet" stay nothing at every level above them, by every way to roll up."""
    computed = run(*tree(list(values), how))
    found = [computed.derived[each][name] for each in ("P", "O", "C") for name in ("score", "progress")]
    assert (found, computed.derived["P"]["value"], computed.derived["P"]["raw"]) == ([None] * 6, None, None)


@given(NUMBERS, NUMBERS)
def test_scores_are_clamped_before_they_are_rolled_up(one: Decimal, other: Decimal) -> None:
    """What went far beyond its target does not hide what stayed behind, nor the other way round."""
    computed = run(objective("O"), *krs([(one, Decimal(1)), (other, Decimal(1))]))
    mean = (clamp(Fraction(one) / 100) + clamp(Fraction(other) / 100)) / 2
    assert computed.derived["O"]["score"] == cut(mean)


@given(PAIRS, st.sampled_from([Decimal("0.01"), Decimal(60), Decimal(1000)]))
def test_a_sum_in_another_unit_has_the_same_score(
    values: list[tuple[Decimal, Decimal]], factor: Decimal
) -> None:
    """Hours or minutes: parent and parts in another unit, the same score."""
    ours = run(*tree(list(values), "sum")).derived["P"]["score"]
    entities = tree([(value * factor, weight) for value, weight in values], "sum")
    other = [
        replace(each, fields={**each.fields, "target": Decimal(100) * factor}) if each.id == "P" else each
        for each in entities
    ]
    assert run(*other).derived["P"]["score"] == ours
