"""A closed cycle's scores stand: in tools, in parents and in explanations, whatever is edited afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from okrsync.okr.closing import Closing, close
from okrsync.okr.compute import Computed, compute
from okrsync.okr.cycles import Calendar, find
from okrsync.okr.explain import render
from okrsync.okr.method import Method
from okrsync.okr.model import Entity
from tests.okr.make import SUM, key_result, number, objective

CLOSED, LATER = date(2026, 4, 20), date(2026, 5, 4)
TREE = (objective("O"), key_result("A", current=number(40)), key_result("B", current=number(100)))
EDITED = (TREE[0], key_result("A", current=number(90)), TREE[2])


def closing(*entities: Entity, name: str = "2026-Q1", day: date = CLOSED) -> Closing:
    """A cycle closed as the entities stood."""
    cycle = find(name, Calendar())
    assert cycle is not None
    return close({each.id: each for each in entities}, cycle, day, SUM)


def after(*entities: Entity, past: Closing, today: date = LATER, method: Method = SUM) -> Computed:
    """What is computed from the entities once the cycle is closed."""
    return compute({each.id: each for each in entities}, today, method, {}, past.frozen())


def test_a_late_edit_changes_no_frozen_number() -> None:
    """S55: score, value and status are those of the closing; the line says so."""
    told = after(*EDITED, past=closing(*TREE)).derived["A"]
    assert (told["score"], told["value"], told["status"]) == (Decimal("0.4"), Decimal(40), "missed")
    assert told["explanation"] == "0.40: 40 of 100 MQL (final: 2026-Q1 was closed on 2026-04-20)"


def test_the_objective_above_is_frozen_too() -> None:
    """Its mean is of the frozen scores; a key result added later does not enter it."""
    late = key_result("C", current=number(100))
    assert after(*EDITED, late, past=closing(*TREE)).derived["O"]["score"] == Decimal("0.7")


def test_derived_fields_stay_as_they_were_shown() -> None:
    """Also where a line of the method is changed, or a date is moved."""
    past = closing(*TREE)
    then = after(*TREE, past=past).derived["A"]
    moved = key_result("A", current=number(90), due=date(2026, 12, 31), target=number(1000))
    now = after(TREE[0], moved, TREE[2], past=past, method=replace(SUM, aspirational_line=Decimal("0.3")))
    assert now.derived["A"] == then


def test_the_explanation_tells_what_todays_values_would_give() -> None:
    """Where nothing was edited there is nothing to tell."""
    past = closing(*TREE)
    lines = "\n".join(render(after(*EDITED, past=past).explanations["A"]))
    assert "Result A = 0.40" in lines
    assert "rule: final: 2026-Q1 was closed on 2026-04-20; values until 2026-04-14 counted" in lines
    assert "today's values would give 0.90" in lines
    assert "pace: missed; final band: amber" in lines
    assert "would give" not in "\n".join(render(after(*TREE, past=past).explanations["A"]))


def test_before_the_closing_nothing_is_frozen() -> None:
    """A look back at a day of the running cycle shows that day."""
    then = after(*EDITED, past=closing(*TREE), today=date(2026, 4, 19))
    assert then.derived["A"]["score"] == Decimal("0.9")


def test_what_was_moved_to_another_cycle_is_judged_anew() -> None:
    """Carried over by changing its cycle: the former score stays in the closing."""
    moved = (objective("O", cycle="2026-Q2"), *EDITED[1:])
    assert after(*moved, past=closing(*TREE)).derived["A"]["score"] == Decimal("0.9")


def test_a_year_adds_up_the_frozen_values_of_its_quarters() -> None:
    """S23: an edit in a closed quarter does not move the year either, nor its own closing."""
    year = (objective("Y", cycle="2026"), key_result("P", "Y", target=number(1000)))
    quarter = objective("O", contributes_to=frozenset({"P"}))
    past = closing(*year, quarter, *TREE[1:])
    edited = (*year, quarter, *EDITED[1:])
    assert after(*edited, past=past).derived["P"]["value"] == Decimal(140)
    cycle = find("2026", Calendar())
    assert cycle is not None
    whole = close({each.id: each for each in edited}, cycle, date(2027, 2, 1), SUM, earlier=[past])
    assert {each.entity: each.value for each in whole.key_results} == {"P": Decimal(140)}


def test_no_score_stays_no_score() -> None:
    """A value that comes after the closing makes no score of a missing one."""
    past = closing(TREE[0], key_result("A"))
    told = after(*EDITED[:2], past=past).derived
    assert (told["A"]["score"], told["A"]["status"], told["O"]["score"]) == (None, "unscored", None)
