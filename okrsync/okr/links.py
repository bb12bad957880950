"""The graph of a workspace: who measures, contributes to and works for what.

Entities arrive; sorted lists of parents and children, the circles in the links and a children-first
order leave. A child *contributes to* its parent: values flow up along these links (S22, S33). Separate
so that no calculation walks the graph itself and none can run in a circle.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from okrsync.okr.model import FIELDS, Entity, Kind
from okrsync.okr.reading import read_refs

Ids = tuple[str, ...]


@dataclass(frozen=True)
class Links:
    """The links of all entities. Every list is without repeats and in the order people read keys."""

    entities: Mapping[str, Entity]
    key_results: Mapping[str, Ids]
    """Objective to its key results."""
    contributing: Mapping[str, Ids]
    """Parent key result to the key results of the objectives that contribute to it, each once (S29)."""
    withdrawn: Mapping[str, Ids]
    """The same, of cancelled objectives: they no longer count."""
    objectives: Mapping[str, Ids]
    """Objective to the objectives that contribute to it directly."""
    initiatives: Mapping[str, Ids]
    """Key result or objective to the initiatives meant to move it."""
    work: Mapping[str, Ids]
    """Initiative to its work items, work item to its sub-tasks."""
    check_ins: Mapping[str, Ids]
    """Key result to its check-ins."""
    circles: tuple[Ids, ...]
    """Groups of objectives and key results whose links lead back to themselves."""

    def of_kind(self, kind: Kind) -> tuple[Entity, ...]:
        """All entities of a kind, in order."""
        return tuple(sorted((e for e in self.entities.values() if e.kind is kind), key=reading_order))

    def get(self, ids: Ids) -> tuple[Entity, ...]:
        """The entities of the ids."""
        return tuple(self.entities[each] for each in ids)

    @property
    def circular(self) -> frozenset[str]:
        """Every id that is part of a circle."""
        return frozenset(each for circle in self.circles for each in circle)

    def children_first(self) -> tuple[Entity, ...]:
        """All key results, each after the ones that contribute to it; those in a circle wait for nobody."""
        graph = {
            kr.id: () if kr.id in self.circular else self.contributing.get(kr.id, ())
            for kr in self.of_kind(Kind.KEY_RESULT)
        }
        return self.get(tuple(TopologicalSorter(graph).static_order()))

    def objectives_first_below(self) -> tuple[Entity, ...]:
        """All objectives, each after those that contribute to it; within circles nobody waits."""
        circular = self.circular
        graph = {
            each.id: [child for child in self.objectives.get(each.id, ()) if not {each.id, child} <= circular]
            for each in self.of_kind(Kind.OBJECTIVE)
        }
        return self.get(tuple(TopologicalSorter(graph).static_order()))


def reading_order(entity: Entity) -> tuple[object, ...]:
    """Sorts KR2 before KR10, entities without a key last, and never depends on how they were loaded."""
    parts = re.split(r"(\d+)", entity.key or "")
    return (
        entity.key is None,
        tuple((part.isdigit(), part.zfill(20) if part.isdigit() else part) for part in parts),
        entity.id,
    )


def links_of(entities: Mapping[str, Entity]) -> Links:
    """All links between the entities; ends that are not there, or of a wrong kind, are left out."""
    ordered = sorted(entities.values(), key=reading_order)
    key_results = _inverse(entities, ordered, Kind.KEY_RESULT, "objective")
    above = _inverse(entities, ordered, Kind.OBJECTIVE, "contributes_to")
    live = {each.id for each in ordered if each.get("state") != "cancelled"}
    contributing = _through(entities, above, key_results, live)
    return Links(
        entities,
        key_results,
        contributing,
        _without(_through(entities, above, key_results, set(entities) - live), contributing),
        {parent: ids for parent, ids in above.items() if entities[parent].kind is Kind.OBJECTIVE},
        _inverse(entities, ordered, Kind.INITIATIVE, "contributes_to"),
        _inverse(entities, ordered, Kind.WORK_ITEM, "parent"),
        _inverse(entities, ordered, Kind.CHECK_IN, "key_result"),
        _circles(_upward(entities, ordered)),
    )


def dangling(entities: Mapping[str, Entity]) -> Iterator[tuple[Entity, str, str]]:
    """Every link whose other end is not there or of a wrong kind: (entity, field, id)."""
    for entity in sorted(entities.values(), key=reading_order):
        for name, spec in FIELDS.get(entity.kind, {}).items():
            for other in read_refs(entity, name) if spec.refers_to else ():
                if other not in entities or entities[other].kind not in spec.refers_to:
                    yield entity, name, other


def _targets(entities: Mapping[str, Entity], entity: Entity, name: str) -> Iterator[str]:
    allowed = FIELDS[entity.kind][name].refers_to
    return (each for each in read_refs(entity, name) if each in entities and entities[each].kind in allowed)


def _inverse(
    entities: Mapping[str, Entity], ordered: Iterable[Entity], kind: Kind, name: str
) -> Mapping[str, Ids]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for entity in (each for each in ordered if each.kind is kind):
        for other in _targets(entities, entity, name):
            found[other].append(entity.id)
    return {other: tuple(ids) for other, ids in found.items()}


def _through(
    entities: Mapping[str, Entity],
    above: Mapping[str, Ids],
    key_results: Mapping[str, Ids],
    objectives: set[str],
) -> Mapping[str, Ids]:
    """Parent key result to the key results of its contributing objectives, as far as these are in the set."""
    found: dict[str, Ids] = {}
    for parent, children in above.items():
        if entities[parent].kind is Kind.KEY_RESULT:
            ids = {kr for child in children if child in objectives for kr in key_results.get(child, ())}
            found[parent] = tuple(sorted(ids, key=lambda each: reading_order(entities[each])))
    return {parent: ids for parent, ids in found.items() if ids}


def _without(some: Mapping[str, Ids], others: Mapping[str, Ids]) -> Mapping[str, Ids]:
    return {key: tuple(each for each in ids if each not in others.get(key, ())) for key, ids in some.items()}


def _upward(entities: Mapping[str, Entity], ordered: Iterable[Entity]) -> Mapping[str, Ids]:
    fields = {Kind.OBJECTIVE: "contributes_to", Kind.KEY_RESULT: "objective"}
    return {
        entity.id: tuple(_targets(entities, entity, fields[entity.kind]))
        for entity in ordered
        if entity.kind in fields
    }


def _circles(upward: Mapping[str, Ids]) -> tuple[Ids, ...]:
    """The groups of nodes that can reach each other, found only among what peeling from the top leaves."""
    left = _peel(upward)
    reach = {node: _reachable(upward, node) & left for node in upward if node in left}
    seen: set[str] = set()
    groups = []
    for node, reached in reach.items():
        if node in reached and node not in seen:
            group = tuple(other for other in reach if other in reached and node in reach[other])
            seen.update(group)
            groups.append(group)
    return tuple(groups)


def _peel(upward: Mapping[str, Ids]) -> set[str]:
    """The nodes from which some circle can be reached: all but those whose ways up end."""
    below: defaultdict[str, list[str]] = defaultdict(list)
    open_ways = {node: len(parents) for node, parents in upward.items()}
    for node, parents in upward.items():
        for parent in parents:
            below[parent].append(node)
    ended = [node for node, ways in open_ways.items() if ways == 0]
    for node in ended:
        for child in below[node]:
            open_ways[child] -= 1
            if open_ways[child] == 0:
                ended.append(child)
    return set(upward) - set(ended)


def _reachable(upward: Mapping[str, Ids], node: str) -> set[str]:
    reached: set[str] = set()
    ahead = list(upward[node])
    while ahead:
        each = ahead.pop()
        if each not in reached:
            reached.add(each)
            ahead.extend(upward.get(each, ()))
    return reached
