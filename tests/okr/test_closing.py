"""Closing a cycle: frozen scores, reasons, what was too easy, what is carried over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from okrsync.okr.carry import CarryOver
from okrsync.okr.closing import Closing, close
from okrsync.okr.cycles import Calendar, Cycle, find
from okrsync.okr.method import Method
from okrsync.okr.model import Entity
from okrsync.okr.series import Point, Series
from tests.okr.make import key_result, number, objective

AFTER = date(2026, 4, 3)


def cycle(name: str) -> Cycle:
    found = find(name, Calendar())
    assert found is not None
    return found


def closed(
    *entities: Entity,
    today: date = AFTER,
    series: Series | None = None,
    reasons: dict[str, str] | None = None,
    earlier: tuple[Closing, ...] = (),
) -> Closing:
    """The first quarter, closed."""
    known = {each.id: each for each in entities}
    return close(known, cycle("2026-Q1"), today, Method(), series, reasons, earlier)


TREE = (
    objective("O", team="Sales"),
    key_result("A", current=number(70)),
    key_result("B", current=number(150), confidence=number("0.8")),
    key_result("C", current=number(20)),
    key_result("D"),
)


def test_scores_are_frozen_with_their_raw_values() -> None:
    """S55, S59: clamped and unclamped, reached or not; without a value there is no verdict."""
    told = {each.entity: (each.score, each.raw, each.achieved) for each in closed(*TREE).key_results}
    assert told == {
        "A": (Decimal("0.7"), Decimal("0.7"), True),
        "B": (Decimal(1), Decimal("1.5"), True),
        "C": (Decimal("0.2"), Decimal("0.2"), False),
        "D": (None, None, None),
    }


def test_confidence_stands_beside_the_score() -> None:
    """S62: kept, never mixed in."""
    assert [each.confidence for each in closed(*TREE).key_results][:2] == [None, Decimal("0.8")]


def test_a_running_cycle_is_refused() -> None:
    """The last day still counts."""
    with pytest.raises(ValueError, match="2026-Q1 runs until 2026-03-31"):
        closed(*TREE, today=date(2026, 3, 31))


def test_only_the_cycles_own_goals_are_frozen() -> None:
    """Another quarter's and cancelled ones are left alone; a shared key result is told once."""
    others = objective("P", cycle="2026-Q2"), key_result("X", "P", current=number(1))
    gone = objective("G", state="cancelled"), key_result("Y", "G", current=number(1))
    twice = objective("R", team="Ops"), key_result("Z", ("O", "R"), current=number(1))
    ids = [each.entity for each in closed(*TREE, *others, *gone, *twice).scores]
    assert sorted(ids) == ["A", "B", "C", "D", "O", "R", "Z"]


def test_a_low_score_asks_for_a_reason_until_there_is_one() -> None:
    """S60: below 0.4; no score is not a low score."""
    assert [each.entity for each in closed(*TREE).reasons_asked] == ["C"]
    assert closed(*TREE, reasons={"C": "the fair was cancelled"}).reasons_asked == ()


def test_reasons_and_learnings_are_kept() -> None:
    """S99: people's words, for what is in this cycle."""
    told = closed(*TREE, reasons={"C": "the fair was cancelled", "O": "call earlier", "elsewhere": "x"})
    assert told.learnings == {"C": "the fair was cancelled", "O": "call earlier"}
    assert {each.entity: each.reason for each in told.scores}["C"] == "the fair was cancelled"


def test_the_biggest_gaps_come_first() -> None:
    """What to talk about; what was reached in full is not a gap."""
    assert [each.entity for each in closed(*TREE).biggest_gaps()] == ["C", "A"]
    assert [each.entity for each in closed(*TREE).biggest_gaps(1)] == ["C"]


def test_changed_targets_are_told_with_both_scores() -> None:
    """S63: 70 of 100, after it had been 70 of 200."""
    series = {("A", "target"): [Point(number(200), date(2026, 1, 1)), Point(number(100), date(2026, 2, 1))]}
    told = closed(*TREE, series=series)
    assert [(each, change.before, change.after) for each, change in told.changes] == [
        ("A", Decimal(200), Decimal(100))
    ]
    assert [each.against_original for each in told.key_results] == [Decimal("0.35"), None, None, None]


def test_values_after_the_grace_do_not_count() -> None:
    """S18: 60 on the last day, 70 within the grace, 99 in May, closed in June."""
    late = [(60, date(2026, 3, 31)), (70, date(2026, 4, 14)), (99, date(2026, 5, 2))]
    series = {("A", "current"): [Point(number(value), day) for value, day in late]}
    kr = key_result("A", current=number(99))
    told = closed(objective("O"), kr, today=date(2026, 6, 1), series=series)
    assert (told.key_results[0].score, told.values_until) == (Decimal("0.7"), date(2026, 4, 14))


def test_a_target_moved_after_the_lock_moves_nothing() -> None:
    """Nobody lowers the bar after the jump."""
    moved = [Point(number(100), date(2026, 1, 1)), Point(number(50), date(2026, 5, 2))]
    series = {("A", "target"): moved, ("A", "current"): [Point(number(40), date(2026, 3, 1))]}
    kr = key_result("A", current=number(40), target=number(50))
    assert closed(objective("O"), kr, today=date(2026, 6, 1), series=series).key_results[0].score == Decimal(
        "0.4"
    )


def easy(current: int, team: str = "Sales") -> tuple[Entity, ...]:
    return objective("O", team=team), key_result("A", current=number(current))


def before(*entities: Entity, name: str = "2025-Q4") -> Closing:
    old = {each.id: Entity(each.id, each.kind, each.key, {**each.fields}) for each in entities}
    old["O"] = Entity("O", old["O"].kind, "O", {**old["O"].fields, "cycle": name})
    return close(old, cycle(name), AFTER, Method())


@pytest.mark.parametrize(("last", "this", "flagged"), [(100, 95, ("Sales",)), (94, 100, ()), (100, 94, ())])
def test_too_easy_needs_two_cycles_running(last: int, this: int, flagged: tuple[str, ...]) -> None:
    """S58: a mean of at least 0.95 now and before."""
    assert closed(*easy(this), earlier=(before(*easy(last)),)).too_easy == flagged


def test_one_good_cycle_is_not_too_easy() -> None:
    """Without the cycle before, or with another team's, nothing is said."""
    assert closed(*easy(100)).too_easy == ()
    assert closed(*easy(100), earlier=(before(*easy(100), name="2025-Q3"),)).too_easy == ()
    assert closed(*easy(100), earlier=(before(*easy(100, "Ops")),)).too_easy == ()


def test_what_was_not_reached_is_proposed_again() -> None:
    """S100: from the last value on, with its predecessor; what was not measured keeps its start."""
    assert closed(*TREE).carry_over == (
        CarryOver("C", "2026-Q2", "Result C", "level", Decimal(20), Decimal(100), "MQL"),
        CarryOver("D", "2026-Q2", "Result D", "level", Decimal(0), Decimal(100), "MQL"),
    )


@pytest.mark.parametrize(
    ("fields", "start", "target", "unit"),
    [
        ({"measure": "relative", "target": "20", "baseline": "200", "current": "210"}, "210", "240", ""),
        ({"measure": "delta", "target": "15", "baseline": "30", "current": "33"}, "33", "45", "MQL"),
    ],
)
def test_a_change_is_carried_over_as_a_level(
    fields: dict[str, str], start: str, target: str, unit: str
) -> None:
    """Half of +20% done is not another +20% to do."""
    given = {name: value if name == "measure" else number(value) for name, value in fields.items()}
    (proposal,) = closed(objective("O"), key_result("A", **given)).carry_over
    assert (proposal.measure, proposal.start, proposal.target, proposal.unit) == (
        "level",
        number(start),
        number(target),
        unit,
    )


def test_a_goal_to_keep_is_carried_over_as_it_is() -> None:
    """Uptime has no start."""
    kr = key_result("A", measure="maintain", start=None, target=number(99), current=number(98))
    (proposal,) = closed(objective("O"), kr).carry_over
    assert (proposal.start, proposal.target, proposal.measure) == (None, Decimal(99), "maintain")
