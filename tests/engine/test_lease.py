"""One writer per workspace, and a holder that slept too long changes nothing (I21)."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from okrsync.sync_engine import rows
from okrsync.sync_engine import schema as t
from okrsync.sync_engine.lease import TTL, LeaseHeldError, LeaseLostError, take
from okrsync.sync_engine.store import Store

NOW = datetime(2026, 2, 9, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = Store(f"sqlite:///{tmp_path / 'okrsync.db'}")
    with opened.begin() as connection:
        rows.ensure_lineage(connection, "lineage")
    yield opened
    opened.close()


def test_a_held_lease_is_refused_with_its_holder(store: Store) -> None:
    """The second run is told who is at work."""
    take(store, NOW, "host pid 1")
    with pytest.raises(LeaseHeldError) as refused:
        take(store, NOW + timedelta(minutes=1), "host pid 2")
    assert refused.value.holder == "host pid 1"


def test_a_released_lease_is_free(store: Store) -> None:
    """The next run starts at once and took nothing over."""
    take(store, NOW, "one").release()
    assert take(store, NOW, "two").took_over is None


def test_an_expired_lease_is_taken_over_visibly(store: Store) -> None:
    """A holder that does not renew loses it, and the new one says from whom."""
    take(store, NOW, "one")
    assert take(store, NOW + TTL + timedelta(seconds=1), "two").took_over == "one"


def test_writing_renews_the_lease(store: Store) -> None:
    """A long run keeps its lease by working."""
    lease = take(store, NOW, "one")
    with lease.begin(NOW + timedelta(minutes=4)):
        pass
    with pytest.raises(LeaseHeldError):
        take(store, NOW + timedelta(minutes=8), "two")


def test_a_holder_that_was_taken_over_writes_nothing(store: Store) -> None:
    """I21: fenced by the generation, not by its clock."""
    lease = take(store, NOW, "one")
    take(store, NOW + TTL + timedelta(seconds=1), "two")
    with pytest.raises(LeaseLostError), lease.begin(NOW) as connection:
        rows.bump_serial(connection)
    with store.begin() as connection:
        assert rows.load(connection).serial == 0


def test_a_lost_lease_cannot_be_let_go_for_the_new_holder(store: Store) -> None:
    """Releasing late does not open the door."""
    lease = take(store, NOW, "one")
    later = NOW + TTL + timedelta(seconds=1)
    take(store, later, "two")
    lease.release()
    with pytest.raises(LeaseHeldError):
        take(store, later, "three")


def test_each_takeover_raises_the_generation(store: Store) -> None:
    """Two holders never share one, even with the same name."""
    first = take(store, NOW, "one")
    first.release()
    assert take(store, NOW, "one").generation == first.generation + 1


def test_a_dead_process_of_this_machine_does_not_block(store: Store) -> None:
    """After a kill the next run need not wait for the lease to expire."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    take(store, NOW, f"{socket.gethostname()} pid {child}")
    assert take(store, NOW, "two").generation == 2


def test_a_living_process_of_this_machine_blocks(store: Store) -> None:
    """Ours, for one."""
    take(store, NOW, f"{socket.gethostname()} pid {os.getpid()}")
    with pytest.raises(LeaseHeldError):
        take(store, NOW, "two")


def test_there_is_one_lease(store: Store) -> None:
    """Taking it again does not add rows."""
    for number in range(3):
        take(store, NOW, str(number)).release()
    with store.begin() as connection:
        assert len(connection.execute(select(t.lease)).all()) == 1
