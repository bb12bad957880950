"""The page per team for a short meeting: what changed, what is at risk, stale or blocked, what was reached.

A workspace, its past and a day to look back to arrive; for each team lists of entities with what to say about
them leave (S70). Private goals are left out (S104). Neutral: entities in reading order, no order of people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final

from okrsync.okr.bands import band
from okrsync.okr.checked import told
from okrsync.okr.compute import Computed, compute
from okrsync.okr.frozen import Frozen
from okrsync.okr.links import Links, links_of, reading_order
from okrsync.okr.method import Method
from okrsync.okr.model import Entity, Kind
from okrsync.okr.moments import Change, changed_since
from okrsync.okr.numbers import usable
from okrsync.okr.pace import window_of
from okrsync.okr.privacy import public
from okrsync.okr.reading import read_refs, read_text
from okrsync.okr.series import Series, points

_AT_RISK: Final = ("at_risk", "off_track")
_TOLD: Final = frozenset({"value", "target", "score", "confidence", "progress"})


@dataclass(frozen=True)
class News:
    """One entity with what changed of it, in the order people want to know it."""

    entity: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Risk:
    """One key result behind its expectation."""

    entity: str
    status: str
    score: Decimal | None
    expected: Decimal | None
    new: bool
    """Whether it was not yet so on the first day looked at."""


@dataclass(frozen=True)
class Ended:
    """One key result whose last day has passed and whose line was not reached."""

    entity: str
    on: date
    score: Decimal | None
    band: str
    """`red`, `amber` or `green`; empty without a score."""


@dataclass(frozen=True)
class Silence:
    """One key result nobody has looked after lately. `since` None: never."""

    entity: str
    since: date | None


@dataclass(frozen=True)
class Blocker:
    """One key result with something in its way (S68)."""

    entity: str
    challenges: str
    helper: str
    """Who can help; empty where nobody is named."""
    since: date | None
    """The day it was said, where that is known."""


@dataclass(frozen=True)
class Reached:
    """One entity that got where it was meant to get, or work that was finished (S101, S102)."""

    entity: str
    score: Decimal | None


@dataclass(frozen=True)
class TeamPage:
    """Everything one team talks about in fifteen minutes."""

    team: str
    """Empty: goals of no team."""
    goals: int
    """How many running key results it has."""
    first_seen: int
    """How many of them nobody had seen before: nothing can be said of how they changed."""
    reached: tuple[Reached, ...]
    largest_gain: News | None
    changed: tuple[News, ...]
    at_risk: tuple[Risk, ...]
    ended: tuple[Ended, ...]
    """What came to its end in these days short of its line: a matter for the review, not for blame (S60)."""
    stale: tuple[Silence, ...]
    blocked: tuple[Blocker, ...]
    can_help: tuple[Blocker, ...]
    """Other teams' blockers for which somebody of this team is named."""


def digest(
    entities: Mapping[str, Entity],
    since: date,
    today: date,
    method: Method,
    series: Series,
    frozen: Iterable[Frozen] = (),
) -> tuple[TeamPage, ...]:
    """A page for every team with goals, by name; goals of no team on a page of their own, last.

    `since` is the last day that counts as before. Scores are those of the whole workspace; what is private
    enters them and is not shown.
    """
    frozen = tuple(frozen)
    computed = compute(entities, today, method, series, frozen)
    known = frozenset(each for (each, _), seen in series.items() if any(point.at <= since for point in seen))
    desk = _Desk(
        links_of(public(entities)), computed, since, today, method, known, _finished(series, since, today)
    )
    news: dict[str, tuple[Change, ...]] = {}
    for change in changed_since(entities, series, since, today, method, frozen):
        if change.entity in desk.links.entities:
            news[change.entity] = (*news.get(change.entity, ()), change)
    blockers = [found for kr in desk.running() if (found := _blocker(kr, desk)) is not None]
    teams = sorted({desk.team(each) for each in desk.goals()}, key=lambda team: (team == "", team))
    return tuple(_page(team, desk, news, blockers) for team in teams)


@dataclass(frozen=True)
class _Desk:
    """What a page is made from."""

    links: Links
    computed: Computed
    since: date
    today: date
    method: Method
    known: frozenset[str]
    """What was seen before the days looked at."""
    finished: frozenset[str]
    """What its tool calls done since then."""

    def goals(self) -> tuple[Entity, ...]:
        """Every objective and key result that is neither a draft nor closed or cancelled."""
        return (*filter(self._live, self.links.of_kind(Kind.OBJECTIVE)), *self.running())

    def running(self) -> tuple[Entity, ...]:
        """Every key result between its first and its last day."""
        return tuple(kr for kr in self.links.of_kind(Kind.KEY_RESULT) if self._runs(kr))

    def ended(self) -> tuple[Entity, ...]:
        """Every key result whose last day lies in the days looked at."""
        return tuple(kr for kr in self.links.of_kind(Kind.KEY_RESULT) if self.last_day(kr) is not None)

    def last_day(self, kr: Entity) -> date | None:
        """The last day of a key result that ended in the days looked at; None for all others."""
        above = self.above(kr)
        end = window_of(kr, above[:1], self.method).end
        live = not above or any(map(self._live, above))
        return end if live and end is not None and self.since <= end < self.today else None

    def above(self, entity: Entity) -> tuple[Entity, ...]:
        """The objectives a key result measures, or an initiative's key results and their objectives."""
        name = "contributes_to" if entity.kind is Kind.INITIATIVE else "objective"
        known = self.links.entities
        direct = tuple(known[each] for each in read_refs(entity, name) if each in known)
        if entity.kind is not Kind.INITIATIVE:
            return direct if entity.kind is Kind.KEY_RESULT else ()
        return (*direct, *(up for each in direct for up in self.above(each)))

    def team(self, entity: Entity) -> str:
        """Its team, else that of what it belongs to; empty where nobody says."""
        named = (read_text(each, "team") for each in (entity, *self.above(entity)))
        return next((team for team in named if team), "")

    def derived(self, entity: str, name: str) -> Decimal | None:
        """A computed number."""
        return usable(self.computed.derived[entity].get(name))

    def status(self, entity: str) -> str:
        """A computed status."""
        return str(self.computed.derived[entity].get("status") or "")

    def _live(self, objective: Entity) -> bool:
        return read_text(objective, "state") not in ("draft", "closed", "cancelled")

    def _runs(self, kr: Entity) -> bool:
        above = self.above(kr)
        window = window_of(kr, above[:1], self.method)
        begun = window.start is None or window.start <= self.today
        live = not above or any(map(self._live, above))
        return live and begun and (window.end is None or self.today <= window.end)


def _page(
    team: str, desk: _Desk, news: Mapping[str, tuple[Change, ...]], blockers: Sequence[Blocker]
) -> TeamPage:
    entities = desk.links.entities
    mine = [entities[each] for each in news if desk.team(entities[each]) == team]
    before = sorted((each for each in mine if each.id in desk.known), key=reading_order)
    moved = [News(each.id, news[each.id]) for each in before]
    running = [kr for kr in desk.running() if desk.team(kr) == team]
    own = tuple(each for each in blockers if desk.team(entities[each.entity]) == team)
    members = _members(team, desk)
    return TeamPage(
        team,
        len(running),
        len(running) - sum(1 for kr in running if kr.id in desk.known),
        (*(found for each in moved if (found := _reached(each, desk)) is not None), *_work(team, desk)),
        _largest_gain(moved, desk),
        tuple(told_ for each in moved if (told_ := _told(each)).changes),
        tuple(_risk(kr, news, desk) for kr in running if desk.status(kr.id) in _AT_RISK),
        tuple(over for kr in desk.ended() if desk.team(kr) == team and (over := _ended(kr, desk))),
        tuple(Silence(kr.id, desk.computed.news.get(kr.id)) for kr in running if _is_stale(kr, desk)),
        own,
        tuple(each for each in blockers if each not in own and each.helper.casefold() in members),
    )


def _told(news: News) -> News:
    """Without what only time changed: an expectation moves every day, a status with it."""
    return News(news.entity, tuple(each for each in news.changes if each.field in _TOLD))


def _reached(news: News, desk: _Desk) -> Reached | None:
    """Whether a goal passed its success line, or its last day with the line reached."""
    goal = desk.links.entities[news.entity].kind is not Kind.INITIATIVE
    achieved = any(each.field == "status" and each.after == "achieved" for each in news.changes)
    crossed = any(each.field == "score" and _crossed(each, desk) for each in news.changes)
    return (
        Reached(news.entity, desk.derived(news.entity, "score")) if goal and (achieved or crossed) else None
    )


def _work(team: str, desk: _Desk) -> tuple[Reached, ...]:
    """The team's initiatives that were finished."""
    done = [each for each in desk.links.of_kind(Kind.INITIATIVE) if each.id in desk.finished & desk.known]
    return tuple(Reached(each.id, None) for each in done if desk.team(each) == team)


def _finished(series: Series, since: date, today: date) -> frozenset[str]:
    """What turned done after a day and still is."""
    found = set()
    for entity in {each for each, name in series if name == "status_category"}:
        seen = points(series, entity, "status_category", today)
        turned = [now.at for before, now in pairwise(seen) if now.value == "done" != before.value]
        if turned and turned[-1] > since and seen[-1].value == "done":
            found.add(entity)
    return frozenset(found)


def _crossed(change: Change, desk: _Desk) -> bool:
    """Whether a score passed its success line or became full."""
    before, after = usable(change.before), usable(change.after)
    entity = desk.links.entities[change.entity]
    named = (read_text(each, "ambition") for each in (entity, *desk.above(entity)))
    line = desk.method.line(next((each for each in named if each), None))
    if after is None:
        return False
    return any((before is None or before < mark) and after >= mark for mark in (line, Decimal(1)))


def _largest_gain(moved: Sequence[News], desk: _Desk) -> News | None:
    """The key result that came furthest; None where none came forward."""
    gains = [(gain, each) for each in moved if (gain := _gain(each, desk)) is not None and gain > 0]
    return max(gains, key=lambda pair: pair[0])[1] if gains else None


def _gain(news: News, desk: _Desk) -> Decimal | None:
    scores = [each for each in news.changes if each.field == "score"]
    if desk.links.entities[news.entity].kind is not Kind.KEY_RESULT or not scores:
        return None
    before, after = usable(scores[0].before), usable(scores[0].after)
    return None if before is None or after is None else after - before


def _risk(kr: Entity, news: Mapping[str, tuple[Change, ...]], desk: _Desk) -> Risk:
    turned = [each for each in news.get(kr.id, ()) if each.field == "status" and kr.id in desk.known]
    new = any(each.before not in _AT_RISK for each in turned)
    return Risk(kr.id, desk.status(kr.id), desk.derived(kr.id, "score"), desk.derived(kr.id, "expected"), new)


def _ended(kr: Entity, desk: _Desk) -> Ended | None:
    day = desk.last_day(kr)
    if day is None or desk.status(kr.id) != "missed":
        return None
    score = desk.derived(kr.id, "score")
    return Ended(kr.id, day, score, band(score, desk.method.bands))


def _is_stale(kr: Entity, desk: _Desk) -> bool:
    return desk.computed.derived[kr.id].get("stale") is True


def _blocker(kr: Entity, desk: _Desk) -> Blocker | None:
    """What is in its way: the latest check-in's word, else the key result's own field."""
    said = [each for each, _ in told(desk.links, kr.id, desk.today)]
    last = said[-1] if said else None
    if last is not None and (last.challenges or last.helper):
        return Blocker(kr.id, last.challenges, last.helper, last.on)
    text = read_text(kr, "challenges")
    return Blocker(kr.id, text, "", None) if text and last is None else None


def _members(team: str, desk: _Desk) -> frozenset[str]:
    """A team's own name and everybody who owns something in it."""
    owners = (read_text(each, "owner") for each in desk.goals() if desk.team(each) == team)
    return frozenset(each.casefold() for each in (team, *owners) if each)
