"""The pace follows what Jira's answers say about the room that is left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from okrsync.connectors.jira.pace import LONGEST_GAP, gap
from tests.connectors.canned import Canned, CannedServer
from tests.connectors.lines import line
from tests.connectors.virtual import VirtualTime

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
DATE = "Mon, 04 May 2026 12:00:00 GMT"
SOON = {"X-RateLimit-Reset": "2026-05-04T12:00:20Z"}
NEAR = {**SOON, "X-RateLimit-NearLimit": "true"}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({**SOON, "X-RateLimit-Remaining": "5"}, 0),
        ({**NEAR, "X-RateLimit-Remaining": "5"}, 4),
        ({**NEAR, "X-RateLimit-Remaining": "0"}, LONGEST_GAP),
        ({**NEAR, "X-RateLimit-Remaining": "many"}, 0),
        ({**NEAR, "X-RateLimit-Remaining": "-3"}, 0),
        ({"X-RateLimit-NearLimit": "true", "X-RateLimit-Remaining": "0"}, 0),
        ({**NEAR, "X-RateLimit-Reset": "soon", "X-RateLimit-Remaining": "0"}, 0),
        ({"RateLimit": '"jira-burst-based";r=4;t=1'}, 0.25),
        ({"RateLimit": '"jira-burst-based";q=100;w=1;r=50;t=1, "quota";t=3000;r=1000'}, 3),
        ({"RateLimit": '"jira-quota-tenant-based";q=65000;w=3600'}, 0),
        ({"RateLimit": '"quota";r=0;t=86400'}, LONGEST_GAP),
        ({"Beta-RateLimit": '"quota";r=0;t=60'}, 0),
        ({"RateLimit": "nonsense;r=x"}, 0),
    ],
)
def test_what_is_left_is_shared_out_until_there_is_more(headers: Mapping[str, str], seconds: float) -> None:
    """Only near the end, never longer than the limit, and nonsense counts as not said."""
    assert gap(headers, NOON) == seconds


@pytest.mark.parametrize(
    ("left", "rate", "interval", "seconds"),
    [
        ("0", "10", "60", 6),
        ("1", "10", "60", 0),
        ("0", "0", "5", 5),
        ("0", "", "60", 0),
        ("0", "1", "900", 10),
    ],
)
def test_an_empty_bucket_of_a_data_center(left: str, rate: str, interval: str, seconds: float) -> None:
    """The time until it holds one token more."""
    headers = {
        "X-RateLimit-Limit": "50",
        "X-RateLimit-Remaining": left,
        "X-RateLimit-FillRate": rate,
        "X-RateLimit-Interval-Seconds": interval,
    }
    assert gap(headers, NOON) == seconds


def test_a_run_slows_down_before_it_is_told_to_stop() -> None:
    """Three answers near the limit: the next request leaves four seconds later each time, none is refused."""
    near = Canned(200, b"[]", headers={**NEAR, "X-RateLimit-Remaining": "5", "Date": DATE})
    time = VirtualTime()
    with CannedServer(near) as server, line("jira", server.url, time) as jira:
        for _ in range(3):
            jira.read()
    assert (time.now, len(server.asked)) == (8, 3)


def test_slowing_down_does_not_use_up_the_time_for_waiting() -> None:
    """Forty gaps of ten seconds are more than a run may wait for pauses, and are no pauses."""
    empty = {"X-RateLimit-Remaining": "0", "X-RateLimit-FillRate": "1", "X-RateLimit-Interval-Seconds": "60"}
    time = VirtualTime()
    with CannedServer(Canned(200, b"[]", headers=empty)) as server, line("jira", server.url, time) as jira:
        for _ in range(41):
            jira.read()
    assert time.now == 40 * LONGEST_GAP
