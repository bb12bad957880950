"""The JSON Schema (2020-12) of the admin's file, for editors and for checks before a commit.

What arrives: the shapes of the file's parts, the canonical fields and the connectors' settings models.
What leaves: one schema. It knows what a single part can tell (fields of an entity kind, settings of a
kind of service, values of a choice); what several parts must agree on only `load` can tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from pydantic import BaseModel

from okrsync.config.digest import DigestShape
from okrsync.config.lint import LintShape
from okrsync.config.method import MethodShape
from okrsync.config.settings import Cycles, Policies
from okrsync.config.shape import NAME_PATTERN, CollectionShape, FieldShape, ResultsShape, Top
from okrsync.connectors.registry import KINDS, ConnectorKind
from okrsync.okr.lint import RULES
from okrsync.okr.model import FIELDS, MAPPED, FieldSpec, Kind, Type

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ENTITIES = MAPPED
"""What a record of a collection may be; work items only come as children."""

_ONLY_READ = ("from", "sync", "owner", "prefer")


def schema() -> Schema:
    """The whole file's schema."""
    top = _inlined(Top)
    top["properties"] |= {
        "connections": _named(_one("kind", KINDS, [_connection(kind) for kind in KINDS.values()])),
        "collections": _named(_one("entity", ENTITIES, [_collection(entity) for entity in ENTITIES])),
        "cycles": _inlined(Cycles),
        "policies": _inlined(Policies),
        "method": _inlined(MethodShape),
        "lint": _lint(),
        "digest": _inlined(DigestShape),
    }
    definitions = {"field": _input_field(), "computed_field": _computed_field(), "source": _source()}
    return {"$schema": DIALECT, "title": "okrsync.yaml", **top, "$defs": definitions}


def _lint() -> Schema:
    """The linter's settings; a rule with a typing error is told while it is typed."""
    lint = _inlined(LintShape)
    codes: Schema = {"enum": list(RULES)}
    lint["properties"]["rules"]["propertyNames"] = codes
    lint["properties"]["accepted"]["items"]["properties"]["rule"] = codes
    return lint


def _named(item: Schema) -> Schema:
    return {"type": "object", "additionalProperties": item, "propertyNames": {"pattern": NAME_PATTERN}}


def _one(name: str, values: Iterable[str], branches: list[Schema]) -> Schema:
    """A part whose `name` decides which branch holds; an editor then shows that branch's errors alone."""
    return {
        "type": "object",
        "required": [name],
        "properties": {name: {"enum": [str(value) for value in values]}},
        "allOf": branches,
    }


def _when(name: str, value: str, then: Schema) -> Schema:
    return {"if": {"required": [name], "properties": {name: {"const": value}}}, "then": then}


def _connection(kind: ConnectorKind) -> Schema:
    model = _inlined(kind.connection_model())
    model["properties"] = {**model["properties"], "kind": {"const": kind.kind}}
    return _when("kind", kind.kind, model)


def _collection(entity: Kind) -> Schema:
    model = _inlined(CollectionShape)
    fields = {name: _field(spec) for name, spec in FIELDS[entity].items()}
    model["properties"] |= {
        "source": {"$ref": "#/$defs/source"},
        "fields": {"type": "object", "additionalProperties": False, "properties": fields},
        "results": _inlined(ResultsShape),
    }
    return _when("entity", entity.value, model)


def _source() -> Schema:
    """Any connector's source: which one is meant is told by a connection elsewhere in the file."""
    return {"anyOf": [_without(_inlined(kind.source_model()), "key", "results") for kind in KINDS.values()]}


def _field(spec: FieldSpec) -> Schema:
    long: Schema = {"$ref": "#/$defs/computed_field" if spec.derived else "#/$defs/field"}
    if spec.type in (Type.CHOICE, Type.BOOL):
        names = ("true", "false") if spec.type is Type.BOOL else spec.choices
        long["properties"] = {"values": {"propertyNames": {"enum": list(names)}}}
    if spec.type is Type.NUMBER:
        long["properties"] = {"values": {"propertyNames": {"pattern": r"^-?\d+(\.\d+)?$"}}}
    if spec.derived:
        return {"description": spec.help, **long}
    return {"description": spec.help, "anyOf": [{"type": "string", "minLength": 1}, long]}


def _input_field() -> Schema:
    """The long form of a field's entry; lists of one may be written without brackets."""
    entry = _inlined(FieldShape)
    for name in ("link", "not_yet"):
        listed = entry["properties"][name]
        entry["properties"][name] = {"anyOf": [{"type": "string"}, listed]}
    return {**entry, "oneOf": [{"required": ["from"]}, {"required": ["to"]}]}


def _computed_field() -> Schema:
    return {**_without(_inlined(FieldShape), *_ONLY_READ), "required": ["to"]}


def _without(model: Schema, *names: str) -> Schema:
    """An object's schema without some of its properties."""
    kept = {name: part for name, part in model["properties"].items() if name not in names}
    required = [name for name in model.get("required", []) if name not in names]
    return {**model, "properties": kept, "required": required}


def _inlined(model: type[BaseModel]) -> Schema:
    """A model's schema with its own definitions put in place, so that parts can be joined freely."""
    raw = model.model_json_schema(by_alias=True)
    definitions = raw.pop("$defs", {})
    inlined: Schema = _without_refs(raw, definitions)
    return inlined


def _without_refs(part: Any, definitions: Schema) -> Any:
    if isinstance(part, list):
        return [_without_refs(item, definitions) for item in part]
    if not isinstance(part, dict):
        return part
    name = str(part.get("$ref", "")).removeprefix("#/$defs/")
    if name in definitions:
        beside = {key: value for key, value in part.items() if key != "$ref"}
        return _without_refs({**definitions[name], **beside}, definitions)
    return {key: _without_refs(value, definitions) for key, value in part.items()}
