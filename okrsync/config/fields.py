"""One entry of `fields:` as a binding: what the canonical field allows, and what is wrong otherwise.

What arrives: `title: Name` or `title: {from: Name, sync: both}`. What leaves: a `Binding`, or problems
that name the line. Everything that one entry alone can tell is checked here; what takes several entries
is in `cross`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from okrsync.config.draft import Draft
from okrsync.config.problems import Path, dotted
from okrsync.config.shape import FieldShape
from okrsync.mappings.binding import LOOKUP, NOT_YET_TEXTS, PROPERTY, RESULTS, Binding
from okrsync.mappings.names import fold, suggestion
from okrsync.mappings.rules import OnDrift
from okrsync.okr.model import FIELDS, FieldSpec, Kind, Type

_Complaint = tuple[str, str, str]
"""The option to blame (empty: the entry itself), what is wrong, what to do."""

_ONLY_FOR: Mapping[str, tuple[Type, ...]] = MappingProxyType(
    {
        "values": (Type.CHOICE, Type.BOOL, Type.NUMBER),
        "pattern": (Type.REFS,),
        "link": (Type.REFS,),
        "scale": (Type.NUMBER,),
        "locale": (Type.NUMBER,),
        "not_yet": (Type.NUMBER,),
    }
)
_ON_CONFLICT: Mapping[str, tuple[Type, ...]] = MappingProxyType(
    {"ask": tuple(Type), "set": (Type.LABELS, Type.REFS), "max": (Type.NUMBER, Type.DATE, Type.MOMENT)}
)
_BOOLS = ("true", "false")
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,17})(\.\d{1,18})?", re.ASCII)


@dataclass(frozen=True)
class Entry:
    """One binding with the options of it that concern other collections too."""

    kind: Kind
    binding: Binding
    shape: FieldShape
    path: Path


def called(kind: Kind) -> str:
    """`an initiative`, `a key result`."""
    name = kind.value.replace("_", " ")
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def spelled_out(raw: Any) -> Any:
    """The long form of an entry: `Owner` is `{from: Owner}`, one `link` is a list of one."""
    if isinstance(raw, str):
        return {"from": raw}
    if isinstance(raw, dict):
        lists = {name: [raw[name]] for name in ("link", "not_yet") if isinstance(raw.get(name), str)}
        return {**raw, **lists}
    return raw


def field_entry(draft: Draft, collection: str, kind: Kind, name: str, raw: Any) -> Entry | None:
    """One entry of `fields:`; `None` where it has problems."""
    path: Path = ("collections", collection, "fields", name)
    spec = FIELDS[kind].get(name)
    if spec is None:
        message = f"{dotted(path)}: unknown field of {called(kind)}"
        draft.problem(path, message, suggestion(name, FIELDS[kind]), on_key=True)
        return None
    shape = draft.validate(FieldShape, spelled_out(raw), path)
    if shape is None:
        return None
    complaints = list(_complaints(shape, spec))
    for option, wrong, advice in complaints:
        where = (*path, *option.split(".", 1)) if option else path
        draft.problem(where, f"{dotted(where)}: {wrong}", advice, on_key=not option)
    if complaints:
        return None
    return Entry(kind, _binding(draft, collection, spec, shape, path), shape, path)


def _complaints(shape: FieldShape, spec: FieldSpec) -> Iterator[_Complaint]:
    yield from _direction(shape, spec)
    yield from _fitting_options(shape, spec)
    yield from _values(shape, spec)
    yield from _links(shape, spec)
    yield from _pattern(shape)
    yield from _ownership(shape, spec)
    if shape.locale is not None:
        yield from _locale(shape.locale)


def _direction(shape: FieldShape, spec: FieldSpec) -> Iterator[_Complaint]:
    if shape.from_ is None and shape.to is None:
        yield "", "names no native field", "give `to:`" if spec.derived else "give `from:`"
    elif shape.from_ is not None and shape.to is not None:
        yield "to", "`from` and `to` exclude each other", "write {from: X, sync: both} to read and write X"
    elif spec.derived and shape.from_ is not None:
        wrong = "computed by okrsync, so it cannot be read from a tool (I15)"
        yield "from", wrong, f"write {spec.name}: {{to: {shape.from_}}}"
    if shape.to is not None and "sync" in shape.model_fields_set:
        yield "sync", "only goes with `from`", "leave it out"
    if shape.from_ is not None and shape.from_.startswith((RESULTS, LOOKUP, PROPERTY + "okrsync.")):
        yield "from", "okrsync writes this place itself and must not read it as input (I15)", ""


def _fitting_options(shape: FieldShape, spec: FieldSpec) -> Iterator[_Complaint]:
    for option, types in _ONLY_FOR.items():
        if option in shape.model_fields_set and spec.type not in types:
            yield option, f"does not go with {spec.name}, which is a {spec.type.value}", "leave it out"
    if shape.on_conflict is not None and spec.type not in _ON_CONFLICT[shape.on_conflict]:
        wrong = f"{shape.on_conflict} does not go with {spec.name}, which is a {spec.type.value}"
        yield "on_conflict", wrong, "use ask"


def _values(shape: FieldShape, spec: FieldSpec) -> Iterator[_Complaint]:
    if spec.type not in _ONLY_FOR["values"]:
        return
    known = _BOOLS if spec.type is Type.BOOL else spec.choices
    first: dict[str, str] = {}
    for choice, spelled in shape.values.items():
        if spec.type is Type.NUMBER:
            if _NUMBER.fullmatch(choice) is None:
                yield f"values.{choice}", "not a number", "write such as {0.8: Green}"
        elif choice not in known:
            yield f"values.{choice}", f"not a value of {spec.name}", suggestion(choice, known)
        other = first.setdefault(fold(spelled), choice)
        if other != choice:
            yield f"values.{choice}", f"“{spelled}” already means {other}", "give each value its own word"


def _links(shape: FieldShape, spec: FieldSpec) -> Iterator[_Complaint]:
    allowed = [kind.value for kind in spec.refers_to]
    for link in shape.link if spec.type is Type.REFS else ():
        if link not in allowed:
            yield "link", f"{spec.name} cannot point to {called(Kind(link))}", f"use {' or '.join(allowed)}"


def _pattern(shape: FieldShape) -> Iterator[_Complaint]:
    if shape.pattern is None:
        return
    try:
        groups = re.compile(shape.pattern).groupindex
    except re.error as error:
        yield "pattern", f"not a regular expression: {error.msg}", ""
        return
    if "key" not in groups:
        yield "pattern", "has no group named key", 'write such as "kr-(?P<key>.+)"'
    if shape.to is not None or shape.sync == "both":
        yield "pattern", "keys found by a pattern cannot be written back", "only read it"


def _ownership(shape: FieldShape, spec: FieldSpec) -> Iterator[_Complaint]:
    for option, given in (("owner", shape.owner), ("prefer", shape.prefer)):
        if given and (shape.to is not None or spec.derived):
            yield option, "a collection that is not read cannot decide the field", "leave it out"
    if shape.prefer and shape.owner:
        yield "prefer", "the owner of a field always wins", "keep `owner` or `prefer`"
    elif shape.prefer and shape.on_conflict is not None:
        yield "on_conflict", "`prefer` already says what happens", "keep one of them"


def _locale(name: str) -> Iterator[_Complaint]:
    # on first use: Babel costs 30 ms that most files never need
    from babel.core import Locale, UnknownLocaleError

    try:
        Locale.parse(name, sep="-" if "-" in name else "_")
    except (UnknownLocaleError, ValueError):
        yield "locale", f"“{name}” is no locale", "write such as de_DE or en_US"


def _binding(draft: Draft, collection: str, spec: FieldSpec, shape: FieldShape, path: Path) -> Binding:
    return Binding(
        collection=collection,
        field=spec.name,
        spec=replace(spec, refers_to=tuple(Kind(link) for link in shape.link) or spec.refers_to),
        native=shape.from_ or shape.to or "",
        reads=shape.from_ is not None,
        writes=shape.to is not None or shape.sync == "both",
        place=draft.place(path, on_key=True),
        values=MappingProxyType(dict(shape.values)),
        pattern=shape.pattern,
        scale=shape.scale,
        not_yet=NOT_YET_TEXTS if shape.not_yet is None else shape.not_yet,
        locale=None if shape.locale is None else shape.locale.replace("-", "_"),
        on_drift=shape.on_drift or OnDrift.REVERT,
    )
