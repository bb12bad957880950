"""Work against outcome: did the initiatives move what they were meant to move (S72)?

What was computed arrives; for each key result with work, how much of it is done beside how far the result
came. Both are shown and never mixed (S2): all work done and nothing moved means another hypothesis.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from okrsync.okr.compute import Computed
from okrsync.okr.links import Ids, links_of
from okrsync.okr.model import Entity, Kind
from okrsync.okr.numbers import cut, usable

_APART: Final = Decimal("0.4")
"""Work and outcome this far apart are worth a conversation."""


@dataclass(frozen=True)
class WorkAndOutcome:
    """One key result with the work done for it. Shares and scores are 0 to 1."""

    key_result: str
    initiatives: Ids
    work: Decimal | None
    """The mean share of the initiatives' work that is done; None where no tool says."""
    score: Decimal | None
    verdict: str
    """work without outcome, outcome without work, in step, or not known."""


def work_and_outcome(entities: Mapping[str, Entity], computed: Computed) -> tuple[WorkAndOutcome, ...]:
    """Every key result that initiatives are meant to move, in order of their keys."""
    links = links_of(entities)
    krs = links.of_kind(Kind.KEY_RESULT)
    return tuple(
        _compared(kr.id, links.initiatives[kr.id], computed) for kr in krs if kr.id in links.initiatives
    )


def _compared(kr: str, initiatives: Ids, computed: Computed) -> WorkAndOutcome:
    shares = [usable(computed.derived[each]["progress"]) for each in initiatives]
    known = [Fraction(share) for share in shares if share is not None]
    work = cut(sum(known, Fraction(0)) / len(known)) if known else None
    score = usable(computed.derived[kr]["score"])
    return WorkAndOutcome(kr, initiatives, work, score, _verdict(work, score))


def _verdict(work: Decimal | None, score: Decimal | None) -> str:
    if work is None or score is None:
        return "not known"
    if work - score >= _APART:
        return "work without outcome"
    return "outcome without work" if score - work >= _APART else "in step"
