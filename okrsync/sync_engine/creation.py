"""Which records are missing in a collection that may get new ones, and what would stand in them. Pure.

What arrives: a plan, the state and the collections that were looked at as a whole (`Ground`). What leaves:
the plan with one op per record to create, what it refers to first, or a finding that says why it has to
wait. Absence is only believed of a complete look at an unchanged scope (I25); what was ever linked here, or
is gone from here, is never made again (I4); an entity gets at most one record per collection (I14).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from okrsync.mappings.binding import LOOKUP, RESULTS
from okrsync.mappings.bound import BoundBinding, BoundMapping
from okrsync.mappings.resolver import CannotExpress
from okrsync.okr.compute import Computed
from okrsync.okr.findings import Finding, Severity
from okrsync.okr.model import Kind
from okrsync.okr.values import Value, is_blank
from okrsync.sync_engine.merge import ABSENT, Agreed
from okrsync.sync_engine.plan import Change, Op, Plan
from okrsync.sync_engine.planning import titles
from okrsync.sync_engine.state import Directory, EntityRow, Link, LinkState, State
from okrsync.sync_engine.unify import Merged, slot_of

_ORDER = (Kind.METRIC, Kind.OBJECTIVE, Kind.KEY_RESULT, Kind.INITIATIVE, Kind.CHECK_IN)


@dataclass(frozen=True)
class Ground:
    """A collection with `create: true`, as this run saw it."""

    bound: BoundMapping
    place: str
    """What people call it."""
    keys: frozenset[str]
    """Every key that stands there, linked or not."""
    closed: str | None = None
    """Why nothing is created there in this run."""


@dataclass(frozen=True)
class _Maker:
    state: State
    read: frozenset[str]
    """Collections that could be read."""
    merged: Merged
    computed: Computed
    titles: Mapping[str, str]
    findings: list[Finding]


def reserved(entity: str) -> str:
    """The native id that keeps the place of a record to come: one per entity and collection."""
    return f"pending:{entity}"


def add_creates(
    plan: Plan,
    state: State,
    grounds: Sequence[Ground],
    read: frozenset[str],
    merged: Merged,
    computed: Computed,
) -> Plan:
    """The plan with everything that has to be created after its patches."""
    maker = _Maker(state, read, merged, computed, titles(state, merged), [])
    wanted = []
    for ground in grounds:
        missing = lacking(state, ground, read)
        if ground.closed is None:
            wanted += [(ground, entity) for entity in missing]
        elif missing:
            maker.findings.append(_waits(ground, len(missing)))
    ops = tuple(_ops(maker, _parents_first(maker, wanted)))
    found = tuple(sorted(set(plan.findings) | set(maker.findings)))
    return replace(plan, ops=(*plan.ops, *ops), findings=found)


def lacking(state: State, ground: Ground, read: frozenset[str]) -> list[EntityRow]:
    """Entities other collections hold and this one has never had, by key."""
    name, kind = ground.bound.mapping.name, ground.bound.mapping.entity
    own = [link for link in state.links.values() if link.collection == name]
    here = {link.entity for link in own if link.state is not LinkState.PENDING or link.id in state.awaiting}
    taken = ground.keys | {link.native_id for link in own}
    elsewhere = {
        link.entity
        for link in state.links.values()
        if link.collection in read - {name} and link.state is LinkState.LINKED
    }
    found = [
        entity
        for entity in map(state.entities.__getitem__, elsewhere - here)
        if entity.kind is kind and (name, entity.id) not in state.buried and entity.key not in taken
    ]
    return sorted((e for e in found if e.key is not None), key=lambda e: (e.key or "", e.id))


def _waits(ground: Ground, number: int) -> Finding:
    what = f"{number} record{'s' if number > 1 else ''} to create here, but {ground.closed}"
    return Finding("CREATE_WAITS", ground.place, what, "A later run creates them", Severity.INFO)


_Wanted = tuple[Ground, EntityRow]


def _parents_first(maker: _Maker, wanted: Sequence[_Wanted]) -> list[_Wanted]:
    """By kind, collection and key, but whatever a record points to at the same service comes before it."""
    position = {id(ground): at for at, (ground, _) in enumerate(wanted)}
    todo = sorted(wanted, key=lambda one: (_ORDER.index(one[1].kind), position[id(one[0])], one[1].key))
    done: dict[tuple[str, str], _Wanted] = {}

    def visit(one: _Wanted) -> None:
        ground, entity = one
        key = (ground.bound.mapping.name, entity.id)
        if key in done or key in open_:
            return
        open_.add(key)
        for target in sorted(_targets(maker, ground, entity)):
            for other in todo:
                if other[1].id == target:
                    visit(other)
        done[key] = one

    open_: set[tuple[str, str]] = set()
    for one in todo:
        visit(one)
    return list(done.values())


def _targets(maker: _Maker, ground: Ground, entity: EntityRow) -> set[str]:
    """What the new record will point to."""
    values = (_value(maker, entity, bound) for bound in _written(ground))
    return {target for value in values if isinstance(value, frozenset) for target in value}


def _ops(maker: _Maker, wanted: Sequence[_Wanted]) -> Iterator[Op]:
    """One op each; a record may point to those before it, as if they were there already."""
    links = maker.state.links.values()
    directory = Directory(maker.state.entities.values(), links)
    holders = {k.entity: k for k in links if k.state is LinkState.LINKED and k.collection in maker.read}
    for ground, entity in wanted:
        mapping = ground.bound.mapping
        changes = tuple(_changes(maker, ground, entity, directory))
        title = maker.titles.get(entity.id) or str(entity.key)
        link = Link(
            "", entity.id, mapping.name, mapping.connection, reserved(entity.id), title, ground.place, None,
            LinkState.LINKED,
        )  # fmt: skip
        directory.add(link)
        yield Op(
            link.id, entity.id, mapping.name, mapping.connection, link.native_id, title, ground.place, None,
            changes, "create", f"{holders[entity.id].place} holds {entity.key}, {ground.place} does not",
        )  # fmt: skip


def _written(ground: Ground) -> Iterator[BoundBinding]:
    """Bindings that fill a new record. Results and what shows them follow when the record is there."""
    key = ground.bound.key_field
    for bound in ground.bound.bindings:
        is_key = key is not None and bound.native.id == key.id
        if bound.binding.writes and not is_key and not bound.binding.native.startswith((RESULTS, LOOKUP)):
            yield bound


def _changes(maker: _Maker, ground: Ground, entity: EntityRow, directory: Directory) -> Iterator[Change]:
    for bound in _written(ground):
        value = _value(maker, entity, bound)
        if value is ABSENT or is_blank(value):
            continue
        place = f"{ground.place} › {entity.key} › {bound.native.name}"
        try:
            shown = ground.bound.shown(bound, value, directory)
        except CannotExpress as error:
            advice = "See the field's mapping"
            maker.findings.append(Finding("CANNOT_EXPRESS", place, str(error), advice, Severity.WARNING))
            continue
        reason = _reason(maker, entity, bound)
        yield Change(
            slot_of(bound), bound.binding.field, bound.native.id, bound.native.name, None, shown, value,
            place, reason, bound.binding.reads,
        )  # fmt: skip


def _value(maker: _Maker, entity: EntityRow, bound: BoundBinding) -> Agreed:
    """What the model holds; absent while people disagree."""
    binding = bound.binding
    if binding.constant is not None:
        return binding.constant
    if binding.spec.derived:
        derived: Mapping[str, Value] = maker.computed.derived.get(entity.id, {})
        return derived.get(binding.field)
    key = (entity.id, binding.field)
    outcome, held = maker.merged.outcomes.get(key), maker.merged.values.get(key)
    in_conflict = outcome is not None and outcome.conflict is not None
    return ABSENT if in_conflict or held is None else held.value


def _reason(maker: _Maker, entity: EntityRow, bound: BoundBinding) -> str:
    if bound.binding.spec.derived:
        line = maker.computed.derived.get(entity.id, {}).get("explanation")
        return f"computed: {line}" if isinstance(line, str) else "computed"
    held = maker.merged.values.get((entity.id, bound.binding.field))
    look = maker.state.observed.get((held.origin, bound.binding.field)) if held else None
    return f"from {look.place}" if look else "agreed earlier"
