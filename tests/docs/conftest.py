"""One synced workspace for all documents: building it takes seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.docs.stage import Stage, stage


@pytest.fixture(scope="session")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The sandbox's first company after its first sync."""
    with stage(tmp_path_factory.mktemp("documents")) as made:
        yield made
