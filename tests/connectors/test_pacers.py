"""Connections with one credential share one pacer, in virtual time."""

from __future__ import annotations

import pytest

from okrsync.connectors.errors import RateLimited
from okrsync.connectors.pacer import SHARED, Limit, Pacer, Pacers
from okrsync.connectors.registry import KINDS
from tests.connectors.virtual import VirtualTime

ADDRESS = "https://api.example.com"


def departures(time: VirtualTime, *pacers: Pacer) -> list[float]:
    """When requests leave that are sent through these in turn."""
    left = []
    for pacer in pacers:
        pacer.wait_turn("read")
        left.append(time.now)
    return left


def registry(time: VirtualTime) -> Pacers:
    return Pacers(sleep=time.sleep, clock=time.clock)


def test_one_credential_has_one_budget() -> None:
    """Two connections with one token wait for each other."""
    time = VirtualTime()
    pacers = registry(time)
    one, two = pacers.take(ADDRESS, "t", Limit(2, 60)), pacers.take(ADDRESS, "t", Limit(2, 60))
    assert departures(time, one, two, one, two) == [0, 0, 60, 60]


def test_a_pause_holds_for_all_connections_of_a_credential() -> None:
    """What the service asked of one is meant for the other."""
    pacers = registry(VirtualTime())
    one, two = pacers.take(ADDRESS, "t"), pacers.take(ADDRESS, "t")
    one.block_for(30)
    assert two.blocked_for() == 30


@pytest.mark.parametrize(("address", "secret"), [(ADDRESS, "other"), ("https://other.example.com", "t")])
def test_others_do_not_wait(address: str, secret: str) -> None:
    """Another token, and the same one at another address, have budgets of their own."""
    pacers = registry(VirtualTime())
    one, other = pacers.take(ADDRESS, "t"), pacers.take(address, secret)
    one.block_for(30)
    assert other.blocked_for() == 0


def test_the_stricter_limit_holds_for_both() -> None:
    """Two files name different budgets for one token; what already left counts."""
    time = VirtualTime()
    pacers = registry(time)
    generous = pacers.take(ADDRESS, "t", Limit(10, 60))
    departures(time, generous, generous)
    strict = pacers.take(ADDRESS, "t", Limit(3, 60))
    assert departures(time, generous, strict) == [0, 60]


def test_the_same_limit_twice_counts_once() -> None:
    """Opening a second connection must not halve the budget."""
    time = VirtualTime()
    pacer = Pacer(Limit(2, 60), sleep=time.sleep, clock=time.clock)
    pacer.hold_to(Limit(2, 60))
    assert departures(time, pacer, pacer) == [0, 0]


def test_limits_of_other_purposes_keep_their_own_past() -> None:
    """Writes that left say nothing about reads."""
    time = VirtualTime()
    pacer = Pacer(Limit(1, 60, ("write",)), sleep=time.sleep, clock=time.clock)
    pacer.wait_turn("write")
    pacer.hold_to(Limit(1, 60, ("read",)))
    assert departures(time, pacer) == [0]


def test_a_pacer_ends_with_its_last_connection() -> None:
    """Thousands of workspaces leave nothing behind; what one gives back the other still holds."""
    pacers = registry(VirtualTime())
    one, two = pacers.take(ADDRESS, "t"), pacers.take(ADDRESS, "t")
    one.block_for(30)
    pacers.give_back(one)
    assert pacers.take(ADDRESS, "t") is two
    for _ in range(2):
        pacers.give_back(two)
    assert pacers.take(ADDRESS, "t").blocked_for() == 0


def test_no_secret_is_kept() -> None:
    """Neither the registry nor a pacer shows the token."""
    pacers = registry(VirtualTime())
    pacer = pacers.take(ADDRESS, "ntn_secret")
    shown = f"{pacers!r} {vars(pacers)} {dict(pacers._pacers)} {pacer!r} {vars(pacer)}"
    assert "ntn_secret" not in shown


NOTION = {"kind": "notion", "token": "ntn_shared", "api_url": "http://127.0.0.1:9"}
JIRA = {"kind": "jira", "token": "shared", "url": "http://127.0.0.1:9", "email": "ann@acme.test"}


@pytest.mark.parametrize(("settings", "secret"), [(NOTION, "ntn_shared"), (JIRA, "ann@acme.test:shared")])
def test_open_connections_of_one_token_pause_together(settings: dict[str, str], secret: str) -> None:
    """Two connections an admin wrote with the same token; a pause too long for a run fails both at once."""
    kind = KINDS[settings["kind"]]
    one, two = (kind.open(name, kind.connection_model().model_validate(settings)) for name in ("a", "b"))
    pacer = SHARED.take("http://127.0.0.1:9", secret)
    pacer.block_for(3600)
    for connector in (one, two):
        with pytest.raises(RateLimited, match="asked us to pause"):
            connector.account()
        connector.close()
        connector.close()
    SHARED.give_back(pacer)
    afresh = SHARED.take("http://127.0.0.1:9", secret)
    assert afresh.blocked_for() == 0
    SHARED.give_back(afresh)
