"""The journal: what is about to be written is on disk before it is sent (I18).

An intent goes planned → sending → acked, or → superseded (a person was faster, nothing was sent),
→ failed (the service refused), → unknown (sent, no answer). Whatever is left in `sending` or `unknown`
by a crash or a lost answer is settled by `recover` before anything new is planned.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, select, update

from okrsync.okr.values import decode, encode
from okrsync.sync_engine import schema as t
from okrsync.sync_engine.damage import each
from okrsync.sync_engine.merge import ABSENT
from okrsync.sync_engine.plan import Change, Op
from okrsync.sync_engine.undo import Effect


class IntentState(StrEnum):
    """Where one write is in its life."""

    PLANNED = "planned"
    SENDING = "sending"
    ACKED = "acked"
    SUPERSEDED = "superseded"
    FAILED = "failed"
    UNKNOWN = "unknown"


OPEN = (IntentState.PLANNED, IntentState.SENDING, IntentState.UNKNOWN)
"""States in which an outcome is still owed."""


@dataclass(frozen=True)
class Intent:
    """One op as the journal holds it."""

    id: str
    run: str
    link: str
    changes: tuple[Change, ...]
    state: IntentState
    attempts: int
    at: str
    """When it got into this state."""
    creates: bool = False
    """It makes the record, instead of changing it."""


_VALUES = ("before", "after", "value")


_CREATE = "create"


def _pack(op: Op) -> str:
    packed = []
    for change in op.changes:
        reopens = None if change.reopens is ABSENT else encode(change.reopens)
        values = {name: encode(getattr(change, name)) for name in _VALUES}
        packed.append({**vars(change), **values, "reopens": reopens})
    return json.dumps({_CREATE: packed} if op.creates else packed, ensure_ascii=False)


def _unpack(r: Any) -> Intent:
    packed = json.loads(r.changes)
    creates = isinstance(packed, dict)
    changes = tuple(_change(raw) for raw in (packed[_CREATE] if creates else packed))
    return Intent(r.id, r.run, r.link, changes, IntentState(r.state), r.attempts, r.at, creates)


def _change(raw: dict[str, Any]) -> Change:
    values = {name: decode(raw[name]) for name in _VALUES}
    reopens = ABSENT if raw["reopens"] is None else decode(raw["reopens"])
    return Change(**{**raw, **values, "reopens": reopens})


def record(connection: Connection, run: str, now: str, ops: Iterable[tuple[str, Op]]) -> None:
    """Write down every op of a plan, in order, before the first is sent."""
    rows = [
        {"id": id_, "run": run, "seq": seq, "link": op.link, "changes": _pack(op),
         "state": IntentState.PLANNED.value, "attempts": 0, "error": None, "at": now}
        for seq, (id_, op) in enumerate(ops)
    ]  # fmt: skip
    if rows:
        connection.execute(t.intent.insert(), rows)


def mark_sending(connection: Connection, ids: Sequence[str], now: str) -> None:
    """Commit to sending: from here on the outcome is unknown until it is settled."""
    connection.execute(
        update(t.intent)
        .where(t.intent.c.id.in_(ids))
        .values(state=IntentState.SENDING.value, attempts=t.intent.c.attempts + 1, at=now)
    )


def mark(connection: Connection, id_: str, state: IntentState, now: str, error: str | None = None) -> None:
    """Record how one write ended."""
    connection.execute(
        update(t.intent).where(t.intent.c.id == id_).values(state=state.value, at=now, error=error)
    )


def unfinished(connection: Connection) -> list[Intent]:
    """Writes whose outcome is owed, oldest first."""
    rows = connection.execute(
        select(t.intent)
        .where(t.intent.c.state.in_([s.value for s in OPEN]))
        .order_by(t.intent.c.at, t.intent.c.run, t.intent.c.seq)
    )
    return list(each(t.intent, rows, _unpack))


@dataclass(frozen=True)
class Evidence:
    """What one remote effect was: cause, before, after, what the service showed, its answer (I24)."""

    intent: str
    link: str
    slot: str
    cause: str
    before: str | None
    after: str
    shown: str
    answer: str


def creation(intent: str, link: str, key: str, native_id: str, cause: str, answer: str) -> Evidence:
    """Evidence that a record was made; it belongs to no field."""
    return Evidence(intent, link, "", cause, None, encode(key), encode(native_id), answer)


def write_audit(connection: Connection, run: str, now: str, effects: Iterable[Evidence]) -> None:
    """Append evidence; nothing ever changes or removes it."""
    rows: list[Mapping[str, object]] = [
        {"run": run, "intent": e.intent, "link": e.link, "field": e.slot, "cause": e.cause,
         "before": e.before, "after": e.after, "shown": e.shown, "answer": e.answer, "at": now}
        for e in effects
    ]  # fmt: skip
    if rows:
        connection.execute(t.audit.insert(), rows)


def effects_of(connection: Connection, run: str) -> list[Effect]:
    """What a run wrote and could read back, oldest first."""
    rows = connection.execute(
        select(t.audit).where(t.audit.c.run == run, t.audit.c.intent != "").order_by(t.audit.c.id)
    )
    found = [(r, json.loads(r.shown)) for r in rows]
    return [
        Effect(r.link, r.field, None if r.before is None else decode(r.before), decode(r.shown))
        for r, shown in found
        if not (isinstance(shown, dict) and "unreadable" in shown)
    ]


@dataclass(frozen=True)
class AuditRow:
    """One line of evidence: a remote effect, or a record accepted as gone."""

    at: str
    run: str
    link: str
    field: str
    cause: str
    before: str | None
    after: str | None
    answer: str


def audit_trail(connection: Connection, run: str | None, links: Sequence[str] | None) -> list[AuditRow]:
    """Evidence of one run, of some records, or of everything; oldest first."""
    written = select(t.audit).order_by(t.audit.c.id)
    if run is not None:
        written = written.where(t.audit.c.run == run)
    found = [
        AuditRow(r.at, r.run, r.link, r.field, r.cause, r.before, r.shown, r.answer)
        for r in connection.execute(written)
    ]
    buried = select(t.tombstone, t.link.c.id.label("link")).join(
        t.link,
        (t.link.c.collection == t.tombstone.c.collection) & (t.link.c.native_id == t.tombstone.c.native_id),
    )
    found += [
        AuditRow(r.at, r.run, r.link, "", "accepted as gone", None, None, r.evidence)
        for r in connection.execute(buried)
        if run in (None, r.run)
    ]
    return sorted((r for r in found if links is None or r.link in links), key=lambda r: r.at)


def recent_writes(connection: Connection, since: str) -> dict[tuple[str, str, str], int]:
    """How often each value was written to each field since then: (link, slot, encoded value)."""
    a = t.audit
    query = select(a.c.link, a.c.field, a.c.after, func.count()).where(a.c.at >= since)
    grouped = connection.execute(query.group_by(a.c.link, a.c.field, a.c.after))
    return {(link, slot, after): number for link, slot, after, number in grouped}
