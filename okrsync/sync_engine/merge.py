"""Three-way merge of one field over any number of sides. Pure: values in, a decision out.

What arrives: the canonical value, what each side shows now and showed at the last agreement, and the
field's rule. What leaves: the value the model should hold, or a conflict; which sides' edits are drift.
What is written where follows in `plan`, from `needs_write`, once derived fields are known too.

The laws (proved in tests against a table written by other means): the order of sides does not matter
(I16); a value nobody proposed is never chosen; two different edits of people never silently lose one
(I1); what could not be read takes no part (I9); no clock is compared (I17).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias

from okrsync.mappings.rules import OnConflict, OnDrift, Rule
from okrsync.okr.values import Seen, Unreadable, Value, encode, is_blank, same


class Absent(Enum):
    """Nothing was ever agreed: not the same as an agreed blank (`None`)."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
Agreed: TypeAlias = Value | Absent

OKRSYNC: Final = "okrsync"
"""The name under which the standing canonical value takes part in a conflict."""
RESOLVED: Final = "resolved"
"""The origin of a value a person chose when resolving a conflict."""


@dataclass(frozen=True)
class Side:
    """One record's view of one field."""

    name: str
    """The link's id."""
    collection: str
    seen: Seen
    shown: Agreed = ABSENT
    """What this side showed at the last agreement."""
    agreed: Agreed = ABSENT
    """What was agreed then, as this side shows it (a side may round or cut). Absent while `shown` is not:
    its edit was seen and lost by rule or decision, and the winning value is still to be written."""
    standing: Agreed = ABSENT
    """The canonical value of now, as this side shows it."""
    reads: bool = True
    """Its edits may set the field."""
    writes: bool = True
    """okrsync may write the field here."""
    on_drift: OnDrift = OnDrift.REVERT
    locked: str | None = None


@dataclass(frozen=True)
class Resolution:
    """A person's decision on a conflict: the value, and what the sides showed when it was taken."""

    value: Value
    sides: Mapping[str, Value]


@dataclass(frozen=True)
class Clash:
    """Different edits and no rule to decide: every proposed value, by side."""

    proposals: Mapping[str, Value]


@dataclass(frozen=True)
class Outcome:
    """What the field should hold. `value` stays as it was while there is a conflict."""

    value: Agreed
    origin: str | None = None
    """The side whose edit made it, `None` when nothing changed."""
    conflict: Clash | None = None
    drift: tuple[str, ...] = ()
    """Sides that were edited although another owns the field."""
    resolved: bool = False
    superseded: Mapping[str, Value] = field(default_factory=dict)
    """Edits that lost by rule, kept for the audit."""
    waits: bool = False
    """A side of an open conflict cannot be confirmed now: the conflict and any decision stay as they are."""


def merge(
    canonical: Agreed, sides: Sequence[Side], rule: Rule, resolution: Resolution | None = None
) -> Outcome:
    """Decide what one field should hold."""
    ordered = sorted(sides, key=lambda side: side.name)
    readable = [side for side in ordered if side.reads and not isinstance(side.seen, Unreadable)]
    voters = [side for side in readable if rule.owner in (None, side.collection)]
    drift = tuple(side.name for side in readable if side not in voters and _edited(side))
    proposals = _proposals(ABSENT if _only_source(sides, rule) else canonical, voters)
    if resolution is not None and _still_stands(resolution, proposals):
        return Outcome(resolution.value, origin=RESOLVED, drift=drift, resolved=True)
    outcome = _decide(canonical, voters, proposals, rule)
    return Outcome(outcome.value, outcome.origin, outcome.conflict, drift, superseded=outcome.superseded)


def _value(side: Side) -> Value:
    assert not isinstance(side.seen, Unreadable)  # filtered by merge
    return side.seen


def _edited(side: Side) -> bool:
    """Whether this side shows something else than at the last agreement."""
    return side.shown is ABSENT or not same(_value(side), side.shown)


def _only_source(sides: Sequence[Side], rule: Rule) -> bool:
    """Whether one side alone sets the field and cannot be told otherwise: nothing stands against its word,
    or a decision for another value would never be seen there."""
    sources = [side for side in sides if side.reads and rule.owner in (None, side.collection)]
    return len(sources) == 1 and not sources[0].writes


def _proposals(canonical: Agreed, voters: Sequence[Side]) -> dict[str, Value]:
    """Who proposes what. Blank at first contact proposes nothing. The standing value speaks up when no
    proposer has ever seen it (its write is still to come, or the side is new)."""
    found: dict[str, Value] = {}
    unaware: list[Side] = []
    for side in voters:
        if not _edited(side):
            continue
        first = side.shown is ABSENT
        if first and is_blank(_value(side)):
            continue
        if side.standing is not ABSENT and same(_value(side), side.standing):
            continue
        found[side.name] = _value(side)
        if side.standing is not ABSENT and (side.agreed is ABSENT or not same(side.agreed, side.standing)):
            unaware.append(side)
    if canonical is not ABSENT and unaware and len(unaware) == len(found):
        blank = is_blank(canonical) and all(side.shown is ABSENT for side in unaware)
        found |= {} if blank else {OKRSYNC: canonical}
    return found


def _still_stands(resolution: Resolution, proposals: Mapping[str, Value]) -> bool:
    """A decision holds only for the edits it was taken on: any newer edit asks again."""
    now = {name: encode(value) for name, value in proposals.items() if name != OKRSYNC}
    then = {name: encode(value) for name, value in resolution.sides.items() if name != OKRSYNC}
    return bool(now) and now == then


def _decide(canonical: Agreed, voters: Sequence[Side], proposals: Mapping[str, Value], rule: Rule) -> Outcome:
    if not proposals:
        return Outcome(_unchanged(canonical, voters))
    if rule.on_conflict is OnConflict.SET and all(_is_set(value) for value in proposals.values()):
        return _merge_sets(canonical, voters, proposals)
    distinct = {encode(value) for value in proposals.values()}
    if len(distinct) == 1:
        name, value = next(iter(proposals.items()))
        return Outcome(value, origin=name)
    return _settle_clash(canonical, voters, proposals, rule)


def _unchanged(canonical: Agreed, voters: Sequence[Side]) -> Agreed:
    """Nothing proposed: the standing value, or an agreed blank once somebody was seen blank."""
    return None if canonical is ABSENT and voters else canonical


def _merge_sets(canonical: Agreed, voters: Sequence[Side], proposals: Mapping[str, Value]) -> Outcome:
    """Element by element: everything anybody added, less what somebody removed and nobody added. A set of
    nothing is blank, as the mappings have it."""
    result = _elements(canonical)
    added: set[str] = set()
    removed: set[str] = set()
    for side in voters:
        if side.name in proposals:
            now = _elements(_value(side))
            before = set() if side.shown is ABSENT else _elements(side.shown)
            added |= now - before
            removed |= before - now
    merged = frozenset((result - removed) | added)
    value = merged if len(merged) > 0 else None
    if canonical is not ABSENT and same(value, canonical):
        return Outcome(canonical)
    return Outcome(value, origin=min(proposals))


def _is_set(value: Value) -> bool:
    """Whether it can be merged by element: a cleared list is the empty set."""
    return value is None or isinstance(value, frozenset)


def _elements(value: Agreed) -> set[str]:
    return set(value) if isinstance(value, frozenset) else set()


def _settle_clash(
    canonical: Agreed, voters: Sequence[Side], proposals: Mapping[str, Value], rule: Rule
) -> Outcome:
    winner = _winner(voters, proposals, rule)
    if winner is None:
        return Outcome(canonical, conflict=Clash(dict(proposals)))
    value = proposals[winner]
    lost = {name: other for name, other in proposals.items() if not same(other, value)}
    return Outcome(value, origin=winner, superseded=lost)


def _winner(voters: Sequence[Side], proposals: Mapping[str, Value], rule: Rule) -> str | None:
    if rule.on_conflict is OnConflict.MAX:
        return _largest(proposals)
    if rule.on_conflict is OnConflict.PREFER:
        return _preferred(voters, proposals, rule.prefer)
    return None


def _largest(proposals: Mapping[str, Value]) -> str | None:
    """The largest number or the latest day; `None` where the proposals cannot be put in order."""
    numbers = {name: value for name, value in proposals.items() if isinstance(value, Decimal)}
    days = {name: value for name, value in proposals.items() if type(value) is date}
    if len(numbers) == len(proposals):
        return max(sorted(numbers), key=lambda name: numbers[name])
    if len(days) == len(proposals):
        return max(sorted(days), key=lambda name: days[name])
    return None


def _preferred(voters: Sequence[Side], proposals: Mapping[str, Value], prefer: str | None) -> str | None:
    """The preferred collection's edit; or the standing value while the preferred side is content with it."""
    own = [side for side in voters if side.collection == prefer]
    edits = [side.name for side in own if side.name in proposals]
    if edits:
        return edits[0] if len({encode(proposals[name]) for name in edits}) == 1 else None
    content = own and all(side.standing is not ABSENT and same(_value(side), side.standing) for side in own)
    return OKRSYNC if content and OKRSYNC in proposals else None


def needs_write(side: Side, wanted: Value) -> bool:
    """Whether this side has to be written so that it shows `wanted` (the merged value as it shows there).

    A side that never shows exactly what it was sent (rounding, cutting) is settled once it shows what it
    showed when `wanted` was agreed: that is what keeps a second run quiet (I12).
    """
    if not side.writes or isinstance(side.seen, Unreadable):
        return False
    if same(side.seen, wanted) or (side.shown is ABSENT and is_blank(wanted)):
        return False  # nothing is ever blanked at first contact
    unmoved = side.shown is not ABSENT and same(side.seen, side.shown)
    if unmoved:
        return side.agreed is ABSENT or not same(side.agreed, wanted)
    return True


def has_settled(side: Side, wanted: Value) -> bool:
    """Whether the side already shows `wanted` but its base does not say so yet."""
    if isinstance(side.seen, Unreadable) or not same(side.seen, wanted):
        return False
    return (
        side.shown is ABSENT
        or side.agreed is ABSENT
        or not same(side.shown, side.seen)
        or not same(side.agreed, wanted)
    )
