"""Carrying over: what a key result that was not reached would look like in the next cycle.

Proposals only, never silent (S100): each names its predecessor, starts at the last value and keeps the
target. People decide, and nothing here creates anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from okrsync.okr.measures import goal_of, span_of
from okrsync.okr.model import Entity
from okrsync.okr.numbers import cut
from okrsync.okr.reading import read_text

_PLACES = 6


@dataclass(frozen=True)
class CarryOver:
    """One proposed key result."""

    predecessor: str
    """The id of the key result it continues."""
    cycle: str
    title: str
    measure: str
    start: Decimal | None
    target: Decimal | None
    unit: str


def carry_over(
    krs: Iterable[Entity], values: Mapping[str, Decimal | None], cycle: str
) -> tuple[CarryOver, ...]:
    """A proposal for each key result, from its last value on. What was not measured keeps its start.

    A change in percent or in units becomes a level: the way that is left is no longer the change asked for.
    """
    return tuple(_proposal(kr, values.get(kr.id), cycle) for kr in krs)


def _proposal(kr: Entity, value: Decimal | None, cycle: str) -> CarryOver:
    goal = goal_of(kr)
    span = span_of(goal)
    stepped = goal.stepless and not goal.held
    changed = goal.measure in ("relative", "delta") and span is not None
    return CarryOver(
        predecessor=kr.id,
        cycle=cycle,
        title=read_text(kr, "title") or "",
        measure="level" if changed else goal.measure,
        start=value if stepped and value is not None else goal.start,
        target=cut(span.target, _PLACES) if changed and span is not None else goal.target,
        unit="" if goal.measure == "relative" else read_text(kr, "unit") or "",
    )
