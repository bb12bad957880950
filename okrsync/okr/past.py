"""One key result's past: what observations and check-ins add to its latest value.

A key result, its goal, value and days arrive; how fresh it is, its forecast, the ledger of its target and
its score over periods leave. Where nothing is known of the past every part is empty, and the key result is
judged by its latest value alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from okrsync.okr.checked import values_told
from okrsync.okr.forecast import Forecast, forecast
from okrsync.okr.freshness import Freshness, freshness
from okrsync.okr.links import Links
from okrsync.okr.measures import Goal
from okrsync.okr.model import Entity, Kind
from okrsync.okr.outcome import Desk, Outcome
from okrsync.okr.pace import Window
from okrsync.okr.periods import Kept, kept
from okrsync.okr.reading import Reading, read_date, read_text
from okrsync.okr.series import Observed, last_news, numbers
from okrsync.okr.targets import Ledger, ledger


@dataclass(frozen=True)
class Past:
    """What is known beyond the latest value."""

    fresh: Freshness
    forecast: Forecast | None
    ledger: Ledger

    def notes(self, goal: Goal, value: Reading, today: date) -> tuple[str, ...]:
        """The past for an explanation; empty where nothing is known."""
        old = self.fresh.line(today)
        told = (f"stale: {old}" if old else "", self.forecast.line() if self.forecast else "")
        return tuple(note for note in (*told, *self.ledger.notes(goal, value)) if note)


def past_of(
    kr: Entity,
    source: Entity,
    goal: Goal,
    value: Reading,
    window: Window,
    desk: Desk,
    below: tuple[Outcome, ...],
) -> Past:
    """A key result's past. News of its KPI (`source`) and of what it was rolled up from are its own."""
    entered = [last_news(desk.series, each.id, desk.today, goal.held) for each in (kr, source)]
    known = [*entered, last_check_in(desk.links, kr.id, desk.today)]
    news = max((day for day in (*known, *(each.news for each in below)) if day), default=None)
    team = read_text(kr, "team") or _team_above(kr, desk.links)
    fresh = freshness(news, window, team, desk.today, desk.method, desk.knows_past)
    seen = _seen(kr, source, desk)
    ahead = None
    if fresh.stale is False:
        ahead = forecast(goal, value.value, seen, window, desk.today, desk.method)
    return Past(fresh, ahead, ledger(desk.series, kr.id, window.start, desk.today))


def kept_of(kr: Entity, source: Entity, goal: Goal, window: Window, desk: Desk) -> Kept | None:
    """The score over periods of a goal to keep; None where its latest value decides."""
    how = read_text(kr, "evaluation") or "share"
    if not goal.held or how == "latest" or not desk.series:
        return None
    seen = _seen(kr, source, desk)
    return kept(goal, how, read_text(kr, "period") or "week", seen, window, desk.today)


def _seen(kr: Entity, source: Entity, desk: Desk) -> Observed:
    """What its source showed on which day; of its own value also what its check-ins said."""
    measured = numbers(desk.series, source.id, "current", desk.today)
    if source.kind is Kind.METRIC:
        return measured
    both = dict.fromkeys((*values_told(desk.links, kr.id, desk.today), *measured))
    return tuple(sorted(both, key=lambda point: point[0]))


def last_check_in(links: Links, key_result: str, today: date) -> date | None:
    """The day of a key result's last check-in."""
    days = (read_date(each, "date") for each in links.get(links.check_ins.get(key_result, ())))
    return max((day for day in days if day is not None and day <= today), default=None)


def _team_above(kr: Entity, links: Links) -> str | None:
    owners = kr.get("objective")
    known = sorted(owners & links.entities.keys()) if isinstance(owners, frozenset) else []
    return read_text(links.entities[known[0]], "team") if known else None
