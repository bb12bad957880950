"""The workspace every test of the imitated Notion starts from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fidelity.notion_spec import objections
from tests.sandbox.notion.workspace import Connected, Workspace, connected, populated


@pytest.fixture(scope="package")
def connection() -> Iterator[Connected]:
    """One server and its clients for all tests of this folder."""
    with connected() as to:
        yield to


@pytest.fixture
def ws(connection: Connected) -> Iterator[Workspace]:
    """The workspace as new; at the end Notion's own documents judge its answers, where they are present."""
    yield populated(connection)
    complaints = [text for answer in connection.answers for text in objections(answer)]
    assert complaints == [], "\n".join(complaints)
