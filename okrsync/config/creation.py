"""`create: true` of a collection: whether okrsync may make records there, and whether it could.

What arrives: a collection's shape, its bindings and the kind of service. What leaves: the checked switch, or
problems. Which kinds can create is told beside their settings (`GIVES_KEYS`), not asked from the connector's
declared features, because those come with its client library and checking a file must stay cheap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from okrsync.config.draft import Draft
from okrsync.config.problems import Path, dotted
from okrsync.config.shape import CollectionShape
from okrsync.connectors.registry import KINDS
from okrsync.mappings.binding import Binding

_NOT_WITH: Mapping[str, tuple[str, str]] = MappingProxyType({"jira": ("deployment", "data_center")})
"""A setting of a connection with which a kind that can create cannot, as its connector declares then."""


def creation(
    draft: Draft, shape: CollectionShape, kind: str | None, bindings: Iterable[Binding], path: Path
) -> bool:
    """Whether the collection creates; a switch that could not work is a problem."""
    if not shape.create or kind is None:
        return False
    where = (*path, "create")
    wrong = _not_there(draft, shape, kind) or _wrong(shape, kind, bindings)
    if wrong is not None:
        draft.problem(where, f"{dotted(where)}: {wrong[0]}", wrong[1])
    return wrong is None


def _not_there(draft: Draft, shape: CollectionShape, kind: str) -> tuple[str, str] | None:
    """What the collection's connection stands in the way with."""
    name, value = _NOT_WITH.get(kind, ("", None))
    if value is None or draft.section("connections")[shape.connection].get(name) != value:
        return None
    return f"{kind} cannot create records where the connection says {name}: {value}", "leave it out"


def _wrong(shape: CollectionShape, kind: str, bindings: Iterable[Binding]) -> tuple[str, str] | None:
    """What is wrong and what to do."""
    gives_keys = KINDS[kind].gives_keys()
    if gives_keys is None:
        return f"{kind} cannot create records", "leave it out"
    if not gives_keys and shape.key is None:
        return "needs a `key`, by which a new record is known", "name the field that holds the human key"
    if gives_keys and not any(one.field == "title" and one.writes for one in bindings):
        return f"{kind} makes nothing without a title", "write `title: {from: …, sync: both}`"
    return None
