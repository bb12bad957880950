"""The page per team in words, and as JSON.

What the method gathered for each team arrives, with the view it was gathered from; pages of sections leave,
in the order in which a short meeting takes them: what went well first, then what needs somebody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from okrsync.okr.digest import Blocker, Ended, News, Reached, Risk, Silence, TeamPage
from okrsync.okr.model import Kind
from okrsync.okr.moments import Change
from okrsync.okr.numbers import show as show_score
from okrsync.okr.reading import name_of, read_text
from okrsync.reports.data import FORMAT, value_json
from okrsync.reports.pages import Item, Page, Section
from okrsync.reports.words import BLANK, Names, count, show
from okrsync.sync_engine.runner import View
from okrsync.sync_engine.state import LIVE

_WORDS = {
    "value": "",
    "target": "target ",
    "score": "score ",
    "confidence": "confidence ",
    "progress": "work ",
}
_UNITS = ("value", "target")


def pages_of(view: View, found: Sequence[TeamPage], since: date, today: date, workspace: str) -> list[Page]:
    """A page for every team; one without a name bears the workspace's."""
    urls = _urls(view)
    return [_page(_Told(view, urls, today), each, since, workspace) for each in found]


def _urls(view: View) -> dict[str, str]:
    links = sorted(view.state.links.values(), key=lambda link: (link.collection, link.id), reverse=True)
    return {link.entity: link.url for link in links if link.url and link.state in LIVE}


def _page(told: _Told, page: TeamPage, since: date, workspace: str) -> Page:
    subtitle = f"{since} to {told.today}, {count(page.goals, 'running key result')}"
    if page.first_seen:
        subtitle += f", {page.first_seen} of them seen for the first time"
    return Page(
        f"OKRs of {page.team or workspace}",
        subtitle,
        (
            Section("Reached", [told.reached(each) for each in page.reached], "good"),
            Section("Largest gain", [told.news(each) for each in (page.largest_gain,) if each], "good"),
            Section("Blocked", [told.blocker(each) for each in page.blocked], "alert"),
            Section("Could you help another team?", [told.blocker(each) for each in page.can_help], "alert"),
            Section("At risk", [told.risk(each) for each in page.at_risk], "alert"),
            Section("Over", [told.ended(each) for each in page.ended]),
            Section("Waiting for news", [told.silence(each) for each in page.stale], "alert"),
            Section("Changed", [told.news(each) for each in page.changed]),
        ),
        "Nothing changed, nothing is at risk, nothing waits.",
    )


class _Told:
    """Items in words."""

    def __init__(self, view: View, urls: dict[str, str], today: date) -> None:
        self.view, self.urls, self.today = view, urls, today

    def reached(self, each: Reached) -> Item:
        """Worth saying out loud, with what it is."""
        work = self.view.entities[each.entity].kind is Kind.INITIATIVE
        score = f", score {show_score(each.score)}" if each.score is not None and not work else ""
        return self._item(
            each.entity, "the work is done" if work else f"got where it was meant to get{score}"
        )

    def news(self, each: News) -> Item:
        """What changed, before → after."""
        unit = read_text(self.view.entities[each.entity], "unit") or ""
        return self._item(
            each.entity, ", ".join(_change(change, unit) for change in each.changes if change.field in _WORDS)
        )

    def risk(self, each: Risk) -> Item:
        """How far it is behind, in numbers."""
        new = ", newly so" if each.new else ""
        status = each.status.replace("_", " ")
        numbers = f"score {_score(each.score)}, expected {_score(each.expected)}"
        return self._item(each.entity, f"{status}: {numbers}{new}")

    def ended(self, each: Ended) -> Item:
        """How far it came, as something to learn from."""
        return self._item(
            each.entity, f"came to {_score(each.score)} ({each.band}) by its last day, {each.on}"
        )

    def silence(self, each: Silence) -> Item:
        """Since when nobody has brought news."""
        if each.since is None:
            return self._item(each.entity, "no news so far")
        return self._item(
            each.entity, f"no news since {each.since} ({count((self.today - each.since).days, 'day')})"
        )

    def blocker(self, each: Blocker) -> Item:
        """What is in the way, and who can help."""
        helper = f"; can help: {each.helper}" if each.helper else "; who can help?"
        since = f" (said on {each.since})" if each.since else ""
        return self._item(each.entity, f"{each.challenges or 'help is asked for'}{since}{helper}")

    def _item(self, entity: str, text: str) -> Item:
        return Item(name_of(self.view.entities[entity]), text, self.urls.get(entity))


def _change(change: Change, unit: str) -> str:
    tail = f" {unit}" if unit and change.field in _UNITS else ""
    return f"{_WORDS[change.field]}{_shown(change, change.before)} → {_shown(change, change.after)}{tail}"


def _shown(change: Change, value: Any) -> str:
    if isinstance(value, Decimal) and change.field in ("score", "progress", "confidence"):
        return show_score(value)
    return show(value)


def _score(score: Decimal | None) -> str:
    return BLANK if score is None else show_score(score)


def digest_json(found: Sequence[TeamPage], since: date, today: date, names: Names) -> dict[str, Any]:
    """Everything for programs, entities by their keys."""
    return {
        "format": FORMAT,
        "since": since.isoformat(),
        "today": today.isoformat(),
        "teams": [_team_json(each, names) for each in found],
    }


def _team_json(page: TeamPage, names: Names) -> dict[str, Any]:
    return {
        "team": page.team or None,
        "key_results": page.goals,
        "first_seen": page.first_seen,
        "reached": [{"entity": names(r.entity), "score": value_json(r.score, names)} for r in page.reached],
        "largest_gain": _news_json(page.largest_gain, names) if page.largest_gain else None,
        "changed": [_news_json(each, names) for each in page.changed],
        "at_risk": [_risk_json(each, names) for each in page.at_risk],
        "ended": [
            {
                "entity": names(e.entity),
                "on": e.on.isoformat(),
                "score": value_json(e.score, names),
                "band": e.band,
            }
            for e in page.ended
        ],
        "stale": [
            {"entity": names(s.entity), "since": s.since.isoformat() if s.since else None} for s in page.stale
        ],
        "blocked": [_blocker_json(each, names) for each in page.blocked],
        "can_help": [_blocker_json(each, names) for each in page.can_help],
    }


def _news_json(news: News, names: Names) -> dict[str, Any]:
    changes = [
        {"field": c.field, "before": value_json(c.before, names), "after": value_json(c.after, names)}
        for c in news.changes
    ]
    return {"entity": names(news.entity), "changes": changes}


def _risk_json(risk: Risk, names: Names) -> dict[str, Any]:
    numbers = {"score": value_json(risk.score, names), "expected": value_json(risk.expected, names)}
    return {"entity": names(risk.entity), "status": risk.status, **numbers, "new": risk.new}


def _blocker_json(blocker: Blocker, names: Names) -> dict[str, Any]:
    since = blocker.since.isoformat() if blocker.since else None
    told = {"challenges": blocker.challenges, "helper": blocker.helper or None, "since": since}
    return {"entity": names(blocker.entity), **told}
