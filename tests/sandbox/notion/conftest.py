"""The workspace every test of the imitated Notion starts from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox.notion.workspace import Connected, Workspace, connected, populated


@pytest.fixture(scope="package")
def connection() -> Iterator[Connected]:
    """One server and its clients for all tests of this folder."""
    with connected() as to:
        yield to


@pytest.fixture
def ws(connection: Connected) -> Workspace:
    """The workspace as new."""
    return populated(connection)
