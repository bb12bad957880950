"""What the merge must answer, as two tables of conditions and expectations.

Written from the engine's guarantees (I1, I8, I9, I17) and its conflict rules, not from its code: the first
table says whether one side has a say, the second what a field then holds. Rows do not overlap and leave
nothing out; `only_row` fails if they ever do, so that the order of rows carries no meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from okrsync.mappings.rules import OnConflict
from okrsync.okr.values import Unreadable, Value
from okrsync.sync_engine.merge import ABSENT, OKRSYNC, Agreed, Side
from tests.engine.proofs.domain import Case

ANY = object()
BLANKS: tuple[object, ...] = (None, frozenset())


class Look(Enum):
    """What a look tells of a side, measured against its own last agreement."""

    BLANK_AT_FIRST = "never agreed on anything, and shows nothing"
    FILLED_AT_FIRST = "never agreed on anything, and shows something"
    MOVED = "shows something else than at the last agreement"
    STILL = "shows what it showed"


class Voice(Enum):
    """What a side contributes."""

    SILENT = "takes no part"
    DRIFTS = "was edited where another owns the field"
    SPEAKS = "proposes its value"
    SPEAKS_UNAWARE = "proposes its value, without having seen the one that stands"


@dataclass(frozen=True)
class Row:
    """One line of a table: a condition per column (`ANY`, a value, or a tuple of values), then the answer."""

    name: str
    when: tuple[object, ...]
    then: Any

    def fits(self, facts: tuple[object, ...]) -> bool:
        """Whether every column's condition holds."""
        return all(
            want is ANY or have == want or (isinstance(want, tuple) and have in want)
            for want, have in zip(self.when, facts, strict=True)
        )


def only_row(table: Sequence[Row], facts: tuple[object, ...]) -> Row:
    """The one row that fits; a gap or an overlap is a mistake in the table."""
    fitting = [row for row in table if row.fits(facts)]
    assert len(fitting) == 1, (facts, [row.name for row in fitting])
    return fitting[0]


EDITS = (Look.FILLED_AT_FIRST, Look.MOVED)
FIRST = (Look.BLANK_AT_FIRST, Look.FILLED_AT_FIRST)

VOICES = (
    # reads, readable, may set, look, shows what stands, saw what stands
    Row("not read here", (False, ANY, ANY, ANY, ANY, ANY), Voice.SILENT),
    Row("unreadable (I9)", (True, False, ANY, ANY, ANY, ANY), Voice.SILENT),
    Row("untouched", (True, True, ANY, Look.STILL, ANY, ANY), Voice.SILENT),
    Row("edited, owned elsewhere (I8)", (True, True, False, (*FIRST, Look.MOVED), ANY, ANY), Voice.DRIFTS),
    Row("blank when first met", (True, True, True, Look.BLANK_AT_FIRST, ANY, ANY), Voice.SILENT),
    Row("edited to what stands", (True, True, True, EDITS, True, ANY), Voice.SILENT),
    Row("edited", (True, True, True, EDITS, False, True), Voice.SPEAKS),
    Row("edited unawares", (True, True, True, EDITS, False, False), Voice.SPEAKS_UNAWARE),
)


class Said(Enum):
    """How many different values were proposed."""

    NOTHING = 0
    ONE = 1
    SEVERAL = 2


class Preferred(Enum):
    """What the preferred collection has to say in a clash."""

    AGREES_WITH_ITSELF = "proposes one value"
    CONTRADICTS_ITSELF = "its records propose different ones"
    CONTENT = "shows what stands, and what stands is one of the values"
    AWAY = "has no opinion"


class Values(Enum):
    """What the proposed values are made of. A cleared list is a set of nothing."""

    SETS = "sets"
    NUMBERS = "numbers"
    OTHER = "other"


@dataclass(frozen=True)
class Expected:
    """The answer. `conflict` and `superseded` are values by side; origin is any side that proposed it."""

    row: str
    value: Agreed
    changed: bool = False
    conflict: Mapping[str, Value] | None = None
    superseded: Mapping[str, Value] = field(default_factory=dict)
    drift: frozenset[str] = frozenset()
    resolved: bool = False


@dataclass(frozen=True)
class Hearing:
    """Everything said about one field."""

    case: Case
    voices: Mapping[str, Voice]
    proposals: Mapping[str, Value]


Judge = Callable[[Hearing], dict[str, Any]]


def _as_it_stands(h: Hearing) -> dict[str, Any]:
    return {"value": h.case.canonical}


def _agreed_blank(_h: Hearing) -> dict[str, Any]:
    return {"value": None}


def _decided(h: Hearing) -> dict[str, Any]:
    assert h.case.resolution is not None
    return {"value": h.case.resolution.value, "changed": True, "resolved": True}


def _that_value(h: Hearing) -> dict[str, Any]:
    return {"value": next(iter(h.proposals.values())), "changed": True}


def _ask(h: Hearing) -> dict[str, Any]:
    return {"value": h.case.canonical, "conflict": dict(h.proposals)}


def _take(h: Hearing, value: Value) -> dict[str, Any]:
    lost = {name: other for name, other in h.proposals.items() if other != value}
    return {"value": value, "changed": True, "superseded": lost}


def _take_preferred(h: Hearing) -> dict[str, Any]:
    own = {side.name for side in h.case.sides if side.collection == h.case.rule.prefer}
    return _take(h, next(value for name, value in h.proposals.items() if name in own))


def _take_standing(h: Hearing) -> dict[str, Any]:
    return _take(h, h.proposals[OKRSYNC])


def _take_largest(h: Hearing) -> dict[str, Any]:
    return _take(h, max(value for value in h.proposals.values() if isinstance(value, Decimal)))


def _by_element(h: Hearing) -> dict[str, Any]:
    """An element is in when somebody added it, or when it stands and nobody removed it."""
    stands = _members(h.case.canonical)
    speakers = [side for side in h.case.sides if side.name in h.proposals]
    every = stands.union(*(_members(side.seen) | _members(side.shown) for side in speakers))
    kept = set()
    for element in every:
        before_after = [
            (element in _members(side.shown), element in _members(side.seen)) for side in speakers
        ]
        if (False, True) in before_after or (element in stands and (True, False) not in before_after):
            kept.add(element)
    value = frozenset(kept) if kept else None
    return {"value": value, "changed": value != h.case.canonical}


def _members(value: object) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset()


SET, MAX, PREFER, ASK = OnConflict.SET, OnConflict.MAX, OnConflict.PREFER, OnConflict.ASK
NOT_SETS = (Values.NUMBERS, Values.OTHER)

FIELDS = (
    # decision stands, said, model there, somebody was read, rule, values, preferred
    Row("nothing known", (False, Said.NOTHING, False, False, ANY, ANY, ANY), _as_it_stands),
    Row("blank everywhere", (False, Said.NOTHING, False, True, ANY, ANY, ANY), _agreed_blank),
    Row("nothing new", (False, Said.NOTHING, True, ANY, ANY, ANY, ANY), _as_it_stands),
    Row("a person decided", (True, ANY, ANY, ANY, ANY, ANY, ANY), _decided),
    Row("one value", (False, Said.ONE, ANY, ANY, (ASK, PREFER, MAX), ANY, ANY), _that_value),
    Row("one value, not a set", (False, Said.ONE, ANY, ANY, SET, NOT_SETS, ANY), _that_value),
    Row("sets", (False, (Said.ONE, Said.SEVERAL), ANY, ANY, SET, Values.SETS, ANY), _by_element),
    Row("sets and others", (False, Said.SEVERAL, ANY, ANY, SET, NOT_SETS, ANY), _ask),
    Row("clash, ask", (False, Said.SEVERAL, ANY, ANY, ASK, ANY, ANY), _ask),
    Row("clash, largest", (False, Said.SEVERAL, ANY, ANY, MAX, Values.NUMBERS, ANY), _take_largest),
    Row("clash, no order", (False, Said.SEVERAL, ANY, ANY, MAX, (Values.SETS, Values.OTHER), ANY), _ask),
    Row(
        "clash, preferred speaks",
        (False, Said.SEVERAL, ANY, ANY, PREFER, ANY, Preferred.AGREES_WITH_ITSELF),
        _take_preferred,
    ),
    Row(
        "clash, preferred is content",
        (False, Said.SEVERAL, ANY, ANY, PREFER, ANY, Preferred.CONTENT),
        _take_standing,
    ),
    Row(
        "clash, preferred is no help",
        (False, Said.SEVERAL, ANY, ANY, PREFER, ANY, (Preferred.CONTRADICTS_ITSELF, Preferred.AWAY)),
        _ask,
    ),
)


def expect(case: Case) -> Expected:
    """The right answer to one case."""
    voices: dict[str, Voice] = {side.name: _voice(_side_facts(case, side)).then for side in case.sides}
    hearing = Hearing(case, voices, _proposals(case, voices))
    row = _verdict(_field_facts(hearing))
    drift = frozenset(name for name, voice in voices.items() if voice is Voice.DRIFTS)
    return Expected(row.name, drift=drift, **row.then(hearing))


@cache
def _voice(facts: tuple[object, ...]) -> Row:
    return only_row(VOICES, facts)


@cache
def _verdict(facts: tuple[object, ...]) -> Row:
    return only_row(FIELDS, facts)


def _side_facts(case: Case, side: Side) -> tuple[object, ...]:
    return (
        side.reads,
        not isinstance(side.seen, Unreadable),
        case.rule.owner is None or case.rule.owner == side.collection,
        _look(side),
        side.seen == side.standing,
        side.standing is ABSENT or side.agreed == side.standing,
    )


def _look(side: Side) -> Look:
    if side.shown is ABSENT:
        return Look.BLANK_AT_FIRST if side.seen in BLANKS else Look.FILLED_AT_FIRST
    return Look.STILL if side.seen == side.shown else Look.MOVED


def _proposals(case: Case, voices: Mapping[str, Voice]) -> dict[str, Value]:
    """What was proposed, by side; what stands is defended unless somebody edited it knowingly. A blank that
    stands is worth defending against those who once agreed on something, not against newcomers; and nothing
    is, where the only tool that may set the field cannot be written."""
    speaking = (Voice.SPEAKS, Voice.SPEAKS_UNAWARE)
    found: dict[str, Value] = {}
    for side in case.sides:
        if voices[side.name] in speaking:
            assert not isinstance(side.seen, Unreadable)  # an unreadable side is silent
            found[side.name] = side.seen
    unaware = [side for side in case.sides if voices[side.name] is Voice.SPEAKS_UNAWARE]
    defended = bool(unaware) and Voice.SPEAKS not in voices.values()
    worth = case.canonical not in BLANKS or any(side.shown is not ABSENT for side in unaware)
    writable = {
        side.writes for side in case.sides if side.reads and case.rule.owner in (None, side.collection)
    }
    several = sum(side.reads and case.rule.owner in (None, side.collection) for side in case.sides) > 1
    if defended and worth and case.canonical is not ABSENT and (several or writable != {False}):
        found[OKRSYNC] = case.canonical
    return found


def _field_facts(h: Hearing) -> tuple[object, ...]:
    distinct = len(set(h.proposals.values()))
    return (
        _decision_stands(h),
        Said(min(distinct, 2)),
        h.case.canonical is not ABSENT,
        any(_may_speak(h.case, side) for side in h.case.sides),
        h.case.rule.on_conflict,
        _values(h.proposals),
        _preferred(h),
    )


def _decision_stands(h: Hearing) -> bool:
    """A decision holds for exactly the edits it was taken on."""
    edits = {name: value for name, value in h.proposals.items() if name != OKRSYNC}
    if h.case.resolution is None or not edits:
        return False
    return edits == {name: value for name, value in h.case.resolution.sides.items() if name != OKRSYNC}


def _may_speak(case: Case, side: Side) -> bool:
    owned = case.rule.owner is None or case.rule.owner == side.collection
    return side.reads and owned and not isinstance(side.seen, Unreadable)


def _values(proposals: Mapping[str, Value]) -> Values:
    if all(value is None or isinstance(value, frozenset) for value in proposals.values()):
        return Values.SETS
    return Values.NUMBERS if {type(value) for value in proposals.values()} == {Decimal} else Values.OTHER


def _preferred(h: Hearing) -> Preferred:
    own = [side for side in h.case.sides if side.collection == h.case.rule.prefer]
    said = {h.proposals[side.name] for side in own if side.name in h.proposals}
    if said:
        return Preferred.AGREES_WITH_ITSELF if len(said) == 1 else Preferred.CONTRADICTS_ITSELF
    own = [side for side in own if _may_speak(h.case, side)]
    content = bool(own) and all(side.standing is not ABSENT and side.seen == side.standing for side in own)
    return Preferred.CONTENT if content and OKRSYNC in h.proposals else Preferred.AWAY
