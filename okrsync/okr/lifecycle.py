"""The life of a cycle: draft, published, active, review, closed (S19), and what may be done when.

A cycle with the days on which people published and closed it arrives, and today; its stage leaves.
Nothing is stored here: two cycles may be open at once, one running while the next is drafted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from okrsync.okr.cycles import Calendar, Cycle, running


class Stage(StrEnum):
    """Where a cycle is in its life."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ACTIVE = "active"
    REVIEW = "review"
    CLOSED = "closed"


@dataclass(frozen=True)
class CycleState:
    """A cycle and what people decided about it."""

    cycle: Cycle
    published: date | None = None
    closed: date | None = None

    def stage(self, today: date) -> Stage:
        """Its stage. It is active from its first day on, published or not: work does not wait."""
        if self.closed is not None and self.closed <= today:
            return Stage.CLOSED
        if today > self.cycle.end:
            return Stage.REVIEW
        if today >= self.cycle.start:
            return Stage.ACTIVE
        return Stage.DRAFT if self.published is None or self.published > today else Stage.PUBLISHED

    def locked_from(self, calendar: Calendar) -> date:
        """The first day whose values no longer count: after the grace, or when it was closed (S18)."""
        after_grace = self.cycle.end + timedelta(days=calendar.grace_days + 1)
        return after_grace if self.closed is None else min(self.closed, after_grace)

    def takes_values(self, today: date, calendar: Calendar) -> bool:
        """Whether a value seen today still counts for it."""
        return self.cycle.start <= today < self.locked_from(calendar)

    def fixed(self, today: date) -> bool:
        """Whether a changed target is a change to be told, rather than drafting (S21, S108)."""
        agreed = self.published is not None and self.published <= today
        return agreed or today >= self.cycle.start


def publish(state: CycleState, on: date) -> CycleState:
    """The cycle, published on a day. Raises ValueError where it is closed or published already."""
    if state.closed is not None or state.published is not None:
        word = "closed" if state.closed is not None else "published"
        raise ValueError(f"{state.cycle.name} is {word} already")
    return replace(state, published=on)


def close_state(state: CycleState, on: date) -> CycleState:
    """The cycle, closed on a day. Raises ValueError where it still runs or is closed already."""
    if state.closed is not None:
        raise ValueError(f"{state.cycle.name} was closed on {state.closed}")
    refuse_running(state.cycle, on)
    return replace(state, closed=on)


def reopen_state(state: CycleState) -> CycleState:
    """The cycle, not closed any more. Raises ValueError where it is not closed."""
    if state.closed is None:
        raise ValueError(f"{state.cycle.name} is not closed")
    return replace(state, closed=None)


def refuse_running(cycle: Cycle, today: date) -> None:
    """Raises ValueError while a cycle still runs: its scores are not final."""
    if today <= cycle.end:
        raise ValueError(f"{cycle.name} runs until {cycle.end}: close it from the day after")


def open_cycles(states: Iterable[CycleState], today: date) -> tuple[CycleState, ...]:
    """The cycles that are not closed, in order of their first days."""
    found = (state for state in states if state.stage(today) is not Stage.CLOSED)
    return tuple(sorted(found, key=lambda state: (state.cycle.start, state.cycle.end, state.cycle.name)))


def rivals(states: Iterable[CycleState], today: date) -> tuple[tuple[str, str], ...]:
    """Names of active cycles that overlap without one lying inside the other, two by two.

    A quarter inside its year is as it should be; two quarters at once are a mistake in the settings.
    """
    active = [state.cycle for state in open_cycles(states, today) if state.stage(today) is Stage.ACTIVE]
    pairs = [(one, other) for n, one in enumerate(active) for other in active[n + 1 :]]
    return tuple((one.name, other.name) for one, other in pairs if not _nested(one, other))


def _nested(one: Cycle, other: Cycle) -> bool:
    inside = one.start >= other.start and one.end <= other.end
    around = one.start <= other.start and one.end >= other.end
    return (inside or around) and (one.start, one.end) != (other.start, other.end)


def following(cycle: Cycle, calendar: Calendar) -> Cycle:
    """The tactical cycle that begins the day after one ends, or the one running then."""
    return running(cycle.end + timedelta(days=1), calendar)
