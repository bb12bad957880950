"""Confirm: look directly, by id, at what a listing alone cannot prove.

Two questions need a fresh look before anything is concluded. What became of writes whose outcome is owed
(recovery, I18): what shows the intended value is settled, everything else is planned again. And whether a
record really changed where listings may lag: a search index that has not caught up with our own write
would otherwise pass for a person putting the old value back (I4, I13).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from okrsync.connectors.base import Record
from okrsync.connectors.errors import ConnectorError
from okrsync.mappings.bound import BoundMapping
from okrsync.okr.findings import Finding
from okrsync.okr.values import Seen, Unreadable, same
from okrsync.sync_engine import journal, rows
from okrsync.sync_engine.adoption import find_created
from okrsync.sync_engine.apply import basis, settle_acked
from okrsync.sync_engine.journal import Intent, IntentState
from okrsync.sync_engine.lease import Lease
from okrsync.sync_engine.plan import Change
from okrsync.sync_engine.refresh import Refreshed, failure
from okrsync.sync_engine.rounding import would_show
from okrsync.sync_engine.state import Base, Directory, Link, LinkState, Observed, State
from okrsync.sync_engine.unify import slot_of
from okrsync.sync_engine.workspace import Workspace

Fresh = Mapping[str, Record]


def recover(workspace: Workspace, lease: Lease, refreshed: Refreshed) -> int:
    """Settle every write whose outcome is owed. Returns how many were found done."""
    with workspace.store.begin() as connection:
        owed = journal.unfinished(connection)
    settled = 0
    for intent in owed:
        link = refreshed.state.links.get(intent.link)
        if intent.state is IntentState.PLANNED or link is None:
            _close(workspace, lease, intent, "nothing was sent; planned again")
            continue
        if intent.creates:
            created = find_created(workspace, lease, refreshed, intent, link)
            if created is None:
                continue
            link = created
        mapping = refreshed.mappings.get(link.collection)
        fresh = _fetch(workspace, refreshed, mapping, [link]) if mapping is not None else None
        if mapping is None or fresh is None:
            refreshed.state.unsettled |= {(link.id, change.slot) for change in intent.changes}
            continue
        settled += _settle(workspace, lease, refreshed, intent, mapping, fresh.get(link.native_id))
    return settled


def _fetch(
    workspace: Workspace, refreshed: Refreshed, mapping: BoundMapping, links: list[Link]
) -> Fresh | None:
    """A direct look, `None` when the service does not answer."""
    look = refreshed.looks[mapping.mapping.name]
    assert look.schema is not None  # a bound mapping was read
    connector = workspace.connector(mapping.mapping.connection)
    ids = [link.native_id for link in links]
    try:
        return connector.fetch(mapping.mapping.source, look.schema, ids, mapping.want)
    except ConnectorError as error:
        refreshed.findings.append(failure(mapping.mapping.name, error))
        return None


def _close(workspace: Workspace, lease: Lease, intent: Intent, why: str) -> None:
    with lease.begin(workspace.wall()) as connection:
        journal.mark(connection, intent.id, IntentState.SUPERSEDED, workspace.now(), why)


def _settle(
    workspace: Workspace,
    lease: Lease,
    refreshed: Refreshed,
    intent: Intent,
    mapping: BoundMapping,
    record: Record | None,
) -> int:
    """What shows the intended value was written by us; the rest is planned again from what is there."""
    if record is None:
        _close(workspace, lease, intent, "the record is gone or hidden")
        return 0
    refreshed.put(mapping.mapping.name, record)
    seen = _observe(refreshed.state, mapping, intent.link, record, workspace.now())
    state, name = refreshed.state, mapping.mapping.name
    done = tuple(c for c in intent.changes if c.slot in seen and _landed(state, name, c, seen[c.slot]))
    if not done:
        _close(workspace, lease, intent, "not there; planned again")
        return 0
    shown = {change.slot: seen[change.slot] for change in done}
    now = workspace.now()
    with lease.begin(workspace.wall()) as connection:
        settle_acked(connection, intent.id, intent.link, done, shown, "found by recovery", intent.run, now)
    for change in done:
        value = seen[change.slot]
        assert not isinstance(value, Unreadable)  # it did not land then
        refreshed.state.base[intent.link, change.slot] = Base(*basis(change, value))
    return 1


def _landed(state: State, collection: str, change: Change, seen: Seen) -> bool:
    """Whether the record shows what was sent, in the form this tool gives it."""
    if isinstance(seen, Unreadable):
        return False
    if same(seen, change.after) or same(seen, change.before):
        return same(seen, change.after)
    known = [
        (base.agreed, base.shown)
        for (link, slot), base in state.base.items()
        if slot == change.slot and state.links[link].collection == collection
    ]
    return would_show(change.after, seen, known)


def _observe(state: State, mapping: BoundMapping, link: str, record: Record, now: str) -> dict[str, Seen]:
    """Take over a fresh look into the state."""
    directory = Directory(state.entities.values(), state.links.values())
    found: dict[str, Seen] = {}
    for bound in mapping.bindings:
        cell = record.cells.get(bound.native.id)
        if cell is None:
            continue
        slot = slot_of(bound)
        seen = mapping.seen(bound, record, directory)
        old = state.observed.get((link, slot))
        at = old.at if old is not None else now
        found[slot] = seen
        state.observed[link, slot] = Observed(seen, cell.place, at, cell.locked)
    return found


def confirm_changes(workspace: Workspace, lease: Lease, refreshed: Refreshed, run: str) -> None:
    """Where listings may lag, look directly at every record that seems to have changed."""
    for name, mapping in refreshed.mappings.items():
        connector = workspace.connector(mapping.mapping.connection)
        if not connector.features.listing_may_lag:
            continue
        moved = [
            link
            for link in refreshed.state.links.values()
            if _seems_moved(refreshed.state, mapping, link, name)
        ]
        if moved:
            _confirm(workspace, lease, refreshed, mapping, moved, run)


def _seems_moved(state: State, mapping: BoundMapping, link: Link, collection: str) -> bool:
    if link.collection != collection or link.state is not LinkState.LINKED:
        return False
    for bound in mapping.bindings:
        look, base = state.observed.get((link.id, slot_of(bound))), state.base.get((link.id, slot_of(bound)))
        if look and base and not isinstance(look.seen, Unreadable) and not same(look.seen, base.shown):
            return True
    return False


def _confirm(
    workspace: Workspace,
    lease: Lease,
    refreshed: Refreshed,
    mapping: BoundMapping,
    moved: list[Link],
    run: str,
) -> None:
    fresh = _fetch(workspace, refreshed, mapping, moved)
    if fresh is None:
        slots = [slot_of(bound) for bound in mapping.bindings]
        refreshed.state.unsettled |= {(link.id, slot) for link in moved for slot in slots}
        return
    for link in moved:
        if link.native_id not in fresh:
            refreshed.state.links[link.id] = replace(link, state=LinkState.MISSING, missing_run=run)
            what = "listed, but not there by a direct look"
            refreshed.findings.append(Finding("RECORD_HIDDEN", link.place, what, "Nothing was concluded"))
    _take_over(workspace, lease, refreshed, mapping, moved, fresh, run)


def confirm_unlisted(workspace: Workspace, lease: Lease, refreshed: Refreshed, run: str) -> None:
    """Where something could not be read (a key with an error), look directly at records the look left out.
    One that is not found takes no part in this run: what was seen of it may be older than our last write."""
    for name, mapping in refreshed.mappings.items():
        look = refreshed.looks[name]
        if look.remembered or look.pull is None or look.pull.complete:
            continue
        linked = (k for k in refreshed.state.links.values() if k.collection == name)
        out = [k for k in linked if k.state is LinkState.LINKED and not refreshed.record(name, k.native_id)]
        fresh = _fetch(workspace, refreshed, mapping, out) if len(out) > 0 else {}
        hidden = [link for link in out if fresh is None or link.native_id not in fresh]
        slots = [slot_of(bound) for bound in mapping.bindings]
        refreshed.state.unsettled |= {(link.id, slot) for link in hidden for slot in slots}
        if fresh is not None:
            refreshed.findings += [_unlisted(link) for link in hidden]
            _take_over(workspace, lease, refreshed, mapping, out, fresh, run)


def mark_out_of_reach(refreshed: Refreshed) -> None:
    """Sides of open conflicts in collections that could not be read at all: their conflicts wait (I1)."""
    state = refreshed.state
    for (_, name), conflict in state.conflicts.items():
        links = [state.links[side] for side in conflict.sides if side in state.links]
        state.unsettled |= {(link.id, name) for link in links if link.collection in refreshed.failed}


def _unlisted(link: Link) -> Finding:
    what = "not found among what could be read there; nothing is written to it until it is"
    return Finding("RECORD_HIDDEN", link.place, what, "Mend what could not be read, such as its key")


def _take_over(
    workspace: Workspace,
    lease: Lease,
    refreshed: Refreshed,
    mapping: BoundMapping,
    links: Sequence[Link],
    fresh: Fresh,
    run: str,
) -> None:
    """Direct looks replace what the listing showed, in the state and in the store."""
    now, looks = workspace.now(), list[tuple[str, str, Observed]]()
    for link in links:
        record = fresh.get(link.native_id)
        if record is not None:
            refreshed.put(mapping.mapping.name, record)
            seen = _observe(refreshed.state, mapping, link.id, record, now)
            looks += [(link.id, slot, refreshed.state.observed[link.id, slot]) for slot in seen]
    if len(looks) > 0:
        with lease.begin(workspace.wall()) as connection:
            rows.save_observed(connection, looks, run)
