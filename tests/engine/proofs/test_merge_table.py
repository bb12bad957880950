"""The merge, proved on a whole small world: every case against the table, then the laws no table states.

No randomness: the domain is enumerated. `python -m tests.engine.proofs` prints its figures.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import product

from okrsync.mappings.rules import OnConflict
from okrsync.okr.values import Unreadable, Value, is_blank
from okrsync.sync_engine.merge import ABSENT, OKRSYNC, Outcome, Side, merge
from tests.engine.proofs.domain import Case
from tests.engine.proofs.oracle import (
    FIELDS,
    VOICES,
    Look,
    Preferred,
    Row,
    Said,
    Values,
    only_row,
)
from tests.engine.proofs.trials import Trial, decide, settle, trials

FLOOR = 50_000
ROW_FLOOR = 200
EDIT_FLOOR = 100

# names on the other side of each other, and of the model's own name
OTHER_NAMES = {"a": "zoe", "b": "nan", "c": "bob", OKRSYNC: OKRSYNC}
OTHER_COLLECTIONS = {"A": "Z", "B": "M", "C": "D", None: None}


def test_every_case_has_the_tables_answer() -> None:
    """Value, conflict, losers, drift and decision, for each case of the domain."""
    for trial in trials():
        got, want = trial.outcome, trial.expected
        assert (got.value, got.conflict and got.conflict.proposals, got.resolved) == (
            want.value,
            want.conflict,
            want.resolved,
        ), trial
        assert (got.superseded, frozenset(got.drift)) == (want.superseded, want.drift), trial
        assert (got.origin is not None) == want.changed, trial


def test_the_domain_reaches_every_row_often() -> None:
    """A proof over cases that never happen proves nothing."""
    reached = Counter(trial.expected.row for trial in trials())
    assert len(trials()) >= FLOOR
    assert {row.name: reached[row.name] for row in FIELDS if reached[row.name] < ROW_FLOOR} == {}


def test_the_tables_have_neither_gaps_nor_overlaps() -> None:
    """Each combination of facts that can occur fits one row."""
    truth = (True, False)
    for voice in product(truth, truth, truth, Look, truth, truth):
        only_row(VOICES, voice)
    for said, known, read, rule, values, preferred in product(
        Said, truth, truth, OnConflict, Values, Preferred
    ):
        rest = (said, known, read, rule, values, preferred)
        only_row(_rows(decided=False), (False, *rest))
        if said is not Said.NOTHING:  # no decision stands where nothing was said
            only_row(_rows(decided=True), (True, *rest))


def _rows(decided: bool) -> list[Row]:
    """The table's rows with and without a standing decision."""
    return [row for row in FIELDS if row.when[0] is decided]


def test_names_do_not_matter() -> None:
    """I16: the same sides under other names, in another order, have the same outcome."""
    for trial in trials():
        other = decide(_renamed(trial.case))
        assert _plain(other) == _plain(trial.outcome, OTHER_NAMES), trial
        if trial.case.rule.on_conflict is not OnConflict.SET:  # a merged set has several authors
            assert _origin(other, _renamed(trial.case)) == _origin(trial.outcome, trial.case), trial


def _renamed(case: Case) -> Case:
    sides = [
        replace(side, name=OTHER_NAMES[side.name], collection=str(OTHER_COLLECTIONS[side.collection]))
        for side in reversed(case.sides)
    ]
    rule = replace(
        case.rule,
        prefer=OTHER_COLLECTIONS[case.rule.prefer],
        owner=OTHER_COLLECTIONS[case.rule.owner],
    )
    resolution = case.resolution and replace(
        case.resolution,
        sides={OTHER_NAMES[name]: value for name, value in case.resolution.sides.items()},
    )
    return Case(case.palette, case.canonical, tuple(sides), rule, resolution)


def _plain(outcome: Outcome, names: dict[str, str] | None = None) -> tuple[object, ...]:
    """An outcome without the choice among sides that said the same."""
    called = names or {}
    clash = outcome.conflict.proposals if outcome.conflict else {}
    return (
        outcome.value,
        {called.get(name, name): value for name, value in clash.items()},
        {called.get(name, name): value for name, value in outcome.superseded.items()},
        {called.get(name, name) for name in outcome.drift},
        outcome.resolved,
    )


def _origin(outcome: Outcome, case: Case) -> object:
    """What the side a value came from shows."""
    return next((side.seen for side in case.sides if side.name == outcome.origin), outcome.origin)


def test_a_settled_outcome_stays() -> None:
    """I12: written, read back and merged again, nothing changes and nobody is asked."""
    for trial in trials():
        if trial.outcome.conflict is None and trial.outcome.value is not ABSENT:
            again = decide(settle(trial.case, trial.outcome))
            assert replace(again, drift=()) == Outcome(trial.outcome.value), trial


def test_one_edit_among_untouched_sides_is_the_outcome() -> None:
    """merge(base, base, b) = b, for edits of whoever may set the field."""
    found = 0
    for trial in trials():
        edit = _only_edit(trial.case)
        if edit is not None:
            found += 1
            assert trial.outcome.value == edit.seen, trial
            assert trial.outcome.conflict is None, trial
    assert found >= EDIT_FLOOR


def _only_edit(case: Case) -> Side | None:
    """The one side that was edited since all agreed on what stands."""
    if case.canonical is ABSENT or any(isinstance(side.seen, Unreadable) for side in case.sides):
        return None
    if any({side.agreed, side.shown} != {side.standing} - {ABSENT} for side in case.sides):
        return None
    edited = [side for side in case.sides if side.seen != side.shown]
    if len(edited) != 1 or not edited[0].reads or case.rule.owner not in (None, edited[0].collection):
        return None
    return edited[0]


def test_no_value_is_invented() -> None:
    """The outcome is what stood, what a side shows or what a person decided; sets hold known elements."""
    for trial in trials():
        case, value = trial.case, trial.outcome.value
        known: list[object] = [case.canonical, *(side.seen for side in case.sides)]
        if case.resolution is not None:
            known.append(case.resolution.value)
        if case.canonical is ABSENT:
            known.append(None)  # a first look at blanks agrees on blank
        assert value in known or _of_elements(value, known), trial


def _of_elements(value: object, known: list[object]) -> bool:
    sets = [other for other in known if isinstance(other, frozenset)]
    if len(sets) == 0 or not _is_set(value):
        return False
    return _members(value) <= frozenset().union(*sets)


def test_unreadable_sides_take_no_part() -> None:
    """I9: the outcome is the one without them; but a tool that is one of two is not the only one for it."""
    for trial in trials():
        readable = tuple(s for s in trial.case.sides if not isinstance(s.seen, Unreadable))
        without = replace(trial.case, sides=readable)
        if 0 < len(readable) < len(trial.case.sides) and not _is_read_from_one_tool(without):
            assert decide(without) == trial.outcome, trial


def test_sides_that_are_not_read_take_no_part() -> None:
    """I15: a side okrsync only writes has no say."""
    for trial in trials():
        readers = tuple(side for side in trial.case.sides if side.reads)
        if 0 < len(readers) < len(trial.case.sides):
            assert decide(replace(trial.case, sides=readers)) == trial.outcome, trial


def test_no_proposal_disappears() -> None:
    """I1: every edit is the outcome, in the conflict, among the losers, drift, or was decided on."""
    for trial in trials():
        for side in trial.case.sides:
            assert not _proposes(side) or _accounted_for(trial, side), (trial, side.name)


def _proposes(side: Side) -> bool:
    """Whether a person put something here that the model does not hold."""
    if isinstance(side.seen, Unreadable) or not side.reads or side.seen == side.standing:
        return False
    return not is_blank(side.seen) if side.shown is ABSENT else side.seen != side.shown


def _accounted_for(trial: Trial, side: Side) -> bool:
    outcome = trial.outcome
    kept: list[Value] = [outcome.superseded[side.name]] if side.name in outcome.superseded else []
    if outcome.conflict is not None and side.name in outcome.conflict.proposals:
        kept.append(outcome.conflict.proposals[side.name])
    if outcome.resolved and trial.case.resolution is not None:
        kept.append(trial.case.resolution.sides.get(side.name))
    return side.seen in (outcome.value, *kept) or side.name in outcome.drift or _in_set(trial, side)


def _in_set(trial: Trial, side: Side) -> bool:
    """In a set an edit is what it added and removed; another side may have added what this one removed."""
    if trial.case.rule.on_conflict is not OnConflict.SET:
        return False
    if not all(_is_set(value) for value in (side.seen, trial.outcome.value)):
        return False
    before, now = _members(side.shown), _members(side.seen)
    added_elsewhere = frozenset().union(
        *(_members(other.seen) - _members(other.shown) for other in trial.case.sides if other.reads)
    )
    removed = (before - now) - added_elsewhere
    kept = _members(trial.outcome.value)
    return now - before <= kept and not removed & kept


def _is_set(value: object) -> bool:
    """A cleared list is a set of nothing."""
    return value is None or isinstance(value, frozenset)


def _members(value: object) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset()


def test_what_stands_is_never_displaced_unseen() -> None:
    """I1: a standing value that nobody edited knowingly is kept in the conflict or among the losers; but
    the only tool that sets a field and cannot be written is believed."""
    for trial in trials():
        case, outcome = trial.case, trial.outcome
        if case.rule.on_conflict is OnConflict.SET or outcome.origin in (None, "resolved"):
            continue
        author = next((side for side in case.sides if side.name == outcome.origin), None)
        newcomer = author is not None and author.shown is ABSENT
        if case.canonical is ABSENT or outcome.value == case.canonical:
            continue
        if (is_blank(_known(case)) and newcomer) or _is_read_from_one_tool(case):
            continue
        knowingly = any(_edited_knowingly(case, side) for side in case.sides)
        kept = OKRSYNC in outcome.superseded and outcome.superseded[OKRSYNC] == case.canonical
        assert knowingly or kept, trial


def _is_read_from_one_tool(case: Case) -> bool:
    sources = [side for side in case.sides if side.reads and case.rule.owner in (None, side.collection)]
    return [side.writes for side in sources] == [False]


def _edited_knowingly(case: Case, side: Side) -> bool:
    """Whether somebody who could see what stands put something else there."""
    may = side.reads and case.rule.owner in (None, side.collection)
    moved = side.shown is ABSENT or side.seen != side.shown
    saw = side.standing is ABSENT or side.agreed == side.standing
    return may and moved and side.seen != side.standing and saw


def _known(case: Case) -> Value:
    return None if case.canonical is ABSENT else case.canonical


def test_nothing_stands_when_nobody_ever_spoke() -> None:
    """Without sides there is neither a value nor an agreed blank."""
    for trial in trials()[:500]:
        assert merge(ABSENT, (), trial.case.rule) == Outcome(ABSENT)
