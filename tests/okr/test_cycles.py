"""Cycle names and their dates."""

from __future__ import annotations

from datetime import date

import pytest

from okrsync.okr.cycles import Calendar, Cycle, find, running


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("Q4 2025", "2025-10-01", "2025-12-31"),
        ("q2-2026", "2026-04-01", "2026-06-30"),
        ("2026Q3", "2026-07-01", "2026-09-30"),
        ("2024-H1", "2024-01-01", "2024-06-30"),
        ("H2 FY2026", "2026-07-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("FY2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_names_with_a_year(name: str, start: str, end: str) -> None:
    """S11, S12: quarters, halves and years as people write them."""
    assert find(name, Calendar()) == Cycle(name, date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    "name", ["Q1", "year", "", "2026-H3", "2026-Q5", "Sprint 4", "26-Q1", "9999", "0000-Q1"]
)
def test_names_that_say_no_dates(name: str) -> None:
    """Nothing is guessed."""
    assert find(name, Calendar()) is None


def test_a_fiscal_year_begins_where_the_settings_say() -> None:
    """A year from February has its last quarter in the next January."""
    fiscal = Calendar(fiscal_start=2)
    assert find("2026-Q1", fiscal) == Cycle("2026-Q1", date(2026, 2, 1), date(2026, 4, 30))
    assert find("2026-Q4", fiscal) == Cycle("2026-Q4", date(2026, 11, 1), date(2027, 1, 31))


@pytest.mark.parametrize(
    ("calendar", "name"),
    [
        (Calendar(), "2026-Q1"),
        (Calendar("half"), "2026-H1"),
        (Calendar("year"), "2026"),
        (Calendar(fiscal_start=4), "2025-Q4"),
    ],
)
def test_the_running_cycle_has_a_name_that_finds_it(calendar: Calendar, name: str) -> None:
    """What is running today can be looked up again, and holds today."""
    today = date(2026, 2, 10)
    cycle = running(today, calendar)
    assert cycle.name == name and cycle.start <= today <= cycle.end
    assert find(name, calendar) == cycle


def test_a_named_cycle_comes_first() -> None:
    """S14: a company's own six weeks win over the quarter."""
    bet = Cycle("Bet", date(2026, 2, 1), date(2026, 3, 14))
    assert running(date(2026, 2, 10), Calendar(named={"Bet": bet})) == bet


@pytest.mark.parametrize("wrong", [{"rhythm": "week"}, {"fiscal_start": 13}])
def test_impossible_settings_are_refused(wrong: dict[str, str]) -> None:
    """Said at once, with the choices."""
    with pytest.raises(ValueError, match="must be"):
        Calendar(**wrong)  # type: ignore[arg-type]  # wrong values are the point
