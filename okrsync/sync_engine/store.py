"""The store: opens SQLite or PostgreSQL, upgrades it, and gives short write transactions.

What arrives: a SQLAlchemy URL from the admin's file. What leaves: transactions for `rows`, `journal`
and `lease`, and errors a person can act on. No network call ever happens inside a transaction.

SQLite needs care measured elsewhere and held by tests: its driver's implicit transactions lose updates,
so we issue BEGIN IMMEDIATE ourselves; write-ahead logging lets readers go on; FULL synchronisation keeps
the journal (I18) ahead of the remote effect even if the machine loses power.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError

HEAD = "0001"
"""The newest migration this program knows; a test compares it with the migrations folder."""


class StoreError(Exception):
    """The store cannot be used; nothing was changed. Says where it is, what is wrong and what to do."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(f"{message}. {advice}")
        self.message = message
        self.advice = advice


class Store:
    """One workspace's memory. Safe to share between threads; every call uses its own connection."""

    def __init__(self, url: str) -> None:
        """Connect and upgrade. Raises StoreError."""
        self.url = _checked(url)
        self.where = make_url(url).render_as_string(hide_password=True)
        self._engine = _open(url)
        with self._explained():
            self._upgrade()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A write transaction: all or nothing. Raises StoreError when the database refuses."""
        with self._explained(), self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Release all connections."""
        self._engine.dispose()

    def _upgrade(self) -> None:
        version = _version(self._engine)
        if version == HEAD:
            return
        if version is not None and version > HEAD:
            raise StoreError(
                f"the store {self.where} has schema {version}; this okrsync knows schemas up to {HEAD}",
                "Use the newer okrsync that wrote it, or another store",
            )
        from okrsync.sync_engine import migrations  # alembic is slow to import and rarely needed

        migrations.upgrade(self._engine, HEAD)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn the databases' many errors into one a person can act on."""
        try:
            yield
        except DBAPIError as error:
            raise _explain(self.where, error) from error


def _checked(url: str) -> str:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError(
            "the store's address is not a database URL", "Write sqlite:///file.db or postgresql+psycopg://…"
        ) from error
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreError(
            f"the store is a {parsed.get_backend_name()} database", "Use sqlite:/// or postgresql+psycopg://"
        )
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        folder = Path(parsed.database).resolve().parent
        if not folder.is_dir():
            raise StoreError(f"the store's folder {folder} does not exist", "Create it or change `store:`")
    return url


def _open(url: str) -> Engine:
    try:
        engine = create_engine(url)
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        raise StoreError(
            f"the database driver cannot be loaded: {error}", "pip install 'okrsync[postgres]'"
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(dbapi: Any, _record: Any) -> None:
    dbapi.isolation_level = None
    cursor = dbapi.cursor()
    for pragma in ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _version(engine: Engine) -> str | None:
    with engine.begin() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


_KNOWN = (
    ("disk is full", "the disk is full", "Free some space and run again; nothing was lost"),
    ("no space left", "the disk is full", "Free some space and run again; nothing was lost"),
    ("readonly", "the store cannot be written", "Check the file's and the folder's permissions"),
    ("read-only", "the store cannot be written", "Check the file's and the folder's permissions"),
    ("unable to open", "the store cannot be opened", "Check the path and the folder's permissions"),
    ("malformed", "the store's file is damaged", "Restore it from a backup; do not delete it"),
    ("not a database", "the file is not a database", "Check `store:` in the admin's file"),
    ("no such table", "the store is incomplete", "Restore it from a backup; do not delete it"),
    ("no such column", "the store is incomplete", "Restore it from a backup; do not delete it"),
    ('relation "', "the store is incomplete", "Restore it from a backup; do not drop it"),
    ("locked", "another program holds the store", "Wait for it to end, then run again"),
    ("connection", "the database server does not answer", "Check that it runs and that `store:` is right"),
)


def _explain(where: str, error: DBAPIError) -> StoreError:
    words = str(error.orig).lower()
    for mark, message, advice in _KNOWN:
        if mark in words:
            return StoreError(f"{where}: {message}", advice)
    kind = "cannot be used" if isinstance(error, OperationalError) else "refused a statement"
    return StoreError(f"{where}: the database {kind}: {error.orig}", "Nothing was changed by this step")
