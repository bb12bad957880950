"""The workspace most tests of this folder talk to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.connectors.notion.world import World, small_world


@pytest.fixture
def world() -> Iterator[World]:
    """An imitated Notion with one empty table, and a connector to it."""
    with small_world() as made:
        yield made
