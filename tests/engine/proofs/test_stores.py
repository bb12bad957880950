"""Both stores keep the engine's promises, and a store in a bad state is refused without harm.

The engine's scripts run on PostgreSQL as they do on SQLite; the migrations end at the schema the code
names; four processes at once lose no update. Damaged, foreign, half-made and full files each give an error
a person can act on, and what was in them is still there.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text

from okrsync.sync_engine import rows
from okrsync.sync_engine.lease import take
from okrsync.sync_engine.schema import metadata
from okrsync.sync_engine.store import Store, StoreError
from tests.engine import test_sync as scripts
from tests.engine.proofs.killable import bump_often
from tests.engine.world import World, writes

SEEDED: tuple[Callable[[World], None], ...] = (
    scripts.test_a_second_run_writes_nothing,
    scripts.test_an_edit_reaches_the_other_tools,
    scripts.test_two_edits_of_one_field_become_a_conflict,
    scripts.test_a_conflict_ends_when_people_agree,
    scripts.test_clearing_a_field_is_an_edit,
    scripts.test_unreadable_is_neither_blank_nor_zero,
    scripts.test_a_late_write_and_a_newer_edit_are_both_kept,
    scripts.test_a_person_faster_than_the_plan_wins,
)


@pytest.mark.postgres
@pytest.mark.parametrize("script", SEEDED)
def test_the_engines_scripts_hold_on_postgres(postgres: str, script: Callable[[World], None]) -> None:
    """The same stories, the same ends."""
    world = World(postgres)
    world.seed()
    script(world)


def test_migrations_end_at_the_schema_the_code_names(url: str) -> None:
    """An upgraded store has the tables, columns and indexes of `schema`, no more and no fewer."""
    store = Store(url)
    with store.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    store.close()


def test_four_processes_lose_no_update(url: str) -> None:
    """Read, add, write in one leased transaction: the others wait, on either database."""
    store = Store(url)
    with store.begin() as connection:
        rows.ensure_lineage(connection, "lineage")
    lease = take(store, datetime.now(UTC))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.engine.proofs.killable"])
    children = [context.Process(target=bump_often, args=(url, lease.generation, 25)) for _ in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    with store.begin() as connection:
        assert rows.load(connection).serial == 100
    store.close()


# -- bad states


@pytest.fixture
def used(tmp_path: Path) -> Iterator[tuple[World, Path]]:
    """A workspace with a past, and its file, closed and whole."""
    path = tmp_path / "okrsync.db"
    world = World(f"sqlite:///{path}")
    world.seed()
    for number in range(3):
        world.edit("tracker", "KR1", "title", f"Title {number}")
        world.sync()
    assert not path.with_name("okrsync.db-wal").exists()
    yield world, path


def _refused(world: World, words: str) -> None:
    with pytest.raises(StoreError, match=words) as caught:
        world.sync()
    assert caught.value.advice


def test_a_damaged_file_is_refused_and_its_copy_goes_on(used: tuple[World, Path]) -> None:
    """Nothing is written over a damaged file; with the backup in place work goes on."""
    world, path = used
    backup = path.with_suffix(".copy")
    shutil.copy(path, backup)
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    before = [dict(service.tables["krs"].rows) for service in world.services.values()]
    _refused(world, "damaged")
    assert [dict(service.tables["krs"].rows) for service in world.services.values()] == before
    shutil.copy(backup, path)
    assert writes(world.sync()) == 0


def test_a_truncated_file_is_refused(used: tuple[World, Path]) -> None:
    """A copy that was cut short is not taken for a small store."""
    world, path = used
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    _refused(world, "damaged")


def test_a_file_of_something_else_is_refused_and_kept(used: tuple[World, Path]) -> None:
    """Somebody's notes under the store's name are not overwritten."""
    world, path = used
    path.write_text("shopping list\n" * 100)
    _refused(world, "not a database")
    assert path.read_text().startswith("shopping list")


def test_a_half_made_file_is_refused_and_kept(used: tuple[World, Path]) -> None:
    """Tables without a version are not okrsync's to mend."""
    world, path = used
    store = Store(world.url)
    with store.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    store.close()
    before = path.read_bytes()
    _refused(world, "database")
    assert path.read_bytes() == before


def test_an_upgrade_that_breaks_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables come all at once or not at all, so that the next start begins again."""
    url = f"sqlite:///{tmp_path / 'okrsync.db'}"
    upgrade = command.upgrade

    def breaks(config: Config, revision: str) -> None:
        upgrade(config, revision)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "upgrade", breaks)
    with pytest.raises(KeyboardInterrupt):
        Store(url)
    monkeypatch.undo()
    World(url).seed()


@contextmanager
def _ordinary_user() -> Iterator[None]:
    """File permissions mean nothing to root: the test goes on as somebody else."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_store_that_may_not_be_written_is_refused(used: tuple[World, Path], what: str) -> None:
    """Permissions are named as the reason."""
    world, path = used
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(path, folder / "okrsync.db")
        (folder / "okrsync.db").chmod(0o444 if what == "file" else 0o666)
        folder.chmod(0o777 if what == "file" else 0o555)
        world.url = f"sqlite:///{folder / 'okrsync.db'}"
        with _ordinary_user():
            _refused(world, "cannot be (written|opened)")
        folder.chmod(0o755)


def test_a_full_disk_at_any_page_loses_nothing(
    used: tuple[World, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """I18: whichever transaction finds the disk full, the run stops, and a later one ends the work."""
    world, path = used
    full = 0
    for spare in range(6):
        pages = path.stat().st_size // 4096
        world.edit("tracker", "KR1", "title", f"{spare} " + "long" * 3000)
        with monkeypatch.context() as patched:
            patched.setattr("okrsync.sync_engine.store._prepare_sqlite", _limited(pages + spare * 4))
            try:
                world.sync()
            except StoreError as error:
                full += 1
                assert "disk is full" in error.message
        world.sync()
        assert writes(world.sync()) == 0
        assert world.see("notes", "KR1", "title") == world.see("tracker", "KR1", "title")
        assert world.see("notes", "KR1", "target") == Decimal(10)
    assert full >= 3


def _limited(pages: int) -> Callable[[object, object], None]:
    from okrsync.sync_engine.store import _prepare_sqlite as prepare

    def connect(dbapi: object, record: object) -> None:
        prepare(dbapi, record)
        dbapi.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]  # a sqlite3 connection

    return connect
