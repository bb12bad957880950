"""KPIs defined once, and work as a measure only where somebody declared it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from okrsync.okr.model import Entity
from okrsync.okr.reasons import Why
from okrsync.okr.values import Value
from tests.okr.make import (
    SUM,
    TODAY,
    at,
    codes,
    initiative,
    item,
    key_result,
    metric,
    number,
    objective,
    run,
    seen,
)

KPI = frozenset({"M"})


def test_one_kpi_feeds_every_key_result_that_references_it() -> None:
    """S54: one cell, two targets."""
    krs = key_result("A", metric=KPI), key_result("B", metric=KPI, target=number(50))
    derived = run(objective("O"), *krs, metric("M", current=number(25))).derived
    assert [derived[each]["score"] for each in "AB"] == [Decimal("0.25"), Decimal("0.5")]


def test_the_explanation_names_the_kpi_and_its_cell() -> None:
    """Down to where the number stands."""
    kpi = at(metric("M", current=number(25)), current="KPIs!C3")
    entered = run(objective("O"), key_result("A", metric=KPI), kpi).explanations["A"].inputs[0]
    assert (entered.label, entered.value, entered.entity) == ("KPI M · KPI M", "25", "M")
    assert entered.source is not None and entered.source.place == "KPIs!C3"


def test_a_kpi_beats_a_value_of_its_own_and_says_so() -> None:
    """Defined once: the other number is the mistake."""
    kr = key_result("A", metric=KPI, current=number(90))
    computed = run(objective("O"), kr, metric("M", current=number(25)))
    assert (computed.derived["A"]["score"], codes(computed)) == (Decimal("0.25"), [Why.METRIC_AND_VALUE])


def test_a_kpi_without_a_value_gives_none() -> None:
    """Missing is never 0, and a default roll-up does not step in."""
    below = objective("C", contributes_to=frozenset("A")), key_result("K", "C", current=number(5))
    computed = run(objective("O"), key_result("A", metric=KPI), metric("M"), *below, method=SUM)
    assert computed.derived["A"]["explanation"] == "not scored: no current value"


@pytest.mark.parametrize(
    ("units", "score"),
    [
        (("hours", "minutes"), "0.6"),
        ((None, "minutes"), "0.01"),
        (("EUR", "USD"), None),
        (("%", "MQL"), None),
    ],
)
def test_units_of_kpi_and_key_result(units: tuple[str | None, str], score: str | None) -> None:
    """Durations convert; money and everything else is refused with the KPI's unit."""
    kpi = metric("M", current=number(1), unit=units[0])
    computed = run(objective("O"), key_result("A", metric=KPI, unit=units[1]), kpi)
    assert computed.derived["A"]["score"] == (None if score is None else number(score))
    assert (Why.METRIC_UNIT_MISMATCH in codes(computed)) is (score is None)


def test_a_kpi_that_is_not_there_is_a_dangling_link() -> None:
    """The key result's own value stands in."""
    computed = run(objective("O"), key_result("A", metric=KPI, current=number(10)))
    assert (computed.derived["A"]["score"], codes(computed)) == (Decimal("0.1"), [Why.LINK_DANGLING])


def test_news_of_the_kpi_are_the_key_results_news() -> None:
    """Nobody has to touch the key result itself; its forecast follows the KPI's past."""
    series = {("M", "current"): seen(TODAY - timedelta(days=14), 5, 10, 15)}
    computed = run(
        objective("O"), key_result("A", metric=KPI), metric("M", current=number(15)), series=series
    )
    assert computed.derived["A"]["stale"] is False
    assert any("least squares over 3 observations" in note for note in computed.explanations["A"].notes)


def work(*statuses: str) -> list[Entity]:
    epic = initiative("E", contributes_to=frozenset({"A"}))
    return [objective("O"), epic, *(item(f"J{n}", "E", status) for n, status in enumerate(statuses))]


@pytest.mark.parametrize(
    ("unit", "target", "score"), [("%", "100", "0.5"), ("share", "1", "0.5"), ("%", "50", "1")]
)
def test_declared_work_is_a_measure(unit: str, target: str, score: str) -> None:
    """S87: in percent where the unit says so; always with the finding."""
    kr = key_result("A", value_from="work", unit=unit, target=number(target))
    computed = run(*work("done", "new"), kr)
    assert (computed.derived["A"]["score"], codes(computed)) == (number(score), [Why.EPIC_AS_KR])


@pytest.mark.parametrize("declared", [None, "own"])
def test_undeclared_work_never_scores(declared: Value) -> None:
    """S2: everything done, nothing measured."""
    computed = run(*work("done", "done"), key_result("A", value_from=declared))
    assert (computed.derived["A"]["score"], codes(computed)) == (None, [])


def test_declared_work_without_any_is_missing() -> None:
    """No work is not 0% of it."""
    computed = run(objective("O"), key_result("A", value_from="work"))
    assert computed.derived["A"]["score"] is None
