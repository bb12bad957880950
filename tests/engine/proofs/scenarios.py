"""Short stories after which a run has work to do: what crashes and interleavings are tried on."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from okrsync.connectors.errors import OutcomeUnknown
from okrsync.sync_engine.conflicts import resolve
from tests.engine.proofs.stage import Stage


def an_edit_for_two_tools(stage: Stage) -> None:
    """Ann retargets in the tracker: two other tools and every score follow."""
    stage.seed()
    stage.edit("tracker", "KR1", "target", Decimal(20))


def a_decided_conflict(stage: Stage) -> None:
    """Ann and Bob retargeted differently and Eve has decided for Bob."""
    stage.seed()
    stage.edit("tracker", "KR1", "target", Decimal(12))
    stage.edit("numbers", "KR1", "target", Decimal(20))
    stage.run()
    (conflict,) = stage.state().conflicts.values()
    with stage.store.begin() as connection:
        assert resolve(connection, conflict.id, Decimal(20), "Eve")


def a_new_number(stage: Stage) -> None:
    """Nobody typed anything but the current value: only computed fields move."""
    stage.seed()
    stage.edit("numbers", "KR1", "current", Decimal(8))


def a_first_sync(stage: Stage) -> None:
    """Two key results nobody has linked yet; one tool's row is blank and is to be filled."""
    stage.add("KR1", tracker={"title": "A"}, notes={"title": None, "target": Decimal(10)})
    stage.add("KR2", notes={"title": "B"}, numbers={"target": Decimal(5), "current": Decimal(1)})


def an_edit_after_a_lost_answer(stage: Stage) -> None:
    """The answer to a write of the notes was lost; then Ann renames again in the tracker."""
    stage.seed()
    stage.edit("tracker", "KR1", "title", "First")

    def lost(name: str) -> None:
        if name == "notes after write":
            raise OutcomeUnknown("no answer", service="notes")

    stage.tick = lost
    stage.run()
    stage.let_go()
    assert stage.owed() == 1
    stage.edit("tracker", "KR1", "title", "Second")


def two_edits_of_one_record(stage: Stage) -> None:
    """Ann renames in the tracker while Bob retargets in the notes and notes a thing."""
    stage.seed()
    stage.edit("tracker", "KR1", "title", "Win more")
    stage.edit("notes", "KR1", "target", Decimal(8))
    stage.edit("notes", "KR1", "note", "see minutes")


def an_edit_for_a_tool_that_rounds(stage: Stage) -> None:
    """The tracker keeps one decimal, as it was seen to do once; then Ann retargets in the notes."""
    stage.services["tracker"].normalise = lambda _name, value: (
        round(value, 1) if isinstance(value, Decimal) else value
    )
    stage.seed()
    stage.edit("notes", "KR1", "target", Decimal("12.36"))
    stage.run()
    stage.edit("notes", "KR1", "target", Decimal("20.56"))


SCENARIOS: tuple[Callable[[Stage], None], ...] = (
    an_edit_for_two_tools,
    a_decided_conflict,
    a_new_number,
    a_first_sync,
    an_edit_after_a_lost_answer,
    two_edits_of_one_record,
    an_edit_for_a_tool_that_rounds,
)
