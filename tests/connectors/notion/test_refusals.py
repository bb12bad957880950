"""Failures as Notion documents them, over real sockets: what is repeated, what is not, and what is said."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from okrsync.connectors.base import Patch, Written
from okrsync.connectors.errors import Forbidden, OutcomeUnknown, RateLimited, Rejected, Transient
from okrsync.connectors.notion.errors import Blocked
from tests.connectors.notion.world import World


def refusal(status: int, code: str, **extra: Any) -> dict[str, Any]:
    """A body in Notion's shape."""
    return {
        "object": "error",
        "status": status,
        "code": code,
        "message": "because",
        "additional_data": extra,
        "request_id": "r-1",
    }


def write_all(world: World, count: int) -> tuple[Written, ...]:
    """One patch for each of so many new rows."""
    pages = [world.add(Name=str(number)) for number in range(count)]
    schema, start = world.schema(), world.id("Start")
    found = world.connector.fetch(world.source, schema, pages, [start])
    return world.connector.write(
        world.source, schema, [Patch(record, {start: Decimal(1)}) for record in found.values()]
    )


BLOCKED = refusal(429, "rate_limited", rate_limit_reason="public_api_request_blocked", retry_after="60")


def test_a_blocked_connection_is_not_asked_again(world: World) -> None:
    """One reason of 429 never passes: one request, no pause, and the message says that waiting is useless."""
    world.fault("status", status=429, body=BLOCKED, retry_after=60, times=None)
    with pytest.raises(Rejected, match="useless"):
        world.schema()
    assert (world.sandbox.log.count("notion"), world.time.now) == (1, 0.0)


def test_a_blocked_connection_writes_nothing_more(world: World) -> None:
    """Every further patch would be refused alike; each says why it was not sent."""
    world.fault("status", method="PATCH", status=429, body=BLOCKED, times=None)
    written = write_all(world, 3)
    assert [type(each.error) for each in written] == [Blocked] * 3
    assert world.writes() == 1


@pytest.mark.parametrize(
    "reason",
    [
        "public_api_request_rate_limit",
        "public_api_space_request_rate_limit",
        "public_api_endpoint_rate_limit",
        "a_reason_of_tomorrow",
    ],
)
def test_other_reasons_of_429_pass_after_the_pause(world: World, reason: str) -> None:
    """Our own limit, the workspace's or an endpoint's: the pause is kept in full, then it works."""
    world.fault(
        "status", status=429, body=refusal(429, "rate_limited", rate_limit_reason=reason), retry_after=75
    )
    world.schema()
    assert world.time.now >= 75


def test_a_pause_beyond_the_runs_patience_is_told(world: World) -> None:
    """A workspace's budget may be away for longer than a run waits: the caller learns for how long."""
    world.fault("status", status=429, retry_after=3600, times=None)
    with pytest.raises(RateLimited) as caught:
        world.schema()
    assert caught.value.retry_after == 3600
    assert world.sandbox.log.count("notion") == 1


def test_the_block_limit_is_not_repeated(world: World) -> None:
    """A full free workspace stays full until its plan changes."""
    body = refusal(403, "restricted_resource", block_limit="block_creation")
    world.fault("status", method="PATCH", status=403, body=body, times=None)
    (written,) = write_all(world, 1)
    assert isinstance(written.error, Forbidden) and "plan" in written.error.advice
    assert world.writes() == 1


def test_an_overloaded_service_does_not_lose_a_write(world: World) -> None:
    """529 is like 429: nothing was done, the write is sent again after the pause."""
    world.fault("status", method="PATCH", status=529, retry_after=20, body=refusal(529, "service_overload"))
    (written,) = write_all(world, 1)
    assert written.error is None
    assert world.time.now >= 20


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failing_service_is_read_again(world: World, status: int) -> None:
    """Reads can do no harm, the query by POST among them."""
    world.add(Name="A")
    schema = world.schema()
    world.fault("status", path="*/query", status=status)
    assert len(world.connector.pull(world.source, schema, []).records) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failing_service_leaves_a_write_open(world: World, status: int) -> None:
    """It may have been saved: one request, and the engine reads before anything else."""
    guidance = {"retry_guidance": ["The change may have been saved.", "Read again before repeating."]}
    world.fault(
        "status", method="PATCH", status=status, body=refusal(status, "service_unavailable", **guidance)
    )
    (written,) = write_all(world, 1)
    assert isinstance(written.error, OutcomeUnknown)
    assert "Read the record first" in written.error.advice
    assert world.writes() == 1


def test_a_service_that_stays_down_is_given_up(world: World) -> None:
    """A few attempts, bounded in time, and an error that says nothing was written."""
    world.fault("status", status=503, times=None)
    with pytest.raises(Transient, match="gave up after"):
        world.schema()
    assert world.sandbox.log.count("notion") == 5
