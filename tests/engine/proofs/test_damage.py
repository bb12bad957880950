"""A store with a wrong row, a missing table or an upgrade that broke off: refused in words, nothing lost.

No table that a run reads is spared: each gets a row that no okrsync wrote, or one that points to nothing.
Upgrades are tried with a migration that does not exist yet, so that the first real one finds the way tested.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from okrsync.connectors.base import Features
from okrsync.sync_engine import migrations
from okrsync.sync_engine import store as store_module
from okrsync.sync_engine.store import StoreError
from tests.engine.world import World, writes

WRONG = (
    ("canonical", "value = 'ninety'", "field = 'target'"),
    ("canonical", """value = '{"n":"ninety"}'""", "field = 'target'"),
    ("base", """shown = '{"no":1}'""", "field = 'target'"),
    ("observed", "value = '[1]'", "field = 'target'"),
    ("entity", "kind = 'wish'", "key = 'KR1'"),
    ("link", "state = 'lost'", "collection = 'notes'"),
    ("collection", "bindings = '{'", "name = 'notes'"),
    ("conflict", "sides = '[]'", "state = 'open'"),
    ("intent", "changes = '[{}]'", "state = 'planned'"),
    ("observation", "value = ''", "field = 'target'"),
)
LOST = (
    ("link", "entity"),
    ("canonical", "entity"),
    ("conflict", "entity"),
    ("observed", "link"),
    ("base", "link"),
)


@pytest.fixture
def used(world: World) -> World:
    """A workspace with an agreement, an open conflict and writes that are owed; Ann edits."""
    world.seed()
    world.edit("tracker", "KR1", "title", "A")
    world.edit("notes", "KR1", "title", "B")
    world.sync()
    _change(world, "UPDATE intent SET state = 'planned'")
    world.edit("tracker", "KR1", "target", Decimal(99))
    return world


def _path(world: World) -> Path:
    return Path(world.url.removeprefix("sqlite:///"))


def _change(world: World, statement: str) -> None:
    """Somebody who is not okrsync changes the store."""
    with closing(sqlite3.connect(_path(world))) as connection, connection:
        assert connection.execute(statement).rowcount != 0


def _seen(world: World) -> list[dict[str, object]]:
    tables = [service.tables["krs"] for service in world.services.values()]
    return [dict(row.values) for table in tables for row in table.rows.values()]


def _refused(world: World, words: str) -> None:
    before = _seen(world)
    with pytest.raises(StoreError, match=words) as caught:
        world.sync()
    assert "backup" in caught.value.advice
    assert _seen(world) == before


@pytest.mark.parametrize(("table", "wrong", "where"), WRONG)
def test_a_wrong_row_is_named_and_nothing_is_written(used: World, table: str, wrong: str, where: str) -> None:
    """The message says which table and which row, and what to do; no tool is touched."""
    _change(used, f"UPDATE {table} SET {wrong} WHERE {where}")
    _refused(used, f"table {table} holds a row that okrsync did not write: .")


@pytest.mark.parametrize(("table", "column"), LOST)
def test_a_row_that_points_to_nothing_is_named(used: World, table: str, column: str) -> None:
    """Half of a row's story is no story."""
    _change(used, f"UPDATE {table} SET {column} = 'nobody' WHERE rowid = (SELECT max(rowid) FROM {table})")
    _refused(used, f"table {table} points to nobody, which is not there")


@pytest.mark.parametrize("table", ["base", "audit", "intent", "observation"])
def test_a_store_that_lacks_a_table_is_refused(used: World, table: str) -> None:
    """Not made anew: what it held would be taken for never agreed."""
    _change(used, f"DROP TABLE {table}")
    _refused(used, "the store is incomplete")


def test_the_backup_of_a_damaged_store_goes_on(used: World, tmp_path: Path) -> None:
    """What the message advises works: Ann's edit arrives."""
    used.sync()
    shutil.copy(_path(used), tmp_path / "backup.db")
    used.edit("tracker", "KR1", "target", Decimal(50))
    _change(used, "UPDATE canonical SET value = 'ninety' WHERE field = 'target'")
    _refused(used, "table canonical")
    shutil.copy(tmp_path / "backup.db", _path(used))
    used.sync()
    assert used.see("notes", "KR1", "target") == Decimal(50)


def test_a_remembered_schema_that_cannot_be_read_is_read_again(used: World) -> None:
    """What is only remembered is no reason to stop."""
    used.features = {"notes": Features(incremental=True)}
    used.sync()
    used.edit("tracker", "KR1", "target", Decimal(50))
    _change(used, "UPDATE collection SET schema = '{'")
    used.sync()
    assert used.see("notes", "KR1", "target") == Decimal(50)


# -- upgrades

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("entity", sa.Column("nickname", sa.Text(), nullable=True))
    op.execute("UPDATE entity SET nickname = 'nick ' || key")
    {then}
"""


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A later program: its folder of migrations has one more."""
    folder = tmp_path / "migrations"
    shutil.copytree(Path(migrations.__file__).parent, folder)
    monkeypatch.setattr(migrations, "__file__", str(folder / "__init__.py"))
    monkeypatch.setattr(store_module, "HEAD", "0002")
    yield folder / "versions" / "0002_nicknames.py"


def _column(world: World) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(_path(world))) as connection:
        return connection.execute("SELECT key, nickname FROM entity").fetchall()


def _version(world: World) -> str:
    with closing(sqlite3.connect(_path(world))) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_an_older_store_is_upgraded_with_all_it_holds(used: World, newer: Path) -> None:
    """The next schema finds every row of this one, and the sync goes on where it was."""
    newer.write_text(NEXT.format(then=""))
    used.sync()
    assert (_version(used), _column(used)) == ("0002", [("KR1", "nick KR1")])
    assert used.see("notes", "KR1", "target") == Decimal(99)
    assert writes(used.sync()) == 0


def test_an_upgrade_that_fails_midway_changes_nothing(used: World, newer: Path) -> None:
    """The older program finds its own schema, whole, and goes on; so does the upgrade once it is mended."""
    newer.write_text(NEXT.format(then="op.execute('UPDATE nowhere SET x = 1')"))
    with pytest.raises(StoreError):
        used.sync()
    assert _version(used) == "0001"
    newer.write_text(NEXT.format(then=""))
    used.sync()
    assert _version(used) == "0002"


def test_a_store_of_an_upgraded_program_is_refused_by_the_older(
    used: World, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written into tables whose meaning is not known."""
    newer.write_text(NEXT.format(then=""))
    used.sync()
    monkeypatch.undo()
    before = _path(used).read_bytes()
    with pytest.raises(StoreError, match="schema 0002; this okrsync knows schemas up to 0001"):
        used.sync()
    assert _path(used).read_bytes() == before
