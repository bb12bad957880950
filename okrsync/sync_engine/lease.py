"""The lease: one writer per workspace, fenced (I21).

A row in the store says who holds it and for how long. Taking it over raises the generation; every write
transaction of a holder checks its generation first, so a holder that slept through a takeover can no
longer change anything. A holder on this machine whose process is gone is taken over at once.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from okrsync.sync_engine import schema as t
from okrsync.sync_engine.rows import upsert
from okrsync.sync_engine.store import Store

_NAME = "workspace"
TTL = timedelta(minutes=5)


class LeaseHeldError(Exception):
    """Another run holds the workspace; says who and until when."""

    def __init__(self, holder: str, until: str) -> None:
        super().__init__(f"another run holds this workspace: {holder}, until {until} unless it renews")
        self.holder = holder
        self.until = until


class LeaseLostError(Exception):
    """This run was taken over; it must stop without another write."""


@dataclass
class Lease:
    """A held lease. `took_over` names the former holder when there was one."""

    store: Store
    generation: int
    took_over: str | None

    @contextmanager
    def begin(self, now: datetime) -> Iterator[Connection]:
        """A write transaction that only a current holder gets; renews the lease. Raises LeaseLostError."""
        with self.store.begin() as connection:
            renewed = connection.execute(
                update(t.lease)
                .where(t.lease.c.name == _NAME, t.lease.c.generation == self.generation)
                .values(expires_at=_stamp(now + TTL))
            )
            if renewed.rowcount != 1:
                raise LeaseLostError("another run took this workspace over; nothing more is written")
            yield connection

    def release(self) -> None:
        """Let the next run in. Harmless when the lease was lost."""
        with self.store.begin() as connection:
            connection.execute(
                update(t.lease)
                .where(t.lease.c.name == _NAME, t.lease.c.generation == self.generation)
                .values(holder="", expires_at="")
            )


def take(store: Store, now: datetime, holder: str | None = None) -> Lease:
    """Take the workspace's lease. Raises LeaseHeldError."""
    me = holder or f"{socket.gethostname()} pid {os.getpid()}"
    with store.begin() as connection:
        row = connection.execute(select(t.lease).where(t.lease.c.name == _NAME).with_for_update()).first()
        former = row.holder if row is not None else ""
        if row is not None and former and row.expires_at > _stamp(now) and not _is_gone(former):
            raise LeaseHeldError(former, row.expires_at)
        generation = row.generation + 1 if row is not None else 1
        values = {"name": _NAME, "holder": me, "generation": generation, "expires_at": _stamp(now + TTL)}
        upsert(connection, t.lease, [values])
    return Lease(store, generation, former or None)


@contextmanager
def ending(lease: Lease) -> Iterator[None]:
    """Let go of a lease however the work ends."""
    try:
        yield
    finally:
        lease.release()


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _is_gone(holder: str) -> bool:
    """Whether a holder on this machine has ended without letting go."""
    host, _, pid = holder.rpartition(" pid ")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
