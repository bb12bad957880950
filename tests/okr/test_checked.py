"""Check-ins and KPIs as records: what they say, and what they count for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from okrsync.okr.explain import render
from okrsync.okr.model import Source
from tests.okr.make import SUM, TODAY, check_in, key_result, metric, number, objective, run


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


SAID = (
    check_in("C1", "A", ago(14), value=number(10)),
    check_in("C2", "A", ago(7), value=number(20), confidence=number("0.6")),
    check_in("C3", "A", ago(1), challenges="No data", helper="bo@acme.example"),
)


def test_a_check_in_is_the_value_where_nothing_measures() -> None:
    """S67: the last one that states a value counts; a later one without a value changes nothing."""
    assert run(objective("O"), key_result("A"), *SAID).derived["A"]["value"] == number(20)


def test_a_cell_of_its_own_comes_first() -> None:
    """What a tool measures is never overruled by what somebody said."""
    kr = key_result("A", current=number(5))
    assert run(objective("O"), kr, *SAID).derived["A"]["value"] == number(5)


def test_a_roll_up_comes_first() -> None:
    """A check-in is no value of its own that would be the roll-up's rival."""
    parts = (objective("O"), key_result("P"), objective("C", contributes_to=frozenset({"P"})))
    child, said = key_result("K", "C", current=number(7)), check_in("X", "P", TODAY, value=number(50))
    computed = run(*parts, child, said, method=SUM)
    assert computed.derived["P"]["value"] == number(7)
    assert [found.code for found in computed.findings] == []


def test_a_check_in_of_tomorrow_says_nothing_yet() -> None:
    """What is dated after today is left out."""
    late = check_in("C", "A", TODAY + timedelta(days=1), value=number(90))
    assert run(objective("O"), key_result("A"), late).derived["A"]["value"] is None


def test_values_that_were_checked_in_make_a_forecast() -> None:
    """Three check-ins are three observations; the method and their number are told."""
    said = [check_in(f"C{n}", "A", ago(7 * n), value=number(30 - 10 * n)) for n in range(3)]
    computed = run(objective("O"), key_result("A"), *said)
    assert computed.derived["A"]["forecast"] == number(1)
    assert "by least squares over 3 observations" in "\n".join(computed.explanations["A"].notes)


def test_the_explanation_shows_check_ins_with_their_places() -> None:
    """The newest first, each with its record and the day it was seen."""
    source = Source("notion", "Check-ins › Week 6", at="2026-02-03T09:00:00+00:00")
    said = [replace(SAID[1], sources={"value": source}), SAID[2]]
    lines = render(run(objective("O"), key_result("A"), *said).explanations["A"])
    assert lines[-3:-1] == [
        "  check-in 2026-02-09: in the way: No data (can help: bo@acme.example)",
        "  check-in 2026-02-03: 20, confidence 0.6  [notion: Check-ins › Week 6, since 2026-02-03]",
    ]


def test_a_check_in_explains_itself() -> None:
    """Its parts, and the key result it is about."""
    computed = run(objective("O"), key_result("A"), *SAID)
    assert computed.derived["C2"] == {"explanation": "20, confidence 0.6"}
    assert "about A · Result A" in computed.explanations["C2"].rule


def test_a_kpi_explains_its_value_and_who_uses_it() -> None:
    """S54: it has a value and no score."""
    kr = key_result("A", metric=frozenset({"M"}))
    computed = run(objective("O"), kr, metric("M", current=number(97), unit="%"))
    assert computed.derived["M"] == {"explanation": "97%, used by 1 key result"}
    assert computed.explanations["M"].notes == ("used by A · Result A",)


def test_a_kpi_without_a_value_says_so() -> None:
    """Missing is not 0."""
    assert run(metric("M")).derived["M"] == {"explanation": "no current value, used by 0 key results"}
