"""Unify: merge every field over all records of each entity into one model. Pure.

What arrives: the state as last seen, the bound mappings and the merge rules. What leaves: the value each
field should hold with where it came from, and the entities the method computes on. Derived fields take no
part: they are outputs only, whatever a mapping says (I15).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from okrsync.mappings.bound import BoundBinding, BoundMapping
from okrsync.mappings.resolver import CannotExpress
from okrsync.mappings.rules import Rule
from okrsync.okr.model import FIELDS, Entity, Kind, Source
from okrsync.okr.series import Point, Series
from okrsync.okr.values import Unreadable, Value, same
from okrsync.sync_engine.merge import ABSENT, Agreed, Clash, Outcome, Resolution, Side, merge
from okrsync.sync_engine.state import (
    LIVE,
    Canonical,
    Directory,
    EntityField,
    EntityRow,
    Link,
    LinkState,
    Observed,
    State,
)


@dataclass(frozen=True)
class Rules:
    """How each field merges, by kind and field."""

    rules: Mapping[tuple[Kind, str], Rule]

    def of(self, kind: Kind, name: str) -> Rule:
        """The rule of one field; the default asks."""
        return self.rules.get((kind, name), Rule())


@dataclass(frozen=True)
class Merged:
    """The model after merge, before anything is computed or written."""

    values: Mapping[EntityField, Canonical]
    outcomes: Mapping[EntityField, Outcome]
    sides: Mapping[EntityField, tuple[Side, ...]]


def slot_of(bound: BoundBinding) -> str:
    """The name under which a binding's looks and agreements are kept."""
    return bound.binding.native if ":" in bound.binding.native else bound.binding.field


def merge_all(
    state: State, mappings: Mapping[str, BoundMapping], rules: Rules, directory: Directory
) -> Merged:
    """Merge every field people set, over all records of each entity."""
    values = {key: old for key, old in state.canonical.items() if not _is_derived(state, key)}
    outcomes: dict[EntityField, Outcome] = {}
    all_sides: dict[EntityField, tuple[Side, ...]] = {}
    for entity_id, links in state.links_by_entity().items():
        entity = state.entities[entity_id]
        if entity.kind is Kind.WORK_ITEM:
            continue
        for name, sides in _sides_of(state, entity, links, mappings, directory).items():
            key = (entity_id, name)
            old = state.canonical.get(key)
            standing = ABSENT if old is None else old.value
            outcome = _held(state, key, standing) or merge(
                standing, sides, rules.of(entity.kind, name), _resolution(state, key)
            )
            all_sides[key], outcomes[key] = sides, outcome
            if outcome.value is not ABSENT and (outcome.origin is not None or old is None):
                values[key] = Canonical(outcome.value, *_origin(state, key, outcome))
    return Merged(values, outcomes, all_sides)


def _is_derived(state: State, key: EntityField) -> bool:
    spec = FIELDS[state.entities[key[0]].kind].get(key[1])
    return spec is None or spec.derived


def _origin(state: State, key: EntityField, outcome: Outcome) -> tuple[str, str]:
    """Which side a value came from, and since when it holds."""
    name = outcome.origin or ""
    look = state.observed.get((name, key[1]))
    return name, look.at if look else ""


def _held(state: State, key: EntityField, standing: Agreed) -> Outcome | None:
    """An open conflict waits for all its sides: with one out of reach, the other's edit would pass for
    the only one, and a decision for one taken on other edits."""
    conflict = state.conflicts.get(key)
    links = [state.links[side] for side in conflict.sides if side in state.links] if conflict else []
    away = [k for k in links if k.state is LinkState.MISSING or (k.id, key[1]) in state.unsettled]
    if conflict is None or len(away) == 0:
        return None
    return Outcome(standing, conflict=Clash(conflict.sides), waits=True)


def _resolution(state: State, key: EntityField) -> Resolution | None:
    conflict = state.conflicts.get(key)
    if conflict is None or not conflict.resolved:
        return None
    return Resolution(conflict.resolution, conflict.sides)


def _sides_of(
    state: State,
    entity: EntityRow,
    links: Sequence[Link],
    mappings: Mapping[str, BoundMapping],
    directory: Directory,
) -> dict[str, tuple[Side, ...]]:
    """Every side of every field people set, by field."""
    found: dict[str, list[Side]] = {}
    for link in links:
        mapping = mappings.get(link.collection)
        if mapping is None or link.state is not LinkState.LINKED:
            continue
        for bound in mapping.bindings:
            if bound.binding.spec.derived or bound.binding.constant is not None:
                continue
            old = state.canonical.get((entity.id, bound.binding.field))
            standing = ABSENT if old is None else _shown(mapping, bound, old.value, directory)
            side = side_of(state, link, bound, standing)
            if side is not None:
                found.setdefault(bound.binding.field, []).append(side)
    return {name: tuple(sides) for name, sides in found.items()}


def side_of(state: State, link: Link, bound: BoundBinding, standing: Agreed = ABSENT) -> Side | None:
    """One record's view of one binding, `None` when it was never looked at."""
    slot = slot_of(bound)
    look = state.observed.get((link.id, slot))
    if look is None:
        return None
    base = state.base.get((link.id, slot))
    unsettled = (link.id, slot) in state.unsettled
    return Side(
        name=link.id,
        collection=link.collection,
        seen=Unreadable("it could not be confirmed yet") if unsettled else look.seen,
        shown=base.shown if base else ABSENT,
        agreed=base.agreed if base else ABSENT,
        standing=standing,
        reads=bound.binding.reads,
        writes=bound.binding.writes,
        on_drift=bound.binding.on_drift,
        locked=look.locked,
    )


def _shown(mapping: BoundMapping, bound: BoundBinding, value: Value, directory: Directory) -> Agreed:
    """A value as one side would show it; absent when that side has no spelling for it."""
    try:
        return mapping.shown(bound, value, directory)
    except CannotExpress:
        return ABSENT


def entities_for(state: State, values: Mapping[EntityField, Canonical]) -> dict[str, Entity]:
    """The model the method computes on: agreed values, with where each was read."""
    found: dict[str, Entity] = {}
    by_entity: dict[str, dict[str, Canonical]] = {}
    for (entity_id, name), value in values.items():
        by_entity.setdefault(entity_id, {})[name] = value
    for entity_id, links in state.links_by_entity().items():
        row = state.entities[entity_id]
        live = [link for link in links if link.state in LIVE]
        if live and (row.kind is not Kind.WORK_ITEM or live[0].state is LinkState.LINKED):
            own = _work_item(state, live[0]) if row.kind is Kind.WORK_ITEM else by_entity.get(entity_id, {})
            found[entity_id] = _entity(state, row, live, own)
    return found


def series_of(
    past: Iterable[tuple[EntityField, Canonical]],
    values: Mapping[EntityField, Canonical],
    day_of: Callable[[str], date],
    seen_again: Mapping[EntityField, Sequence[date]] = MappingProxyType({}),
) -> Series:
    """What each field showed on which day: the stored past, what this look brings on top, and the days on
    which a value that had not changed was seen again."""
    found: dict[EntityField, list[Point]] = {}
    for key, held in past:
        found.setdefault(key, []).append(Point(held.value, day_of(held.at), held.by))
    for key, held in values.items():
        last = found.get(key)
        if held.at and (last is None or not same(last[-1].value, held.value)):
            found.setdefault(key, []).append(Point(held.value, day_of(held.at), held.by))
    for key, days in seen_again.items():
        found[key] = [*found.get(key, ()), *_again(found.get(key, ()), days)]
    return found


def _again(known: Sequence[Point], days: Sequence[date]) -> Iterator[Point]:
    """A point for every day on which nothing new was seen: what held on that day."""
    ordered, told = sorted(known, key=lambda point: point.at), {point.at for point in known}
    for day in days:
        held = [point for point in ordered if point.at <= day]
        if held and day not in told:
            yield Point(held[-1].value, day)


def turn_back(state: State, values: Mapping[EntityField, Canonical]) -> State:
    """The state with the values of a past moment; what was not known yet then is not there."""
    known = {entity for entity, _ in values}
    links = {k: link for k, link in state.links.items() if link.entity in known}
    looks = {
        (held.origin, name): Observed(held.value, links[held.origin].place, held.at)
        for (entity, name), held in values.items()
        if state.entities[entity].kind is Kind.WORK_ITEM and held.origin in links
    }
    inputs = {key: v for key, v in values.items() if state.entities[key[0]].kind is not Kind.WORK_ITEM}
    return replace(state, links=links, observed=looks, canonical=inputs)


def _work_item(state: State, link: Link) -> dict[str, Canonical]:
    """A work item has one side and is only counted: what was seen is what holds."""
    looks = ((name, state.observed.get((link.id, name))) for name in FIELDS[Kind.WORK_ITEM])
    return {
        name: Canonical(look.seen, link.id, look.at)
        for name, look in looks
        if look is not None and not isinstance(look.seen, Unreadable)
    }


def _entity(state: State, row: EntityRow, links: Sequence[Link], values: Mapping[str, Canonical]) -> Entity:
    sources = {name: _source(state, links, name, value) for name, value in values.items()}
    unreadable = {
        name: f"{look.place}: {look.seen.reason}"
        for link in links
        for name in FIELDS[row.kind]
        if (look := state.observed.get((link.id, name))) is not None and isinstance(look.seen, Unreadable)
    }
    title = values.get("title")
    fields = {name: value.value for name, value in values.items()}
    if title is None:
        fields["title"] = links[0].title
    return Entity(row.id, row.kind, row.key, fields, sources, unreadable)


def _holder(state: State, links: Sequence[Link], name: str, value: Canonical) -> Link:
    """A record that shows a value nobody typed in a tool: decided, put back or stated by command."""
    looks = {link.id: state.observed.get((link.id, name)) for link in links}
    seen = [(link, look.seen) for link in links if (look := looks[link.id]) is not None]
    alike = [link for link, shown in seen if not isinstance(shown, Unreadable) and same(shown, value.value)]
    return next(iter([*alike, *(link for link, _ in seen), *links]))


def _source(state: State, links: Sequence[Link], name: str, value: Canonical) -> Source:
    link = state.links.get(value.origin) or _holder(state, links, name, value)
    look = state.observed.get((link.id, name))
    return Source(link.connection, look.place if look else link.place, link.url, value.at or None)
