"""What the model itself promises: which things there are, what each may hold, what is never made of them."""

from __future__ import annotations

from datetime import date

from okrsync.okr.cycles import Calendar, Cycle
from okrsync.okr.method import Method
from okrsync.okr.model import FIELDS, Kind, Type
from tests.okr.make import initiative, key_result, number, objective, run

_AMOUNTS = ("target", "start", "current", "baseline", "unit", "measure", "direction")


def test_an_okr_is_an_objective_with_key_results_and_initiatives_for_them() -> None:
    """S1, S3: the links between the three are fields of the ones below."""
    assert FIELDS[Kind.KEY_RESULT]["objective"].refers_to == (Kind.OBJECTIVE,)
    assert Kind.KEY_RESULT in FIELDS[Kind.INITIATIVE]["contributes_to"].refers_to


def test_levels_are_free_words() -> None:
    """S4: a company names its levels itself."""
    assert FIELDS[Kind.OBJECTIVE]["level"].type is Type.TEXT
    assert FIELDS[Kind.OBJECTIVE]["level"].choices == ()


def test_objectives_have_no_numbers_to_reach_and_key_results_do() -> None:
    """S8: where to, and how do we know."""
    assert [name for name in _AMOUNTS if name in FIELDS[Kind.OBJECTIVE]] == []
    assert [name for name in _AMOUNTS if name not in FIELDS[Kind.KEY_RESULT]] == []


def test_no_objective_is_made_from_others() -> None:
    """S5: members' goals do not become their team's; what is computed belongs to what was there."""
    entities = (
        objective("A", team="Sales", level="individual"),
        key_result("A1", "A", current=number(50)),
        objective("B", team="Sales", level="individual"),
    )
    assert set(run(*entities).derived) == {each.id for each in entities}


def test_a_hypothesis_and_a_note_change_no_number() -> None:
    """S7, S103: people's words pass through."""
    plain = run(objective("O"), key_result("K", current=number(50)), initiative("E"))
    told = run(
        objective("O", note="ask Ruth"),
        key_result("K", current=number(50), note="100"),
        initiative("E", hypothesis="if we call 100 clients, churn falls to 0", note="0"),
    )
    assert plain.derived == told.derived


def test_a_goal_may_run_for_years() -> None:
    """S6: a cycle of its own, as long as it takes."""
    calendar = Calendar(named={"Vision": Cycle("Vision", date(2025, 1, 1), date(2029, 12, 31))})
    goal, kr = objective("V", cycle="Vision"), key_result("V1", "V", current=number(20))
    derived = run(goal, kr, method=Method(calendar=calendar), today=date(2026, 1, 1)).derived["V1"]
    assert (derived["expected"], derived["status"]) == (number("0.2"), "on_track")


def test_nothing_computed_is_about_a_person() -> None:
    """S89: no derived field ranks, sums up or names an owner; there is nothing to tie pay to."""
    derived = {name for specs in FIELDS.values() for name, spec in specs.items() if spec.derived}
    persons = {
        name
        for specs in FIELDS.values()
        for name, spec in specs.items()
        if spec.derived and spec.type is Type.PERSON
    }
    assert persons == set()
    assert not any(
        word in name for name in derived for word in ("rank", "rating", "review", "bonus", "person")
    )
