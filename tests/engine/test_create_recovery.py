"""Lost answers, hidden records and twins: one record each in the end, and none deleted (I18)."""

from __future__ import annotations

import pytest

from okrsync.connectors.memory.connector import MARKER
from okrsync.sync_engine.runner import undo
from okrsync.sync_engine.state import LinkState
from tests.engine.creating import GRACE, codes, created, losing, owed, prepare, state
from tests.engine.world import World, writes


@pytest.fixture
def one(world: World) -> World:
    """One key result that `notes` lacks."""
    return prepare(world, "KR1")


@pytest.fixture
def slow(world: World) -> World:
    """The same; a new record of `notes` may stay hidden for ten minutes."""
    return prepare(world, "KR1", visibility_grace=GRACE.total_seconds())


@pytest.mark.parametrize("point", ["before create", "after create"])
def test_a_lost_answer_ends_in_one_record(one: World, point: str) -> None:
    """Whether it happened or not: the marker is looked for before anything else."""
    losing(one, point)
    report = one.sync()
    assert report.applied is not None and len(report.applied.unknown) == 1
    report = one.sync()
    assert report.recovered == (1 if point == "after create" else 0)
    one.sync()
    assert created(one) == ["KR1"] and owed(one) == 0
    assert writes(one.sync()) == 0


def test_a_hidden_record_is_waited_for(slow: World) -> None:
    """A listing that lags behind a lost answer: nothing is created until it shows up, then it is adopted."""
    slow.services["notes"].freeze_listing("krs")
    losing(slow, "after create")
    slow.sync()
    for _ in range(3):
        assert "CREATE_UNCONFIRMED" in codes(slow.sync())
    assert created(slow) == ["KR1"]
    slow.services["notes"].thaw_listing("krs")
    assert slow.sync().recovered == 1
    assert created(slow) == ["KR1"] and owed(slow) == 0


def test_what_stays_hidden_too_long_was_never_created(slow: World) -> None:
    """After the grace it is created anew, under the place reserved at first."""
    losing(slow, "before create")
    slow.sync()
    slow.sync()
    assert created(slow) == []
    slow.now += GRACE
    slow.sync()
    assert created(slow) == ["KR1"]
    assert len([k for k in state(slow).links.values() if k.collection == "notes"]) == 1


def twice(slow: World) -> World:
    """A record that stayed hidden longer than the service promised was created again."""
    slow.services["notes"].freeze_listing("krs")
    losing(slow, "after create")
    slow.sync()
    slow.now += GRACE
    slow.sync()
    slow.services["notes"].thaw_listing("krs")
    assert created(slow) == ["KR1", "KR1"]
    return slow


def test_two_with_one_marker_leave_one_in_use(slow: World) -> None:
    """The linked one stays; of two people's eyes see, none is deleted and the key is told as shared."""
    twice(slow)
    report = slow.sync()
    assert codes(report) & {"DUPLICATE_CREATED", "KEY_SHARED"}
    assert created(slow) == ["KR1", "KR1"]
    states = sorted(k.state for k in state(slow).links.values() if k.collection == "notes")
    assert states.count(LinkState.LINKED) == 1


def test_two_found_after_a_lost_answer(one: World) -> None:
    """The older is kept; the other is quarantined until a person deletes one of them."""
    losing(one, "after create")
    one.sync()
    marked = next(iter(one.services["notes"].tables["krs"].rows.values()))
    second = one.services["notes"].add("krs", dict(marked.values))
    report = one.sync()
    assert "DUPLICATE_CREATED" in codes(report) and created(one) == ["KR1", "KR1"]
    found = {k.native_id: k.state for k in state(one).links.values() if k.collection == "notes"}
    assert found == {marked.id: LinkState.LINKED, second: LinkState.QUARANTINED}
    one.edit("tracker", "KR1", "title", "New title")
    one.sync()
    titles = [row.values["title"] for row in one.services["notes"].tables["krs"].rows.values()]
    assert titles == ["New title", "Win KR1"]


def test_when_a_person_deletes_the_second_all_is_well(one: World) -> None:
    """Nothing is said any more."""
    test_two_found_after_a_lost_answer(one)
    one.services["notes"].delete("krs", list(one.services["notes"].tables["krs"].rows)[1])
    one.sync()
    assert "DUPLICATE_CREATED" not in codes(one.sync())
    assert [k.state for k in state(one).links.values() if k.collection == "notes"] == [LinkState.LINKED]


def test_when_a_person_deletes_the_first_the_second_is_used(one: World) -> None:
    """As soon as the first is accepted as gone; what differs by then is asked about."""
    test_two_found_after_a_lost_answer(one)
    one.services["notes"].delete("krs", next(iter(one.services["notes"].tables["krs"].rows)))
    for _ in range(4):
        report = one.sync()
    states = [k.state for k in state(one).links.values() if k.collection == "notes"]
    assert sorted(states) == [LinkState.GONE, LinkState.LINKED]
    assert report.open_conflicts == 1


def test_a_person_who_adds_the_same_key_meanwhile_is_not_doubled(one: World) -> None:
    """Before the run: an ordinary link. During the run: seen by the look just before."""

    def person(tool: str, point: str) -> None:
        if (tool, point) == ("notes", "marked"):
            one.fault = lambda _tool, _point: None
            (entity,) = (e.id for e in state(one).entities.values())
            one.services["notes"].add("krs", {"key": "KR1", "title": "Ann's", MARKER: entity})

    one.fault = person
    report = one.sync()
    assert report.applied is not None and len(report.applied.superseded) == 1
    assert created(one) == ["KR1"]
    one.sync()
    assert created(one) == ["KR1"] and len(state(one).entities) == 1


def test_a_person_who_adds_the_key_while_an_answer_is_owed(slow: World) -> None:
    """The place reserved for the record takes theirs."""
    losing(slow, "before create")
    slow.sync()
    slow.services["notes"].add("krs", {"key": "KR1", "note": "by hand"})
    slow.sync()
    slow.now += GRACE
    slow.sync()
    assert created(slow) == ["KR1"] and owed(slow) == 0
    assert slow.see("notes", "KR1", "note") == "by hand"


def test_a_creation_found_later_is_not_undone_either(one: World) -> None:
    """The evidence is written when the record is found."""
    losing(one, "after create")
    run = one.sync().run
    one.sync()
    with one.open() as workspace:
        report = undo(workspace, run, dry=False)
    assert "NOT_UNDONE" in codes(report) and one.see("notes", "KR1", "title") == "Win KR1"
