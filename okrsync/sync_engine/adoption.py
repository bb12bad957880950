"""Adoption: recognising records that okrsync created, in a listing or after a lost answer.

What arrives: a record nobody is linked to, or an intent whose record may be there. What leaves: the link
that was reserved for it, now with its native id; a second one of the same is quarantined, never deleted.
A creation that no look shows is waited for as long as the service may hide it (`visibility_grace`), and
only then planned again (I18).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from okrsync.connectors.base import Marker, Record
from okrsync.connectors.errors import ConnectorError
from okrsync.mappings.bound import BoundMapping
from okrsync.okr.findings import Finding, Severity
from okrsync.sync_engine import journal, rows
from okrsync.sync_engine.creation import reserved
from okrsync.sync_engine.journal import Intent, IntentState
from okrsync.sync_engine.lease import Lease
from okrsync.sync_engine.refresh import Look, Refreshed, failure
from okrsync.sync_engine.state import LIVE, NEVER, EntityRow, Link, LinkState, State
from okrsync.sync_engine.workspace import NewId, Workspace

ByRecord = Mapping[tuple[str, str], Link]


def marker_of(mapping: BoundMapping, entity: EntityRow) -> Marker:
    """By what the record of an entity is known in a collection."""
    field = None if mapping.key_field is None else mapping.key_field.id
    return Marker(entity.key or "", entity.id, field)


def claim(
    state: State, look: Look, record: Record, by_key: str | None, by_record: ByRecord, run: str, new_id: NewId
) -> Link | None:
    """The link of a new record that okrsync created; `None` where it is like any other.

    Args:
        by_key: the entity that has the record's key, if there is one.
    """
    name, ours = look.mapping.name, record.marker in state.entities
    entity = str(record.marker) if ours else by_key
    if entity is None or state.entities[entity].kind is not look.mapping.entity:
        return None
    held = by_record.get((name, reserved(entity)))
    if held is not None and state.links[held.id].state is LinkState.PENDING:
        return _adopted(held, record, run)
    if not ours:
        return None
    fresh = Link(
        new_id(), entity, name, look.mapping.connection, record.native_id, record.title, record.place,
        record.url, LinkState.LINKED, None, run,
    )  # fmt: skip
    return replace(fresh, state=LinkState.QUARANTINED) if is_second(state, fresh) else fresh


def _adopted(link: Link, record: Record, run: str) -> Link:
    return replace(
        link, native_id=record.native_id, title=record.title, place=record.place, url=record.url,
        state=LinkState.LINKED, seen_run=run,
    )  # fmt: skip


def is_second(state: State, link: Link) -> bool:
    """Whether the entity has another record in the same collection."""
    return any(
        other.entity == link.entity and other.collection == link.collection and other.id != link.id
        for other in state.links.values()
        if other.state in (*LIVE, LinkState.PENDING)
    )


def vanished_seconds(state: State, collection: str, seen: set[str]) -> list[Link]:
    """Quarantined records a complete look does not show: a person has decided."""
    links = (k for k in state.links.values() if k.collection == collection)
    return [k for k in links if k.state is LinkState.QUARANTINED and k.native_id not in seen]


def is_ours(look: Look, record: Record, known: Link) -> bool:
    """Whether okrsync created it where the service gives the keys: the entity's own key is another one."""
    return look.mapping.key is None and record.marker == known.entity


def duplicate(link: Link) -> Finding:
    """A record that was created twice."""
    return Finding(
        "DUPLICATE_CREATED",
        link.place,
        "okrsync created this record although it was there already; it is neither read nor written",
        "Delete one of the two; the other one is used from then on",
        Severity.WARNING,
    )


def find_created(
    workspace: Workspace, lease: Lease, refreshed: Refreshed, intent: Intent, link: Link
) -> Link | None:
    """The link of the record an intent created; `None` while nobody knows, or when there is none."""
    found = link
    if link.state is LinkState.PENDING:
        searched = _search(workspace, lease, refreshed, intent, link)
        if searched is None:
            return None
        found = searched
    key = refreshed.state.entities[link.entity].key or ""
    made = journal.creation(intent.id, link.id, key, found.native_id, "created", "found by recovery")
    with lease.begin(workspace.wall()) as connection:
        journal.write_audit(connection, intent.run, workspace.now(), [made])
    return found


def _search(
    workspace: Workspace, lease: Lease, refreshed: Refreshed, intent: Intent, link: Link
) -> Link | None:
    """Look for the record; without one, wait or give the place free again."""
    mapping = refreshed.mappings.get(link.collection)
    found = None if mapping is None else _look_for(workspace, refreshed, mapping, link)
    if found:
        return _adopt(workspace, lease, refreshed, link, found)
    if found is None or _may_be_hidden(workspace, refreshed, intent, link):
        refreshed.state.awaiting.add(link.id)
        return None
    with lease.begin(workspace.wall()) as connection:
        why = "not there; planned again"
        journal.mark(connection, intent.id, IntentState.SUPERSEDED, workspace.now(), why)
    return None


def _look_for(
    workspace: Workspace, refreshed: Refreshed, mapping: BoundMapping, link: Link
) -> list[Record] | None:
    """Records with the marker that belong to nobody else, oldest first; `None` without an answer."""
    schema = refreshed.looks[link.collection].schema
    assert schema is not None  # a bound mapping was read
    marker = marker_of(mapping, refreshed.state.entities[link.entity])
    connector = workspace.connector(link.connection)
    try:
        found = connector.marked(mapping.mapping.source, schema, marker)
    except ConnectorError as error:
        refreshed.findings.append(failure(link.collection, error))
        return None
    taken = {k.native_id for k in refreshed.state.links.values() if k.collection == link.collection}
    return [record for record in found if record.native_id not in taken]


def _may_be_hidden(workspace: Workspace, refreshed: Refreshed, intent: Intent, link: Link) -> bool:
    """Whether the service may not show the record yet."""
    grace = timedelta(seconds=workspace.connector(link.connection).features.visibility_grace)
    until = datetime.fromisoformat(intent.at) + grace
    hidden = workspace.clock() < until
    if hidden:
        what = f"nobody knows yet whether a record for {link.title} was created"
        advice = f"It is looked for until {until:%Y-%m-%d %H:%M} UTC, then created anew"
        refreshed.findings.append(Finding("CREATE_UNCONFIRMED", link.place, what, advice, Severity.INFO))
    return hidden


def _adopt(workspace: Workspace, lease: Lease, refreshed: Refreshed, link: Link, found: list[Record]) -> Link:
    """Take the oldest record over; every other one waits for a person."""
    kept = [_adopted(link, found[0], NEVER)]
    for record in found[1:]:
        other = replace(_adopted(link, record, NEVER), id=workspace.new_id(), state=LinkState.QUARANTINED)
        refreshed.findings.append(duplicate(other))
        kept.append(other)
    refreshed.state.links |= {each.id: each for each in kept}
    with lease.begin(workspace.wall()) as connection:
        rows.save_links(connection, kept)
    return kept[0]
