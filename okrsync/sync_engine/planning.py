"""Planning: everything a run has to do, made by pure functions from what was seen and agreed.

What arrives: the state, the bound mappings, the merged model and the computed one. What leaves: a `Plan`
whose order depends on nothing but its content (I16): at most one patch per record, edits that enter the
model, agreements to note, conflicts to open and to close, computed values that moved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from okrsync.mappings.binding import BROKEN
from okrsync.mappings.bound import BoundBinding, BoundMapping
from okrsync.mappings.resolver import CannotExpress
from okrsync.mappings.rules import OnDrift
from okrsync.okr.compute import Computed
from okrsync.okr.findings import Finding, Severity
from okrsync.okr.values import Unreadable, Value, encode, is_blank, same
from okrsync.sync_engine.merge import ABSENT, RESOLVED, Agreed, Outcome, Side, has_settled, needs_write
from okrsync.sync_engine.plan import Adoption, Change, Dispute, Op, Plan, Settlement
from okrsync.sync_engine.state import Directory, EntityField, Link, LinkState, State
from okrsync.sync_engine.unify import Merged, side_of, slot_of

OFTEN = 5
"""How often one value is written to one field within a day before the field is parked (I13)."""


@dataclass(frozen=True)
class _Maker:
    """What the parts of one plan share."""

    state: State
    mappings: Mapping[str, BoundMapping]
    merged: Merged
    computed: Computed
    directory: Directory
    titles: Mapping[str, str]
    written: Mapping[tuple[str, str, str], int]
    findings: list[Finding]
    settlements: list[Settlement]


def make_plan(
    state: State,
    mappings: Mapping[str, BoundMapping],
    merged: Merged,
    computed: Computed,
    directory: Directory,
    today: str,
    findings: Sequence[Finding] = (),
    written: Mapping[tuple[str, str, str], int] | None = None,
) -> Plan:
    """Everything that has to happen so that all sides agree with the model.

    `written` counts what was lately written: (link, slot, encoded value) to how often. A field that keeps
    being changed back is parked instead of fought over (I13).
    """
    maker = _Maker(
        state, mappings, merged, computed, directory, titles(state, merged), written or {}, list(findings), []
    )
    ops = _ops(maker)
    return Plan(
        lineage=state.lineage,
        serial=state.serial,
        today=today,
        adoptions=_adoptions(maker),
        settlements=tuple(sorted(maker.settlements, key=lambda s: (s.link, s.slot))),
        disputes=_disputes(maker),
        closed=_closed(maker),
        derived=_derived(maker),
        ops=ops,
        findings=tuple(sorted(set(maker.findings) | set(computed.findings))),
    )


def _ops(maker: _Maker) -> tuple[Op, ...]:
    """At most one patch per record, in the order of collections, then of titles."""
    order = {name: position for position, name in enumerate(maker.mappings)}
    ops = []
    for link in maker.state.links.values():
        mapping = maker.mappings.get(link.collection)
        if mapping is None or link.state is not LinkState.LINKED:
            continue
        changes = tuple(c for bound in mapping.bindings if (c := _change(maker, link, mapping, bound)))
        if changes:
            ops.append(_op(link, changes))
    return tuple(sorted(ops, key=lambda op: (order[op.collection], op.title, op.native_id)))


def _op(link: Link, changes: tuple[Change, ...]) -> Op:
    return Op(
        link.id, link.entity, link.collection, link.connection, link.native_id, link.title, link.place,
        link.url, changes,
    )  # fmt: skip


def _change(maker: _Maker, link: Link, mapping: BoundMapping, bound: BoundBinding) -> Change | None:
    """What to write for one binding of one record, and what to note as agreed on the way."""
    key = (link.entity, bound.binding.field)
    if _computed_kind_mismatch(maker, link, bound):
        return None
    outcome = maker.merged.outcomes.get(key)
    if outcome is not None and outcome.conflict is not None:
        return None
    value = _wanted(maker, link, bound)
    side = side_of(maker.state, link, bound)
    if value is ABSENT or side is None or isinstance(side.seen, Unreadable):
        return None
    try:
        wanted = mapping.shown(bound, value, maker.directory)
    except CannotExpress as error:
        _acknowledge(maker, link, slot_of(bound), side, ABSENT)
        if side.writes:
            _note(maker, "CANNOT_EXPRESS", link, bound, str(error))
        return None
    return _decide(maker, link, bound, side, value, wanted)


def _computed_kind_mismatch(maker: _Maker, link: Link, bound: BoundBinding) -> bool:
    """A derived field of an entity the method left out (all its records are gone)."""
    return bound.binding.spec.derived and link.entity not in maker.computed.derived


def _decide(
    maker: _Maker, link: Link, bound: BoundBinding, side: Side, value: Value, wanted: Value
) -> Change | None:
    assert not isinstance(side.seen, Unreadable)  # filtered by _change
    slot = slot_of(bound)
    if has_settled(side, wanted):
        maker.settlements.append(Settlement(link.id, slot, side.seen, wanted))
        return None
    if not needs_write(side, wanted):
        _acknowledge(maker, link, slot, side, wanted)
        return None
    if _left_alone(side):
        _note(maker, "DRIFT", link, bound, _drift(bound, side.seen, wanted))
        return None
    if side.locked:
        _note(maker, "LOCKED", link, bound, f"must not be written: {side.locked}")
        return None
    if maker.written.get((link.id, slot, encode(wanted)), 0) >= OFTEN:
        what = f"set to {_text(wanted)} {OFTEN} times in a day and changed back"
        _note(maker, "OSCILLATES", link, bound, what)
        return None
    _acknowledge(maker, link, slot, side, wanted)
    return _write(maker, link, bound, side.seen, value, wanted)


def _drift(bound: BoundBinding, seen: Value, wanted: Value) -> str:
    """What a person put where okrsync shows something."""
    if bound.binding.constant is None:
        return f"shows {_text(seen)}, okrsync would show {_text(wanted)}"
    what = "the look-up formula was removed" if is_blank(seen) else f"holds {_text(seen)}"
    return f"{what}; okrsync does not put its own back unasked"


def _left_alone(side: Side) -> bool:
    """Where drift is only reported: whatever a person put there stays."""
    if side.on_drift is not OnDrift.REPORT or isinstance(side.seen, Unreadable):
        return False
    if side.seen == BROKEN:
        return False
    if side.shown is ABSENT:
        return not is_blank(side.seen)
    return not same(side.seen, side.shown)


def _acknowledge(maker: _Maker, link: Link, slot: str, side: Side, wanted: Agreed) -> None:
    """Note an edit that was seen and lost, so that it is not taken for a new one next time."""
    if isinstance(side.seen, Unreadable) or not side.reads:
        return
    if wanted is not ABSENT and same(side.seen, wanted):
        return
    edited = side.shown is not ABSENT and not same(side.seen, side.shown)
    if edited or (side.shown is ABSENT and not is_blank(side.seen)):
        maker.settlements.append(Settlement(link.id, slot, side.seen, ABSENT))


def _wanted(maker: _Maker, link: Link, bound: BoundBinding) -> Agreed:
    """The model's value for one binding."""
    binding = bound.binding
    if binding.constant is not None:
        return binding.constant
    if binding.spec.derived:
        return maker.computed.derived[link.entity].get(binding.field)
    held = maker.merged.values.get((link.entity, binding.field))
    return ABSENT if held is None else held.value


def _write(
    maker: _Maker, link: Link, bound: BoundBinding, before: Value, value: Value, wanted: Value
) -> Change:
    look = maker.state.observed[link.id, slot_of(bound)]
    return Change(
        slot=slot_of(bound),
        field=bound.binding.field,
        native=bound.native.id,
        name=bound.native.name,
        before=before,
        after=wanted,
        value=value,
        place=look.place,
        reason=_reason(maker, link, bound),
        human=bound.binding.reads,
    )


def _reason(maker: _Maker, link: Link, bound: BoundBinding) -> str:
    """Why a value is written, in a few words."""
    if bound.binding.constant is not None:
        return "shows okrsync's result in this row"
    if bound.binding.spec.asked:
        return "what okrsync lint finds"
    if bound.binding.spec.derived:
        line = maker.computed.derived[link.entity].get("explanation")
        return f"computed: {line}" if isinstance(line, str) else "computed"
    held = maker.merged.values.get((link.entity, bound.binding.field))
    if held is not None and held.origin == RESOLVED:
        return "decided in a conflict"
    source = maker.state.links.get(held.origin) if held else None
    look = maker.state.observed.get((source.id, bound.binding.field)) if source else None
    return f"from {look.place}" if look else "agreed earlier, not shown here yet"


def _note(maker: _Maker, code: str, link: Link, bound: BoundBinding, message: str) -> None:
    look = maker.state.observed.get((link.id, slot_of(bound)))
    place = look.place if look else link.place
    advice = {
        "DRIFT": "Leave it, or copy what the other rows of that column hold",
        "LOCKED": "Free the cell, or map another one",
        "CANNOT_EXPRESS": "See the field's mapping",
        "OSCILLATES": "Something else writes here too: stop it, or unmap the field. okrsync waits a day",
    }[code]
    maker.findings.append(Finding(code, place, message, advice, Severity.WARNING))


def _text(value: Value) -> str:
    return "nothing" if is_blank(value) else str(value)


def titles(state: State, merged: Merged) -> dict[str, str]:
    """What people call each entity."""
    found = {link.entity: link.title for link in state.links.values()}
    for (entity, name), held in merged.values.items():
        if name == "title" and isinstance(held.value, str):
            found[entity] = held.value
    return found


def _in_order(maker: _Maker) -> list[tuple[EntityField, Outcome]]:
    """What was merged, as people would look it up: by title and key. Ids say nothing to anybody."""
    outcomes = maker.merged.outcomes
    return [
        (key, outcomes[key]) for key in sorted(outcomes, key=lambda key: (*_label(maker, key[0]), key[1]))
    ]


def _label(maker: _Maker, entity: str) -> tuple[str, str, str]:
    return maker.titles.get(entity, ""), maker.state.entities[entity].key or "", entity


def _adoptions(maker: _Maker) -> tuple[Adoption, ...]:
    found = []
    for key, outcome in _in_order(maker):
        old = maker.state.canonical.get(key)
        new = maker.merged.values.get(key)
        if outcome.conflict or new is None or (old is not None and same(old.value, new.value)):
            continue
        if old is None and is_blank(new.value):
            continue
        look = maker.state.observed.get((new.origin, key[1]))
        place = look.place if look else new.origin
        before, title = ABSENT if old is None else old.value, maker.titles[key[0]]
        found.append(Adoption(*key, before, new.value, new.origin, new.at, title, place, outcome.superseded))
    return tuple(found)


def _disputes(maker: _Maker) -> tuple[Dispute, ...]:
    """Conflicts to open or bring up to date; one that stands as it was is not news."""
    found = []
    for key, outcome in _in_order(maker):
        known = maker.state.conflicts.get(key)
        stands = known and not known.resolved and _same_sides(known.sides, outcome)
        if outcome.conflict is None or outcome.waits or stands:
            continue
        sides = outcome.conflict.proposals
        looks = {name: maker.state.observed.get((name, key[1])) for name in sides}
        places = {name: look.place if look else name for name, look in looks.items()}
        found.append(Dispute(*key, maker.titles[key[0]], outcome.value, sides, places))
    return tuple(found)


def _same_sides(known: Mapping[str, Value], outcome: Outcome) -> bool:
    now = outcome.conflict.proposals if outcome.conflict else {}
    return known.keys() == now.keys() and all(same(known[name], now[name]) for name in now)


def _closed(maker: _Maker) -> tuple[str, ...]:
    """Conflicts whose sides agree now, or whose resolution is being applied."""
    return tuple(
        conflict.id
        for key, conflict in sorted(maker.state.conflicts.items())
        if key in maker.merged.outcomes and maker.merged.outcomes[key].conflict is None
    )


def _derived(maker: _Maker) -> tuple[tuple[str, str, Value], ...]:
    found = []
    for entity_id in sorted(maker.computed.derived, key=lambda entity: _label(maker, entity)):
        for name, value in sorted(maker.computed.derived[entity_id].items()):
            old = maker.state.canonical.get((entity_id, name))
            is_news = not is_blank(value) if old is None else not same(old.value, value)
            if is_news:
                found.append((entity_id, name, value))
    return tuple(found)
