"""`collections:`: each one's shape, its source as the connector wants it, and its bindings.

What arrives: the section as parsed and the accounts of the file. What leaves: one `CollectionMapping` per
collection that is right, with the entries that `cross` compares. `key` and `results` are written once on
the collection; connectors that need them have a place for them in their `Source`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from okrsync.config.connections import check_name
from okrsync.config.creation import creation
from okrsync.config.draft import Draft
from okrsync.config.fields import Entry, field_entry
from okrsync.config.implicit import property_bindings, result_bindings
from okrsync.config.problems import Path, dotted
from okrsync.config.shape import CollectionShape, ResultsShape
from okrsync.connectors.registry import KINDS
from okrsync.mappings.binding import Binding
from okrsync.mappings.collection import CollectionMapping
from okrsync.mappings.names import suggestion
from okrsync.okr.model import Kind


@dataclass(frozen=True)
class Collected:
    """One collection and the written entries behind its bindings."""

    mapping: CollectionMapping
    entries: tuple[Entry, ...]


def collections(draft: Draft) -> list[Collected]:
    """Every collection of the file that is right."""
    found = [_collection(draft, name, raw) for name, raw in draft.section("collections").items()]
    return [collected for collected in found if collected is not None]


def _collection(draft: Draft, name: str, raw: Any) -> Collected | None:
    path: Path = ("collections", name)
    check_name(draft, name, path)
    shape = draft.validate(CollectionShape, raw, path)
    if shape is None:
        return None
    entity = Kind(shape.entity)
    made = [field_entry(draft, name, entity, field, entry) for field, entry in shape.fields.items()]
    entries = tuple(entry for entry in made if entry is not None)
    kind = _kind_of(draft, shape.connection, path)
    results = _results(draft, shape, path)
    source = _source(draft, kind, shape, results, path) if kind is not None else None
    bindings = [entry.binding for entry in entries] + _implicit(draft, name, kind, entity, results, path)
    place = draft.place(path, on_key=True)
    create = creation(draft, shape, kind, bindings, path)
    mapping = CollectionMapping(
        name, shape.connection, source, entity, shape.key, tuple(bindings), place, create
    )
    return Collected(mapping, entries)


def _kind_of(draft: Draft, connection: str, path: Path) -> str | None:
    """The kind of service behind a connection's name; unknown names are a problem."""
    known = draft.section("connections")
    if connection not in known:
        where = (*path, "connection")
        message = f"{dotted(where)}: there is no connection {connection}"
        draft.problem(where, message, suggestion(connection, known))
        return None
    kind = known[connection].get("kind") if isinstance(known[connection], dict) else None
    return kind if isinstance(kind, str) and kind in KINDS else None


def _results(draft: Draft, shape: CollectionShape, path: Path) -> ResultsShape | None:
    if shape.results is None:
        return None
    return draft.validate(ResultsShape, shape.results, (*path, "results"))


def _source(
    draft: Draft, kind: str, shape: CollectionShape, results: ResultsShape | None, path: Path
) -> BaseModel | None:
    model = KINDS[kind].source_model()
    given: dict[str, Any] = dict(shape.source)
    moved: dict[str, Path] = {}
    offered = {"key": shape.key, "results": _for_source(results)}
    for name, value in offered.items():
        if name in model.model_fields:
            moved[name] = (*path, name)
            _refuse_in_source(draft, given, name, path)
            given |= {name: value} if value is not None else {}
        elif name == "results" and shape.results is not None:
            message = f"{dotted((*path, name))}: {kind} has no tab of results"
            draft.problem((*path, name), message, "leave it out", on_key=True)
    return draft.validate(model, given, (*path, "source"), moved)


def _for_source(results: ResultsShape | None) -> Mapping[str, Any] | None:
    return None if results is None else {"tab": results.tab, "show": dict(results.show)}


def _refuse_in_source(draft: Draft, given: dict[str, Any], name: str, path: Path) -> None:
    if given.pop(name, None) is not None:
        where = (*path, "source", name)
        draft.problem(where, f"{dotted(where)}: stands beside `source`, not in it", on_key=True)


def _implicit(
    draft: Draft, name: str, kind: str | None, entity: Kind, results: ResultsShape | None, path: Path
) -> list[Binding]:
    found = [] if results is None else result_bindings(draft, name, entity, results)
    if kind is not None:
        found += property_bindings(kind, name, entity, draft.place(path, on_key=True))
    return found
