"""Apply: the write protocol, one op at a time (engine invariants I1..I3, I18, I19, I24).

    adopt    one transaction: the model, agreements, conflicts, and every intent as `planned`
    send     `sending` is on disk → read the human fields again → a person was faster: drop the change
             → patch only the named fields → read back → one transaction: acked, base, audit

Killed anywhere, `recover` finds the intents whose outcome is owed. A refused op does not stop the others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from okrsync.connectors.base import Connector, Native, Patch, Record, Schema, Written
from okrsync.connectors.errors import AuthFailed, ConnectorError, OutcomeUnknown, Transient
from okrsync.mappings.bound import BoundBinding, BoundMapping
from okrsync.okr.values import Seen, Unreadable, Value, encode, same
from okrsync.sync_engine import journal, rows
from okrsync.sync_engine.absence import Parting, let_go
from okrsync.sync_engine.adoption import marker_of
from okrsync.sync_engine.conflicts import close_conflicts, open_conflicts
from okrsync.sync_engine.creating import attempt, filled, reserve
from okrsync.sync_engine.journal import Evidence, IntentState
from okrsync.sync_engine.lease import Lease
from okrsync.sync_engine.merge import ABSENT, OKRSYNC, Agreed
from okrsync.sync_engine.plan import DERIVED, Change, Op, Plan
from okrsync.sync_engine.refresh import Refreshed
from okrsync.sync_engine.state import Directory, LinkState
from okrsync.sync_engine.unify import slot_of
from okrsync.sync_engine.workspace import Workspace

Crash = Callable[[str], None]
"""Called at every point a crash could matter, by name; tests raise from it."""


def _no_crash(_point: str) -> None:
    """In production nothing happens at a crash point."""


@dataclass(frozen=True)
class Skipped:
    """An op, or part of one, that was not written, and why."""

    op: Op
    changes: tuple[Change, ...]
    why: str
    error: ConnectorError | None = None


@dataclass
class Applied:
    """What became of a plan."""

    done: list[Op] = field(default_factory=list)
    superseded: list[Skipped] = field(default_factory=list)
    """A person was faster; the next run merges their edit."""
    failed: list[Skipped] = field(default_factory=list)
    unknown: list[Skipped] = field(default_factory=list)

    @property
    def writes(self) -> int:
        """Remote fields written."""
        return sum(len(op.changes) for op in self.done)


@dataclass
class _Applier:
    workspace: Workspace
    lease: Lease
    refreshed: Refreshed
    run: str
    directory: Directory
    progress: Callable[[int], None]
    crash: Crash
    result: Applied = field(default_factory=Applied)
    unavailable: set[str] = field(default_factory=set)


def apply_plan(
    workspace: Workspace,
    lease: Lease,
    refreshed: Refreshed,
    plan: Plan,
    run: str,
    gone: Sequence[Parting] = (),
    progress: Callable[[int], None] = lambda _: None,
    crash: Crash = _no_crash,
) -> Applied:
    """Do what the plan says, and nothing else. `gone`: those of its vanished records that are let go."""
    state = refreshed.state
    directory = Directory(state.entities.values(), state.links.values())
    applier = _Applier(workspace, lease, refreshed, run, directory, progress, crash)
    new_id = workspace.new_id
    left = {parting.link.id for parting in gone}
    numbered = [(new_id(), reserve(state, op, new_id)) for op in plan.ops if op.link not in left]
    _adopt(applier, plan, numbered, gone)
    crash("adopted")
    for (collection, action), group in groupby(numbered, lambda pair: (pair[1].collection, pair[1].action)):
        batch = list(group)
        features = workspace.connector(batch[0][1].connection).features
        size = features.patch_batch if action == "patch" else 1
        for at in range(0, len(batch), size):
            _send(applier, collection, batch[at : at + size])
            progress(len(batch[at : at + size]))
    return applier.result


def _adopt(
    applier: _Applier, plan: Plan, numbered: Sequence[tuple[str, Op]], gone: Sequence[Parting]
) -> None:
    """The local half of the plan, and the journal of the remote half, in one transaction."""
    now = applier.workspace.now()
    values = [(a.entity, a.field, a.after, a.origin, a.at or now) for a in plan.adoptions]
    values += [(entity, name, value, DERIVED, now) for entity, name, value in plan.derived]
    with applier.lease.begin(applier.workspace.wall()) as connection:
        rows.save_canonical(connection, values, applier.run, now)
        rows.save_base(
            connection, [(s.link, s.slot, s.shown, s.agreed) for s in plan.settlements], applier.run
        )
        close_conflicts(connection, plan.closed, applier.run)
        open_conflicts(connection, plan.disputes, applier.workspace.new_id, applier.run, now)
        links = applier.refreshed.state.links
        rows.save_links(connection, [links[op.link] for _, op in numbered if op.creates])
        journal.write_audit(connection, applier.run, now, _lost(plan))
        journal.record(connection, applier.run, now, numbered)
        rows.mark_applied(connection, {op.collection for op in plan.ops}, applier.run)
        let_go(connection, applier.refreshed.state, gone, applier.run, now)
        if values or plan.settlements or plan.closed or plan.disputes or plan.ops or gone:
            rows.bump_serial(connection)


def _lost(plan: Plan) -> list[Evidence]:
    """Edits that lost by rule: nothing was written for them yet, but they stay on record (I1)."""
    return [
        Evidence("", side, a.field, "lost by rule", encode(value), encode(a.after), encode(value), "")
        for a in plan.adoptions
        for side, value in a.superseded.items()
        if side != OKRSYNC
    ]


def _send(applier: _Applier, collection: str, batch: Sequence[tuple[str, Op]]) -> None:
    """Send one batch of ops to one collection, as one request where the service can."""
    connection_name = batch[0][1].connection
    if connection_name in applier.unavailable:
        for id_, op in batch:
            _postpone(applier, id_, op, "the service does not answer; the next run tries again")
        return
    with applier.lease.begin(applier.workspace.wall()) as connection:
        journal.mark_sending(connection, [id_ for id_, _ in batch], applier.workspace.now())
    applier.crash("sending")
    if batch[0][1].creates:
        _create(applier, *batch[0])
        return
    try:
        patches = _prepare(applier, collection, batch)
    except ConnectorError as error:
        applier.unavailable.add(connection_name)
        for id_, op in batch:
            _postpone(applier, id_, op, str(error), error)
        return
    if patches:
        _transmit(applier, collection, patches)


@dataclass(frozen=True)
class _Ready:
    """An op whose pre-image was confirmed a moment ago."""

    id: str
    op: Op
    patch: Patch


def _prepare(applier: _Applier, collection: str, batch: Sequence[tuple[str, Op]]) -> list[_Ready]:
    """Read human fields again and keep only the changes whose pre-image still stands (I3)."""
    mapping = applier.refreshed.mappings[collection]
    fresh = _fresh(applier, mapping, [op for _, op in batch])
    ready = []
    for id_, op in batch:
        record = fresh.get(op.native_id)
        if record is None:
            _drop(applier, id_, op, op.changes, "the record is gone or hidden")
            continue
        kept = tuple(c for c in op.changes if _stands(applier, mapping, record, c))
        moved = tuple(c for c in op.changes if c not in kept)
        if moved:
            applier.result.superseded.append(Skipped(op, moved, "somebody edited it just now"))
        if not kept:
            _finish(applier, id_, IntentState.SUPERSEDED, "pre-image moved")
            continue
        narrowed = replace(op, changes=kept)
        ready.append(_Ready(id_, narrowed, Patch(record, _cells(applier, mapping, narrowed))))
    return ready


def _fresh(applier: _Applier, mapping: BoundMapping, ops: Sequence[Op]) -> Mapping[str, Record]:
    """A look just before the write for every op that touches a field people may edit.

    Fields only okrsync writes are not read again: this run's own look is moments old, and a person's
    scribble there is drift to be reverted anyway (docs/decisions/0004).
    """
    found: dict[str, Record] = {}
    for op in ops:
        record = applier.refreshed.record(op.collection, op.native_id)
        if record is not None and not any(change.human for change in op.changes):
            found[op.native_id] = record
    due = [op.native_id for op in ops if op.native_id not in found]
    if due:
        look = applier.refreshed.looks[mapping.mapping.name]
        assert look.schema is not None  # ops exist only for collections that were read
        connector = applier.workspace.connector(mapping.mapping.connection)
        found.update(connector.fetch(mapping.mapping.source, look.schema, due, mapping.want))
    return found


def _stands(applier: _Applier, mapping: BoundMapping, record: Record, change: Change) -> bool:
    """Whether the record still shows what the plan saw (a value we do not re-read stands as seen)."""
    cell = record.cells.get(change.native)
    if cell is None or cell.locked is not None:
        return False
    if not change.human:
        return True
    seen = mapping.seen(_binding(mapping, change.slot), record, applier.directory)
    return not isinstance(seen, Unreadable) and same(seen, change.before)


def _binding(mapping: BoundMapping, slot: str) -> BoundBinding:
    return next(bound for bound in mapping.bindings if slot_of(bound) == slot)


def _cells(applier: _Applier, mapping: BoundMapping, op: Op) -> dict[str, Native]:
    return {
        change.native: mapping.native(_binding(mapping, change.slot), change.value, applier.directory)
        for change in op.changes
    }


def _transmit(applier: _Applier, collection: str, ready: Sequence[_Ready]) -> None:
    look = applier.refreshed.looks[collection]
    assert look.schema is not None  # ops exist only for collections that were read
    connector = applier.workspace.connector(ready[0].op.connection)
    applier.crash("before send")
    answers = _write(connector, look.mapping.source, look.schema, [item.patch for item in ready])
    applier.crash("after send")
    by_id = {answer.native_id: answer for answer in answers}
    for item in ready:
        _settle(applier, collection, item, by_id[item.op.native_id])
    applier.crash("settled")


def _write(connector: Connector, source: Any, schema: Schema, patches: Sequence[Patch]) -> Sequence[Written]:
    try:
        return connector.write(source, schema, patches)
    except ConnectorError as error:
        return [Written(patch.record.native_id, error=error) for patch in patches]


def _settle(applier: _Applier, collection: str, item: _Ready, answer: Written) -> None:
    """Record what became of one patch."""
    op, error = item.op, answer.error or answer.refused
    refused = set() if answer.refused is None else set(answer.refused.fields)
    taken = tuple(change for change in op.changes if change.native not in refused)
    if error is not None and (answer.error is not None or not taken):
        _fail(applier, item.id, op, error)
        return
    if answer.refused is not None:
        left = tuple(change for change in op.changes if change not in taken)
        applier.result.failed.append(Skipped(op, left, str(answer.refused), answer.refused))
        op = replace(op, changes=taken)
    mapping = applier.refreshed.mappings[collection]
    shown = {change.slot: _shown(applier, mapping, op, change, answer) for change in op.changes}
    now = applier.workspace.now()
    with applier.lease.begin(applier.workspace.wall()) as connection:
        settle_acked(connection, item.id, op.link, op.changes, shown, answer.answer, applier.run, now)
    applier.result.done.append(op)


def settle_acked(
    connection: Connection,
    intent: str,
    link: str,
    changes: Sequence[Change],
    shown: Mapping[str, Seen],
    answer: str,
    run: str,
    now: str,
) -> None:
    """Acked, base as read back and evidence: one transaction (I19, I24)."""
    readable = {slot: value for slot, value in shown.items() if not isinstance(value, Unreadable)}
    bases = [(link, c.slot, *basis(c, readable[c.slot])) for c in changes if c.slot in readable]
    rows.save_base(connection, bases, run)
    journal.mark(connection, intent, IntentState.ACKED, now)
    evidence = [
        Evidence(
            intent, link, change.slot, change.reason, encode(change.before), encode(change.after),
            _encoded(shown[change.slot]), answer,
        )
        for change in changes
    ]  # fmt: skip
    journal.write_audit(connection, run, now, evidence)
    rows.bump_serial(connection)


def basis(change: Change, shown: Value) -> tuple[Value, Agreed]:
    """What to note as shown and agreed after a write."""
    return (shown, change.after) if change.reopens is ABSENT else (change.reopens, ABSENT)


def _encoded(seen: Seen) -> str:
    return json.dumps({"unreadable": seen.reason}) if isinstance(seen, Unreadable) else encode(seen)


def _shown(applier: _Applier, mapping: BoundMapping, op: Op, change: Change, answer: Written) -> Seen:
    """What the service shows now, as a normal value."""
    cell = answer.cells.get(change.native)
    if cell is None:
        return Unreadable("the answer did not carry it")
    record = Record(op.native_id, op.title, op.place, {change.native: cell})
    return mapping.seen(_binding(mapping, change.slot), record, applier.directory)


def _create(applier: _Applier, id_: str, op: Op) -> None:
    """Make one record, unless it is there by now, and take it over."""
    mapping = applier.refreshed.mappings[op.collection]
    look = applier.refreshed.looks[op.collection]
    assert look.schema is not None  # ops exist only for collections that were read
    marker = marker_of(mapping, applier.refreshed.state.entities[op.entity])
    cells = {change.native: value for change, value in filled(mapping, op, applier.directory)}
    connector = applier.workspace.connector(op.connection)
    applier.crash("before send")
    answer = attempt(connector, look.mapping.source, look.schema, cells, marker)
    applier.crash("after send")
    if answer is None:
        _drop(applier, id_, op, op.changes, "it was added just now")
    elif answer.error is not None:
        _fail(applier, id_, op, answer.error)
    else:
        _settle_created(applier, id_, op, mapping, answer)
    applier.crash("settled")


def _settle_created(applier: _Applier, id_: str, op: Op, mapping: BoundMapping, answer: Written) -> None:
    """The reserved link gets its record, and what the service shows becomes the base: one transaction."""
    state = applier.refreshed.state
    link = replace(state.links[op.link], native_id=answer.native_id, state=LinkState.LINKED)
    made = replace(
        op,
        native_id=answer.native_id,
        changes=tuple(change for change in op.changes if change.native in answer.cells),
    )
    shown = {change.slot: _shown(applier, mapping, made, change, answer) for change in made.changes}
    key = state.entities[op.entity].key or ""
    proof = journal.creation(id_, link.id, key, link.native_id, op.reason, answer.answer)
    now = applier.workspace.now()
    with applier.lease.begin(applier.workspace.wall()) as connection:
        rows.save_links(connection, [link])
        journal.write_audit(connection, applier.run, now, [proof])
        settle_acked(connection, id_, link.id, made.changes, shown, answer.answer, applier.run, now)
    state.links[link.id] = link
    applier.directory.add(link)
    applier.result.done.append(made)


def _fail(applier: _Applier, id_: str, op: Op, error: ConnectorError) -> None:
    skipped = Skipped(op, op.changes, str(error), error)
    if isinstance(error, Transient | AuthFailed):
        applier.unavailable.add(op.connection)
    if isinstance(error, OutcomeUnknown):
        applier.result.unknown.append(skipped)
        _finish(applier, id_, IntentState.UNKNOWN, str(error))
    else:
        applier.result.failed.append(skipped)
        _finish(applier, id_, IntentState.FAILED, str(error))


def _postpone(applier: _Applier, id_: str, op: Op, why: str, error: ConnectorError | None = None) -> None:
    """Nothing was sent: the next run plans it afresh."""
    applier.result.failed.append(Skipped(op, op.changes, why, error))
    _finish(applier, id_, IntentState.FAILED, why)


def _drop(applier: _Applier, id_: str, op: Op, changes: tuple[Change, ...], why: str) -> None:
    applier.result.superseded.append(Skipped(op, changes, why))
    _finish(applier, id_, IntentState.SUPERSEDED, why)


def _finish(applier: _Applier, id_: str, state: IntentState, why: str) -> None:
    with applier.lease.begin(applier.workspace.wall()) as connection:
        journal.mark(connection, id_, state, applier.workspace.now(), why)
