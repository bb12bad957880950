"""The pacer keeps every rolling window and holds everybody back on request, in virtual time."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from okrsync.connectors.pacer import Limit, Pacer
from tests.connectors.virtual import VirtualTime


def _pacer(time: VirtualTime, *limits: Limit) -> Pacer:
    return Pacer(*limits, sleep=time.sleep, clock=time.clock)


def _most_in_window(departures: list[float], seconds: float) -> int:
    return max(sum(1 for other in departures if at - seconds < other <= at) for at in departures)


def test_unlimited_never_waits() -> None:
    """Without limits every request leaves at once."""
    time = VirtualTime()
    pacer = _pacer(time)
    for _ in range(100):
        pacer.wait_turn("read")
    assert time.sleeps == []


def test_burst_up_to_the_limit_is_free() -> None:
    """The first `count` requests leave at once, the next waits for the window to roll."""
    time = VirtualTime()
    pacer = _pacer(time, Limit(3, 60))
    departures = []
    for _ in range(4):
        pacer.wait_turn("read")
        departures.append(time.now)
    assert departures == [0, 0, 0, 60]


@given(
    count=st.integers(1, 5),
    idle=st.lists(st.sampled_from([0.0, 0.5, 1.0, 7.0, 11.0]), min_size=1, max_size=30),
)
def test_no_rolling_window_is_exceeded(count: int, idle: list[float]) -> None:
    """Whenever requests come, no window of 10 s ever holds more than the limit."""
    time = VirtualTime()
    pacer = _pacer(time, Limit(count, 10))
    departures = []
    for pause in idle:
        time.now += pause
        pacer.wait_turn("read")
        departures.append(time.now)
    assert _most_in_window(departures, 10) <= count


@given(purposes=st.lists(st.sampled_from(["read", "write"]), min_size=1, max_size=30))
def test_overlapping_limits_all_hold(purposes: list[str]) -> None:
    """A short limit for writes and a long one for everything are both kept."""
    time = VirtualTime()
    pacer = _pacer(time, Limit(2, 1, ("write",)), Limit(5, 10))
    departures: list[tuple[float, str]] = []
    for purpose in purposes:
        pacer.wait_turn(purpose)
        departures.append((time.now, purpose))
    everything = [at for at, _ in departures]
    writes = [at for at, purpose in departures if purpose == "write"]
    assert _most_in_window(everything, 10) <= 5
    assert not writes or _most_in_window(writes, 1) <= 2


def test_purposes_have_their_own_windows() -> None:
    """A full read window does not hold writes back."""
    time = VirtualTime()
    pacer = _pacer(time, Limit(1, 60, ("read",)), Limit(1, 60, ("write",)))
    pacer.wait_turn("read")
    pacer.wait_turn("write")
    assert time.now == 0


def test_a_pause_holds_everybody() -> None:
    """After `block_for`, the next request of any purpose leaves when the pause is over."""
    time = VirtualTime()
    pacer = _pacer(time)
    pacer.block_for(30)
    pacer.wait_turn("auth")
    assert time.now == 30


def test_a_shorter_pause_does_not_cut_a_longer_one() -> None:
    """Pauses only ever grow."""
    time = VirtualTime()
    pacer = _pacer(time)
    pacer.block_for(30)
    pacer.block_for(1)
    assert pacer.blocked_for() == 30


def test_threads_share_one_window() -> None:
    """Eight threads with five requests each take forty slots of one window, not forty each."""
    time = VirtualTime()
    pacer = _pacer(time, Limit(10, 60))

    def work() -> None:
        for _ in range(5):
            pacer.wait_turn("read")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pacer.wait_turn("read")  # the 41st request of 10 a minute leaves in the fifth minute
    assert time.now >= 240


def test_a_pause_of_one_scope_lets_the_others_leave() -> None:
    """A service that asks one endpoint to slow down does not stop the rest."""
    time = VirtualTime()
    pacer = _pacer(time)
    pacer.block_for(30, "PUT issue")
    pacer.wait_turn("read", ("GET issue",))
    pacer.wait_turn("read")
    assert time.now == 0
    pacer.wait_turn("write", ("PUT issue", "issue 1"))
    assert time.now == 30


def test_a_pause_for_everybody_holds_every_scope() -> None:
    """Who belongs to a scope still belongs to everybody."""
    time = VirtualTime()
    pacer = _pacer(time)
    pacer.block_for(30)
    pacer.block_for(10, "PUT issue")
    assert pacer.blocked_for(("PUT issue",)) == 30
    pacer.wait_turn("write", ("PUT issue",))
    assert time.now == 30


def test_requests_kept_apart_are_not_paused() -> None:
    """The next one leaves later; nobody may take that for a pause the service asked for."""
    time = VirtualTime()
    pacer = _pacer(time)
    pacer.keep_apart(4)
    pacer.keep_apart(1)
    assert pacer.blocked_for() == 0
    pacer.wait_turn("read")
    pacer.wait_turn("read")
    assert time.now == 4
