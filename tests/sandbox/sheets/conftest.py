"""The world most tests of the imitated Google Sheets share: set up once, put back before each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.sheets import SheetsService
from tests.fidelity.sheets_spec import record, spec
from tests.sandbox.sheets.desk import LOOKUP, START, Desk, desk


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Desk, Any]]:
    """A sandbox with a KR tab of three rows and a results tab their lookups read, and its saved state."""
    clock = VirtualClock(START)
    service = SheetsService(clock)
    with desk(service, clock) as made:
        rows: list[list[Any]] = [
            ["KR", "Title", "Current", "Share", "Score"],
            ["KR-2", "Second", 20, 0.42, LOOKUP.format(row=2)],
            ["KR-1", "First", 10, 0.1, LOOKUP.format(row=3)],
            ["KR-3", "Third", 30.5, None, LOOKUP.format(row=4)],
        ]
        service.add_tab(made.id, "KRs", rows, {3: "PERCENT"}, row_count=100, column_count=8)
        service.add_tab(made.id, "_okrsync", [["key", "score"], ["KR-1", 0.1], ["KR-2", 0.2]], row_count=50)
        yield made, service.dump()


@pytest.fixture
def world(running: tuple[Desk, Any]) -> Desk:
    """The shared world as it was at the start, its clock too."""
    made, saved = running
    made.clock.set(START)
    made.sandbox.call(lambda: made.service.load(saved))
    return made


@pytest.fixture(autouse=True)
def judged(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every answer of every test is held against Google's discovery document."""
    seen = record(monkeypatch)
    yield
    assert [problem for one in seen for problem in spec().complaints_of_answer(one)] == []
