"""From the normal value to what a service should hold: the inverse of `reading`, one writer per form.

What arrives: a normal value and the live native field. What leaves: a `Native` value for a patch, or
`CannotExpress` with a reason for people where the value has no spelling there. Nothing is bent to fit: an
option that does not exist is not created and a reference that is unknown in that tool is not dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType

from okrsync.connectors.base import Native
from okrsync.mappings.names import fold
from okrsync.mappings.numbers import to_scale, to_text
from okrsync.mappings.reading import read
from okrsync.mappings.resolver import CannotExpress
from okrsync.mappings.side import Side
from okrsync.mappings.tidy import is_one_part, quoted, words
from okrsync.okr.model import Type
from okrsync.okr.values import NotYet, Unreadable, Value, is_blank, plain, same

_SETS = ("labels", "people", "relation")
_NUMERIC = ("number", "percent")


def express(value: Value, side: Side) -> Native:
    """The native spelling of a normal value. Raises CannotExpress."""
    if side.binding.constant is not None:
        return str(side.binding.constant)
    if is_blank(value):
        return _blank(side)
    if isinstance(value, NotYet):
        return _not_yet(side)
    return WRITERS[side.binding.spec.type](value, side)


def shown(value: Value, side: Side) -> Value:
    """What the side would show, read back, once `value` is written. Raises CannotExpress."""
    seen = read(express(value, side), side)
    if isinstance(seen, Unreadable):
        raise CannotExpress(f"{_name(side)} would not show it: {seen.reason}")
    return seen


def _name(side: Side) -> str:
    return quoted(side.field.name)


def _blank(side: Side) -> Native:
    if side.field.type == "bool":
        return False  # a checkbox has no blank
    return () if side.field.type in _SETS else None


def _not_yet(side: Side) -> Native:
    if side.binding.spec.type is not Type.NUMBER or side.field.type in _NUMERIC:
        raise CannotExpress(f"{_name(side)} holds numbers only and cannot say “not measurable yet”")
    if not side.binding.not_yet:
        raise CannotExpress(f"the binding of {_name(side)} has no text for “not measurable yet”")
    return side.binding.not_yet[0]


def _wrong(value: Value, side: Side) -> CannotExpress:
    return CannotExpress(f"{value!r} is not a {side.binding.spec.type.value} and cannot go to {_name(side)}")


def _text(value: Value, side: Side) -> Native:
    if not isinstance(value, str):
        raise _wrong(value, side)
    return _option(value, side) if side.field.type == "choice" else value


def _option(text: str, side: Side) -> str:
    """The option as the tool spells it; a tool must never grow an option because okrsync wrote one."""
    if not side.field.options:
        return text
    for option in side.field.options:
        if fold(option.name) == fold(text):
            return option.name
    offered = ", ".join(option.name for option in side.field.options)
    raise CannotExpress(f"{_name(side)} has no option {quoted(text)}; it offers {offered}")


def _number(value: Value, side: Side) -> Native:
    if not isinstance(value, Decimal):
        raise _wrong(value, side)
    word = next((word for number, word in side.binding.values.items() if Decimal(number) == value), None)
    if word is not None:
        return _text(word, side)
    if side.field.type == "choice":
        known = ", ".join(f"{number} = {word}" for number, word in side.binding.values.items())
        raise CannotExpress(f"{plain(value)} has no word of its own in {_name(side)}; there is {known}")
    native = to_scale(value, side.binding.scale)
    if side.field.type == "property":
        return plain(native)
    if side.field.type == "text" and side.binding.locale is not None:
        return to_text(native, side.binding.locale)
    if side.field.only_text:
        raise CannotExpress(
            f"{_name(side)} holds text only, and the binding has no `locale` to spell numbers"
        )
    return native


def _date(value: Value, side: Side) -> Native:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _wrong(value, side)
    return value.isoformat() if side.field.type == "property" else value


def _moment(value: Value, side: Side) -> Native:
    if not isinstance(value, datetime):
        raise _wrong(value, side)
    if side.field.type in ("property", "text"):
        return value.astimezone(UTC).isoformat(timespec="minutes")
    return value


def _bool(value: Value, side: Side) -> Native:
    if not isinstance(value, bool):
        raise _wrong(value, side)
    if side.field.type == "bool":
        return value
    default = {True: "yes", False: "no"}[value]
    spelled = side.binding.values.get(str(value).lower()) or side.binding.values.get(default) or default
    return _unambiguous(_text(spelled, side), value, side)


def _choice(value: Value, side: Side) -> Native:
    if not isinstance(value, str):
        raise _wrong(value, side)
    spelled = side.binding.values.get(value)
    if spelled is None:
        spelled = value if side.field.type == "property" else words(value)
    return _unambiguous(_text(spelled, side), value, side)


def _unambiguous(native: Native, value: Value, side: Side) -> Native:
    """The `values` of a binding may give one choice the words of another: then neither is sure."""
    seen = read(native, side)
    if isinstance(seen, Unreadable) or not same(seen, value):
        raise CannotExpress(f"{value} has no spelling of its own in {_name(side)}: add it to `values`")
    return native


def _person(value: Value, side: Side) -> Native:
    if not isinstance(value, str):
        raise _wrong(value, side)
    if side.field.type != "people":
        return value
    if value.count("@") > 1:
        raise CannotExpress(f"{quoted(value)} are several people; {_name(side)} is written with one")
    return (value,)


def _labels(value: Value, side: Side) -> Native:
    if not isinstance(value, frozenset):
        raise _wrong(value, side)
    return tuple(sorted(value)) if side.field.type == "labels" else _typed_list(sorted(value), side)


def _typed_list(items: list[str], side: Side) -> str:
    broken = next((item for item in items if not is_one_part(item)), None)
    if broken is not None:
        raise CannotExpress(f"{quoted(broken)} cannot stand in a list separated by commas in {_name(side)}")
    return ", ".join(items)


def _refs(value: Value, side: Side) -> Native:
    if not isinstance(value, frozenset):
        raise _wrong(value, side)
    if side.binding.pattern is not None:
        raise CannotExpress(f"{_name(side)} is read by a pattern, which cannot be written back")
    if side.field.type == "relation":
        return tuple(sorted(_native_id(entity, side) for entity in value))
    return _typed_list(sorted(_key(entity, side) for entity in value), side)


def _native_id(entity: str, side: Side) -> str:
    native = side.resolver.native_of(entity, side.connection)
    if native is None:
        known_as = side.resolver.key_of(entity) or entity
        raise CannotExpress(f"{quoted(known_as)} has no record in {side.connection} to point to")
    return native


def _key(entity: str, side: Side) -> str:
    key = side.resolver.key_of(entity)
    if key is None:
        raise CannotExpress(f"{quoted(entity)} has no key that {_name(side)} could name")
    return key


WRITERS: Mapping[Type, Callable[[Value, Side], Native]] = MappingProxyType(
    {
        Type.TEXT: _text,
        Type.NUMBER: _number,
        Type.DATE: _date,
        Type.MOMENT: _moment,
        Type.BOOL: _bool,
        Type.CHOICE: _choice,
        Type.PERSON: _person,
        Type.LABELS: _labels,
        Type.REFS: _refs,
    }
)
