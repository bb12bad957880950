"""The one HTTP policy under all connectors: what is repeated, how often, after how long, and who waits.

A connector hands over one request as a function and a classifier that turns a library's exception into
one of `connectors.errors`. The policy paces it, counts it, repeats it where a repeat can do no harm, and
says `OutcomeUnknown` where a write may have happened. The client libraries' own retry loops are off, so
that these rules hold alone. Nothing here knows a particular service.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import NoReturn, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_random_exponential

from okrsync.connectors.errors import BadAnswer, ConnectorError, OutcomeUnknown, RateLimited, Transient
from okrsync.connectors.pacer import EVERYBODY, Pacer

T = TypeVar("T")
Classify = Callable[[Exception], ConnectorError]
"""Turns an exception of a client library into a `ConnectorError`; raises what is a bug of ours."""

LONGEST_BACKOFF = 30.0
"""Seconds; only for waits we choose ourselves, never for one the service asked for."""


class NotSent(Transient):
    """The request never left: name lookup or connecting failed. Safe to repeat, whatever it was."""


class Effect(Enum):
    """What a request does to the world if it happens twice."""

    READ = "read"
    """Nothing."""
    WRITE_ABSOLUTE = "write_absolute"
    """Sets the same values again; harmless alone, yet it may undo an edit a person made in between."""
    WRITE_CREATE = "write_create"
    """Makes a second thing."""
    AUTH = "auth"
    """Proves or renews credentials; changes nothing people see."""

    @property
    def writes(self) -> bool:
        """Whether a lost answer leaves the outcome open."""
        return self in (Effect.WRITE_ABSOLUTE, Effect.WRITE_CREATE)

    @property
    def purpose(self) -> str:
        """What the request is counted and paced as: `read`, `write` or `auth`."""
        return "write" if self.writes else self.value


_READ_FIRST = {
    Effect.WRITE_ABSOLUTE: "Read the record first; the same values may then be written again",
    Effect.WRITE_CREATE: "Look whether it was created before creating it again",
}


class Policy:
    """Sends requests of one connection under one pacer and one waiting budget.

    Args:
        service: the connection's kind, for messages.
        pacer: shared by everything that uses the same credential.
        sleep, clock: seconds; virtual in tests. The pacer should have the same ones.
        budget: seconds this policy may lose to failed attempts and to waiting for repeats over its whole
            life, which is one run.
        attempts: how often one request is sent at most.
    """

    def __init__(
        self,
        service: str,
        pacer: Pacer,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        budget: float = 120.0,
        attempts: int = 5,
    ) -> None:
        self._service = service
        self._pacer = pacer
        self._sleep = sleep
        self._clock = clock
        self._budget = budget
        self._attempts = attempts
        self._waited = 0.0
        self._counts = {"read": 0, "write": 0, "auth": 0}
        self._lock = threading.Lock()
        self._backoff = wait_random_exponential(multiplier=1, max=LONGEST_BACKOFF)  # full jitter

    def send(
        self, kind: Effect, request: Callable[[], T], classify: Classify, scopes: Sequence[str] = ()
    ) -> T:
        """Send one request, again where that is safe, and return what `request` returns.

        `scopes` are what the request belongs to (an endpoint, a record): when the service asks one of them
        to pause, the others go on.

        `request` must do one HTTP exchange, with the library's own retries off. It may raise a
        `ConnectorError` itself, for example `BadAnswer` after looking at the content type.

        - A read is repeated on `Transient`, `RateLimited` and `BadAnswer`.
        - A write is repeated on `RateLimited` and `NotSent` only: both prove that nothing was executed.
          Any other `Transient` or `BadAnswer` means the answer was lost and becomes `OutcomeUnknown`.
        - Everything else is raised at once. Refused credentials above all: repeats lock accounts.
        - A wait the service asks for (429 or 503, RFC 9110 10.2.3) is kept in full by every request of the
          scope, not only by the repeat of the one that was told.

        Raises:
            ConnectorError: the last one, when attempts or the waiting budget are used up.
        """
        retrying = Retrying(
            retry=retry_if_exception_type((Transient, BadAnswer)),
            wait=self._wait,
            stop=self._stop,
            before_sleep=self._before_sleep,
            retry_error_callback=self._give_up,
            sleep=self._sleep,
        )
        answer: T = retrying(self._attempt, kind, request, classify, scopes)
        return answer

    def keep_apart(self, seconds: float) -> None:
        """What an answer says about the pace: the next request of the credential leaves no earlier."""
        self._pacer.keep_apart(seconds)

    def requests(self) -> Mapping[str, int]:
        """Requests so far by purpose (`read`, `write`, `auth`); repeats count."""
        with self._lock:
            return dict(self._counts)

    def _attempt(
        self, kind: Effect, request: Callable[[], T], classify: Classify, scopes: Sequence[str]
    ) -> T:
        self._refuse_long_pause(scopes)
        self._charge(self._pacer.blocked_for(scopes))
        self._pacer.wait_turn(kind.purpose, scopes)
        with self._lock:
            self._counts[kind.purpose] += 1
        started = self._clock()
        try:
            return request()
        except Exception as error:
            self._charge(self._clock() - started)
            known = error if isinstance(error, ConnectorError) else classify(error)
            self._pause_others(known)
            raise _verdict(kind, known) from error

    def _pause_others(self, error: ConnectorError) -> None:
        """Also where this request is not repeated: a write whose answer was lost, a last attempt."""
        if isinstance(error, Transient) and error.retry_after is not None:
            self._pacer.block_for(error.retry_after, error.scope)

    def _charge(self, seconds: float) -> None:
        with self._lock:
            self._waited += seconds

    def _refuse_long_pause(self, scopes: Sequence[str]) -> None:
        """Another request was told to wait longer than this run may: fail now instead of sleeping."""
        for scope in (EVERYBODY, *scopes):
            pause = self._pacer.blocked_for((scope,))
            if pause > self._left():
                raise RateLimited(
                    "the service has asked us to pause",
                    retry_after=pause,
                    scope=scope,
                    service=self._service,
                )

    def _left(self) -> float:
        with self._lock:
            return self._budget - self._waited

    def _wait(self, state: RetryCallState) -> float:
        """Seconds: what the service asks for, in full, and never less than our own backoff.

        A gateway that asks for 0 seconds again and again must not make us hammer it.
        """
        return max(self._backoff(state), _asked(_error(state)))

    def _stop(self, state: RetryCallState) -> bool:
        return state.attempt_number >= self._attempts or state.upcoming_sleep > self._left()

    def _before_sleep(self, state: RetryCallState) -> None:
        self._charge(state.upcoming_sleep)
        error = _error(state)
        if isinstance(error, RateLimited):
            self._pacer.block_for(state.upcoming_sleep, error.scope)

    def _give_up(self, state: RetryCallState) -> NoReturn:
        error = _error(state)
        asked = _asked(error)
        error.message += f"; {self._reason(state, asked)}"
        error.service = error.service or self._service
        error.advice = error.advice or _later(asked)
        raise error

    def _reason(self, state: RetryCallState, asked: float) -> str:
        if state.attempt_number >= self._attempts:
            return f"gave up after {state.attempt_number} attempts"
        wish = f"it wants us to wait {asked:.0f} s" if asked > 0 else "repeating would need more time"
        left = f"{max(0.0, self._left()):.0f} s of this run's {self._budget:.0f} s for waiting"
        return f"{wish}, and only {left} are left"


def _verdict(kind: Effect, error: ConnectorError) -> ConnectorError:
    """The same error, unless a write's answer was lost: then nobody knows whether it happened."""
    lost = isinstance(error, Transient | BadAnswer) and not isinstance(error, RateLimited | NotSent)
    if not (kind.writes and lost):
        return error
    return OutcomeUnknown(
        f"a write was sent and no clear answer came ({error.message})",
        service=error.service,
        place=error.place,
        advice=_READ_FIRST[kind],
        request_id=error.request_id,
    )


def _error(state: RetryCallState) -> ConnectorError:
    error = state.outcome.exception() if state.outcome is not None else None
    assert isinstance(error, ConnectorError)  # the only kind that is retried
    return error


def _asked(error: ConnectorError) -> float:
    """Seconds the service asked us to wait, 0 when it did not say."""
    return (error.retry_after or 0.0) if isinstance(error, Transient) else 0.0


def _later(asked: float) -> str:
    return f"Run again in {asked:.0f} s" if asked > 0 else "Run again later"
