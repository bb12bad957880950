"""What a closed cycle came to, and how it stands in for whatever its values became since (S20, S55).

The scores a closing froze and a fresh outcome arrive; for a goal of a closed cycle the frozen outcome leaves,
with what today's values would give beside it. Tools, parents and explanations see the frozen one: an edit
after the grace changes no final score. Separate because closing computes, and computing knows closings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from okrsync.okr.cycles import Cycle, find
from okrsync.okr.explain import Explanation
from okrsync.okr.links import Links
from okrsync.okr.method import Method
from okrsync.okr.model import Entity, Kind
from okrsync.okr.numbers import show
from okrsync.okr.outcome import Outcome
from okrsync.okr.reading import read_refs, read_text
from okrsync.okr.values import Value, decode, encode

_ASK_BELOW: Final = Decimal("0.4")


@dataclass(frozen=True)
class FrozenScore:
    """One objective's or key result's final word. Scores are 0 to 1, cut to four decimals."""

    entity: str
    kind: Kind
    name: str
    whose: str
    """The team, or else the owner; empty where nobody says."""
    score: Decimal | None
    raw: Decimal | None
    """Unclamped, of a key result (S59)."""
    value: Decimal | None
    confidence: Decimal | None
    """The last one entered; it never entered the score (S62)."""
    achieved: bool | None
    """Whether the success line was reached; None without a score."""
    against_original: Decimal | None
    """The score against the target it began with, where that changed."""
    explanation: str
    reason: str = ""
    """Why it came out so, in people's words."""
    shown: Mapping[str, str] = field(default_factory=dict)
    """Every derived field as it was on the last day that counts, encoded; what tools go on to show."""

    band: str = ""
    """`red`, `amber` or `green`; empty without a score."""

    @property
    def asks_reason(self) -> bool:
        """Whether a reason is still asked for: a score below 0.4 (S60)."""
        low = self.kind is Kind.KEY_RESULT and self.score is not None and self.score < _ASK_BELOW
        return low and not self.reason.strip()

    @property
    def status(self) -> str:
        """Its final status."""
        if self.achieved is None:
            return "unscored"
        return "achieved" if self.achieved else "missed"


@dataclass(frozen=True)
class Frozen:
    """A frozen score with the closing it comes from."""

    cycle: Cycle
    on: date
    values_until: date
    """The last day whose values counted."""
    score: FrozenScore

    def rule(self) -> str:
        """Where the number comes from, for people."""
        return f"final: {self.cycle.name} was closed on {self.on}; values until {self.values_until} counted"


def encoded(derived: Mapping[str, Value]) -> dict[str, str]:
    """Derived fields as texts that keep what they are."""
    return {name: encode(value) for name, value in sorted(derived.items())}


def standing(frozen: Iterable[Frozen], links: Links, today: date, method: Method) -> dict[str, Frozen]:
    """The frozen scores that hold today, by entity id.

    A goal that was moved to another cycle is judged anew there; its former score stays in the closing.
    """
    return {
        each.score.entity: each for each in frozen if each.on <= today and _in(each, links.entities, method)
    }


def _in(frozen: Frozen, entities: Mapping[str, Entity], method: Method) -> bool:
    own = entities.get(frozen.score.entity)
    if own is None:
        return False
    above = [entities[each] for each in read_refs(own, "objective") if each in entities]
    named = [own] if read_text(own, "cycle") else above
    found = (find(read_text(each, "cycle"), method.calendar) for each in named)
    dates = (frozen.cycle.start, frozen.cycle.end)
    return any(cycle is not None and (cycle.start, cycle.end) == dates for cycle in found)


def final(outcome: Outcome, frozen: Frozen | None) -> Outcome:
    """The outcome with the frozen numbers in place of today's; the outcome itself where nothing is frozen."""
    if frozen is None:
        return outcome
    score = frozen.score
    exact = None if score.score is None else Fraction(score.score)
    return replace(
        outcome,
        derived=_derived(outcome, frozen),
        explanation=_explained(outcome.explanation, frozen),
        value=score.value,
        score=exact,
        why=None if exact is not None else outcome.why,
        compared=exact,
        forecast=None,
    )


def _derived(outcome: Outcome, frozen: Frozen) -> dict[str, Value]:
    score = frozen.score
    then = {name: decode(text) for name, text in score.shown.items() if name in outcome.derived}
    numbers: dict[str, Value] = {"score": score.score, "progress": score.score}
    if score.kind is Kind.KEY_RESULT:
        numbers |= {"raw": score.raw, "value": score.value}
    line = f"{score.explanation} (final: {frozen.cycle.name} was closed on {frozen.on})"
    words: dict[str, Value] = {"status": score.status, "explanation": line, "forecast": None}
    return {**outcome.derived, **then, **numbers, **words}


def _explained(now: Explanation, frozen: Frozen) -> Explanation:
    """The explanation of the frozen number; the inputs stay, since people look for their cells."""
    score = frozen.score
    result = "not scored" if score.score is None else show(score.score)
    moved = f"today's values would give {now.result}" if now.result != result else ""
    reason = f"reason: {score.reason}" if score.reason else ""
    return replace(
        now,
        result=result,
        rule=frozen.rule(),
        formula="",
        numbers=score.explanation,
        pace=f"{score.status}; final band: {score.band}" if score.band else score.status,
        forecast=None,
        notes=tuple(note for note in (*now.notes, moved, reason) if note),
    )
