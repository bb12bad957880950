"""Who still owes a check-in (S73): by team, within its rhythm.

Entities and observations arrive; for each team the key results nobody has looked after leave. A changed
value counts as much as a record of a check-in. Neutral lists: names and days, no ranking of people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from okrsync.okr.checked import CheckIn, check_in_of
from okrsync.okr.compute import Computed, compute
from okrsync.okr.links import Links, links_of
from okrsync.okr.method import Method
from okrsync.okr.model import Entity, Kind
from okrsync.okr.pace import window_of
from okrsync.okr.reading import read_refs, read_text
from okrsync.okr.series import Series

__all__ = ["CheckIn", "TeamCare", "care_by_team", "check_in_of"]


@dataclass(frozen=True)
class TeamCare:
    """One team's rhythm and the ids of its running key results that wait for somebody."""

    team: str
    """Empty: the ones that belong to no team."""
    every: int
    """Days between two check-ins."""
    missing: tuple[str, ...]
    """No news within the interval."""
    stale: tuple[str, ...]
    """No news within one and a half intervals."""
    never: tuple[str, ...]
    """No news at all."""


def care_by_team(
    entities: Mapping[str, Entity], today: date, method: Method, series: Series | None = None
) -> tuple[TeamCare, ...]:
    """For every team with running key results, which of them wait for a check-in (S71, S73)."""
    links = links_of(entities)
    computed = compute(entities, today, method, series)
    teams: defaultdict[str, list[str]] = defaultdict(list)
    for kr in links.of_kind(Kind.KEY_RESULT):
        if _runs(kr, links, today, method):
            teams[_team(kr, links)].append(kr.id)
    return tuple(
        _care(team, ids, computed, today, method.calendar.interval(team))
        for team, ids in sorted(teams.items())
    )


def _care(team: str, ids: list[str], computed: Computed, today: date, every: int) -> TeamCare:
    never = tuple(each for each in ids if each not in computed.news)
    late = tuple(each for each, day in computed.news.items() if each in ids and (today - day).days > every)
    stale = tuple(each for each in ids if computed.derived[each]["stale"] is True)
    return TeamCare(team, every, (*never, *late), stale, never)


def _objectives(kr: Entity, links: Links) -> tuple[Entity, ...]:
    return links.get(tuple(each for each in read_refs(kr, "objective") if each in links.entities))


def _runs(kr: Entity, links: Links, today: date, method: Method) -> bool:
    above = _objectives(kr, links)
    window = window_of(kr, above[:1], method)
    live = not above or any(each.get("state") not in ("closed", "cancelled", "draft") for each in above)
    begun = window.start is None or window.start <= today
    return live and begun and (window.end is None or today <= window.end)


def _team(kr: Entity, links: Links) -> str:
    named = (read_text(each, "team") for each in (kr, *_objectives(kr, links)))
    return next((team for team in named if team), "")
