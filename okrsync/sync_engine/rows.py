"""Rows in and out of the store: the one place that knows how plain values lie in the tables.

Every function takes an open transaction; callers decide what belongs together. The serial rises whenever
what was agreed moves, so that a saved plan can tell it is stale (I23).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from okrsync.okr.model import Kind
from okrsync.okr.values import Seen, Unreadable, Value, decode, encode
from okrsync.sync_engine import schema as t
from okrsync.sync_engine.damage import check, each
from okrsync.sync_engine.merge import ABSENT, Agreed
from okrsync.sync_engine.plan import DERIVED
from okrsync.sync_engine.state import (
    Base,
    Canonical,
    CollectionState,
    EntityField,
    EntityRow,
    Link,
    LinkField,
    LinkState,
    Observed,
    OpenConflict,
    State,
)
from okrsync.sync_engine.undo import Turn

T = TypeVar("T")


def upsert(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, or update them where their primary key is already there."""
    kept = list(rows)
    if not kept:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    keys = [column.name for column in table.primary_key]
    # one row per execution: a statement of many rows would be compiled anew each time
    statement = dialect.insert(table)
    changed = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in keys}
    changed = {name: column for name, column in changed.items() if name in kept[0]}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), kept)


def insert_new(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert the rows that are not there yet."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(table).values(list(rows)).on_conflict_do_nothing())


def ensure_lineage(connection: Connection, lineage: str) -> None:
    """Give a new store its name for life."""
    if (
        connection.execute(select(t.store_meta.c.value).where(t.store_meta.c.name == "lineage")).first()
        is None
    ):
        upsert(
            connection,
            t.store_meta,
            [{"name": "lineage", "value": lineage}, {"name": "serial", "value": "0"}],
        )


def bump_serial(connection: Connection) -> None:
    """Note that what was agreed has moved."""
    now = int(_meta(connection, "serial"))
    connection.execute(update(t.store_meta).where(t.store_meta.c.name == "serial").values(value=str(now + 1)))


def _meta(connection: Connection, name: str) -> str:
    return str(
        connection.execute(select(t.store_meta.c.value).where(t.store_meta.c.name == name)).scalar_one()
    )


def load(connection: Connection) -> State:
    """The whole workspace. Raises StoreError on a row no okrsync wrote."""

    def all_of(table: Table, make: Callable[[Any], T]) -> Iterator[T]:
        return each(table, connection.execute(select(table)), make)

    state = State(
        lineage=_meta(connection, "lineage"),
        serial=int(_meta(connection, "serial")),
        entities={row.id: row for row in all_of(t.entity, _entity)},
        links={link.id: link for link in all_of(t.link, _link)},
        observed=dict(all_of(t.observed, _observed)),
        base=dict(all_of(t.base, _base)),
        canonical=dict(all_of(t.canonical, _canonical)),
        conflicts={(c.entity, c.field): c for c in _open_conflicts(connection)},
        collections={one.name: one for one in all_of(t.collection, _collection)},
        buried=set(all_of(t.tombstone, lambda r: (r.collection, r.entity))),
    )
    check(state)
    return state


def _entity(r: Any) -> EntityRow:
    return EntityRow(r.id, Kind(r.kind), r.key)


def _observed(r: Any) -> tuple[LinkField, Observed]:
    return (r.link, r.field), Observed(_seen(r), r.place, r.at, r.locked)


def _base(r: Any) -> tuple[LinkField, Base]:
    return (r.link, r.field), Base(decode(r.shown), ABSENT if r.agreed is None else decode(r.agreed))


def _canonical(r: Any) -> tuple[EntityField, Canonical]:
    return (r.entity, r.field), Canonical(decode(r.value), r.origin, r.at)


def _link(r: Any) -> Link:
    return Link(
        r.id, r.entity, r.collection, r.connection, r.native_id, r.title, r.place, r.url,
        LinkState(r.state), r.missing_run, r.seen_run, r.edited_at, r.edited_by,
    )  # fmt: skip


def _seen(r: Any) -> Seen:
    return Unreadable(r.unreadable) if r.value is None else decode(r.value)


def _collection(r: Any) -> CollectionState:
    return CollectionState(
        r.name, r.account, r.scope, json.loads(r.bindings), r.applied_run, r.complete_run, r.cursor,
        r.schema, r.whole_at,
    )  # fmt: skip


def _open_conflicts(connection: Connection) -> list[OpenConflict]:
    rows = connection.execute(
        select(t.conflict).where(t.conflict.c.state != "closed").order_by(t.conflict.c.id)
    )
    return list(each(t.conflict, rows, _conflict))


def _conflict(r: Any) -> OpenConflict:
    return OpenConflict(
        id=r.id,
        entity=r.entity,
        field=r.field,
        sides={name: decode(value) for name, value in json.loads(r.sides).items()},
        opened_at=r.opened_at,
        resolution=None if r.resolution is None else decode(r.resolution),
        resolved=r.state == "resolved",
        by=r.by,
    )


def save_entities(connection: Connection, entities: Iterable[EntityRow], run: str) -> None:
    """Add entities or change their keys."""
    rows = [{"id": e.id, "kind": e.kind.value, "key": e.key, "created_run": run} for e in entities]
    upsert(connection, t.entity, rows)


def save_links(connection: Connection, links: Iterable[Link]) -> None:
    """Add links or bring them up to date."""
    upsert(connection, t.link, [{**vars(link), "state": link.state.value} for link in links])


def drop_links(connection: Connection, links: Iterable[str]) -> None:
    """Forget links that never agreed on anything, with what was seen of them and meant for them."""
    for link in links:
        for table in (t.observed, t.base, t.intent):
            connection.execute(delete(table).where(table.c.link == link))
        connection.execute(delete(t.link).where(t.link.c.id == link))


def save_observed(connection: Connection, looks: Iterable[tuple[str, str, Observed]], run: str) -> None:
    """Store the latest look at fields."""
    upsert(
        connection,
        t.observed,
        [
            {
                "link": link,
                "field": name,
                "value": None if isinstance(look.seen, Unreadable) else encode(look.seen),
                "unreadable": look.seen.reason if isinstance(look.seen, Unreadable) else None,
                "locked": look.locked,
                "place": look.place,
                "at": look.at,
                "run": run,
            }
            for link, name, look in looks
        ],
    )


def save_base(connection: Connection, settled: Iterable[tuple[str, str, Value, Agreed]], run: str) -> None:
    """Record what sides showed when they agreed (I19)."""
    upsert(
        connection,
        t.base,
        [
            {
                "link": link,
                "field": name,
                "shown": encode(shown),
                "agreed": None if agreed is ABSENT else encode(agreed),
                "run": run,
            }
            for link, name, shown, agreed in settled
        ],
    )


def drop_base(connection: Connection, collection: str, field: str) -> None:
    """Forget the base of a field whose binding changed: its next look is a first contact (I25)."""
    links = select(t.link.c.id).where(t.link.c.collection == collection)
    connection.execute(delete(t.base).where(t.base.c.field == field, t.base.c.link.in_(links)))


def save_canonical(
    connection: Connection, values: Sequence[tuple[str, str, Value, str, str]], run: str, now: str
) -> None:
    """Store agreed or derived values (entity, field, value, origin, valid_at) and append them to history."""
    kept = [
        {"entity": entity, "field": name, "value": encode(value), "origin": origin, "at": at, "run": run}
        for entity, name, value, origin, at in values
    ]
    if not kept:
        return
    upsert(connection, t.canonical, kept)
    append_history(connection, values, run, now)


def append_history(
    connection: Connection, values: Iterable[tuple[str, str, Value, str, str]], run: str, now: str
) -> None:
    """Append values (entity, field, value, origin, valid_at) to what is known of the past."""
    history = [
        {"entity": entity, "field": name, "value": encode(value), "origin": origin, "valid_at": at,
         "seen_at": now, "run": run}
        for entity, name, value, origin, at in values
    ]  # fmt: skip
    if history:
        connection.execute(t.observation.insert(), history)


def save_collection(connection: Connection, state: CollectionState) -> None:
    """Store what a collection was when it was read."""
    row = {**vars(state), "bindings": json.dumps(dict(state.bindings), sort_keys=True)}
    upsert(connection, t.collection, [row])


def mark_applied(connection: Connection, collections: Iterable[str], run: str) -> None:
    """Note that collections may be written to from now on."""
    connection.execute(
        update(t.collection)
        .where(t.collection.c.name.in_(list(collections)), t.collection.c.applied_run.is_(None))
        .values(applied_run=run)
    )


def start_run(connection: Connection, run: str, command: str, now: str) -> None:
    """Note that a run began."""
    connection.execute(t.run.insert().values(id=run, command=command, started_at=now))


def finish_run(connection: Connection, run: str, outcome: str, report: str, now: str) -> None:
    """Note how a run ended."""
    connection.execute(
        update(t.run).where(t.run.c.id == run).values(outcome=outcome, report=report, finished_at=now)
    )


def last_run(connection: Connection, until: str | None = None) -> tuple[str, str, str, str] | None:
    """The latest run that ended, or had ended at a past moment: id, command, when, how; no decision."""
    query = select(t.run).where(t.run.c.finished_at.is_not(None), t.run.c.command.not_like("cycle %"))
    if until is not None:
        query = query.where(t.run.c.finished_at <= until)
    row = connection.execute(query.order_by(t.run.c.started_at.desc(), t.run.c.id)).first()
    return (row.id, row.command, row.finished_at, row.outcome) if row else None


def conflicts_at(connection: Connection, moment: str) -> dict[EntityField, OpenConflict]:
    """Conflicts that were open at a past moment."""
    c = t.conflict.c
    closed = select(t.run.c.finished_at).where(t.run.c.id == c.closed_run).scalar_subquery()
    rows = connection.execute(
        select(t.conflict)
        .where(c.opened_at <= moment, (c.closed_run.is_(None)) | (closed > moment))
        .order_by(c.id)
    )
    return {(c.entity, c.field): c for c in each(t.conflict, rows, _conflict)}


@dataclass(frozen=True)
class Past:
    """One value a field had."""

    field: str
    value: Value
    origin: str
    valid_at: str
    seen_at: str
    run: str


def history(connection: Connection, entity: str, field: str | None = None) -> list[Past]:
    """Every value an entity's fields had, oldest first."""
    query = select(t.observation).where(t.observation.c.entity == entity)
    if field is not None:
        query = query.where(t.observation.c.field == field)
    rows = connection.execute(query.order_by(t.observation.c.valid_at, t.observation.c.id))
    return [Past(r.field, decode(r.value), r.origin, r.valid_at, r.seen_at, r.run) for r in rows]


def bury(connection: Connection, link: Link, evidence: Mapping[str, str | None], run: str, now: str) -> None:
    """Accept that a record is gone: tombstone with its proof, no base any more (I4, I24)."""
    stone = {
        "collection": link.collection,
        "native_id": link.native_id,
        "entity": link.entity,
        "evidence": json.dumps(evidence, ensure_ascii=False),
        "run": run,
        "at": now,
    }
    upsert(connection, t.tombstone, [stone])
    connection.execute(update(t.link).where(t.link.c.id == link.id).values(state=LinkState.GONE.value))
    connection.execute(delete(t.base).where(t.base.c.link == link.id))


def turns_of(connection: Connection, run: str) -> list[Turn]:
    """How a run changed the model, computed values left out: each field's value before and after."""
    o = t.observation
    turned = connection.execute(select(o).where(o.c.run == run, o.c.origin != DERIVED).order_by(o.c.id)).all()
    found: dict[tuple[str, str], Turn] = {}
    for row in turned:
        key = (row.entity, row.field)
        before = found[key].before if key in found else _before(connection, row)
        found[key] = Turn(row.entity, row.field, before, decode(row.value), row.origin)
    return list(found.values())


def _before(connection: Connection, row: Any) -> Agreed:
    o = t.observation
    query = select(o.c.value).where(o.c.entity == row.entity, o.c.field == row.field, o.c.id < row.id)
    last = connection.execute(query.order_by(o.c.id.desc()).limit(1)).scalar()
    return ABSENT if last is None else decode(last)


def runs_named(connection: Connection, prefix: str) -> list[str]:
    """Runs whose id begins so."""
    query = select(t.run.c.id).where(t.run.c.id.startswith(prefix, autoescape=True))
    return list(connection.execute(query).scalars())


def latest_runs(connection: Connection, number: int) -> list[dict[str, Any]]:
    """The latest runs, newest first, with their counts."""
    found = connection.execute(select(t.run).order_by(t.run.c.started_at.desc(), t.run.c.id).limit(number))
    return [_run_row(row) for row in found]


def _run_row(row: Any) -> dict[str, Any]:
    report = json.loads(row.report) if row.report else {}
    sent = sum(sum(counts.values()) for counts in report.get("requests", {}).values())
    counts = {"written": report.get("written", 0), "adopted": report.get("adopted", 0), "requests": sent}
    named = {name: getattr(row, name) for name in ("id", "command", "started_at", "outcome")}
    return {**named, **counts, "note": report.get("note")}


def as_of(connection: Connection, moment: str) -> dict[EntityField, Canonical]:
    """What held at a past moment, as far as is known now: a value that came late stands on its own date."""
    o = t.observation
    past = connection.execute(select(o).where(o.c.valid_at <= moment).order_by(o.c.valid_at, o.c.id))
    return dict(each(t.observation, past, _held_then))


def _held_then(r: Any) -> tuple[EntityField, Canonical]:
    return (r.entity, r.field), Canonical(decode(r.value), r.origin, r.valid_at)


def past_inputs(connection: Connection, since: str) -> list[tuple[EntityField, Canonical]]:
    """Values people's fields had since then, with when they became true, in the order they were learnt."""
    o = t.observation
    query = (
        select(o.c.entity, o.c.field, o.c.value, o.c.origin, o.c.valid_at)
        .join(t.entity, t.entity.c.id == o.c.entity)
        .where(o.c.origin != DERIVED, o.c.valid_at >= since, t.entity.c.kind != Kind.WORK_ITEM.value)
        .order_by(o.c.id)
    )
    return list(each(t.observation, connection.execute(query), _held_then))
