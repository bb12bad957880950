"""What the policy repeats, how long it waits and what it says when it gives up; virtual time throughout."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.connectors.errors import (
    AuthFailed,
    BadAnswer,
    ConnectorError,
    EditConflict,
    Forbidden,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Transient,
)
from okrsync.connectors.pacer import Pacer
from okrsync.connectors.policy import Effect, NotSent, Policy
from tests.connectors.virtual import VirtualTime

READS = [Effect.READ, Effect.AUTH]
WRITES = [Effect.WRITE_ABSOLUTE, Effect.WRITE_CREATE]
FINAL = [AuthFailed, Forbidden, NotFound, OutcomeUnknown, EditConflict, Rejected]


class LibraryError(Exception):
    """Stands for any exception of a client library."""


class Script:
    """A request that fails with each error of its script in turn and then answers `done`."""

    def __init__(self, *errors: Exception, cost: Callable[[], None] = lambda: None) -> None:
        self.errors = list(errors)
        self.sent = 0
        self._cost = cost

    def __call__(self) -> str:
        self.sent += 1
        self._cost()
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def unexpected(error: Exception) -> ConnectorError:
    raise AssertionError(f"nothing to classify in {error!r}")


def policy(time: VirtualTime, budget: float = 120, attempts: int = 5) -> Policy:
    pacer = Pacer(sleep=time.sleep, clock=time.clock)
    return Policy("test", pacer, sleep=time.sleep, clock=time.clock, budget=budget, attempts=attempts)


@pytest.mark.parametrize("effect", list(Effect))
def test_an_answer_is_returned_as_it_is(effect: Effect) -> None:
    """A request that works is sent once and its answer handed on."""
    script = Script()
    assert policy(VirtualTime()).send(effect, script, unexpected) == "done"
    assert script.sent == 1


@pytest.mark.parametrize("effect", READS)
@pytest.mark.parametrize("error", [Transient("x"), RateLimited("x"), BadAnswer("x"), NotSent("x")])
def test_reads_are_repeated(effect: Effect, error: ConnectorError) -> None:
    """A read may be sent again after anything that may pass."""
    script = Script(error, error)
    assert policy(VirtualTime()).send(effect, script, unexpected) == "done"
    assert script.sent == 3


@pytest.mark.parametrize("effect", WRITES)
@pytest.mark.parametrize("error", [RateLimited("x"), NotSent("x")])
def test_writes_are_repeated_when_provably_not_executed(effect: Effect, error: ConnectorError) -> None:
    """ "Too many requests" and "could not connect" prove that nothing was written."""
    script = Script(error)
    assert policy(VirtualTime()).send(effect, script, unexpected) == "done"
    assert script.sent == 2


@pytest.mark.parametrize("effect", WRITES)
@pytest.mark.parametrize("error", [Transient("503"), BadAnswer("HTML")])
def test_a_lost_answer_to_a_write_is_an_unknown_outcome(effect: Effect, error: ConnectorError) -> None:
    """A write whose answer was lost is never sent again blindly."""
    script = Script(error)
    with pytest.raises(OutcomeUnknown) as caught:
        policy(VirtualTime()).send(effect, script, unexpected)
    assert script.sent == 1
    assert error.message in caught.value.message
    assert caught.value.advice


@pytest.mark.parametrize("effect", list(Effect))
@pytest.mark.parametrize("kind", FINAL)
def test_final_errors_are_raised_at_once(effect: Effect, kind: type[ConnectorError]) -> None:
    """What a repeat cannot cure is not repeated, refused credentials above all."""
    script = Script(kind("x"))
    time = VirtualTime()
    with pytest.raises(kind):
        policy(time).send(effect, script, unexpected)
    assert script.sent == 1
    assert time.sleeps == []


def test_library_exceptions_go_through_the_classifier() -> None:
    """The classifier's verdict decides; the library's own exception stays only as the cause."""
    script = Script(LibraryError("boom"))
    with pytest.raises(Rejected) as caught:
        policy(VirtualTime()).send(Effect.READ, script, lambda error: Rejected(str(error)))
    assert isinstance(caught.value.__cause__, LibraryError)


@given(asked=st.floats(0, 100))
def test_retry_after_is_honoured_in_full(asked: float) -> None:
    """However long the service asks for, the repeat never leaves earlier."""
    time = VirtualTime()
    policy(time).send(Effect.READ, Script(RateLimited("x", retry_after=asked)), unexpected)
    assert time.now >= asked


@given(data=st.lists(st.booleans(), min_size=1, max_size=4))
def test_backoff_is_jittered_and_bounded(data: list[bool]) -> None:
    """Our own waits stay within 1, 2, 4, 8 s whatever the mix of errors."""
    time = VirtualTime()
    errors = [Transient("x") if lost else BadAnswer("x") for lost in data]
    policy(time).send(Effect.READ, Script(*errors), unexpected)
    assert all(0 <= slept <= 2**turn for turn, slept in enumerate(time.sleeps))


def test_gives_up_after_the_attempts() -> None:
    """Attempts are bounded, and the error says how many there were."""
    script = Script(*[Transient("down")] * 9)
    with pytest.raises(Transient, match="gave up after 3 attempts"):
        policy(VirtualTime(), attempts=3).send(Effect.READ, script, unexpected)
    assert script.sent == 3


def test_a_wait_beyond_the_budget_is_not_begun() -> None:
    """An hour's pause is reported with its length instead of slept through."""
    time = VirtualTime()
    script = Script(RateLimited("quota used up", retry_after=3600))
    with pytest.raises(RateLimited) as caught:
        policy(time).send(Effect.READ, script, unexpected)
    assert time.sleeps == []
    assert "3600 s" in caught.value.message
    assert "3600 s" in caught.value.advice


def test_the_budget_is_for_the_whole_run() -> None:
    """Waiting is charged across requests: what one used, the next cannot."""
    time = VirtualTime()
    rules = policy(time, budget=100)
    rules.send(Effect.READ, Script(RateLimited("x", retry_after=60)), unexpected)
    with pytest.raises(RateLimited):
        rules.send(Effect.READ, Script(RateLimited("x", retry_after=60)), unexpected)
    assert time.now == 60


def test_hanging_attempts_use_the_budget_up() -> None:
    """A service that answers nothing for a minute each time cannot hold a run for an hour."""
    time = VirtualTime()

    def hang() -> None:
        time.now += 70

    script = Script(*[Transient("time-out")] * 9, cost=hang)
    with pytest.raises(Transient):
        policy(time, budget=120).send(Effect.READ, script, unexpected)
    assert script.sent == 2


def test_others_wait_out_a_pause() -> None:
    """A pause one request was given holds the requests of all others."""
    time = VirtualTime()
    pacer = Pacer(sleep=time.sleep, clock=time.clock)
    first, second = (Policy("test", pacer, sleep=time.sleep, clock=time.clock, attempts=1) for _ in "12")
    with pytest.raises(RateLimited):
        first.send(Effect.READ, Script(RateLimited("x", retry_after=50)), unexpected)
    second.send(Effect.READ, Script(), unexpected)
    assert time.now == 50


def test_others_are_held_while_one_waits_to_repeat() -> None:
    """The pause begins when the service asks for it, not when the repeat has failed as well."""
    time = VirtualTime()
    pacer = Pacer(sleep=time.sleep, clock=time.clock)
    held: list[float] = []

    def sleep(seconds: float) -> None:
        held.append(pacer.blocked_for())
        time.sleep(seconds)

    rules = Policy("test", pacer, sleep=sleep, clock=time.clock)
    rules.send(Effect.READ, Script(RateLimited("x", retry_after=50)), unexpected)
    assert held == [50]


def test_others_fail_fast_on_a_long_pause() -> None:
    """Nobody sleeps for an hour because somebody else was told to."""
    time = VirtualTime()
    rules = policy(time)
    with pytest.raises(RateLimited):
        rules.send(Effect.READ, Script(RateLimited("x", retry_after=3600)), unexpected)
    later = Script()
    with pytest.raises(RateLimited, match="pause"):
        rules.send(Effect.READ, later, unexpected)
    assert later.sent == 0
    assert time.sleeps == []


def test_repeats_count_as_requests() -> None:
    """The counter tells what the service saw, by purpose."""
    rules = policy(VirtualTime())
    rules.send(Effect.AUTH, Script(), unexpected)
    rules.send(Effect.READ, Script(Transient("x")), unexpected)
    rules.send(Effect.WRITE_ABSOLUTE, Script(RateLimited("x")), unexpected)
    rules.send(Effect.WRITE_CREATE, Script(), unexpected)
    assert rules.requests() == {"read": 2, "write": 3, "auth": 1}
