"""The store on SQLite: whole transactions, no lost updates, refusals a person can act on."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from okrsync.sync_engine import rows
from okrsync.sync_engine.store import Store, StoreError


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where a store may be."""
    return f"sqlite:///{tmp_path / 'okrsync.db'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An empty store with a name."""
    opened = Store(url)
    with opened.begin() as connection:
        rows.ensure_lineage(connection, "lineage")
    yield opened
    opened.close()


def _serial(store: Store) -> int:
    with store.begin() as connection:
        return rows.load(connection).serial


def test_concurrent_transactions_lose_no_update(store: Store) -> None:
    """Reading and then writing is one step: others wait, instead of failing or overwriting."""

    def bump(_: int) -> None:
        with store.begin() as connection:
            rows.bump_serial(connection)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(bump, range(40)))
    assert _serial(store) == 40


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    """All or nothing."""
    with pytest.raises(RuntimeError), store.begin() as connection:
        rows.bump_serial(connection)
        raise RuntimeError
    assert _serial(store) == 0


def test_what_is_committed_survives_a_power_cut(store: Store) -> None:
    """I18: the journal must reach the disk before the request leaves (SQLite: synchronous=FULL is 2)."""
    with store.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_the_name_of_a_store_is_for_life(store: Store) -> None:
    """I23: a saved plan knows its store; opening again does not rename it."""
    with store.begin() as connection:
        rows.ensure_lineage(connection, "another")
        assert rows.load(connection).lineage == "lineage"


def test_a_store_of_a_newer_program_is_refused(store: Store, url: str) -> None:
    """An old program must not write into tables it does not know."""
    with store.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="schema 9999"):
        Store(url)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("no address", "not a database URL"),
        ("mysql://somewhere/okrsync", "a mysql database"),
        ("sqlite:////no/such/folder/okrsync.db", "does not exist"),
    ],
)
def test_a_wrong_address_is_explained(address: str, message: str) -> None:
    """Before anything is opened, with what to do."""
    with pytest.raises(StoreError, match=message):
        Store(address)


def test_a_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    """The message says what the file is not, not what the driver calls it."""
    (tmp_path / "okrsync.db").write_text("not a database" * 200)
    with pytest.raises(StoreError, match="not a database"):
        Store(f"sqlite:///{tmp_path / 'okrsync.db'}")
