"""Conflicts: kept, shown and resolved by a person; at most one open per field of an entity.

A conflict stops only its own field. Resolving it stores a decision together with the edits it was taken
on; the next plan carries it out like any other change, and asks again if somebody edited meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import Connection, update

from okrsync.okr.values import Value, encode
from okrsync.sync_engine import schema as t
from okrsync.sync_engine.merge import ABSENT
from okrsync.sync_engine.plan import Dispute


def open_conflicts(
    connection: Connection, disputes: Iterable[Dispute], new_id: Callable[[], str], run: str, now: str
) -> None:
    """Open conflicts; one that was open on the same field is replaced, its row closed."""
    for dispute in disputes:
        connection.execute(
            update(t.conflict)
            .where(
                t.conflict.c.entity == dispute.entity,
                t.conflict.c.field == dispute.field,
                t.conflict.c.state != "closed",
            )
            .values(state="closed", closed_run=run)
        )
        connection.execute(t.conflict.insert().values(_row(dispute, new_id(), run, now)))


def _row(dispute: Dispute, id_: str, run: str, now: str) -> dict[str, str | None]:
    return {
        "id": id_,
        "entity": dispute.entity,
        "field": dispute.field,
        "canonical": None if dispute.standing is ABSENT else encode(dispute.standing),
        "sides": json.dumps({name: encode(value) for name, value in dispute.sides.items()}, sort_keys=True),
        "state": "open",
        "resolution": None,
        "by": None,
        "opened_run": run,
        "opened_at": now,
        "closed_run": None,
    }


def close_conflicts(connection: Connection, ids: Sequence[str], run: str) -> None:
    """Close conflicts whose sides agree or whose decision is being carried out."""
    if ids:
        connection.execute(
            update(t.conflict).where(t.conflict.c.id.in_(ids)).values(state="closed", closed_run=run)
        )


def resolve(connection: Connection, id_: str, value: Value, by: str) -> bool:
    """Store a person's decision; the next run carries it out. False when the conflict is not open."""
    done = connection.execute(
        update(t.conflict)
        .where(t.conflict.c.id == id_, t.conflict.c.state != "closed")
        .values(state="resolved", resolution=encode(value), by=by)
    )
    return done.rowcount == 1
