"""What only several entries together can get wrong, and the merge rules they make together.

What arrives: the collections that are right by themselves. What leaves: the rule of each field, and
problems: two owners, a computed value that feeds itself (I15), a column with two writers, and records
that could never be matched with those they are to be kept in step with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from okrsync.config.collections import Collected
from okrsync.config.draft import Draft
from okrsync.config.fields import Entry
from okrsync.config.problems import dotted
from okrsync.mappings.binding import LOOKUP, Binding
from okrsync.mappings.names import fold
from okrsync.mappings.rules import OnConflict, Rule
from okrsync.okr.model import FIELDS, Kind, Type

_OWN_FIELD = "give it a field of its own"
Rules = dict[tuple[Kind, str], Rule]


def check_together(draft: Draft, collected: list[Collected]) -> None:
    """Note every problem that takes more than one entry to see."""
    for one in collected:
        _two_writers(draft, one)
        _unmatched(draft, one, collected)
        for other in collected:
            _feeds_itself(draft, one, other)


def merge_rules(draft: Draft, collected: list[Collected]) -> Rules:
    """The rule of every field that any collection binds."""
    entries: dict[tuple[Kind, str], list[Entry]] = {}
    for one in collected:
        for entry in one.entries:
            entries.setdefault((entry.kind, entry.binding.field), []).append(entry)
    return {field: _rule(draft, field, found) for field, found in entries.items()}


def _rule(draft: Draft, field: tuple[Kind, str], entries: list[Entry]) -> Rule:
    owner = _only(draft, "owner", [entry for entry in entries if entry.shape.owner])
    prefer = _only(draft, "prefer", [entry for entry in entries if entry.shape.prefer])
    if owner is not None and prefer is not None and owner is not prefer:
        where = (*prefer.path, "prefer")
        message = f"{dotted(where)}: collections.{owner.binding.collection} owns the field and always wins"
        draft.problem(where, message, "keep `owner` or `prefer`")
    return Rule(
        on_conflict=_on_conflict(draft, field, entries, prefer),
        prefer=None if prefer is None else prefer.binding.collection,
        owner=None if owner is None else owner.binding.collection,
    )


def _only(draft: Draft, option: str, entries: list[Entry]) -> Entry | None:
    """The one entry with this option; a second one is a problem."""
    for second in entries[1:]:
        first = entries[0].binding
        where = (*second.path, option)
        message = f"{dotted(where)}: collections.{first.collection} already says so ({first.place})"
        draft.problem(where, message, "one collection at most")
    return entries[0] if entries else None


def _on_conflict(
    draft: Draft, field: tuple[Kind, str], entries: list[Entry], prefer: Entry | None
) -> OnConflict:
    given = [entry for entry in entries if entry.shape.on_conflict is not None]
    for later in given[1:]:
        if later.shape.on_conflict != given[0].shape.on_conflict:
            where = (*later.path, "on_conflict")
            first = given[0]
            message = f"{dotted(where)}: {first.binding.place} says {first.shape.on_conflict}"
            draft.problem(where, message, "one field has one rule")
    if prefer is not None:
        return OnConflict.PREFER
    if given:
        return OnConflict(str(given[0].shape.on_conflict))
    spec = FIELDS[field[0]][field[1]]
    return OnConflict.SET if spec.type is Type.LABELS else OnConflict.ASK


def _same_place(one: Collected, other: Collected) -> bool:
    """Whether two collections look at the same columns."""
    same_account = one.mapping.connection == other.mapping.connection
    return same_account and _where(one.mapping.source) == _where(other.mapping.source)


def _where(source: Any) -> Any:
    return None if source is None else source.model_dump(exclude={"key", "results"})


def _target(binding: Binding) -> str:
    """The column a binding writes, as a name to compare."""
    if binding.native.startswith(LOOKUP):
        return fold(binding.native.removeprefix(LOOKUP).rpartition("=")[0])
    return fold(binding.native)


def _feeds_itself(draft: Draft, one: Collected, other: Collected) -> None:
    """A computed value written where another entry reads is an input of the next computation (I15)."""
    if one.mapping.source is None or not _same_place(one, other):
        return
    readers = {_target(entry.binding): entry for entry in other.entries if entry.binding.reads}
    for binding in one.mapping.bindings:
        if not (binding.spec.derived and binding.writes):
            continue
        reader = readers.get(_target(binding))
        if reader is not None:
            message = f"is computed and must not go where {reader.binding.field} is read"
            _blame(draft, binding, f"{message} ({reader.binding.place}) (I15)", _OWN_FIELD)
        elif other.mapping.key is not None and _target(binding) == fold(other.mapping.key):
            _blame(draft, binding, "is computed and must not go into the key's field (I15)", _OWN_FIELD)


def _two_writers(draft: Draft, one: Collected) -> None:
    first: dict[str, Binding] = {}
    for binding in one.mapping.bindings:
        if binding.writes:
            before = first.setdefault(_target(binding), binding)
            if before is not binding:
                message = f"is written to the field that {before.field} is written to ({before.place})"
                _blame(draft, binding, message, _OWN_FIELD)


def _unmatched(draft: Draft, one: Collected, collected: Iterable[Collected]) -> None:
    """Without a key, records cannot be matched with another collection's, so nothing can come from there."""
    if one.mapping.key is not None:
        return
    for entry in one.entries:
        if entry.binding.spec.derived or not entry.binding.writes:
            continue
        for other in _others_with(entry, one, collected):
            message = (
                f"is written here, but records without a `key` cannot be matched with those of"
                f" collections.{other.mapping.name}, which binds it too"
            )
            _blame(draft, entry.binding, message, "give the collection a `key`, or only read the field here")
            break


def _others_with(entry: Entry, one: Collected, collected: Iterable[Collected]) -> Iterator[Collected]:
    for other in collected:
        if other is not one and other.mapping.entity is entry.kind:
            names = {binding.field for binding in other.mapping.bindings}
            if entry.binding.field in names:
                yield other


def _blame(draft: Draft, binding: Binding, message: str, advice: str) -> None:
    where = f"collections.{binding.collection}.fields.{binding.field}"
    draft.problem_at(binding.place, f"{where}: {message}", advice)
