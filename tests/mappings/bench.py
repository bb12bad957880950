"""What the tests of mappings build with: a small who-is-who, and one-field sides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from okrsync.connectors.base import Native, NativeField, Option
from okrsync.mappings.binding import Binding, Place
from okrsync.mappings.reading import read
from okrsync.mappings.side import Side
from okrsync.mappings.writing import express, shown
from okrsync.okr.model import FieldSpec, Kind, Type
from okrsync.okr.values import Seen, Value

PLACE = Place("okrsync.yaml", 12, 7)
KINDS = (Kind.KEY_RESULT, Kind.OBJECTIVE)


class People:
    """A fixed who-is-who: entity `e1` has key `KR-1` and is page `page-1` in `notion`, and so on."""

    def __init__(self, *numbers: int) -> None:
        self._known = {str(number) for number in numbers or (1, 2, 3)}

    def entity_of(self, connection: str, native_id: str) -> str | None:
        """`page-1` in notion is `e1`."""
        number = native_id.removeprefix("page-")
        return f"e{number}" if connection == "notion" and number in self._known else None

    def by_key(self, kinds: tuple[Kind, ...], key: str) -> str | None:
        """`KR-1` is `e1`, for key results."""
        number = key.removeprefix("KR-")
        return f"e{number}" if Kind.KEY_RESULT in kinds and number in self._known else None

    def native_of(self, entity_id: str, connection: str) -> str | None:
        """The inverse of `entity_of`."""
        number = entity_id.removeprefix("e")
        return f"page-{number}" if connection == "notion" and number in self._known else None

    def key_of(self, entity_id: str) -> str | None:
        """The inverse of `by_key`."""
        number = entity_id.removeprefix("e")
        return f"KR-{number}" if number in self._known else None


def spec(type_: Type, **options: Any) -> FieldSpec:
    """A field specification of one normal form."""
    return FieldSpec("thing", type_, "a thing", **options)


def binding(of: FieldSpec, native: str = "Thing", **options: Any) -> Binding:
    """A binding that reads and writes, unless told otherwise."""
    return Binding(
        **{
            "collection": "krs",
            "field": of.name,
            "spec": of,
            "native": native,
            "reads": True,
            "writes": True,
            "place": PLACE,
            **options,
        }
    )


def column(type_: str, *options: str, name: str = "Thing") -> NativeField:
    """A live native field that may be written."""
    offered = tuple(Option(f"id-{option}", option) for option in options)
    return NativeField(f"id-{name}", name, type_, writable=True, options=offered)


def side(of: FieldSpec, field: NativeField, connection: str = "notion", **options: Any) -> Side:
    """A bound field."""
    return Side(binding(of, **options), field, connection, People())


def seen(native: Native, type_: Type, native_type: str, **options: Any) -> Seen:
    """What a cell of a native type reads as, in a normal form."""
    return read(native, side(spec(type_, **_spec_options(options)), column(native_type), **options))


def written(value: Value, type_: Type, native_type: str, **options: Any) -> Native:
    """What a value is written as to a field of a native type."""
    return express(value, side(spec(type_, **_spec_options(options)), column(native_type), **options))


def kept(value: Value, type_: Type, native_type: str, **options: Any) -> Value:
    """What a field of a native type shows after the value was written."""
    return shown(value, side(spec(type_, **_spec_options(options)), column(native_type), **options))


def _spec_options(options: dict[str, Any]) -> dict[str, Any]:
    """Takes the specification's options out of a binding's."""
    return {name: options.pop(name) for name in ("choices", "refers_to", "single") if name in options}


def number(text: str) -> Decimal:
    """Short for a decimal."""
    return Decimal(text)
