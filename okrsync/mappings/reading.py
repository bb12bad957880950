"""From what a service holds to the normal value: one small reader per normal form.

What arrives: a neutral `Native` value of a connector. What leaves: the value merge compares, or
`Unreadable` with a reason for people; never a guess, never `None` for something that is there. A blank
cell, an empty list and an empty relation are all `None`: one spelling for missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType

from okrsync.connectors.base import Native
from okrsync.mappings.names import fold
from okrsync.mappings.numbers import from_plain, from_scale, from_text
from okrsync.mappings.side import Side
from okrsync.mappings.tidy import address, parts, quoted, snake, tidy
from okrsync.okr.model import Type
from okrsync.okr.values import NOT_YET, NotYet, Seen, Unreadable, plain

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TRUTHS = MappingProxyType({"yes": True, "true": True, "no": False, "false": False})


def read(native: Native, side: Side) -> Seen:
    """The normal value of a native one, in the form the binding's field takes."""
    tidied = _tidied(native)
    if tidied is None or isinstance(tidied, Unreadable):
        return tidied
    if side.binding.constant is not None:
        return as_text(tidied)
    return READERS[side.binding.spec.type](tidied, side)


def as_text(native: Native) -> str | Unreadable | None:
    """Text, also of a number or a day that stands where text is expected; used for keys too."""
    if native is None or isinstance(native, Unreadable):
        return native
    if isinstance(native, str):
        return tidy(native)
    if isinstance(native, bool):
        return Unreadable("a checkbox, where text is expected", str(native))
    if isinstance(native, Decimal):
        return plain(native) if native.is_finite() else Unreadable("not a number", str(native))
    if isinstance(native, datetime):
        return native.isoformat(timespec="minutes")
    if isinstance(native, date):
        return native.isoformat()
    return tidy(", ".join(sorted(native)))


def _tidied(native: Native) -> Native:
    if isinstance(native, str):
        return tidy(native)
    if not isinstance(native, tuple):
        return native
    items = [tidy(item) for item in native]
    for item in items:
        if isinstance(item, Unreadable):
            return item
    kept = tuple(item for item in items if isinstance(item, str))
    return kept if len(kept) > 0 else None


def _set(items: Iterable[str]) -> frozenset[str] | None:
    found = frozenset(items)
    return found if len(found) > 0 else None


def _not(expected: str, native: Native) -> Unreadable:
    if isinstance(native, bool):
        return Unreadable(f"a checkbox, where {expected} is expected", str(native))
    raw = str(as_text(native))
    return Unreadable(f"{quoted(raw)} is not {expected}", raw)


def _text(native: Native, side: Side) -> Seen:
    return as_text(native)


def _number(native: Native, side: Side) -> Seen:
    meant = _by_value(native, side) if isinstance(native, str) else None
    if meant is not None:
        return Decimal(meant)
    found = _unscaled(native, side)
    return from_scale(found, side.binding.scale) if isinstance(found, Decimal) else found


def _unscaled(native: Native, side: Side) -> Decimal | NotYet | Unreadable:
    if isinstance(native, Decimal):
        return native
    if not isinstance(native, str):
        return _not("a number", native)
    if fold(native) in {fold(text) for text in side.binding.not_yet}:
        return NOT_YET
    if side.field.type == "property":
        return from_plain(native)
    if native.endswith("%") and side.binding.scale > 1:
        return Unreadable(f"{quoted(native)} is percent in a column of plain numbers: leave out %", native)
    return from_text(native, side.binding.locale)


def _date(native: Native, side: Side) -> Seen:
    if isinstance(native, datetime):
        return native.date()  # the day it is where the person wrote it, not in UTC
    if isinstance(native, date):
        return native
    if isinstance(native, str) and _DAY.fullmatch(native):
        try:
            return date.fromisoformat(native)
        except ValueError:
            return _not("a day", native)
    return _not("a day (such as 2026-03-31)", native)


def _moment(native: Native, side: Side) -> Seen:
    found = native
    if isinstance(native, str):
        try:
            found = datetime.fromisoformat(native)
        except ValueError:
            return _not("a moment", native)
    if not isinstance(found, datetime) or found.tzinfo is None:
        return _not("a moment with its time zone", native)
    try:
        return found.astimezone(UTC).replace(second=0, microsecond=0)
    except OverflowError:
        return _not("a moment that can be computed with", native)


def _bool(native: Native, side: Side) -> Seen:
    if isinstance(native, bool):
        return native
    if not isinstance(native, str):
        return _not("yes or no", native)
    choice = _by_value(native, side) or native.casefold()
    return _TRUTHS.get(choice, _not("yes or no", native))


def _choice(native: Native, side: Side) -> Seen:
    text = as_text(native)
    if not isinstance(text, str):
        return _not("a choice", native)
    choice = _by_value(text, side) or snake(text)
    if choice in side.binding.spec.choices:
        return choice
    allowed = {c: side.binding.values.get(c, c) for c in side.binding.spec.choices}
    return Unreadable(f"{quoted(text)} is none of {', '.join(allowed.values())}", text)


def _by_value(text: str, side: Side) -> str | None:
    wanted = fold(text)
    return next((choice for choice, spelled in side.binding.values.items() if fold(spelled) == wanted), None)


def _person(native: Native, side: Side) -> Seen:
    if isinstance(native, tuple):
        return ", ".join(sorted(address(item) for item in native))
    return address(native) if isinstance(native, str) else _not("a person", native)


def _labels(native: Native, side: Side) -> Seen:
    if isinstance(native, tuple):
        return _set(native)
    return _set(parts(native)) if isinstance(native, str) else _not("a list of labels", native)


def _refs(native: Native, side: Side) -> Seen:
    found: set[str] = set()
    for item in _pointers(native, side):
        entity = _resolved(item, side)
        if entity is None:
            return Unreadable(f"points to {quoted(item)} which no collection holds", item)
        found.add(entity)
    if side.binding.spec.single and len(found) > 1:
        return Unreadable(f"points to {len(found)} things where only one is allowed", str(as_text(native)))
    return _set(found)


def _pointers(native: Native, side: Side) -> tuple[str, ...]:
    """The native ids or keys a cell names."""
    if side.binding.pattern is not None:
        return _matched(native, re.compile(side.binding.pattern))
    if isinstance(native, tuple):
        return native
    text = str(as_text(native))
    return (text,) if side.field.type == "relation" else parts(text)


def _matched(native: Native, pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Keys by pattern: a label must match whole, free text may hold the match anywhere."""
    if isinstance(native, tuple):
        matches = [pattern.fullmatch(label) for label in native]
    else:
        matches = [pattern.search(part) for part in parts(str(as_text(native)))]
    keys = [match.group("key") for match in matches if match is not None]
    return tuple(key.strip() for key in keys if key is not None and key.strip())


def _resolved(item: str, side: Side) -> str | None:
    if side.field.type == "relation":
        return side.resolver.entity_of(side.connection, item)
    return side.resolver.by_key(side.binding.spec.refers_to, item)


READERS: Mapping[Type, Callable[[Native, Side], Seen]] = MappingProxyType(
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
