"""The JSON Schema (2020-12) of the admin's file, for editors and for checks before a commit.

What arrives: the shapes of the file's parts, the canonical fields and the connectors' settings models.
What leaves: one schema. It knows what a single part can tell (fields of an entity kind, settings of a
kind of service, values of a choice); what several parts must agree on only `load` can tell.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from pydantic import BaseModel

from okrsync.config.settings import Cycles, Policies
from okrsync.config.shape import NAME_PATTERN, CollectionShape, FieldShape, ResultsShape, Top
from okrsync.connectors.registry import KINDS, ConnectorKind
from okrsync.okr.model import FIELDS, FieldSpec, Kind, Type

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ENTITIES = (Kind.OBJECTIVE, Kind.KEY_RESULT, Kind.INITIATIVE)
"""What a record of a collection may be; work items only come as children."""


def schema() -> Schema:
    """The whole file's schema."""
    top = _inlined(Top)
    top["properties"] |= {
        "connections": _named(_any_of(_connection(kind) for kind in KINDS.values())),
        "collections": _named(_any_of(_collection(entity) for entity in ENTITIES)),
        "cycles": _inlined(Cycles),
        "policies": _inlined(Policies),
        "method": {"type": "object"},
    }
    return {"$schema": DIALECT, "title": "okrsync.yaml", **top}


def _named(item: Schema) -> Schema:
    return {
        "type": "object",
        "additionalProperties": item,
        "propertyNames": {"pattern": NAME_PATTERN},
    }


def _any_of(schemas: Any) -> Schema:
    """A chain of if/then, so that an editor shows the errors of the branch that is meant."""
    return {"type": "object", "allOf": list(schemas)}


def _connection(kind: ConnectorKind) -> Schema:
    model = _inlined(kind.connection_model())
    model["properties"] = {**model["properties"], "kind": {"enum": sorted(KINDS)}}
    model["required"] = sorted({*model.get("required", []), "kind"})
    return _when("kind", kind.kind, model)


def _collection(entity: Kind) -> Schema:
    model = _inlined(CollectionShape)
    model["properties"] |= {
        "source": {"anyOf": [_source(kind) for kind in KINDS.values()]},
        "fields": _fields(entity),
        "results": _inlined(ResultsShape),
    }
    return _when("entity", entity.value, model)


def _when(name: str, value: str, then: Schema) -> Schema:
    """`then` holds for parts whose `name` is `value`; parts with no such value must have one."""
    other = {"properties": {name: {"not": {"const": value}}}}
    return {"if": other, "then": {"required": [name], "properties": {name: _choices(name)}}, "else": then}


def _choices(name: str) -> Schema:
    return {"enum": sorted(KINDS) if name == "kind" else [entity.value for entity in ENTITIES]}


def _source(kind: ConnectorKind) -> Schema:
    """The connector's source without what the file writes beside it."""
    model = _inlined(kind.source_model())
    beside = ("key", "results")
    model["properties"] = {name: part for name, part in model["properties"].items() if name not in beside}
    model["required"] = [name for name in model.get("required", []) if name not in beside]
    return model


def _fields(entity: Kind) -> Schema:
    fields = {name: _field(spec) for name, spec in FIELDS[entity].items()}
    return {"type": "object", "additionalProperties": False, "properties": fields}


def _field(spec: FieldSpec) -> Schema:
    long = _inlined(FieldShape)
    properties = long["properties"]
    for name in ("link", "not_yet"):
        properties[name] = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    properties["values"] = _values(spec)
    if not spec.derived:
        long["oneOf"] = [{"required": ["from"]}, {"required": ["to"]}]
        return {"description": spec.help, "anyOf": [{"type": "string", "minLength": 1}, long]}
    for name in ("from", "sync", "owner", "prefer"):
        del properties[name]
    return {"description": spec.help, **long, "required": ["to"]}


def _values(spec: FieldSpec) -> Schema:
    names = ("true", "false") if spec.type is Type.BOOL else spec.choices
    words: Schema = {"type": "string", "minLength": 1}
    return {"type": "object", "additionalProperties": False, "properties": dict.fromkeys(names, words)}


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
    name = part.get("$ref", "").removeprefix("#/$defs/") if isinstance(part.get("$ref"), str) else ""
    if name in definitions:
        return _without_refs(
            {**definitions[name], **{k: v for k, v in part.items() if k != "$ref"}}, definitions
        )
    return {key: _without_refs(value, definitions) for key, value in part.items()}
