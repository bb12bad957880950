"""The world the socket tests of this folder live in, and a judge of all they send and receive."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.connectors.sheets.world import World, small_world
from tests.fidelity.sheets_spec import record, spec


@pytest.fixture
def world() -> Iterator[World]:
    with small_world() as made:
        yield made


@pytest.fixture(autouse=True)
def judged(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every exchange of every test is held against Google's discovery document."""
    seen = record(monkeypatch)
    yield
    assert [problem for one in seen for problem in spec().complaints(one)] == []
