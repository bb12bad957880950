"""Closing a cycle: frozen scores, what to learn from them, and what to carry over.

A workspace and a finished cycle arrive; one value leaves that holds everything a retrospective needs
(S20, S55, S99). It is for learning, not for judging (S60): a low score asks for a reason, and a team that
always reaches everything is told that its goals may be too easy (S58).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from okrsync.okr.bands import band
from okrsync.okr.carry import CarryOver, carry_over
from okrsync.okr.compute import Computed, compute
from okrsync.okr.cycles import Cycle, find
from okrsync.okr.frozen import Frozen, FrozenScore, encoded
from okrsync.okr.lifecycle import CycleState, following, refuse_running
from okrsync.okr.links import Links, links_of
from okrsync.okr.measures import goal_of
from okrsync.okr.method import Method
from okrsync.okr.model import Entity, Kind
from okrsync.okr.moments import as_of
from okrsync.okr.numbers import cut, usable
from okrsync.okr.pace import window_of
from okrsync.okr.reading import Reading, name_of, read_refs, read_text
from okrsync.okr.series import Series
from okrsync.okr.targets import TargetChange, ledger

_LOCKED: Final = ("current", "target", "stage")
"""Fields that count as they were seen on the last day that counts."""
_TOO_EASY: Final = Decimal("0.95")


@dataclass(frozen=True)
class Closing:
    """A closed cycle."""

    cycle: Cycle
    on: date
    values_until: date
    """The last day whose values count."""
    scores: tuple[FrozenScore, ...]
    changes: tuple[tuple[str, TargetChange], ...]
    """Changes of targets by key result id."""
    too_easy: tuple[str, ...]
    """Teams with a mean of at least 0.95 in this cycle and the one before."""
    carry_over: tuple[CarryOver, ...]
    learnings: Mapping[str, str]
    """People's words by objective id."""

    def frozen(self) -> tuple[Frozen, ...]:
        """Its scores, each with the closing it comes from."""
        return tuple(Frozen(self.cycle, self.on, self.values_until, each) for each in self.scores)

    @property
    def objectives(self) -> tuple[FrozenScore, ...]:
        """The objectives' scores."""
        return tuple(each for each in self.scores if each.kind is Kind.OBJECTIVE)

    @property
    def key_results(self) -> tuple[FrozenScore, ...]:
        """The key results' scores."""
        return tuple(each for each in self.scores if each.kind is Kind.KEY_RESULT)

    @property
    def reasons_asked(self) -> tuple[FrozenScore, ...]:
        """The key results whose low score nobody has explained yet."""
        return tuple(each for each in self.scores if each.asks_reason)

    def biggest_gaps(self, count: int = 5) -> tuple[FrozenScore, ...]:
        """The key results that stayed furthest from their targets, the furthest first."""
        missed = [each for each in self.key_results if each.score is not None and each.score < 1]
        return tuple(sorted(missed, key=lambda each: (each.score, each.name))[:count])

    def means(self) -> dict[str, Decimal]:
        """The mean score of each team's objectives."""
        by_team: dict[str, list[Decimal]] = {}
        for each in self.objectives:
            if each.whose and each.score is not None:
                by_team.setdefault(each.whose, []).append(each.score)
        return {team: _mean(scores) for team, scores in sorted(by_team.items())}


def _mean(scores: Sequence[Decimal]) -> Decimal:
    return cut(sum((Fraction(score) for score in scores), Fraction(0)) / len(scores))


def close(
    entities: Mapping[str, Entity],
    cycle: Cycle,
    today: date,
    method: Method,
    series: Series | None = None,
    reasons: Mapping[str, str] | None = None,
    earlier: Sequence[Closing] = (),
) -> Closing:
    """The cycle, closed today. `reasons` are people's words by entity id: reasons and learnings.

    Values that came after the grace do not count where observations tell when they came. Raises
    ValueError while the cycle still runs.
    """
    refuse_running(cycle, today)
    until = min(today, CycleState(cycle).locked_from(method.calendar) - timedelta(days=1))
    known, words = series or {}, reasons or {}
    past = as_of(entities, known, until, _LOCKED) if until < today else entities
    closed = [each for one in earlier for each in one.frozen() if one.cycle != cycle]
    desk = _Desk(links_of(past), compute(past, until, method, known, closed), until, method, known, words)
    scores = tuple(_frozen(each, desk) for each in _of_cycle(desk, cycle))
    ids = {each.entity for each in scores}
    closing = Closing(cycle, today, until, scores, _changes(desk, scores), (), (), {})
    missed = [past[each.entity] for each in closing.key_results if each.achieved is not True]
    values = {each.entity: each.value for each in scores}
    return replace(
        closing,
        too_easy=_too_easy(closing, earlier),
        carry_over=carry_over(missed, values, following(cycle, method.calendar).name),
        learnings={each: text for each, text in words.items() if each in ids},
    )


def with_words(closing: Closing, words: Mapping[str, str]) -> Closing:
    """The closing with people's later words, by entity id; its scores stay as they were frozen (S60, S99).

    Raises ValueError for an entity that is not among its scores.
    """
    unknown = sorted(words.keys() - {each.entity for each in closing.scores})
    if unknown:
        raise ValueError(f"{', '.join(unknown)} took no part in {closing.cycle.name}")
    scores = tuple(replace(each, reason=words.get(each.entity, each.reason)) for each in closing.scores)
    return replace(closing, scores=scores, learnings={**closing.learnings, **words})


@dataclass(frozen=True)
class _Desk:
    """What closing looks at."""

    links: Links
    computed: Computed
    until: date
    method: Method
    series: Series
    words: Mapping[str, str]

    def above(self, kr: Entity) -> tuple[Entity, ...]:
        known = self.links.entities
        return tuple(known[each] for each in read_refs(kr, "objective") if each in known)


def _of_cycle(desk: _Desk, cycle: Cycle) -> list[Entity]:
    """The cycle's objectives, each followed by its key results; cancelled ones are not among them."""
    found: dict[str, Entity] = {}
    for objective in desk.links.of_kind(Kind.OBJECTIVE):
        if objective.get("state") != "cancelled" and _in(objective, cycle, desk.method):
            found[objective.id] = objective
            below = desk.links.get(desk.links.key_results.get(objective.id, ()))
            found |= {kr.id: kr for kr in below if kr.get("cycle") is None or _in(kr, cycle, desk.method)}
    return list(found.values())


def _in(entity: Entity, cycle: Cycle, method: Method) -> bool:
    own = find(read_text(entity, "cycle"), method.calendar)
    return own is not None and (own.start, own.end) == (cycle.start, cycle.end)


def _frozen(entity: Entity, desk: _Desk) -> FrozenScore:
    derived = desk.computed.derived[entity.id]
    line = (entity, *desk.above(entity))
    score = usable(derived["score"])
    ambition = next((each for each in (read_text(one, "ambition") for one in line) if each), None)
    return FrozenScore(
        entity.id,
        entity.kind,
        name_of(entity),
        _whose(line),
        score,
        usable(derived.get("raw")),
        usable(derived.get("value")),
        usable(entity.get("confidence")),
        None if score is None else score >= desk.method.line(ambition),
        _against_original(entity, desk),
        str(derived["explanation"]),
        desk.words.get(entity.id, ""),
        encoded(derived),
        # The stored score is cut to four decimals, which never takes it across a line of one decimal.
        band(score, desk.method.bands),
    )


def _whose(line: Sequence[Entity]) -> str:
    teams = (read_text(each, "team") for each in line)
    owners = (read_text(each, "owner") for each in line)
    return next((each for each in (*teams, *owners) if each), "")


def _against_original(kr: Entity, desk: _Desk) -> Decimal | None:
    begins = window_of(kr, desk.above(kr)[:1], desk.method).start
    book = ledger(desk.series, kr.id, begins, desk.until)
    value = usable(desk.computed.derived[kr.id].get("value"))
    old = None if value is None else book.against_original(goal_of(kr), Reading(value))
    return None if old is None or old.score is None else cut(old.score)


def _changes(desk: _Desk, scores: Sequence[FrozenScore]) -> tuple[tuple[str, TargetChange], ...]:
    found = []
    for each in scores:
        kr = desk.links.entities[each.entity]
        begins = window_of(kr, desk.above(kr)[:1], desk.method).start
        found += [(kr.id, change) for change in ledger(desk.series, kr.id, begins, desk.until).changes]
    return tuple(found)


def _too_easy(closing: Closing, earlier: Sequence[Closing]) -> tuple[str, ...]:
    """Teams at 0.95 or more in this cycle and in the one that ended the day before it began (S58)."""
    before = [each for each in earlier if each.cycle.end + timedelta(days=1) == closing.cycle.start]
    easy = [{team for team, mean in each.means().items() if mean >= _TOO_EASY} for each in (closing, *before)]
    return tuple(sorted(easy[0].intersection(*easy[1:]))) if before else ()
