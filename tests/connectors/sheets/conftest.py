"""The world the socket tests of this folder live in, and a judge of all they send and receive.

Whether tags and protections of rows follow a sort is documented nowhere, so every test with a world runs both
ways.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.server import Sandbox
from okrsync.sandbox.sheets import SheetsService
from tests.connectors.sheets.world import World, google, opened
from tests.fidelity.sheets_spec import record, spec

Running = tuple[Sandbox, SheetsService, VirtualClock]


@pytest.fixture(scope="module", params=[True, False], ids=["tags-follow", "tags-stay"])
def running(request: pytest.FixtureRequest) -> Iterator[Running]:
    """One Google per file and manner of sorting."""
    with google(metadata_follows_sort=request.param) as made:
        yield made


@pytest.fixture
def world(running: Running) -> Iterator[World]:
    """The file as new, with a connector of its own."""
    with opened(*running) as made:
        yield made


@pytest.fixture(autouse=True)
def judged(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every exchange of every test is held against Google's discovery document."""
    seen = record(monkeypatch)
    yield
    assert [problem for one in seen for problem in spec().complaints(one)] == []
