"""A check-in made by command: what somebody said becomes a plan like any other. Pure.

What arrives: values for fields of the model, the state and a fresh look. What leaves: a plan that puts them
into the model and into every record that okrsync may write (S66), or findings that say why not. All of it or
nothing: a value without a place, a field people disagree on and an edit nobody has merged yet stop it whole,
so that no edit is ever written over unseen (I1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from okrsync.mappings.bound import BoundBinding, BoundMapping
from okrsync.mappings.resolver import CannotExpress
from okrsync.okr.findings import Finding, Severity
from okrsync.okr.values import Unreadable, Value, is_blank, same
from okrsync.sync_engine.merge import ABSENT, Side
from okrsync.sync_engine.plan import Adoption, Change, Op, Plan, Settlement
from okrsync.sync_engine.state import CHECKED_IN, Directory, EntityField, Link, LinkState, State
from okrsync.sync_engine.unify import Merged, side_of, slot_of


@dataclass(frozen=True)
class _Place:
    """One field of one record that holds a stated value."""

    link: Link
    mapping: BoundMapping
    bound: BoundBinding
    side: Side

    @property
    def name(self) -> str:
        """The field and where it is, for people."""
        return f"{self.link.place} › {self.bound.native.name}"


class _Refused(Exception):
    """Why a value cannot be written; carries the finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def _refused(code: str, place: str, message: str, advice: str) -> _Refused:
    return _Refused(Finding(code, place, message, advice, Severity.ERROR))


def make_check_in(
    state: State,
    mappings: Mapping[str, BoundMapping],
    directory: Directory,
    merged: Merged,
    said: Mapping[EntityField, Value],
    by: str,
    today: str,
) -> Plan:
    """The plan that carries what was said; with findings it holds nothing else."""
    origin = f"{CHECKED_IN}{by}"[:100]
    changes: dict[str, list[Change]] = {}
    adoptions, settlements, findings = [], [], []
    for key, value in sorted(said.items(), key=lambda pair: pair[0]):
        try:
            _refuse_disputed(state, merged, key)
            for place in _places(state, mappings, key):
                change = _change(place, value, directory, origin)
                if isinstance(change, Change):
                    changes.setdefault(place.link.id, []).append(change)
                else:
                    settlements.append(change)
        except _Refused as refused:
            findings.append(refused.finding)
        adoptions += _adoption(state, key, value, origin)
    if findings:
        return Plan(state.lineage, state.serial, today, findings=tuple(sorted(findings)))
    ops = tuple(_op(state.links[link], tuple(found)) for link, found in sorted(changes.items()))
    return Plan(state.lineage, state.serial, today, tuple(adoptions), tuple(settlements), ops=ops)


def _refuse_disputed(state: State, merged: Merged, key: EntityField) -> None:
    outcome = merged.outcomes.get(key)
    if outcome is not None and outcome.conflict is not None:
        message = f"people disagree on {_called(state, key)}"
        raise _refused("IN_CONFLICT", _where(state, key), message, "Decide it first: okrsync conflicts")


def _places(state: State, mappings: Mapping[str, BoundMapping], key: EntityField) -> list[_Place]:
    """Every field okrsync may write this value to. Raises _Refused where there is none."""
    found = list(_bound_to(state, mappings, key))
    writable = [place for place in found if place.bound.binding.writes]
    if writable:
        return writable
    what = f"{_called(state, key)} cannot be written anywhere"
    if not found:
        advice = f"Map {key[1]} in a collection that holds it, with `sync: both`"
        raise _refused("NOT_WRITABLE", _where(state, key), what, advice)
    binding = found[0].bound.binding
    advice = f"Type it there, or add `sync: both` to collections.{binding.collection}.fields.{key[1]}"
    raise _refused("NOT_WRITABLE", found[0].name, what, f"{advice} ({binding.place})")


def _bound_to(state: State, mappings: Mapping[str, BoundMapping], key: EntityField) -> Iterator[_Place]:
    for link in state.links_by_entity().get(key[0], ()):
        mapping = mappings.get(link.collection)
        if mapping is None or link.state is not LinkState.LINKED:
            continue
        for bound in mapping.bindings:
            side = side_of(state, link, bound) if bound.binding.field == key[1] else None
            if side is not None:
                yield _Place(link, mapping, bound, side)


def _change(place: _Place, value: Value, directory: Directory, origin: str) -> Change | Settlement:
    """What to write there, or to note as agreed where it stands already. Raises _Refused."""
    seen, slot = place.side.seen, slot_of(place.bound)
    if isinstance(seen, Unreadable):
        advice = "Correct the cell, then check in"
        raise _refused("UNREADABLE", place.name, f"cannot be read: {seen.reason}", advice)
    try:
        wanted = place.mapping.shown(place.bound, value, directory)
    except CannotExpress as error:
        raise _refused("CANNOT_EXPRESS", place.name, str(error), "See the field's mapping") from None
    if same(seen, wanted):
        return Settlement(place.link.id, slot, seen, wanted)
    if place.side.locked:
        advice = "Free the cell, or map another one"
        raise _refused("LOCKED", place.name, f"must not be written: {place.side.locked}", advice)
    if _unmerged(place.side, seen):
        message = "was changed there since the last sync"
        raise _refused("EDITED_MEANWHILE", place.name, message, "Run okrsync sync, then check in again")
    return Change(
        slot, place.bound.binding.field, place.bound.native.id, place.bound.native.name, seen, wanted, value,
        place.name, origin, human=place.bound.binding.reads,
    )  # fmt: skip


def _unmerged(side: Side, seen: Value) -> bool:
    """Whether the record shows an edit that no run has taken into the model."""
    if side.shown is ABSENT:
        return not is_blank(seen)
    return not same(seen, side.shown)


def _adoption(state: State, key: EntityField, value: Value, origin: str) -> list[Adoption]:
    held = state.canonical.get(key)
    if held is not None and same(held.value, value):
        return []
    before = ABSENT if held is None else held.value
    return [Adoption(*key, before, value, origin, "", _title(state, key[0]), origin)]


def _op(link: Link, changes: tuple[Change, ...]) -> Op:
    return Op(
        link.id, link.entity, link.collection, link.connection, link.native_id, link.title, link.place,
        link.url, changes,
    )  # fmt: skip


def _title(state: State, entity: str) -> str:
    row = state.entities[entity]
    links = state.links_by_entity().get(entity, ())
    return next((link.title for link in links), row.key or entity)


def _called(state: State, key: EntityField) -> str:
    return f"{key[1]} of {state.entities[key[0]].key or _title(state, key[0])}"


def _where(state: State, key: EntityField) -> str:
    links = state.links_by_entity().get(key[0], ())
    return next((link.place for link in links), key[0])
