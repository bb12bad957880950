"""A mapping joined with the live schema: the one object the engine reads and writes values through.

What arrives: a collection's mapping and the schema its connector shows now. What leaves: findings for
whatever does not fit, and a `BoundMapping` that turns records into normal values and normal values into
the cells of a patch. It holds no state and does no I/O.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from okrsync.connectors.base import Native, NativeField, Record, Schema
from okrsync.mappings.checks import BoundBinding, Broken, Earlier, check, find, never
from okrsync.mappings.collection import CollectionMapping
from okrsync.mappings.numbers import money_of
from okrsync.mappings.reading import as_text, read
from okrsync.mappings.resolver import Resolver
from okrsync.mappings.side import Side
from okrsync.mappings.tidy import quoted
from okrsync.mappings.writing import express, shown
from okrsync.okr.findings import Finding
from okrsync.okr.units import currency
from okrsync.okr.values import Seen, Unreadable, Value

__all__ = ["BoundBinding", "BoundMapping", "bind"]


@dataclass(frozen=True)
class BoundMapping:
    """A collection's mapping with every usable binding tied to a live native field."""

    mapping: CollectionMapping
    bindings: tuple[BoundBinding, ...]
    key_field: NativeField | None = None
    """The live field of `mapping.key`; `None` where there is no key, or the field is missing."""

    @property
    def want(self) -> tuple[str, ...]:
        """Native field ids to ask the connector for: every binding's, and the key's; each once."""
        ids = [bound.native.id for bound in self.bindings]
        if self.key_field is not None:
            ids.insert(0, self.key_field.id)
        return tuple(dict.fromkeys(ids))

    def key_of(self, record: Record) -> str | Unreadable | None:
        """The human key of a record: `None` where it is blank or records have none here.

        Without a key field in the mapping it is the key the service itself gives, if it gives one.
        """
        if self.mapping.key is None:
            return record.key
        if self.key_field is None:
            return Unreadable(f"the key field {self.mapping.key} is missing")
        return as_text(_cell(record, self.key_field.id))

    def seen(self, bound: BoundBinding, record: Record, resolver: Resolver) -> Seen:
        """The normal value a record shows in one binding's field."""
        native = _cell(record, bound.native.id, may_lack=bound.binding.special)
        found = read(native, self._side(bound, resolver))
        if isinstance(native, str) and isinstance(found, Decimal):
            return self._foreign(native, record) or found
        return found

    def _foreign(self, typed: str, record: Record) -> Unreadable | None:
        """Why money typed into a cell is none of its record's: `$5` where the record's unit is EUR (S45)."""
        units = [b for b in self.bindings if b.binding.field == "unit" and b.binding.reads]
        texts = [as_text(_cell(record, b.native.id)) for b in units]
        money = money_of(typed)
        if money is None or not units or money in {currency(t) for t in texts if isinstance(t, str)}:
            return None
        return Unreadable(f"{quoted(typed)} is in {money}, which is not the unit of its record", typed)

    def native(self, bound: BoundBinding, value: Value, resolver: Resolver) -> Native:
        """The native spelling of a normal value. Raises CannotExpress."""
        return express(value, self._side(bound, resolver))

    def shown(self, bound: BoundBinding, value: Value, resolver: Resolver) -> Value:
        """The normal value this side would show after writing `value` (I12). Raises CannotExpress."""
        return shown(value, self._side(bound, resolver))

    def _side(self, bound: BoundBinding, resolver: Resolver) -> Side:
        return Side(bound.binding, bound.native, self.mapping.connection, resolver)


def bind(
    mapping: CollectionMapping, schema: Schema, earlier: Earlier = never
) -> tuple[BoundMapping, tuple[Finding, ...]]:
    """Tie every binding of a mapping to the live schema; what does not fit is a finding, not an exception.

    Findings: FIELD_MISSING, FIELD_AMBIGUOUS, FIELD_TYPE and OPTION_MISSING, FIELD_READ_ONLY; severity
    error, place the line of the file. A binding that neither reads nor writes any more is left out. One whose
    field was renamed goes on, with the warning FIELD_RENAMED, where `earlier` knows the field by its id.
    """
    bindings: list[BoundBinding] = []
    findings: list[Finding] = []
    for binding in mapping.bindings:
        try:
            bound, found = check(binding, schema, earlier)
        except Broken as broken:
            findings.append(broken.finding)
        else:
            bindings.append(bound)
            findings.extend(found)
    key_field = _key_field(mapping, schema, findings)
    return BoundMapping(mapping, tuple(bindings), key_field), tuple(findings)


def _key_field(mapping: CollectionMapping, schema: Schema, findings: list[Finding]) -> NativeField | None:
    if mapping.key is None:
        return None
    try:
        return find(mapping.key, schema, mapping.place, f"collections.{mapping.name}.key")
    except Broken as broken:
        findings.append(broken.finding)
        return None


def _cell(record: Record, native_id: str, may_lack: bool = False) -> Native:
    """A cell's value. A cell the answer lacks is not a blank one (I9), except in okrsync's own places,
    which hold nothing before the first write."""
    cell = record.cells.get(native_id)
    if cell is not None:
        return cell.value
    return None if may_lack else Unreadable(f"the answer did not hold {native_id}")
