"""Waits that services ask for, answers that never come: every client over real sockets, in virtual time."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from okrsync.connectors.errors import ConnectorError, OutcomeUnknown, RateLimited, Transient
from tests.connectors.canned import Canned, CannedServer
from tests.connectors.lines import FIRST, GOOD, KINDS, WRITING, Line, line
from tests.connectors.virtual import VirtualTime

DATE = "Mon, 04 May 2026 12:00:00 GMT"
ONE_MINUTE_LATER = "Mon, 04 May 2026 12:01:00 GMT"
PAGE = b"<html>busy</html>"


@contextmanager
def served(kind: str, time: VirtualTime, *answers: Canned) -> Iterator[tuple[Line, CannedServer]]:
    """A line to a server that gives these answers and good ones afterwards."""
    script = (*FIRST.get(kind, ()), *answers, GOOD[kind])
    with CannedServer(*script) as server, line(kind, server.url, time) as made:
        yield made, server


def busy(status: int, wait: str, body: bytes = b"{}") -> Canned:
    return Canned(
        status, body, "text/html" if body == PAGE else "application/json", {"Retry-After": wait, "Date": DATE}
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("wait", "seconds"), [("45", 45), (ONE_MINUTE_LATER, 60)])
@pytest.mark.parametrize("body", [b"{}", PAGE])
def test_a_read_waits_as_long_as_it_is_told(
    kind: str, status: int, wait: str, seconds: float, body: bytes
) -> None:
    """Seconds or a date, on 429 and on 503, as JSON or as a gateway's page: never a second earlier."""
    time = VirtualTime()
    with served(kind, time, busy(status, wait, body)) as (client, server):
        client.read()
    assert len(server.asked) == len(FIRST.get(kind, ())) + 2
    assert seconds <= time.now <= seconds + 5


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_beyond_the_runs_ceiling_is_told_and_not_begun(kind: str, status: int) -> None:
    """An hour is named in the error, slept by nobody, and nothing else is sent meanwhile."""
    time = VirtualTime()
    with served(kind, time, busy(status, "3600")) as (client, server):
        with pytest.raises(Transient, match="3600 s"):
            client.read()
        with pytest.raises(RateLimited, match="asked us to pause"):
            client.read()
    assert time.now == 0
    assert len(server.asked) == len(FIRST.get(kind, ())) + 1


@pytest.mark.parametrize("kind", WRITING)
def test_the_ceiling_is_for_the_whole_run(kind: str) -> None:
    """Three waits of 50 s are more than the run's 120 s; the third is not begun."""
    time = VirtualTime()
    with (
        served(kind, time, busy(503, "50"), GOOD[kind], *[busy(503, "50")] * 2) as (client, _),
        pytest.raises(Transient, match="only"),
    ):
        client.read()
        client.read()
    assert 100 <= time.now < 120


@pytest.mark.parametrize("kind", WRITING)
def test_a_write_lost_in_a_503_is_not_repeated_and_still_waited_for(kind: str) -> None:
    """Its outcome is unknown; the look that finds out waits as the service asked."""
    time = VirtualTime()
    with served(kind, time, busy(503, "40")) as (client, server):
        with pytest.raises(OutcomeUnknown):
            client.write()
        assert (len(server.asked), time.now) == (len(FIRST.get(kind, ())) + 1, 0)
        client.read()
    assert time.now == 40


@pytest.mark.parametrize("kind", WRITING)
def test_a_write_that_was_too_fast_is_sent_again(kind: str) -> None:
    """A 429 proves that nothing was done."""
    time = VirtualTime()
    with served(kind, time, busy(429, "20")) as (client, server):
        client.write()
    assert len(server.asked) == len(FIRST.get(kind, ())) + 2
    assert time.now >= 20


@pytest.mark.parametrize("kind", KINDS)
def test_asked_for_no_time_at_all_it_still_backs_off(kind: str) -> None:
    """A gateway that says 0 again and again is asked a bounded number of times."""
    time = VirtualTime()
    with (
        served(kind, time, *[busy(429, "0")] * 3) as (client, server),
        pytest.raises(RateLimited, match="gave up after 3 attempts"),
    ):
        client.read()
    assert len(server.asked) == len(FIRST.get(kind, ())) + 3


@pytest.mark.parametrize("kind", ["jira", "notion", "token"])
def test_a_service_that_never_answers_costs_its_time_out(kind: str) -> None:
    """It accepts and stays silent: every client has a limit, the token endpoint's too."""
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        line(kind, f"http://127.0.0.1:{silent.getsockname()[1]}", VirtualTime(), timeout=0.05) as client,
        pytest.raises(Transient, match="gave up after 3 attempts"),
    ):
        client.read()


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_listening_is_told_as_such(kind: str) -> None:
    """Repeated within its attempts, then an error of ours."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with line(kind, address, VirtualTime()) as client, pytest.raises(ConnectorError, match="connect"):
            client.read()
