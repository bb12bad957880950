"""Undo: a plan that puts back what a run changed, wherever the value is still ours.

What arrives: the evidence a run left (before and after of every write), the history of the model and a
fresh look. What leaves: an ordinary plan, previewed, journalled and applied like any other, and the list
of what cannot be put back, each with its reason.

A value a person typed is never undone: where the run had carried Ann's edit from one tool to the others,
the others get their old value back, the model too, and Ann's edit becomes a question (a conflict) so that
the next sync neither repeats nor destroys it. Computed values come back with the next sync; say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from okrsync.mappings.bound import BoundBinding, BoundMapping
from okrsync.mappings.resolver import CannotExpress
from okrsync.okr.findings import Finding, Severity
from okrsync.okr.values import Unreadable, Value, same
from okrsync.sync_engine.merge import ABSENT, Agreed
from okrsync.sync_engine.plan import Adoption, Change, Op, Plan, Settlement
from okrsync.sync_engine.state import Directory, Link, LinkState, State
from okrsync.sync_engine.unify import slot_of

UNDO = "undo"
"""The origin of values an undo put back into the model."""


@dataclass(frozen=True)
class Effect:
    """One remote effect a run left evidence of."""

    link: str
    slot: str
    before: Value
    shown: Value

    @property
    def created(self) -> bool:
        """Whether the record itself was made; that belongs to no field."""
        return self.slot == ""


@dataclass(frozen=True)
class Turn:
    """How a run changed one value of the model."""

    entity: str
    field: str
    before: Agreed
    after: Value
    origin: str


@dataclass(frozen=True)
class _Undo:
    run: str
    state: State
    mappings: Mapping[str, BoundMapping]
    directory: Directory
    turns: Mapping[tuple[str, str], Turn]
    findings: list[Finding]


def make_undo(
    run: str,
    state: State,
    mappings: Mapping[str, BoundMapping],
    directory: Directory,
    effects: Sequence[Effect],
    turns: Sequence[Turn],
    today: str,
) -> Plan:
    """The plan that reverses `run`; what cannot be reversed is a finding."""
    undo = _Undo(run, state, mappings, directory, {(t.entity, t.field): t for t in turns}, [])
    changes: dict[str, list[Change]] = {}
    created = {effect.link for effect in effects if effect.created}
    for link in sorted(created):
        _cannot_uncreate(undo, link)
    for effect in effects:
        change = None if effect.link in created else _change(undo, effect)
        if change is not None:
            changes.setdefault(effect.link, []).append(change)
    ops = tuple(_op(state.links[link], tuple(found)) for link, found in sorted(changes.items()))
    undone = {(state.links[op.link].entity, change.field) for op in ops for change in op.changes}
    adoptions, settlements = _model(undo, undone)
    return Plan(
        state.lineage, state.serial, today, adoptions, settlements, ops=ops, findings=tuple(undo.findings)
    )


def _change(undo: _Undo, effect: Effect) -> Change | None:
    """Put one value back, if the record still shows what the run left there."""
    link = undo.state.links.get(effect.link)
    look = undo.state.observed.get((effect.link, effect.slot))
    mapping = undo.mappings.get(link.collection) if link is not None else None
    bound = _binding(mapping, effect.slot) if mapping is not None else None
    if link is None or look is None or bound is None or link.state is not LinkState.LINKED:
        _cannot(undo, effect.link, link.place if link else effect.link, "its record or its mapping is gone")
        return None
    if isinstance(look.seen, Unreadable) or not same(look.seen, effect.shown):
        _cannot(undo, effect.link, look.place, "it was changed since; it stays as it is")
        return None
    if same(effect.before, effect.shown):
        return None
    turn = undo.turns.get((link.entity, bound.binding.field))
    return Change(
        slot=effect.slot,
        field=bound.binding.field,
        native=bound.native.id,
        name=bound.native.name,
        before=effect.shown,
        after=effect.before,
        value=effect.before,
        place=look.place,
        reason=f"undoes run {undo.run[:8]}",
        human=bound.binding.reads,
        reopens=_reopens(undo, mapping, bound, turn, effect),
    )


def _binding(mapping: BoundMapping | None, slot: str) -> BoundBinding | None:
    bindings = mapping.bindings if mapping is not None else ()
    return next((bound for bound in bindings if slot_of(bound) == slot), None)


def _reopens(
    undo: _Undo, mapping: BoundMapping | None, bound: BoundBinding, turn: Turn | None, effect: Effect
) -> Agreed:
    """What the side had agreed to before the run, where its old value was itself an open edit."""
    if mapping is None or turn is None or turn.before is ABSENT:
        return ABSENT
    agreed = _shown(undo, mapping, bound, turn.before)
    return ABSENT if agreed is ABSENT or same(agreed, effect.before) else agreed


def _shown(undo: _Undo, mapping: BoundMapping, bound: BoundBinding, value: Value) -> Agreed:
    try:
        return mapping.shown(bound, value, undo.directory)
    except CannotExpress:
        return ABSENT


def _cannot(undo: _Undo, link: str, place: str, why: str) -> None:
    undo.findings.append(Finding("NOT_UNDONE", place, why, "Put it back by hand if need be", Severity.INFO))


def _cannot_uncreate(undo: _Undo, link_id: str) -> None:
    link = undo.state.links.get(link_id)
    place = link.place if link is not None else link_id
    what, advice = "the run created this record; okrsync deletes nothing", "Delete it by hand if need be"
    undo.findings.append(Finding("NOT_UNDONE", place, what, advice, Severity.INFO))


def _op(link: Link, changes: tuple[Change, ...]) -> Op:
    return Op(
        link.id, link.entity, link.collection, link.connection, link.native_id, link.title, link.place,
        link.url, changes,
    )  # fmt: skip


def _model(undo: _Undo, undone: set[tuple[str, str]]) -> tuple[tuple[Adoption, ...], tuple[Settlement, ...]]:
    """The model's values as before the run; the edit the run had taken over becomes a question."""
    adoptions, settlements = [], []
    for key, turn in sorted(undo.turns.items()):
        held = undo.state.canonical.get(key)
        if turn.before is ABSENT or key not in undone or held is None or not same(held.value, turn.after):
            continue
        title = next((k.title for k in undo.state.links.values() if k.entity == turn.entity), turn.entity)
        adoptions.append(
            Adoption(turn.entity, turn.field, turn.after, turn.before, UNDO, "", title, f"run {undo.run[:8]}")
        )
        settlements += _question(undo, turn)
    return tuple(adoptions), tuple(settlements)


def _question(undo: _Undo, turn: Turn) -> list[Settlement]:
    """The side the edit came from goes back to 'edited since the last agreement'."""
    link = undo.state.links.get(turn.origin)
    mapping = undo.mappings.get(link.collection) if link is not None else None
    bound = _binding(mapping, turn.field)
    if link is None or mapping is None or bound is None or turn.before is ABSENT:
        return []
    shown = _shown(undo, mapping, bound, turn.before)
    return [] if shown is ABSENT else [Settlement(link.id, turn.field, shown, ABSENT)]
