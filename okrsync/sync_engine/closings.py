"""Cycles in the store: what people decided about each, and the frozen scores of the closed ones.

Arrives: an open transaction and plain values of the method. Leaves: the same values back. A closing is kept
whole, as one JSON text with decimals as texts: what was decided on that day must never be computed again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from okrsync.okr.closing import Closing
from okrsync.okr.cycles import Cycle
from okrsync.okr.lifecycle import CycleState
from okrsync.sync_engine import schema as t
from okrsync.sync_engine.rows import finish_run, start_run, upsert

_CLOSING = TypeAdapter(Closing)


def states(connection: Connection) -> tuple[CycleState, ...]:
    """Every cycle somebody opened or closed, by its first day."""
    found = connection.execute(select(t.cycle).order_by(t.cycle.c.starts, t.cycle.c.name))
    return tuple(
        CycleState(
            Cycle(row.name, date.fromisoformat(row.starts), date.fromisoformat(row.ends)),
            _day(row.published),
            _day(row.closed),
        )
        for row in found
    )


def save(
    connection: Connection, state: CycleState, by: str, now: str, closing: Closing | None = None
) -> None:
    """Keep what was decided about a cycle, and its scores where it was closed."""
    row = {
        "name": state.cycle.name,
        "starts": state.cycle.start.isoformat(),
        "ends": state.cycle.end.isoformat(),
        "published": state.published.isoformat() if state.published else None,
        "closed": state.closed.isoformat() if state.closed else None,
        "closing": as_text(closing) if closing else None,
        "by": by,
        "at": now,
    }
    upsert(connection, t.cycle, [row])


def note(connection: Connection, run: str, command: str, told: Mapping[str, str], now: str) -> None:
    """Put a decision on record among the runs: what was decided, by whom, why, and what it set aside."""
    start_run(connection, run, command, now)
    finish_run(connection, run, "done", json.dumps({"note": dict(told)}, sort_keys=True), now)


def as_text(closing: Closing) -> str:
    """A closing as the store keeps it."""
    return _CLOSING.dump_json(closing).decode()


def closings(connection: Connection) -> tuple[Closing, ...]:
    """Every closed cycle as it was frozen, by its first day."""
    texts = connection.execute(
        select(t.cycle.c.closing).where(t.cycle.c.closing.is_not(None)).order_by(t.cycle.c.starts)
    )
    return tuple(_CLOSING.validate_json(text) for text in texts.scalars())


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
