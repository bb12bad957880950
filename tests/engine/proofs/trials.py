"""Every case put to the merge once, with the table's answer: what the proofs look at.

Separate from the domain because cases with decisions of people need the table: a decision is taken on the
conflict a case is expected to raise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from okrsync.okr.values import Unreadable, Value, is_blank
from okrsync.sync_engine.merge import ABSENT, Agreed, Outcome, Resolution, Side, merge
from tests.engine.proofs.domain import ASK, TEXTS, Case, cases
from tests.engine.proofs.oracle import Expected, expect


@dataclass(frozen=True)
class Trial:
    """A case, what the table expects, what the merge decided."""

    case: Case
    expected: Expected
    outcome: Outcome


@cache
def trials() -> tuple[Trial, ...]:
    """The whole domain, decided. Made once per process."""
    plain = [Trial(case, expect(case), decide(case)) for case in cases()]
    later = [case for trial in plain for case in _decisions(trial)]
    return (*plain, *(Trial(case, expect(case), decide(case)) for case in later))


def decide(case: Case) -> Outcome:
    """What the merge says."""
    return merge(case.canonical, case.sides, case.rule, case.resolution)


def _decisions(trial: Trial) -> Iterator[Case]:
    """The same conflict after a person decided: on just these edits, on others, on only some of them."""
    conflict, case = trial.expected.conflict, trial.case
    if conflict is None or case.rule != ASK or len(case.sides) != 2:
        return
    name = min(conflict)
    other: dict[str, Value] = {**conflict, name: "an older edit"}
    some = {side: value for side, value in conflict.items() if side != name}
    for sides in (conflict, other, some):
        yield replace(case, resolution=Resolution(TEXTS.z, dict(sides)))


def settle(case: Case, outcome: Outcome) -> Case:
    """The same field after a run that went well: written, read back, agreed, lost edits noted."""
    if outcome.conflict is not None or outcome.value is ABSENT:
        return case
    value = outcome.value
    done = tuple(_settled(side, _shows(case, side, value)) for side in case.sides)
    return Case(case.palette, value, done, case.rule)


def _shows(case: Case, side: Side, value: Value) -> Agreed:
    """The value as this side's tool shows it: a tool that has another form for `x` has it for any run."""
    return side.standing if case.canonical == value else value


def _settled(side: Side, wanted: Agreed) -> Side:
    if isinstance(side.seen, Unreadable):
        return replace(side, standing=wanted)
    if wanted is not ABSENT and (side.writes or side.seen == wanted):
        return replace(side, seen=wanted, shown=wanted, agreed=wanted, standing=wanted)
    if side.shown == side.seen or (side.shown is ABSENT and is_blank(side.seen)):
        return replace(side, standing=wanted)
    return replace(side, shown=side.seen, agreed=ABSENT, standing=wanted)
