"""Alignment: from strategy to daily work and back, and who stands alone.

Entities arrive; the line of sight of one of them both ways, orphans, silos and shares leave (S28 to S33).
Walks links only and reads no number: alignment is not a score. Circles are walked once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from okrsync.okr.links import Ids, Links, links_of, reading_order
from okrsync.okr.model import FIELDS, Entity, Kind
from okrsync.okr.reading import read_refs, read_text

_UPWARD: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.OBJECTIVE: "contributes_to",
        Kind.KEY_RESULT: "objective",
        Kind.INITIATIVE: "contributes_to",
        Kind.WORK_ITEM: "parent",
    }
)
_SIDEWAYS: Final = ("supports", "depends_on")
ORIGINS: Final = ("top_down", "bottom_up", "sideways")


@dataclass(frozen=True)
class Branch:
    """An entity and everything below it."""

    id: str
    below: tuple[Branch, ...] = ()


@dataclass(frozen=True)
class Sideways:
    """A link without numbers: who supports whom, or who needs whom."""

    how: str
    """supports or depends_on."""
    source: str
    target: str


@dataclass(frozen=True)
class Sight:
    """One entity's line of sight."""

    above: tuple[Ids, ...]
    """Every way up, each from the entity itself to a top."""
    below: Branch
    sideways: tuple[Sideways, ...]
    """The links that begin or end at it, or at the objective it measures."""


def line_of_sight(entities: Mapping[str, Entity], entity: str) -> Sight:
    """Both ways from one entity (S33). Raises KeyError where there is no such entity."""
    start = entities[entity]
    ends = {entity, *(read_refs(start, "objective") if start.kind is Kind.KEY_RESULT else ())}
    across = tuple(each for each in sideways(entities) if {each.source, each.target} & ends)
    return Sight(
        tuple(_ways_up(entities, (entity,))), _branch(_children(entities), entity, frozenset()), across
    )


def parents(entities: Mapping[str, Entity], entity: Entity) -> Ids:
    """What an entity contributes to or is part of, as far as it is there."""
    name = _UPWARD.get(entity.kind)
    if name is None:
        return ()
    allowed = FIELDS[entity.kind][name].refers_to
    known = (each for each in read_refs(entity, name) if each in entities)
    return tuple(each for each in known if entities[each].kind in allowed)


def _ways_up(entities: Mapping[str, Entity], way: Ids) -> Iterator[Ids]:
    ahead = [each for each in parents(entities, entities[way[-1]]) if each not in way]
    if not ahead:
        yield way
    for each in ahead:
        yield from _ways_up(entities, (*way, each))


def _children(entities: Mapping[str, Entity]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in sorted(entities.values(), key=reading_order):
        for parent in parents(entities, each):
            found.setdefault(parent, []).append(each.id)
    return found


def _branch(children: Mapping[str, list[str]], entity: str, above: frozenset[str]) -> Branch:
    seen = above | {entity}
    return Branch(
        entity, tuple(_branch(children, each, seen) for each in children.get(entity, ()) if each not in seen)
    )


def sideways(entities: Mapping[str, Entity]) -> tuple[Sideways, ...]:
    """Every supports and depends-on link whose other end is there (S28, S29)."""
    objectives = links_of(entities).of_kind(Kind.OBJECTIVE)
    return tuple(
        Sideways(name, each.id, other)
        for each in objectives
        for name in _SIDEWAYS
        for other in read_refs(each, name)
        if other in entities
    )


def linked_ids(links: Links) -> frozenset[str]:
    """Every id that an objective links to, with the objectives of the key results among them."""
    names = ("contributes_to", *_SIDEWAYS)
    ids = {
        other for each in links.of_kind(Kind.OBJECTIVE) for name in names for other in read_refs(each, name)
    }
    return frozenset(ids) | {owner for each in ids for owner in _measured(links, each)}


def _measured(links: Links, each: str) -> Ids:
    """The objectives a key result measures; none of anything else."""
    return read_refs(links.entities[each], "objective") if each in links.entities else ()


def links_outward(objective: Entity) -> bool:
    """Whether an objective says what it contributes to, supports or depends on."""
    return any(read_refs(objective, name) for name in ("contributes_to", *_SIDEWAYS))


def silos(entities: Mapping[str, Entity]) -> Ids:
    """Objectives linked to nothing outside them, neither from them nor to them (S84)."""
    links = links_of(entities)
    linked = linked_ids(links)
    return tuple(
        each.id for each in links.of_kind(Kind.OBJECTIVE) if not links_outward(each) and each.id not in linked
    )


def orphans(entities: Mapping[str, Entity], top_levels: frozenset[str] = frozenset({"company"})) -> Ids:
    """Objectives below the top that contribute to nothing (S32): a list to talk about, not an error."""
    objectives = links_of(entities).of_kind(Kind.OBJECTIVE)
    lower = (each for each in objectives if (read_text(each, "level") or "").casefold() not in top_levels)
    return tuple(each.id for each in lower if not parents(entities, each))


def aligned_share(entities: Mapping[str, Entity]) -> Mapping[str, Fraction]:
    """For each team the share of its objectives that contribute to or support another (S32)."""
    teams: dict[str, list[bool]] = {}
    for each in links_of(entities).of_kind(Kind.OBJECTIVE):
        team = read_text(each, "team")
        if team is not None:
            aligned = bool(parents(entities, each) or read_refs(each, "supports"))
            teams.setdefault(team, []).append(aligned)
    return {team: Fraction(sum(known), len(known)) for team, known in sorted(teams.items())}


def by_origin(entities: Mapping[str, Entity]) -> Mapping[str, Ids]:
    """Objectives by where they came from (S31): as stated; one that only supports others is sideways.

    The ones nobody said anything about stand under an empty name: a link upward does not tell who began.
    """
    found: dict[str, list[str]] = {name: [] for name in (*ORIGINS, "")}
    for each in links_of(entities).of_kind(Kind.OBJECTIVE):
        only = read_refs(each, "supports") and not parents(entities, each)
        found[read_text(each, "origin") or ("sideways" if only else "")].append(each.id)
    return {name: tuple(ids) for name, ids in found.items()}
