"""Reasons to stop before the first write (I7), at their exact borders."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from okrsync.config.settings import Policies
from okrsync.connectors.base import Native
from okrsync.sync_engine.guards import SEEN, Limits, guard
from okrsync.sync_engine.plan import Change, Op, Plan
from tests.engine.world import World, writes


def _plan(*sizes: int) -> Plan:
    """A plan with one op per size, that many fields each."""
    return Plan("lineage", 1, "2026-02-09", ops=tuple(_op(f"tool{n}", size) for n, size in enumerate(sizes)))


def _op(collection: str, fields: int) -> Op:
    changes = tuple(
        Change(str(n), "title", str(n), "Title", "A", "B", "B", "place", "because", True)
        for n in range(fields)
    )
    return Op("link", "entity", collection, collection, "1", "KR1", "place", None, changes)


def _names(plan: Plan, limits: Limits, applied: set[str]) -> list[str]:
    return [trip.guard for trip in guard(plan, limits, applied)]


def test_as_many_changes_as_allowed_pass() -> None:
    """The limit itself is allowed."""
    assert _names(_plan(3, 2), Limits(max_changes=5), {"tool0", "tool1"}) == []


def test_one_change_more_than_allowed_stops() -> None:
    """One more is not; fields count, not records."""
    assert _names(_plan(3, 3), Limits(max_changes=5), {"tool0", "tool1"}) == ["max_changes"]


def test_an_approved_plan_has_no_limit() -> None:
    """A person has seen how many there are."""
    assert _names(_plan(500), SEEN, set()) == []


def test_one_collection_never_written_to_stops_the_whole_plan() -> None:
    """Nothing is applied in part: the known collection waits too."""
    (trip,) = guard(_plan(1, 2), Limits(), {"tool0"})
    assert trip.guard == "first_run"
    assert "tool1 (2 fields)" in trip.message


def test_a_plan_without_writes_needs_no_approval() -> None:
    """Looking at an agreed workspace never trips."""
    assert _names(_plan(), Limits(), set()) == []


def test_a_first_run_writes_nothing_until_approved(world: World) -> None:
    """I7: plan first; then the same run, approved, writes and later runs are free."""
    world.settings = replace(world.settings, policies=Policies(first_run="plan_only"))
    world.add("KR1", tracker={"title": "A"}, notes={"title": None})
    assert [trip.guard for trip in world.sync().trips] == ["first_run"]
    assert world.see("notes", "KR1", "title") is None
    world.sync(approved=True)
    assert world.see("notes", "KR1", "title") == "A"
    world.edit("tracker", "KR1", "title", "B")
    assert writes(world.sync()) == 1


def test_a_tripped_guard_leaves_the_model_as_it_was(seeded: World) -> None:
    """I7: not even the local half is applied, so that the next run plans the same."""
    seeded.settings = replace(seeded.settings, policies=Policies(first_run="apply", max_changes=1))
    seeded.edit("tracker", "KR1", "target", Decimal(20))
    first, second = seeded.sync(), seeded.sync()
    assert [trip.guard for trip in second.trips] == ["max_changes"]
    assert first.plan.ops == second.plan.ops


@pytest.mark.parametrize(("lost", "trips"), [(4, []), (5, ["max_missing"])])
def test_more_missing_than_allowed_stop_the_run(world: World, lost: int, trips: list[str]) -> None:
    """I7: with 10 % allowed, 4 of 40 may be missing, 5 may not: nothing is written anywhere."""
    for number in range(40):
        values: dict[str, Native] = {"title": f"KR {number}"}
        world.add(f"KR{number}", tracker=values)
    world.sync()
    for number in range(lost):
        world.services["tracker"].delete("krs", world.row("tracker", f"KR{number}"))
    assert [trip.guard for trip in world.sync().trips] == trips
