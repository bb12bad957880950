"""Who looks at what: for each persona the ids of the entities that matter to them (S92 to S98).

Pure selections over entities and computed fields; reports render them. Neutral by design: nothing here
ranks people, and nothing is taken from one team to judge it by another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from okrsync.okr.alignment import parents, sideways
from okrsync.okr.compute import Computed
from okrsync.okr.links import Ids, Links, links_of, reading_order
from okrsync.okr.model import Entity, Kind
from okrsync.okr.reading import read_refs, read_text

_TROUBLED: Final = frozenset({"at_risk", "off_track", "stale", "pending"})


@dataclass(frozen=True)
class Executive:
    """The top objectives with their key results, and one level down (S92)."""

    top: Ids
    key_results: Ids
    one_level_down: Ids


@dataclass(frozen=True)
class Leader:
    """A function's own objectives, what they serve, what serves them, and who needs whom (S93)."""

    own: Ids
    above: Ids
    below: Ids
    needs: Ids
    """What the function's objectives depend on."""
    needed_by: Ids


@dataclass(frozen=True)
class Manager:
    """A team's key results, and the ones to talk about (S94)."""

    key_results: Ids
    troubled: Ids
    """At risk, off track, stale or never checked."""
    blocked: Ids
    """With challenges in the way (S68)."""


@dataclass(frozen=True)
class Contributor:
    """One person's own key results and the initiatives that are theirs or move theirs (S95)."""

    key_results: Ids
    initiatives: Ids


def executive(entities: Mapping[str, Entity]) -> Executive:
    """The company's view: objectives with nothing above that others contribute to, and those others."""
    links = links_of(entities)
    roots = [each for each in _live(links) if not parents(entities, each)]
    top = tuple(each.id for each in roots if _level_down(links, (each.id,)) or _is_company(each))
    key_results = _all(links.key_results, top)
    return Executive(top, key_results, _level_down(links, top))


def leader(entities: Mapping[str, Entity], team: str) -> Leader:
    """A function leader's view of one team."""
    links = links_of(entities)
    own = tuple(each.id for each in _live(links) if read_text(each, "team") == team)
    above = {up for each in own for up in parents(entities, entities[each])}
    mine = {*own, *_all(links.key_results, own)}
    needs = [each for each in sideways(entities) if each.how == "depends_on"]
    return Leader(
        own,
        _sorted(links, above),
        _level_down(links, own),
        _sorted(links, (each.target for each in needs if each.source in own)),
        _sorted(links, (each.source for each in needs if each.target in mine)),
    )


def manager(entities: Mapping[str, Entity], computed: Computed, team: str) -> Manager:
    """A people manager's view of one team."""
    links = links_of(entities)
    krs = [kr for kr in links.of_kind(Kind.KEY_RESULT) if _team(links, kr) == team]
    derived = {kr.id: computed.derived[kr.id] for kr in krs}
    troubled = (
        kr.id for kr in krs if derived[kr.id]["status"] in _TROUBLED or derived[kr.id]["stale"] is True
    )
    blocked = (kr.id for kr in krs if read_text(kr, "challenges"))
    return Manager(tuple(kr.id for kr in krs), tuple(troubled), tuple(blocked))


def contributor(entities: Mapping[str, Entity], person: str) -> Contributor:
    """One person's view: what they own, the owner of an objective answering for its key results (S9)."""
    links = links_of(entities)
    krs = tuple(kr.id for kr in links.of_kind(Kind.KEY_RESULT) if person in _owners(links, kr))
    owned = {each.id for each in links.of_kind(Kind.INITIATIVE) if person in _owners(links, each)}
    return Contributor(krs, _sorted(links, owned.union(_all(links.initiatives, krs))))


def published(entities: Mapping[str, Entity]) -> Ids:
    """What everybody in the company may read: every objective past its draft, and its key results (S98)."""
    links = links_of(entities)
    shown = tuple(each.id for each in _live(links) if read_text(each, "state") != "draft")
    return (*shown, *_all(links.key_results, shown))


def _live(links: Links) -> tuple[Entity, ...]:
    objectives = links.of_kind(Kind.OBJECTIVE)
    return tuple(each for each in objectives if read_text(each, "state") not in ("closed", "cancelled"))


def _is_company(objective: Entity) -> bool:
    return (read_text(objective, "level") or "").casefold() == "company"


def _level_down(links: Links, objectives: Ids) -> Ids:
    """The objectives that contribute to these or to their key results."""
    above = {*objectives, *_all(links.key_results, objectives)}
    return tuple(each.id for each in _live(links) if above.intersection(read_refs(each, "contributes_to")))


def _all(below: Mapping[str, Ids], ids: Ids) -> Ids:
    return tuple(dict.fromkeys(each for parent in ids for each in below.get(parent, ())))


def _sorted(links: Links, ids: Iterable[str]) -> Ids:
    known = {each for each in ids if each in links.entities}
    return tuple(sorted(known, key=lambda each: reading_order(links.entities[each])))


def _team(links: Links, kr: Entity) -> str | None:
    owners = links.get(tuple(each for each in read_refs(kr, "objective") if each in links.entities))
    return next((team for team in (read_text(each, "team") for each in (kr, *owners)) if team), None)


def _owners(links: Links, entity: Entity) -> tuple[str | None, ...]:
    """Its owner; of a key result without one, its objectives' owners."""
    own = read_text(entity, "owner")
    if own is not None or entity.kind is not Kind.KEY_RESULT:
        return (own,)
    above = (links.entities[each] for each in read_refs(entity, "objective") if each in links.entities)
    return tuple(read_text(each, "owner") for each in above)
