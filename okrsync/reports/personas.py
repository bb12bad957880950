"""What matters to one kind of reader, as a page: the company, a function, a team, a person, everybody.

The method's selections arrive with the view they were made from; a page of sections leaves. Neutral by
design: reading order, no order of people, and nothing of one team held against another (S89, S92 to S98).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from okrsync.okr import personas
from okrsync.okr.links import Ids, links_of
from okrsync.okr.model import Entity, Kind
from okrsync.okr.numbers import show
from okrsync.okr.privacy import public
from okrsync.okr.reading import name_of, read_text
from okrsync.reports.pages import Item, Page, Section
from okrsync.reports.words import clean
from okrsync.sync_engine.runner import View
from okrsync.sync_engine.state import LIVE

_ALL: Final = 10_000
"""Pages that are looked things up in show everything."""


def _page(title: str, what: str, *sections: Section) -> Page:
    return Page(title, what, sections, "Nothing here. Check the name, or map the field it stands in.", _ALL)


def executive(view: View, name: str) -> Page:
    """The company's goals and the ones a level below (S92)."""
    found = personas.executive(view.entities)
    return _page(
        "The company",
        "the top objectives, their key results, and one level down",
        _section(view, "Objectives", found.top),
        _section(view, "Key results", found.key_results),
        _section(view, "One level down", found.one_level_down),
    )


def leader(view: View, name: str) -> Page:
    """One function's goals, up, down and sideways (S93)."""
    found = personas.leader(view.entities, name)
    return _page(
        name,
        "what this function does, what it serves and who needs whom",
        _section(view, "Its objectives", found.own),
        _section(view, "They serve", found.above),
        _section(view, "Served by", found.below),
        _section(view, "It needs", found.needs),
        _section(view, "Needed by", found.needed_by),
    )


def manager(view: View, name: str) -> Page:
    """One team's key results and the ones to talk about (S94)."""
    found = personas.manager(view.entities, view.computed, name)
    return _page(
        name,
        "the team's key results, and the ones worth a talk",
        _section(view, "Worth a talk", found.troubled, "alert"),
        _section(view, "Something is in the way", found.blocked, "alert"),
        _section(view, "Key results", found.key_results),
    )


def member(view: View, name: str) -> Page:
    """What is one person's own (S95)."""
    found = personas.contributor(view.entities, name)
    return _page(
        name,
        "key results and work of one person",
        _section(view, "Key results", found.key_results),
        _section(view, "Initiatives", found.initiatives),
    )


def everyone(view: View, name: str) -> Page:
    """What all may read: published objectives with their key results, no private ones (S98, S104)."""
    entities = public(view.entities)
    links = links_of(entities)
    shown = [entities[each] for each in personas.published(entities)]
    objectives = [each for each in shown if each.kind is Kind.OBJECTIVE]
    sections = [
        Section(
            name_of(each),
            _items(view, links.key_results.get(each.id, ())),
            _TONES.get(_word(view, each), "plain"),
            _standing(view, each),
        )
        for each in objectives
    ]
    return _page("Our objectives", "every published objective with its key results", *sections)


_TONES: Final = MappingProxyType(
    {"on_track": "good", "achieved": "good", "at_risk": "alert", "off_track": "alert", "stale": "alert"}
)
"""The colour of a status; the words beside it say the same."""
ROLES: Mapping[str, Callable[[View, str], Page]] = MappingProxyType(
    {"executive": executive, "leader": leader, "manager": manager, "member": member, "everyone": everyone}
)
"""What makes the page of a role."""
NAMED: Final = MappingProxyType({"leader": "a team", "manager": "a team", "member": "a person"})
"""Roles whose page is somebody's, with what has to be named."""


def names_for(view: View, role: str) -> list[str]:
    """The names a role can be given: teams, or people as they stand in `owner`; sorted."""
    field = "owner" if role == "member" else "team"
    return sorted({text for each in view.entities.values() if (text := read_text(each, field))})


def _section(view: View, title: str, ids: Iterable[str], tone: str = "plain") -> Section:
    return Section(title, _items(view, tuple(ids)), tone)


def _items(view: View, ids: Ids) -> list[Item]:
    urls = {link.entity: link.url for link in view.state.links.values() if link.url and link.state in LIVE}
    entities = [view.entities[each] for each in ids]
    return [Item(name_of(each), _told(view, each), urls.get(each.id)) for each in entities]


def _told(view: View, entity: Entity) -> str:
    """Its status, the number in one line, and what is in its way."""
    why = clean(str(view.computed.derived[entity.id].get("explanation") or ""))
    challenges = read_text(entity, "challenges")
    parts = (_status(view, entity), why, f"in the way: {challenges}" if challenges else "")
    return "; ".join(part for part in parts if part)


def _standing(view: View, entity: Entity) -> str:
    score = view.computed.derived[entity.id].get("score")
    status = _status(view, entity)
    return f"{show(score)}, {status}" if isinstance(score, Decimal) else "no score"


def _word(view: View, entity: Entity) -> str:
    return str(view.computed.derived[entity.id].get("status") or "")


def _status(view: View, entity: Entity) -> str:
    """Its status in words; nothing for work, or for what has no score."""
    derived = view.computed.derived[entity.id]
    status = _word(view, entity).replace("_", " ")
    stale = (
        ", waiting for news" if derived.get("stale") is True and status not in ("stale", "pending") else ""
    )
    return "" if status in ("", "unscored") else status + stale
