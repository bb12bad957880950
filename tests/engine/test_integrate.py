"""Which record belongs to which entity, what is remembered of a look, and what must not be believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from okrsync.connectors.base import Features, Native
from okrsync.connectors.memory.connector import Normalise
from okrsync.mappings.binding import Binding
from okrsync.mappings.collection import CollectionMapping
from okrsync.mappings.rules import OnConflict, OnDrift, Rule
from okrsync.okr.model import Kind
from okrsync.okr.values import Unreadable
from okrsync.sync_engine import rows
from okrsync.sync_engine.runner import Report
from okrsync.sync_engine.store import Store
from tests.engine.world import World, collections, settings, writes


def _codes(report: Report) -> set[str]:
    return {finding.code for finding in report.findings}


def _links(report: Report, tool: str) -> int:
    return sum(link.collection == tool for link in report.view.state.links.values())


def test_a_key_on_two_new_records_links_neither(world: World) -> None:
    """Never guess: a person has to say which is which."""
    world.add("KR1", notes={"title": "A"}, tracker={"title": "A"})
    world.add("KR1", tracker={"title": "B"})
    report = world.sync()
    assert (_links(report, "tracker"), _links(report, "notes")) == (0, 1)
    assert "KEY_SHARED" in _codes(report)


def test_a_copy_of_a_known_record_is_not_linked(seeded: World) -> None:
    """A duplicated row keeps its key; the one we know stays the one, and the copy is never written."""
    seeded.services["tracker"].add("krs", {"key": "KR1", "title": "A copy"})
    report = seeded.sync()
    assert (_links(report, "tracker"), writes(report)) == (1, 0)
    assert seeded.see("notes", "KR1", "title") == "Win customers"


def test_a_copy_does_not_take_the_place_of_a_record_whose_key_broke(seeded: World) -> None:
    """The known record's key cannot be read for a moment; the copy with that key stays unlinked."""
    row = seeded.row("tracker", "KR1")
    seeded.services["tracker"].add("krs", {"key": "KR1", "title": "A copy"})
    seeded.services["tracker"].edit("krs", row, "key", Unreadable("#REF!"))
    report = seeded.sync()
    assert (_links(report, "tracker"), writes(report)) == (1, 0)
    assert seeded.see("notes", "KR1", "title") == "Win customers"


def test_a_record_is_known_by_its_id_when_its_key_changes(seeded: World) -> None:
    """A person renames the key in one tool: it is the same record, and edits still go round."""
    seeded.edit("tracker", "KR1", "key", "KR9")
    seeded.sync()
    seeded.edit("tracker", "KR9", "title", "B")
    seeded.sync()
    assert seeded.see("notes", "KR1", "title") == "B"


def test_a_listing_that_lags_is_not_an_edit(seeded: World) -> None:
    """I4, I13: the search index shows the value before our write; a direct look knows better."""
    seeded.features = {"tracker": Features(listing_may_lag=True)}
    seeded.services["tracker"].freeze_listing("krs")
    seeded.edit("notes", "KR1", "title", "B")
    seeded.sync()
    report = seeded.sync()
    assert (writes(report), report.open_conflicts) == (0, 0)
    assert seeded.see("tracker", "KR1", "title") == seeded.see("notes", "KR1", "title") == "B"


def test_every_value_the_model_held_is_remembered(seeded: World) -> None:
    """History and as-of answers come from it: nothing enters the model without leaving a trace."""
    seeded.edit("tracker", "KR1", "title", "B")
    report = seeded.sync()
    (entity,) = report.view.entities
    with Store(seeded.url).begin() as connection:
        past = rows.history(connection, entity, "title")
    assert [held.value for held in past] == ["Win customers", "B"]


def test_an_edit_is_dated_when_it_was_first_seen(seeded: World) -> None:
    """A value that did not move keeps its date, however often it is seen."""
    first, second = (seeded.sync().view.state.observed for _ in range(2))
    assert {key: look.at for key, look in second.items()} == {key: look.at for key, look in first.items()}


def test_an_unreadable_cell_is_remembered_as_such(seeded: World) -> None:
    """I9: a later look at the store alone still knows that it could not be read, and why."""
    seeded.edit("numbers", "KR1", "target", Unreadable("#REF!"))
    (entity,) = seeded.sync().view.entities.values()
    assert "#REF!" in entity.unreadable["target"]


def test_computed_values_never_enter_the_model(world: World) -> None:
    """I15: even a mapping that reads a computed field gives the computation nothing."""
    world.settings = settings(mappings=_with("score", lambda b: replace(b, reads=True)))
    world.seed()
    world.edit("tracker", "KR1", "score", Decimal("0.99"))
    world.edit("notes", "KR1", "score", Decimal("0.88"))
    report = world.sync()
    assert (report.plan.adoptions, report.open_conflicts) == ((), 0)
    assert world.see("numbers", "KR1", "score") == world.see("tracker", "KR1", "score") == Decimal("0.4")


def test_drift_that_is_only_reported_stays(world: World) -> None:
    """I8: with `report` a scribble in a computed field is named, not reverted."""
    world.settings = settings(mappings=_with("score", lambda b: replace(b, on_drift=OnDrift.REPORT)))
    world.seed()
    world.edit("tracker", "KR1", "score", Decimal("0.99"))
    report = world.sync()
    assert world.see("tracker", "KR1", "score") == Decimal("0.99")
    assert "DRIFT" in _codes(report)


def test_a_changed_binding_is_a_first_contact(seeded: World) -> None:
    """I25: the tracker's title is read from another column now: people are asked, nothing is overwritten."""
    seeded.edit("tracker", "KR1", "note", "What the other column says")
    moved = _with("title", lambda b: replace(b, native="note") if b.collection == "tracker" else b)
    seeded.settings = settings(mappings=moved)
    report = seeded.sync()
    assert report.open_conflicts == 1
    assert seeded.see("notes", "KR1", "title") == "Win customers"


def _with(name: str, change: Callable[[Binding], Binding]) -> tuple[CollectionMapping, ...]:
    """The usual mappings with the bindings of one field changed."""
    return tuple(
        replace(m, bindings=tuple(change(b) if b.field == name else b for b in m.bindings))
        for m in collections()
    )


def test_the_larger_number_wins_where_the_rule_says_so(world: World) -> None:
    """A declared maximum settles a clash without a person."""
    world.settings = settings({(Kind.KEY_RESULT, "target"): Rule(OnConflict.MAX)})
    world.seed()
    world.edit("tracker", "KR1", "target", Decimal(12))
    world.edit("notes", "KR1", "target", Decimal(15))
    world.sync()
    assert world.see("numbers", "KR1", "target") == world.see("tracker", "KR1", "target") == Decimal(15)


def test_a_single_lower_edit_is_an_edit_under_max(world: World) -> None:
    """I1: merge(base, base, b) = b. The rule decides between edits; a slip upwards can be mended."""
    world.settings = settings({(Kind.KEY_RESULT, "target"): Rule(OnConflict.MAX)})
    world.seed()
    world.edit("tracker", "KR1", "target", Decimal(100))
    world.sync()
    world.edit("notes", "KR1", "target", Decimal(12))
    world.sync()
    assert world.see("numbers", "KR1", "target") == world.see("tracker", "KR1", "target") == Decimal(12)


def test_sides_keep_their_own_spelling(world: World) -> None:
    """I12, I19: two tools that round differently each have their own base; nobody is written twice."""
    for tool, digits in (("tracker", 1), ("notes", 0)):
        world.services[tool].normalise = _rounding(digits)
    world.seed()
    world.edit("numbers", "KR1", "target", Decimal("12.34"))
    world.sync()
    assert world.see("tracker", "KR1", "target") == Decimal("12.3")
    assert world.see("notes", "KR1", "target") == Decimal(12)
    assert (writes(world.sync()), world.see("numbers", "KR1", "target")) == (0, Decimal("12.34"))


def _rounding(digits: int) -> Normalise:
    def rounded(_name: str, value: Native) -> Native:
        return round(value, digits) if isinstance(value, Decimal) else value

    return rounded


@pytest.fixture
def keyed_later(world: World) -> World:
    """The notes were read once without a `key:`; now the file names one."""
    keyed = world.settings
    notes = replace(keyed.collections[1], key=None)
    world.settings = replace(keyed, collections=(keyed.collections[0], notes, keyed.collections[2]))
    world.add("KR1", tracker={"title": "A"}, notes={"title": "A"})
    world.sync()
    world.settings = keyed
    return world


def test_a_key_given_later_that_belongs_to_another_says_how_to_join_them(keyed_later: World) -> None:
    """What was agreed for a record cannot be moved to another entity: it has to be made anew."""
    (found,) = [one for one in keyed_later.sync().findings if one.code == "KEY_TAKEN"]
    what, _, why = found.message.partition("; ")
    assert what == "the key KR1 belongs to another key_result (tracker › krs › A)"
    assert why == "this one was linked before it had a key"
    assert found.advice.startswith("If both are the same: make this record anew, with that key")


def test_a_record_made_anew_with_the_key_joins(keyed_later: World) -> None:
    """What `KEY_TAKEN` advises works: a first contact with the one that has the key."""
    notes = keyed_later.services["notes"]
    notes.delete("krs", keyed_later.row("notes", "KR1"))
    keyed_later.add("KR1", notes={"title": "A"})
    keyed_later.sync()
    keyed_later.edit("tracker", "KR1", "title", "B")
    keyed_later.sync()
    assert keyed_later.see("notes", "KR1", "title") == "B"


def test_a_key_that_belongs_to_another_is_named_with_its_place(seeded: World) -> None:
    """A slip: the old key stays, and both places are named."""
    seeded.add("KR2", tracker={"title": "Other"})
    seeded.sync()
    seeded.edit("notes", "KR1", "key", "KR2")
    (found,) = [one for one in seeded.sync().findings if one.code == "KEY_TAKEN"]
    assert (found.message.split(" (")[0], found.advice) == (
        "the key KR2 belongs to another key_result",
        "Give it a key of its own",
    )
    assert found.message.endswith("); KR1 stays")
