"""What the next run makes of a run that was killed, or whose answer was lost (I18, I19, I24)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from okrsync.connectors.base import Features
from okrsync.connectors.errors import OutcomeUnknown, Rejected, Transient
from okrsync.sync_engine import journal
from okrsync.sync_engine import schema as t
from okrsync.sync_engine.journal import Intent, IntentState
from okrsync.sync_engine.runner import Hooks
from okrsync.sync_engine.store import Store
from tests.engine.world import World, writes


class KilledError(Exception):
    """The process ends here."""


def _kill(world: World, point: str) -> None:
    """A run that is killed at a point."""

    def crash(now: str) -> None:
        if now == point:
            raise KilledError

    with pytest.raises(KilledError):
        world.sync(Hooks(crash=crash))


def _owed(world: World) -> list[Intent]:
    with Store(world.url).begin() as connection:
        return journal.unfinished(connection)


def _evidence(world: World, field: str) -> list[str]:
    with Store(world.url).begin() as connection:
        return [r.answer for r in connection.execute(select(t.audit).where(t.audit.c.field == field))]


def test_what_is_sent_is_in_the_journal_first(seeded: World) -> None:
    """I18: killed just before the request, the intent says that an outcome is owed."""
    seeded.edit("tracker", "KR1", "title", "B")
    _kill(seeded, "before send")
    assert [intent.state for intent in _owed(seeded)] == [IntentState.SENDING]


def test_an_intent_is_committed_before_the_record_is_read_again(seeded: World) -> None:
    """I18: the journal says `sending` before anything of an op happens."""
    seeded.edit("tracker", "KR1", "title", "B")
    _kill(seeded, "sending")
    assert [(intent.state, intent.attempts) for intent in _owed(seeded)] == [(IntentState.SENDING, 1)]


def test_a_whole_plan_is_in_the_journal_before_its_first_op(seeded: World) -> None:
    """I23: killed after adopting, every op is known."""
    seeded.edit("tracker", "KR1", "target", Decimal(20))
    _kill(seeded, "adopted")
    assert {intent.state for intent in _owed(seeded)} == {IntentState.PLANNED}
    assert len(_owed(seeded)) == 3


@pytest.mark.parametrize("point", ["integrated", "adopted", "sending", "before send"])
def test_nothing_sent_is_sent_once(seeded: World, point: str) -> None:
    """I18: killed before the effect, the next run has it once and nothing is left open."""
    seeded.edit("tracker", "KR1", "title", "B")
    _kill(seeded, point)
    assert writes(seeded.sync()) == 1
    assert seeded.see("notes", "KR1", "title") == "B"
    assert (_owed(seeded), writes(seeded.sync())) == ([], 0)


def test_a_write_that_landed_is_settled_with_its_evidence(seeded: World) -> None:
    """I18, I24: killed after the effect, it is recorded, not sent again."""
    seeded.edit("tracker", "KR1", "title", "B")
    _kill(seeded, "after send")
    report = seeded.sync()
    assert (report.recovered, writes(report)) == (1, 0)
    assert (_evidence(seeded, "title"), _owed(seeded)) == (["found by recovery"], [])


def test_recovery_looks_directly_where_listings_lag(seeded: World) -> None:
    """I4, I18: the listing still shows the value before our write; that is not an edit."""
    seeded.features = {"notes": Features(listing_may_lag=True)}
    seeded.edit("tracker", "KR1", "title", "B")
    seeded.services["notes"].freeze_listing("krs")
    _kill(seeded, "after send")
    report = seeded.sync()
    assert (report.recovered, writes(report), report.open_conflicts) == (1, 0, 0)


def test_an_edit_after_a_killed_write_is_kept(seeded: World) -> None:
    """I1: neither the agreed value nor the newer edit is lost."""
    seeded.edit("tracker", "KR1", "title", "B")
    _kill(seeded, "after send")
    seeded.edit("notes", "KR1", "title", "C")
    report = seeded.sync()
    assert (report.open_conflicts, seeded.see("notes", "KR1", "title")) == (1, "C")


def test_a_lost_answer_is_not_sent_again(seeded: World) -> None:
    """I18: the write happened, the connection broke."""

    def lose(tool: str, point: str) -> None:
        if (tool, point) == ("notes", "after write"):
            raise OutcomeUnknown("no answer", service="notes")

    seeded.fault = lose
    seeded.edit("tracker", "KR1", "title", "B")
    report = seeded.sync()
    assert report.applied is not None and len(report.applied.unknown) == 1
    seeded.fault = lambda _tool, _point: None
    report = seeded.sync()
    assert (report.recovered, writes(report)) == (1, 0)


def _rounding(world: World) -> None:
    """A tracker that keeps one decimal, as it was seen to do before."""
    world.services["tracker"].normalise = lambda _name, value: (
        round(value, 1) if isinstance(value, Decimal) else value
    )
    world.edit("notes", "KR1", "target", Decimal("12.36"))
    world.sync()


def test_a_rounded_write_that_landed_is_settled(seeded: World) -> None:
    """I18: what the tool made of our number is no edit, so nobody is asked and nothing is sent again."""
    _rounding(seeded)
    seeded.edit("notes", "KR1", "target", Decimal("20.56"))
    _kill(seeded, "after send")
    seeded.sync()
    assert seeded.see("tracker", "KR1", "target") == Decimal("20.6")
    report = seeded.sync()
    assert (report.open_conflicts, writes(report), _owed(seeded)) == (0, 0, [])


def test_an_edit_after_a_killed_write_to_a_tool_that_rounds_is_kept(seeded: World) -> None:
    """I1: a number the tool would not have made of ours is a person's."""
    _rounding(seeded)
    seeded.edit("notes", "KR1", "target", Decimal("20.56"))
    _kill(seeded, "after send")
    seeded.edit("tracker", "KR1", "target", Decimal("20.5"))
    report = seeded.sync()
    assert (report.open_conflicts, seeded.see("tracker", "KR1", "target")) == (1, Decimal("20.5"))


def test_nothing_is_concluded_while_an_outcome_is_owed(seeded: World) -> None:
    """I18: the tracker lists an old score and does not answer a direct look: it is not written again."""
    seeded.edit("numbers", "KR1", "current", Decimal(8))
    seeded.services["tracker"].freeze_listing("krs")
    _kill(seeded, "after send")

    def mute(tool: str, point: str) -> None:
        if (tool, point) == ("tracker", "fetch"):
            raise Transient("busy", service="tracker")

    seeded.fault = mute
    report = seeded.sync()
    assert {op.collection for op in report.plan.ops} == {"notes", "numbers"}
    assert [intent.state for intent in _owed(seeded)] == [IntentState.SENDING]
    seeded.fault = lambda _tool, _point: None
    assert (seeded.sync().recovered, _owed(seeded)) == (1, [])


def test_one_refused_write_does_not_stop_the_others(seeded: World) -> None:
    """I22: the notes refuse; the numbers get the value, and the refusal is reported."""

    def refuse(tool: str, point: str) -> None:
        if (tool, point) == ("notes", "before write"):
            raise Rejected("not today", service="notes")

    seeded.fault = refuse
    seeded.edit("tracker", "KR1", "target", Decimal(20))
    report = seeded.sync()
    assert report.applied is not None
    assert [skipped.op.collection for skipped in report.applied.failed] == ["notes"]
    assert seeded.see("numbers", "KR1", "target") == Decimal(20)


def test_a_refused_write_is_tried_again(seeded: World) -> None:
    """I11, I19: nothing is noted as agreed before the service said so."""

    def refuse(tool: str, point: str) -> None:
        if (tool, point) == ("notes", "before write"):
            raise Rejected("not today", service="notes")

    seeded.fault = refuse
    seeded.edit("tracker", "KR1", "title", "B")
    seeded.sync()
    seeded.fault = lambda _tool, _point: None
    report = seeded.sync()
    assert (seeded.see("notes", "KR1", "title"), report.open_conflicts) == ("B", 0)


def test_a_patch_names_only_what_the_plan_names(seeded: World) -> None:
    """I2: a field edited at the moment of the write keeps the edit."""

    def edit_now(tool: str, point: str) -> None:
        if (tool, point) == ("notes", "before write"):
            seeded.edit("notes", "KR1", "note", "Just typed")

    seeded.fault = edit_now
    seeded.edit("tracker", "KR1", "title", "B")
    seeded.sync()
    assert seeded.see("notes", "KR1", "note") == "Just typed"


def test_every_effect_leaves_evidence(seeded: World) -> None:
    """I24: what was written, over what, why, and the answer."""
    seeded.edit("tracker", "KR1", "title", "B")
    seeded.sync()
    with Store(seeded.url).begin() as connection:
        (row,) = connection.execute(select(t.audit).where(t.audit.c.field == "title")).all()
    assert (row.before, row.after, row.shown, row.answer) == ('"Win customers"', '"B"', '"B"', "ok")
    assert "tracker" in row.cause
