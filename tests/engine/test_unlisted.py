"""Records that an incomplete look left out, such as a row whose key cell shows an error (I6, I9)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from okrsync.connectors.errors import Transient
from okrsync.connectors.memory.connector import Row
from okrsync.sync_engine.runner import Report
from okrsync.sync_engine.state import LinkState
from tests.engine.world import World, writes


@pytest.fixture
def aside() -> list[Row]:
    """The row nobody finds, for the day its key is mended."""
    return []


@pytest.fixture
def broken(seeded: World, aside: list[Row]) -> World:
    """KR1's key in the notes shows an error: no look finds the row, and none claims to be complete. The new
    number elsewhere would move its score."""
    table = seeded.services["notes"].tables["krs"]
    table.complete = False
    aside[:] = [table.rows.pop(seeded.row("notes", "KR1"))]
    seeded.edit("numbers", "KR1", "current", Decimal(8))
    return seeded


def _hidden(report: Report) -> list[str]:
    return [finding.place for finding in report.findings if finding.code == "RECORD_HIDDEN"]


def test_a_row_that_cannot_be_found_is_not_planned_for(broken: World) -> None:
    """Nothing is promised for it, and no person is said to have been faster."""
    report = broken.sync()
    assert {op.collection for op in report.plan.ops} == {"tracker", "numbers"}
    assert report.applied is not None and report.applied.superseded == []


def test_a_row_that_cannot_be_found_is_named(broken: World) -> None:
    """The finding names its place, once."""
    assert _hidden(broken.sync()) == ["notes › krs › Win customers"]


def test_what_was_seen_before_our_own_write_is_no_edit(seeded: World) -> None:
    """I13: the last look is older than the write of the last run: the row did not go back to it."""
    seeded.edit("tracker", "KR1", "title", "New")
    seeded.sync()
    table = seeded.services["notes"].tables["krs"]
    table.complete = False
    del table.rows[seeded.row("notes", "KR1")]
    report = seeded.sync()
    assert (report.plan.adoptions, report.plan.disputes, report.plan.ops) == ((), (), ())
    assert seeded.see("tracker", "KR1", "title") == "New"


def test_it_is_written_when_it_is_back(broken: World, aside: list[Row]) -> None:
    """The key is mended: what was left out is written, and it was never taken for gone."""
    broken.sync()
    broken.sync()
    table = broken.services["notes"].tables["krs"]
    table.rows[aside[0].id], table.complete = aside[0], True
    report = broken.sync()
    assert writes(report) == 1
    assert broken.see("notes", "KR1", "score") == broken.see("tracker", "KR1", "score")
    assert {link.state for link in report.view.state.links.values()} == {LinkState.LINKED}


def test_a_record_found_by_a_direct_look_is_written(seeded: World) -> None:
    """The listing broke off before it: the direct look shows it, with the edit on it."""
    table = seeded.services["notes"].tables["krs"]
    table.complete = False
    table.hidden.add(seeded.row("notes", "KR1"))
    seeded.edit("notes", "KR1", "title", "Seen directly")
    seeded.edit("numbers", "KR1", "current", Decimal(8))
    report = seeded.sync()
    assert _hidden(report) == []
    assert seeded.see("tracker", "KR1", "title") == "Seen directly"
    assert seeded.see("notes", "KR1", "score") == seeded.see("numbers", "KR1", "score")


def test_a_service_that_does_not_answer_is_not_planned_for(broken: World) -> None:
    """I22: the failure is named, and the others get theirs."""

    def mute(tool: str, point: str) -> None:
        if (tool, point) == ("notes", "fetch"):
            raise Transient("busy", service="notes")

    broken.fault = mute
    report = broken.sync()
    assert {op.collection for op in report.plan.ops} == {"tracker", "numbers"}
    assert "COLLECTION_FAILED" in {finding.code for finding in report.findings}
