"""Two moments of a workspace and what changed between them (S64).

Entities with what was computed from them make a moment; two moments make a list of changes. The past
moment is made from observations: the workspace as it was seen by a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from okrsync.okr.compute import Computed, compute
from okrsync.okr.frozen import Frozen
from okrsync.okr.method import Method
from okrsync.okr.model import Entity, Kind
from okrsync.okr.reading import name_of
from okrsync.okr.series import Series, points
from okrsync.okr.values import Value, same

SEEN = ("current", "target", "confidence", "challenges", "stage")
"""Fields whose past decides what a moment looked like."""
TOLD = ("value", "target", "score", "status", "confidence", "challenges", "progress")
"""What people want to know of a change, in this order."""


@dataclass(frozen=True)
class Change:
    """One field of one entity, then and now. None is missing: new, gone or not scored."""

    entity: str
    name: str
    field: str
    before: Value
    after: Value


@dataclass(frozen=True)
class Moment:
    """What was to be seen of each entity at one time, by id and field."""

    names: Mapping[str, str]
    values: Mapping[tuple[str, str], Value]


def as_of(
    entities: Mapping[str, Entity], series: Series, day: date, names: tuple[str, ...] = SEEN
) -> dict[str, Entity]:
    """The entities with the fields that were seen by a day; fields nobody observed stay as they are."""
    return {each.id: _entity_as_of(each, series, day, names) for each in entities.values()}


def _entity_as_of(entity: Entity, series: Series, day: date, names: tuple[str, ...]) -> Entity:
    fields = dict(entity.fields)
    for name in names:
        if series.get((entity.id, name)):
            seen = points(series, entity.id, name, day)
            fields[name] = seen[-1].value if seen else None
    return replace(entity, fields=fields)


def moment_of(entities: Mapping[str, Entity], computed: Computed) -> Moment:
    """What is told of every entity but work items."""
    told = [each for each in entities.values() if each.id in computed.derived]
    values = {(each.id, name): _value(each, name, computed) for each in told for name in TOLD}
    return Moment({each.id: name_of(each) for each in told}, values)


def _value(entity: Entity, name: str, computed: Computed) -> Value:
    derived = computed.derived[entity.id]
    scored = entity.kind is not Kind.INITIATIVE
    if entity.kind is Kind.METRIC and name == "value":
        return entity.get("current")
    if name == "progress":  # of goals the score says the same
        return None if scored else derived.get(name)
    return derived[name] if name in derived else entity.get(name)


def diff(before: Moment, after: Moment) -> tuple[Change, ...]:
    """Everything that changed, by name and then in the order of `TOLD`."""
    return tuple(sorted(_changes(before, after), key=lambda each: (each.name, TOLD.index(each.field))))


def _changes(before: Moment, after: Moment) -> Iterator[Change]:
    names = {**before.names, **after.names}
    for key in before.values.keys() | after.values.keys():
        then, now = before.values.get(key), after.values.get(key)
        if not same(then, now):
            yield Change(key[0], names[key[0]], key[1], then, now)


def changed_since(
    entities: Mapping[str, Entity],
    series: Series,
    since: date,
    today: date,
    method: Method,
    frozen: Iterable[Frozen] = (),
) -> tuple[Change, ...]:
    """What changed after a day until today, as far as it was observed; scores of closed cycles do not."""
    past, frozen = as_of(entities, series, since), tuple(frozen)
    then = moment_of(past, compute(past, since, method, series, frozen))
    return diff(then, moment_of(entities, compute(entities, today, method, series, frozen)))
