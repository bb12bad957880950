"""One binding against the live schema: which native field is meant, and can it do what is asked.

What arrives: a binding and the fields a collection offers now. What leaves: the native field and what the
binding may still do with it, plus findings that name the line of the file, what is wrong, and the nearest
right name. Only the broken binding stops; the others go on (I22).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from okrsync.connectors.base import NativeField, Schema
from okrsync.mappings.binding import LOOKUP, PROPERTY, RESULTS, Binding, Place
from okrsync.mappings.compatible import readable, writable
from okrsync.mappings.names import fold, suggestion
from okrsync.okr.findings import Finding, Severity
from okrsync.okr.model import Type


@dataclass(frozen=True)
class BoundBinding:
    """A binding and the live native field it is tied to."""

    binding: Binding
    native: NativeField


Earlier: TypeAlias = Callable[[Binding, str], bool]
"""Whether a binding, as it stands in the file, was tied to the field of this id when last looked at."""


def never(_binding: Binding, _native: str) -> bool:
    """Nothing is known of earlier looks."""
    return False


class Broken(Exception):
    """Why a binding cannot be used; carries the finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def check(
    binding: Binding, schema: Schema, earlier: Earlier = never
) -> tuple[BoundBinding, tuple[Finding, ...]]:
    """Tie a binding to its native field. Raises Broken where nothing of it can be used."""
    where = f"collections.{binding.collection}.fields.{binding.field}"
    if binding.special:
        return BoundBinding(binding, _own_field(binding, schema, where)), ()
    native, findings = _locate(binding, schema, where, earlier)
    findings.extend(_options(binding, native, schema, where))
    reads, writes = binding.reads, binding.writes
    if reads and not readable(binding.spec.type, native.type):
        raise Broken(_wrong_type(binding, native, schema, where, "read from"))
    problem = _write_problem(binding, native, schema, where) if writes else None
    if problem is not None:
        writes = False
        findings.append(problem)
        if not reads:
            raise Broken(problem)
    return BoundBinding(replace(binding, writes=writes), native), tuple(findings)


def _locate(
    binding: Binding, schema: Schema, where: str, earlier: Earlier
) -> tuple[NativeField, list[Finding]]:
    """The field the file names, or the one it named before somebody renamed it: ids outlive names in Notion
    and Jira. Raises Broken."""
    try:
        return find(binding.native, schema, binding.place, where), []
    except Broken as broken:
        known = [field for field in schema.fields if earlier(binding, field.id)]
        if broken.finding.code != "FIELD_MISSING" or len(known) != 1:
            raise
    message = f"{where}: “{binding.native}” in {schema.place} is called “{known[0].name}” now"
    advice = f"write {known[0].name} in the file; until then the field is known by its id"
    return known[0], [Finding("FIELD_RENAMED", str(binding.place), message, advice, Severity.WARNING)]


def find(name: str, schema: Schema, place: Place, where: str) -> NativeField:
    """The field with this id, else this exact name, else this name but for case and blanks.

    Raises Broken: FIELD_MISSING, or FIELD_AMBIGUOUS where several fields share the name.
    """
    for same in (
        lambda field: field.id == name,
        lambda field: field.name == name,
        lambda field: fold(field.name) == fold(name),
    ):
        hits = [field for field in schema.fields if same(field)]
        if len(hits) == 1:
            return hits[0]
        if hits:
            raise Broken(_ambiguous(name, hits, schema, place, where))
    advice = suggestion(name, [field.name for field in schema.fields])
    raise Broken(_error("FIELD_MISSING", place, f"{where}: {schema.place} has no field “{name}”", advice))


def _own_field(binding: Binding, schema: Schema, where: str) -> NativeField:
    """okrsync's own places need no listing, except that properties must be a thing there at all, and that
    people's column has to be there for a look-up to stand in."""
    if binding.native.startswith(LOOKUP):
        _column_to_show_in(binding, schema)
    if not binding.native.startswith(PROPERTY):
        return NativeField(binding.native, binding.native, "text", writable=True)
    if any(field.type == "property" for field in schema.fields):
        return NativeField(binding.native, binding.native, "property", writable=True)
    message = f"{where}: {schema.place} keeps no properties, so “{binding.native}” has no place"
    raise Broken(_error("FIELD_MISSING", binding.place, message, ""))


def _column_to_show_in(binding: Binding, schema: Schema) -> None:
    """Raises Broken where the column of a look-up was renamed or removed."""
    wanted = binding.native.removeprefix(LOOKUP).rpartition("=")[0]
    own = (LOOKUP, RESULTS, PROPERTY)
    names = [field.name for field in schema.fields if not field.id.startswith(own)]
    if _header(wanted) not in {_header(name) for name in names}:
        where = f"collections.{binding.collection}.results.show.{wanted}"
        message = f"{where}: {schema.place} has no field “{wanted}”"
        raise Broken(_error("FIELD_MISSING", binding.place, message, suggestion(wanted, names)))


def _header(name: str) -> str:
    """A header as the eye takes it: full-width letters and ligatures are the same (Unicode NFKC)."""
    return fold(unicodedata.normalize("NFKC", name))


def _write_problem(binding: Binding, native: NativeField, schema: Schema, where: str) -> Finding | None:
    if not native.writable:
        why = f": {native.why_not}" if native.why_not else ""
        message = f"{where}: “{native.name}” in {schema.place} cannot be written{why}"
        advice = "bind a field that can be written" if not binding.reads else "leave out `sync: both`"
        return _error("FIELD_READ_ONLY", binding.place, message, advice)
    in_words = native.type == "choice" and len(binding.values) > 0
    if not in_words and not writable(binding.spec.type, native.type):
        return _wrong_type(binding, native, schema, where, "written to")
    if _needs_locale(binding, native):
        message = (
            f"{where}: “{native.name}” in {schema.place} holds text only, so a number has no spelling there"
        )
        return _error("FIELD_TYPE", binding.place, message, "give the binding a `locale`, such as en_US")
    return None


def _needs_locale(binding: Binding, native: NativeField) -> bool:
    """Without one a number that has a word in `values` can be written, and no other."""
    numbers = binding.spec.type is Type.NUMBER and native.only_text
    return numbers and binding.locale is None and len(binding.values) == 0


def _wrong_type(binding: Binding, native: NativeField, schema: Schema, where: str, done: str) -> Finding:
    message = (
        f"{where}: a {binding.spec.type.value} cannot be {done} “{native.name}” in {schema.place},"
        f" which is of type {native.type}"
    )
    return _error("FIELD_TYPE", binding.place, message, "bind a field of a fitting type")


def _options(binding: Binding, native: NativeField, schema: Schema, where: str) -> Iterator[Finding]:
    if not native.options:
        return
    offered = {fold(option.name) for option in native.options}
    for choice, spelled in binding.values.items():
        if fold(spelled) not in offered:
            message = f"{where}.values.{choice}: “{native.name}” in {schema.place} has no option “{spelled}”"
            advice = suggestion(spelled, [option.name for option in native.options])
            yield _error("OPTION_MISSING", binding.place, message, advice)


def _ambiguous(name: str, hits: list[NativeField], schema: Schema, place: Place, where: str) -> Finding:
    ids = ", ".join(field.id for field in hits)
    message = f"{where}: {len(hits)} fields of {schema.place} are called “{name}”"
    return _error("FIELD_AMBIGUOUS", place, message, f"use one of the ids {ids}")


def _error(code: str, place: Place, message: str, advice: str) -> Finding:
    return Finding(code, str(place), message, advice, Severity.ERROR)
