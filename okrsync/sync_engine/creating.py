"""Creating: where records may be made in this run, the place kept for each, and the request that makes it.

What arrives: looks at collections, ops to create. Leaves: grounds for the pure plan, ops with the link that
the journal hangs on, and the service's answer. Separate from `apply`, which owns the protocol around it:
the place is reserved in the transaction that journals the op, so that one entity never has two (I14, I18).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from okrsync.connectors.base import Connector, Marker, Native, Schema, Written
from okrsync.connectors.errors import ConnectorError
from okrsync.mappings.bound import BoundMapping
from okrsync.mappings.resolver import CannotExpress, Resolver
from okrsync.okr.values import Unreadable
from okrsync.sync_engine.creation import Ground, lacking
from okrsync.sync_engine.plan import Change, Op
from okrsync.sync_engine.refresh import Look, Refreshed
from okrsync.sync_engine.state import NEVER, Link, LinkState, State
from okrsync.sync_engine.unify import slot_of
from okrsync.sync_engine.workspace import NewId, Workspace


def grounds(workspace: Workspace, refreshed: Refreshed) -> list[Ground]:
    """Every readable collection that asks for new records, open or closed in this run."""
    return [
        _ground(workspace, refreshed, look)
        for look in refreshed.looks.values()
        if look.mapping.create and look.bound is not None
    ]


def _ground(workspace: Workspace, refreshed: Refreshed, look: Look) -> Ground:
    # only called for collections that were read
    assert look.bound is not None and look.pull is not None and look.schema is not None
    keys = [look.bound.key_of(record) for record in look.pull.records]
    closed = _closed(workspace, look, look.bound)
    if closed is None and look.mapping.name in refreshed.rescoped:
        closed = "its source changed, and what it holds is only known since this run"
    if closed is None and any(isinstance(key, Unreadable) for key in keys):
        closed = "a key there cannot be read, and it might be one of theirs"
    return Ground(look.bound, look.schema.place, frozenset(k for k in keys if isinstance(k, str)), closed)


def _closed(workspace: Workspace, look: Look, bound: BoundMapping) -> str | None:
    """Why no record can be made, whatever stands there."""
    assert look.pull is not None  # only called for collections that were read
    if not workspace.connector(look.mapping.connection).features.creates:
        return "the service takes no new records from okrsync"
    if look.mapping.key is not None and (bound.key_field is None or bound.key_field.type == "computed"):
        return f"its key {look.mapping.key} cannot be written"
    return None if look.pull.complete else "not everything there was read"


def to_read_whole(refreshed: Refreshed, found: list[Ground]) -> frozenset[str]:
    """Collections that have to be read as a whole, because only that proves that a record is missing."""
    read = frozenset(refreshed.mappings)
    names = (ground.bound.mapping.name for ground in found if lacking(refreshed.state, ground, read))
    return frozenset(name for name in names if refreshed.looks[name].remembered)


def reserve(state: State, op: Op, new_id: NewId) -> Op:
    """The op with a link for its record: the one that was reserved before, or a new one in the state."""
    if not op.creates:
        return op
    kept = (k for k in state.links.values() if k.collection == op.collection and k.native_id == op.native_id)
    fresh = Link(
        new_id(), op.entity, op.collection, op.connection, op.native_id, op.title, op.place, None,
        LinkState.PENDING, None, NEVER,
    )  # fmt: skip
    link = next(kept, fresh)
    state.links[link.id] = link
    return replace(op, link=link.id)


def filled(mapping: BoundMapping, op: Op, resolver: Resolver) -> list[tuple[Change, Native]]:
    """What to send for each change; one that points to a record that did not come to be is left out."""
    bindings = {slot_of(bound): bound for bound in mapping.bindings}
    found = []
    for change in op.changes:
        try:
            found.append((change, mapping.native(bindings[change.slot], change.value, resolver)))
        except CannotExpress:  # what it points to was to be made before it, and was not; the next run adds it
            continue
    return found


def attempt(
    connector: Connector, source: Any, schema: Schema, cells: Mapping[str, Native], marker: Marker
) -> Written | None:
    """Create one record; `None` when a look just before shows that it is there by now (I3)."""
    try:
        if connector.marked(source, schema, marker):
            return None
        return connector.create(source, schema, cells, marker)
    except ConnectorError as error:
        return Written("", error=error)
