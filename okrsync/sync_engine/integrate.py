"""Integrate: from what was seen to links, observations and sightings of absence.

What arrives: looks at collections and the last state. What leaves: the state brought up to date and
stored. Records are linked by their id, then by an exact unique key, never by likeness; a key two records
share links neither. A record that was not seen is only ever *missing* until a direct look on a later
complete run proves it gone (I6), and many at once are believed to be a lost permission, not a loss (I7).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC

from okrsync.connectors.base import Cell, Record
from okrsync.mappings.bound import BoundMapping
from okrsync.okr.findings import Finding
from okrsync.okr.model import Kind
from okrsync.okr.values import Seen, Unreadable, Value, same
from okrsync.sync_engine import keys, rows
from okrsync.sync_engine.adoption import claim, duplicate, is_ours, is_second, vanished_seconds
from okrsync.sync_engine.lease import Lease
from okrsync.sync_engine.missing import too_many, unseen
from okrsync.sync_engine.refresh import Look, Refreshed, failure
from okrsync.sync_engine.remember import marks_of, schema_to_text, scope_of, ties_of
from okrsync.sync_engine.state import (
    CollectionState,
    Directory,
    EntityRow,
    Link,
    LinkState,
    Observed,
    State,
)
from okrsync.sync_engine.unify import slot_of
from okrsync.sync_engine.workspace import Workspace

CHILDREN = "/children"
"""Suffix of the collection under which child records are linked."""


@dataclass
class _Batch:
    """What one integration will store."""

    entities: dict[str, EntityRow] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    observed: list[tuple[str, str, Observed]] = field(default_factory=list)
    rebased: list[tuple[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass
class _Integration:
    workspace: Workspace
    state: State
    run: str
    now: str
    batch: _Batch = field(default_factory=_Batch)
    by_record: dict[tuple[str, str], Link] = field(default_factory=dict)
    by_key: dict[tuple[Kind, str], str] = field(default_factory=dict)
    agreed: set[str] = field(default_factory=set)
    listed_again: list[str] = field(default_factory=list)
    doubted: list[Link] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.by_record = {(link.collection, link.native_id): link for link in self.state.links.values()}
        self.by_key = {(e.kind, e.key): e.id for e in self.state.entities.values() if e.key is not None}
        self.agreed = {link for link, _ in self.state.base}


def integrate(
    workspace: Workspace, lease: Lease, state: State, looks: Mapping[str, Look], run: str
) -> Refreshed:
    """Bring `state` up to date with `looks`, and store it."""
    work = _Integration(workspace, state, run, workspace.now())
    refreshed = Refreshed(state, looks)
    for name, look in looks.items():
        if look.error is not None:
            refreshed.findings.append(failure(name, look.error))
            continue
        refreshed.findings.extend(look.findings)
        if _scope_changed(work, look):
            refreshed.rescoped.add(name)
        _notice_changed_bindings(work, look)
        _link_records(work, look)
        _link_children(work, look)
        _notice_missing(work, look)
    _observe_all(work, looks)
    _store(work, lease, looks)
    refreshed.findings.extend(work.batch.findings)
    refreshed.listed_again, refreshed.doubted = work.listed_again, work.doubted
    return refreshed


def _notice_changed_bindings(work: _Integration, look: Look) -> None:
    """A binding that now means something else starts over: its next look is a first contact (I25).

    So does one whose field was missing at the last look: a column that came back looks like one made anew,
    and the blanks of a new one are nobody's edits.
    """
    known = work.state.collections.get(look.mapping.name)
    if known is None:
        return
    assert look.bound is not None  # only called for collections that were read
    for slot, mark in marks_of(look.bound).items():
        if known.bindings.get(slot) != mark:
            work.batch.rebased.append((look.mapping.name, slot))
            for link, name in list(work.state.base):
                if name == slot and work.state.links[link].collection == look.mapping.name:
                    del work.state.base[link, name]


def _link_records(work: _Integration, look: Look) -> None:
    assert look.bound is not None and look.pull is not None  # only called for collections that were read
    found = {record.native_id: look.bound.key_of(record) for record in look.pull.records}
    shared = {key for key, n in Counter(k for k in found.values() if isinstance(k, str)).items() if n > 1}
    for record in look.pull.records:
        key = found[record.native_id]
        if (look.mapping.name, record.native_id) in work.by_record:
            _relink(work, look, record, key)
        elif isinstance(key, Unreadable):
            work.batch.findings.append(keys.unreadable(record, key.reason))
        elif isinstance(key, str) and key in shared:
            work.batch.findings.append(keys.shared(record, key))
        else:
            _link(work, look, record, key)


def _relink(work: _Integration, look: Look, record: Record, key: str | Unreadable | None) -> None:
    """A known record stays linked by its id; only one nothing was ever agreed on follows its key."""
    known = work.by_record[look.mapping.name, record.native_id]
    if known.state is LinkState.GONE and _may_lag(work, look):
        work.listed_again.append(known.id)
    elif known.state is LinkState.QUARANTINED and is_second(work.state, known):
        work.batch.findings.append(duplicate(known))
    elif isinstance(key, Unreadable) or is_ours(look, record, known):
        _keep(work, known, record)
    elif known.id not in work.agreed and work.state.entities[known.entity].key != key:
        _forget(work, known)
        _link(work, look, record, key)
    else:
        _keep(work, known, record)
        _rename(work, known, key, look.mapping.entity)


def _may_lag(work: _Integration, look: Look) -> bool:
    """Whether a listing may still show what is gone: then a direct look decides (I4)."""
    return work.workspace.connector(look.mapping.connection).features.listing_may_lag


def _link(work: _Integration, look: Look, record: Record, key: str | None) -> None:
    holder = None if key is None else work.by_key.get((look.mapping.entity, key))
    new_id = work.workspace.new_id
    created = claim(work.state, look, record, holder, work.by_record, work.run, new_id)
    if created is not None:
        _put(work, created)
        work.batch.findings += [duplicate(created)] if created.state is LinkState.QUARANTINED else []
        return
    entity = _entity_for(work, look.mapping.entity, key, look.mapping.name, record)
    if entity is not None:
        _add_link(work, look.mapping.name, look.mapping.connection, entity, record)


def _forget(work: _Integration, link: Link) -> None:
    work.batch.dropped.append(link.id)
    del work.state.links[link.id]
    del work.by_record[link.collection, link.native_id]
    for table in (work.state.observed, work.state.base):
        for slot in [key for key in table if key[0] == link.id]:
            del table[slot]


def _keep(work: _Integration, link: Link, record: Record) -> None:
    fresh = replace(
        link, title=record.title, place=record.place, url=record.url, state=LinkState.LINKED,
        missing_run=None, seen_run=work.run, edited_at=_edited(record), edited_by=record.edited_by,
    )  # fmt: skip
    _put(work, fresh)


def _edited(record: Record) -> str | None:
    """When the tool says the record was last edited, as the store keeps moments."""
    return record.edited_at.astimezone(UTC).isoformat(timespec="seconds") if record.edited_at else None


def _rename(work: _Integration, link: Link, key: str | None, kind: Kind) -> None:
    """People may give a record a new key; the record's own id says it is still the same one."""
    entity = work.state.entities[link.entity]
    if key is None or key == entity.key:
        return
    if (kind, key) in work.by_key:
        work.batch.findings.append(keys.taken(work.state, link, work.by_key[kind, key]))
        return
    if entity.key is not None:
        work.by_key.pop((kind, entity.key), None)
    _put_entity(work, EntityRow(entity.id, kind, key))


def _entity_for(
    work: _Integration, kind: Kind, key: str | None, collection: str, record: Record
) -> EntityRow | None:
    """The entity a new record belongs to; a new one when nobody has its key."""
    found = work.by_key.get((kind, key)) if key is not None else None
    if found is None:
        return _put_entity(work, EntityRow(work.workspace.new_id(), kind, key))
    twin = next(
        (
            link
            for link in work.state.links.values()
            if link.entity == found and link.collection == collection and link.state is LinkState.LINKED
        ),
        None,
    )
    if twin is not None:
        work.batch.findings.append(keys.copied(record, str(key), twin))
        return None
    return work.state.entities[found]


def _put_entity(work: _Integration, entity: EntityRow) -> EntityRow:
    work.state.entities[entity.id] = work.batch.entities[entity.id] = entity
    if entity.key is not None:
        work.by_key[entity.kind, entity.key] = entity.id
    return entity


def _add_link(
    work: _Integration, collection: str, connection: str, entity: EntityRow, record: Record
) -> None:
    link = Link(
        work.workspace.new_id(), entity.id, collection, connection, record.native_id, record.title,
        record.place, record.url, LinkState.LINKED, None, work.run, _edited(record), record.edited_by,
    )  # fmt: skip
    _put(work, link)


def _put(work: _Integration, link: Link) -> None:
    work.state.links[link.id] = work.batch.links[link.id] = link
    work.by_record[link.collection, link.native_id] = link


def _link_children(work: _Integration, look: Look) -> None:
    """Children are only counted: each is a work item of its own, found again by its id."""
    assert look.pull is not None  # only called for collections that were read
    collection = look.mapping.name + CHILDREN
    for record in look.pull.children:
        known = work.by_record.get((collection, record.native_id))
        if known is not None:
            _keep(work, known, record)
            continue
        if _above(work, look, record) is None:
            continue  # a look for changes also shows issues below nothing of ours
        entity = _put_entity(work, EntityRow(work.workspace.new_id(), Kind.WORK_ITEM, record.key))
        _add_link(work, collection, look.mapping.connection, entity, record)


def _above(work: _Integration, look: Look, record: Record) -> Link | None:
    """What a child belongs to: a record of the collection, or another child, which looks show first."""
    name, parent = look.mapping.name, record.parent or ""
    return work.by_record.get((name, parent)) or work.by_record.get((name + CHILDREN, parent))


def _notice_missing(work: _Integration, look: Look) -> None:
    """Note which linked records a complete look did not show."""
    assert look.pull is not None  # only called for collections that were read
    if not look.pull.complete or _scope_changed(work, look):
        return
    for collection, seen in (
        (look.mapping.name, {r.native_id for r in look.pull.records}),
        (look.mapping.name + CHILDREN, {r.native_id for r in look.pull.children}),
    ):
        for link in vanished_seconds(work.state, collection, seen):
            _forget(work, link)
        found = unseen(work.state, collection, seen, work.workspace.settings.policies.max_missing)
        if not found.believed:
            work.doubted += found.known
            work.batch.findings.append(too_many(found))
            continue
        for link in found.links:
            if link.state is LinkState.LINKED:
                _put(work, replace(link, state=LinkState.MISSING, missing_run=work.run))


def _scope_changed(work: _Integration, look: Look) -> bool:
    known = work.state.collections.get(look.mapping.name)
    return known is not None and known.scope != scope_of(look.mapping, look.account)


def _observe_all(work: _Integration, looks: Mapping[str, Look]) -> None:
    """Normal values of every mapped cell, once all records are linked and references can be followed."""
    directory = Directory(work.state.entities.values(), work.state.links.values())
    for look in looks.values():
        if look.bound is None or look.pull is None:
            continue
        for record in look.pull.records:
            link = work.by_record.get((look.mapping.name, record.native_id))
            if link is not None:
                _observe(work, link, record, _looks(look.bound, record, directory))
        for record in look.pull.children:
            link = work.by_record.get((look.mapping.name + CHILDREN, record.native_id))
            if link is not None:
                _observe(work, link, record, _child_looks(work, look, record))


_Cells = Iterable[tuple[str, Seen, str, str | None]]


def _looks(bound: BoundMapping, record: Record, directory: Directory) -> _Cells:
    for binding in bound.bindings:
        cell = record.cells.get(binding.native.id)
        if cell is not None:
            yield slot_of(binding), bound.seen(binding, record, directory), cell.place, cell.locked


def _child_looks(work: _Integration, look: Look, record: Record) -> _Cells:
    parent = _above(work, look, record)
    yield "parent", frozenset({parent.entity}) if parent else None, record.place, None
    for name in ("title", "status_category", "resolution", "points"):
        cell = record.cells.get(name)
        if cell is not None:
            yield name, _scalar(cell), cell.place, None


def _scalar(cell: Cell) -> Seen:
    return Unreadable("not a single value") if isinstance(cell.value, tuple) else cell.value


def _observe(work: _Integration, link: Link, record: Record, cells: _Cells) -> None:
    edited = _edited(record) or work.now
    for slot, seen, place, locked in cells:
        old = work.state.observed.get((link.id, slot))
        at = old.at if old is not None and _unmoved(old.seen, seen) else min(edited, work.now)
        look = Observed(seen, place, at, locked)
        if old != look:
            work.state.observed[link.id, slot] = look
            work.batch.observed.append((link.id, slot, look))


def _unmoved(old: Seen, new: Seen) -> bool:
    if isinstance(old, Unreadable) or isinstance(new, Unreadable):
        return isinstance(old, Unreadable) and isinstance(new, Unreadable)
    return same(old, new)


def _store(work: _Integration, lease: Lease, looks: Mapping[str, Look]) -> None:
    batch = work.batch
    with lease.begin(work.workspace.wall()) as connection:
        rows.drop_links(connection, batch.dropped)
        for collection, slot in batch.rebased:
            rows.drop_base(connection, collection, slot)
        rows.save_entities(connection, batch.entities.values(), work.run)
        rows.save_links(connection, [k for k in batch.links.values() if k.id in work.state.links])
        looks_kept = [look for look in batch.observed if look[0] in work.state.links]
        rows.save_observed(connection, looks_kept, work.run)
        rows.append_history(connection, _of_children(work, looks_kept), work.run, work.now)
        for look in looks.values():
            if look.error is None:
                rows.save_collection(connection, _remember(work, look))


def _of_children(
    work: _Integration, looks: Iterable[tuple[str, str, Observed]]
) -> Iterator[tuple[str, str, Value, str, str]]:
    """Work items are not merged: what is seen of them is their history."""
    for link_id, slot, look in looks:
        link = work.state.links[link_id]
        if link.collection.endswith(CHILDREN) and not isinstance(look.seen, Unreadable):
            yield link.entity, slot, look.seen, link_id, look.at


def _remember(work: _Integration, look: Look) -> CollectionState:
    # only called for collections that were read
    assert look.pull is not None and look.bound is not None and look.schema is not None
    known = work.state.collections.get(look.mapping.name)
    whole = look.pull.complete
    fresh = CollectionState(
        look.mapping.name,
        look.account,
        scope_of(look.mapping, look.account),
        ties_of(look.bound),
        applied_run=known.applied_run if known else None,
        complete_run=work.run if whole else (known.complete_run if known else None),
        cursor=look.pull.cursor,
        schema=schema_to_text(look.schema),
        whole_at=work.now if whole else (known.whole_at if known else None),
    )
    work.state.collections[fresh.name] = fresh
    return fresh
