"""Check-ins for people and programs: where a key result stands (S66), and who still owes a look (S73).

What arrives: the model with its past. What leaves: the four parts of a check-in, filled as far as the tools
know them, what changed lately, and neutral lists by team.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from okrsync.okr.check_ins import TeamCare
from okrsync.okr.checked import CheckIn, history
from okrsync.okr.links import links_of
from okrsync.okr.model import Entity, Kind
from okrsync.okr.reading import name_of, read_refs
from okrsync.okr.values import plain
from okrsync.reports.data import FORMAT, Json, value_json
from okrsync.reports.lines import alert, columns, dim, good, heading
from okrsync.reports.words import BLANK, Names, clean, count, shorten, show
from okrsync.sync_engine.runner import View

LATEST = 5
"""How many check-ins are shown."""


def check_ins_of(view: View, kr: Entity, today: date) -> tuple[CheckIn, ...]:
    """Every check-in of a key result, oldest first."""
    known = (view.entities.get(each) for each in read_refs(kr, "metric"))
    source = next((each.id for each in known if each is not None), kr.id)
    return history(links_of(view.entities), view.series, kr.id, source, today)


def key_result_lines(view: View, kr: Entity, today: date, names: Names) -> list[str]:
    """The four parts of a check-in as they stand: progress, confidence, challenges, initiatives."""
    derived = view.computed.derived.get(kr.id, {})
    rows = [
        ("progress", show(derived.get("explanation"), names)),
        ("", dim(f"expected {show(derived.get('expected'))}, {clean(str(derived.get('status')))}")),
        ("confidence", show(kr.get("confidence"), names)),
        ("challenges", show(kr.get("challenges"), names)),
        *_initiatives(view, kr, names),
    ]
    found = check_ins_of(view, kr, today)[-LATEST:]
    lines = [(str(each.on), shorten(each.line(), 90)) for each in reversed(found)]
    latest = [heading("Lately"), *columns(lines)] if lines else [_silent(view, kr)]
    return [heading(clean(name_of(kr))), *columns(rows), *latest]


def _silent(view: View, kr: Entity) -> str:
    """A key result without check-ins of its own: news may come from those below it."""
    day = view.computed.news.get(kr.id)
    return alert("Nobody has looked after it yet.") if day is None else dim(f"Last news from below it: {day}")


def _initiatives(view: View, kr: Entity, names: Names) -> Iterator[tuple[str, str]]:
    below = [view.entities[each] for each in links_of(view.entities).initiatives.get(kr.id, ())]
    for number, each in enumerate(below):
        line = view.computed.derived.get(each.id, {}).get("explanation")
        yield "initiatives" if number == 0 else "", f"{clean(name_of(each))}: {show(line, names)}"
    if not below:
        yield "initiatives", BLANK


def key_result_json(view: View, kr: Entity, today: date, names: Names) -> Json:
    """The same for programs, with every check-in."""
    derived = view.computed.derived.get(kr.id, {})
    return {
        "format": FORMAT,
        "key_result": names(kr.id),
        "derived": {name: value_json(value, names) for name, value in sorted(derived.items())},
        "confidence": value_json(kr.get("confidence"), names),
        "challenges": value_json(kr.get("challenges"), names),
        "initiatives": [names(each) for each in links_of(view.entities).initiatives.get(kr.id, ())],
        "check_ins": [check_in_json(each) for each in check_ins_of(view, kr, today)],
    }


def check_in_json(check_in: CheckIn) -> dict[str, Any]:
    """One check-in; numbers as decimal texts."""
    numbers = {name: getattr(check_in, name) for name in ("value", "confidence")}
    return {
        "on": check_in.on.isoformat(),
        "by": check_in.by or None,
        **{name: None if number is None else plain(number) for name, number in numbers.items()},
        "challenges": check_in.challenges or None,
        "helper": check_in.helper or None,
        "initiatives": check_in.initiatives or None,
    }


def due_lines(view: View, care: Sequence[TeamCare], today: date) -> list[str]:
    """For every team, the key results nobody has looked after within its rhythm."""
    waiting = [each for each in care if each.missing or each.stale]
    if not waiting:
        running = any(each.kind is Kind.KEY_RESULT for each in view.entities.values())
        return [good("No check-in is due.") if running else "No key results yet. Run okrsync sync first."]
    return [line for each in waiting for line in _team(view, each, today)]


def _team(view: View, care: TeamCare, today: date) -> Iterator[str]:
    size = count(len(set(care.missing) | set(care.stale)), "check-in")
    yield heading(clean(care.team) or "No team") + dim(f"  {size} due, every {count(care.every, 'day')}")
    ids = sorted({*care.missing, *care.stale}, key=lambda each: name_of(view.entities[each]))
    yield from columns(_due(view, care, each, today) for each in ids)


def _due(view: View, care: TeamCare, key_result: str, today: date) -> tuple[str, str, str]:
    """One key result that waits: what it is, whose, since when."""
    kr = view.entities[key_result]
    stale = alert("stale, ") if key_result in care.stale else ""
    return shorten(name_of(kr), 70), show(owner_of(view, kr)), stale + _since(view, key_result, today)


def _since(view: View, key_result: str, today: date) -> str:
    day = view.computed.news.get(key_result)
    return "never looked after" if day is None else f"{count((today - day).days, 'day')} without news"


def owner_of(view: View, kr: Entity) -> str | None:
    """Who answers for a key result: its owner, else its objective's (S9)."""
    above = (view.entities.get(each) for each in read_refs(kr, "objective"))
    named = (each.get("owner") for each in (kr, *above) if each is not None)
    return next((owner for owner in named if isinstance(owner, str)), None)


def due_json(view: View, care: Sequence[TeamCare], today: date, names: Names) -> Json:
    """The same for programs."""
    return {
        "format": FORMAT,
        "today": today.isoformat(),
        "teams": [
            {
                "team": each.team or None,
                "every_days": each.every,
                "due": [
                    _due_json(view, each, kr, today, names) for kr in sorted({*each.missing, *each.stale})
                ],
            }
            for each in care
        ],
    }


def _due_json(view: View, care: TeamCare, key_result: str, today: date, names: Names) -> Json:
    day = view.computed.news.get(key_result)
    return {
        "key_result": names(key_result),
        "owner": owner_of(view, view.entities[key_result]),
        "last_news": day.isoformat() if day else None,
        "days": (today - day).days if day else None,
        "stale": key_result in care.stale,
    }
