"""Accounts and their minute: who shares it, and what it counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from okrsync.connectors.errors import AuthFailed, RateLimited
from okrsync.connectors.pacer import SHARED, Limit, Pacer
from okrsync.connectors.sheets.connector import open_connector
from okrsync.connectors.sheets.settings import Connection
from tests.connectors.sheets.world import EMAIL, World, connection
from tests.connectors.virtual import VirtualTime


def test_two_connections_of_one_account_pause_together(world: World, tmp_path: Path) -> None:
    """Whether its key stands in the settings or in a file: Google counts by account."""
    written_out = connection(world.sandbox, world.sheets)
    path = tmp_path / "key.json"
    path.write_text(written_out.credentials.get_secret_value())
    in_file = written_out.model_copy(update={"credentials": SecretStr(str(path))})
    pacer = SHARED.take(written_out.api_url, EMAIL)
    pacer.block_for(3600)
    for settings in (written_out, in_file):
        connector = open_connector("google", settings)
        with pytest.raises(RateLimited, match="asked us to pause"):
            connector.schema(world.source)
        connector.close()
        connector.close()
    SHARED.give_back(pacer)
    afresh = SHARED.take(written_out.api_url, EMAIL)
    assert afresh.blocked_for() == 0
    SHARED.give_back(afresh)


def test_reads_and_writes_have_minutes_of_their_own(world: World) -> None:
    """As many as the settings say of each; fetching a token counts as neither."""
    settings = connection(world.sandbox, world.sheets, reads_per_minute=2, writes_per_minute=1)
    connector = open_connector("google", settings)
    pacer = SHARED.take(settings.api_url, EMAIL)
    time = VirtualTime()
    paced = Pacer(*(window.limit for window in pacer._windows), sleep=time.sleep, clock=time.clock)
    left = []
    for purpose in ("read", "write", "read", "auth", "write", "read"):
        paced.wait_turn(purpose)
        left.append(time.now)
    assert left == [0, 0, 0, 0, 60, 60]
    connector.close()
    SHARED.give_back(pacer)


def test_a_second_connection_does_not_double_the_minute(world: World) -> None:
    """The same limits are kept once, so that both together stay below what Google allows."""
    settings = connection(world.sandbox, world.sheets)
    one, two = open_connector("one", settings), open_connector("two", settings)
    pacer = SHARED.take(settings.api_url, EMAIL)
    assert [window.limit for window in pacer._windows] == [
        Limit(50, 60.0, ("read",)),
        Limit(50, 60.0, ("write",)),
    ]
    one.close()
    two.close()
    SHARED.give_back(pacer)


def test_unusable_credentials_leave_nothing_behind() -> None:
    """They fail before a pacer is taken."""
    before = len(SHARED._pacers)
    with pytest.raises(AuthFailed):
        open_connector("google", Connection.model_validate({"credentials": "/nowhere"}))
    assert len(SHARED._pacers) == before
