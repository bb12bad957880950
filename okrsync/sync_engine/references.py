"""References: an entry that vanished from a relation, and a value that could not be read. Said, not believed.

Some services leave records out of a relation once they are hidden from us, without a word: to a sync that
looks like a person removing them. So a removal is believed only if the record it pointed to can still be
seen, or was proven gone; otherwise the relation counts as unreadable and the agreed value stands (I6, I9).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from okrsync.connectors.errors import ConnectorError
from okrsync.mappings.bound import BoundBinding, BoundMapping
from okrsync.okr.findings import Finding
from okrsync.okr.model import Type
from okrsync.okr.values import Unreadable, Value
from okrsync.sync_engine import rows
from okrsync.sync_engine.lease import Lease
from okrsync.sync_engine.refresh import Refreshed
from okrsync.sync_engine.state import Link, LinkState, Observed, State
from okrsync.sync_engine.unify import slot_of
from okrsync.sync_engine.workspace import Workspace

HIDDEN = "an entry is not shown any more, and the record it pointed to is hidden or gone"


def confirm_removals(workspace: Workspace, lease: Lease, refreshed: Refreshed, run: str) -> None:
    """Disbelieve removals from relations whose target cannot be seen."""
    doubted: list[tuple[str, str, Observed]] = []
    for link, slot, removed in _removals(refreshed.state, refreshed.mappings.values()):
        if not all(_visible(workspace, refreshed, target) for target in removed):
            look = refreshed.state.observed[link.id, slot]
            doubt = Observed(Unreadable(HIDDEN), look.place, look.at, look.locked)
            refreshed.state.observed[link.id, slot] = doubt
            doubted.append((link.id, slot, doubt))
    if doubted:
        with lease.begin(workspace.wall()) as connection:
            rows.save_observed(connection, doubted, run)


def _removals(state: State, mappings: Iterable[BoundMapping]) -> Iterator[tuple[Link, str, list[Link]]]:
    """Relations that lost entries since the last agreement, with the records those entries pointed to."""
    bound = {mapping.mapping.name: _relations(mapping) for mapping in mappings}
    for link in list(state.links.values()):
        for one in bound.get(link.collection, ()):
            slot = slot_of(one)
            look, base = state.observed.get((link.id, slot)), state.base.get((link.id, slot))
            if look is None or base is None or isinstance(look.seen, Unreadable):
                continue
            lost = _entries(base.shown) - _entries(look.seen)
            targets = [
                k for k in state.links.values() if k.entity in lost and k.connection == link.connection
            ]
            if targets:
                yield link, slot, targets


def _relations(mapping: BoundMapping) -> list[BoundBinding]:
    return [
        one
        for one in mapping.bindings
        if one.binding.spec.type is Type.REFS and one.native.type == "relation"
    ]


def _entries(value: Value) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset()


def _visible(workspace: Workspace, refreshed: Refreshed, target: Link) -> bool:
    """Whether a record can be seen now; one proven gone may well have been taken out of relations."""
    if target.state is LinkState.GONE or refreshed.record(target.collection, target.native_id) is not None:
        return True
    look = refreshed.looks.get(target.collection)
    if look is None or look.schema is None or look.bound is None:
        return False
    connector = workspace.connector(target.connection)
    try:
        found = connector.fetch(look.mapping.source, look.schema, [target.native_id], look.bound.want)
    except ConnectorError:
        return False
    return target.native_id in found


def unreadable(state: State, mappings: Iterable[BoundMapping]) -> Iterator[Finding]:
    """Every value people set that could not be read; the agreed one stands meanwhile."""
    read = {
        mapping.mapping.name: {slot_of(b) for b in mapping.bindings if b.binding.reads}
        for mapping in mappings
    }
    for (link_id, slot), look in state.observed.items():
        link = state.links.get(link_id)
        if link is None or link.state is not LinkState.LINKED or not isinstance(look.seen, Unreadable):
            continue
        if slot in read.get(link.collection, ()):
            what = f"cannot be read: {look.seen.reason}"
            yield Finding(
                "UNREADABLE", look.place, what, "Mend it there; the value agreed before stands meanwhile"
            )
