"""The world the socket tests of this folder live in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.connectors.sheets.world import World, small_world


@pytest.fixture
def world() -> Iterator[World]:
    with small_world() as made:
        yield made
