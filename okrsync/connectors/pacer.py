"""When the next request may leave: one pacer per credential, shared by every thread that uses it.

Requests ask for their turn; the pacer hands out departure times so that no rolling window of a service's
limit is ever exceeded, and holds everybody back after the service said "too many". Whether a failed
request is worth repeating is another question; `policy` answers that.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

EVERYBODY = ""
"""The scope every request belongs to."""


@dataclass(frozen=True)
class Limit:
    """At most `count` requests in any `seconds`, over the purposes named (`read`, `write`, `auth`)."""

    count: int
    seconds: float
    purposes: tuple[str, ...] = ("read", "write")


class _Window:
    """The departures one limit still remembers, oldest first."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.departures: deque[float] = deque(maxlen=limit.count)

    def earliest(self, moment: float) -> float:
        """The first time at or after `moment` at which one more request fits; first come, first served."""
        if self.departures:
            moment = max(moment, self.departures[-1])
        if len(self.departures) < self.limit.count:
            return moment
        return max(moment, self.departures[0] + self.limit.seconds)


class Pacer:
    """Hands out departure times under rolling limits and pauses everybody on request.

    Args:
        limits: every limit a request falls under must have room; none means unlimited.
        sleep: seconds to wait; a test's virtual sleep advances its clock.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        *limits: Limit,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._windows = tuple(_Window(limit) for limit in limits)
        self._sleep = sleep
        self._clock = clock
        self._lock = threading.Lock()
        self._blocked_until = {EVERYBODY: clock()}
        self._next = clock()

    def hold_to(self, *limits: Limit) -> None:
        """Keep these limits too; one that is kept already changes nothing, a new one knows the past."""
        with self._lock:
            kept = {window.limit for window in self._windows}
            for limit in (limit for limit in limits if limit not in kept):
                window = _Window(limit)
                window.departures.extend(self._past(limit.purposes))
                self._windows += (window,)

    def _past(self, purposes: tuple[str, ...]) -> Sequence[float]:
        """The longest memory of departures for any of these purposes."""
        akin = (each.departures for each in self._windows if set(each.limit.purposes) & set(purposes))
        return max(akin, key=len, default=())

    def wait_turn(self, purpose: str, scopes: Sequence[str] = ()) -> None:
        """Return when a request for `purpose` may leave; its slot is then taken.

        Args:
            scopes: what the request belongs to, such as an endpoint; it waits for their pauses too.
        """
        departure = self._reserve(purpose, scopes)
        while (delay := max(departure, self._pause_end(scopes)) - self._clock()) > 0:
            self._sleep(delay)  # again after waking: a pause may have begun meanwhile

    def block_for(self, seconds: float, scope: str = EVERYBODY) -> None:
        """Let nobody of a scope leave for `seconds` from now; a longer pause already set stays."""
        with self._lock:
            until = self._clock() + seconds
            self._blocked_until[scope] = max(self._blocked_until.get(scope, until), until)

    def keep_apart(self, seconds: float) -> None:
        """Let the next request leave no earlier than `seconds` from now: pacing, which is no pause."""
        with self._lock:
            self._next = max(self._next, self._clock() + seconds)

    def blocked_for(self, scopes: Sequence[str] = ()) -> float:
        """Seconds until the pauses of everybody and of these scopes end, 0 when there are none."""
        return max(0.0, self._pause_end(scopes) - self._clock())

    def _pause_end(self, scopes: Sequence[str]) -> float:
        everybody = self._blocked_until[EVERYBODY]
        return max(self._blocked_until.get(scope, everybody) for scope in (EVERYBODY, *scopes))

    def _reserve(self, purpose: str, scopes: Sequence[str]) -> float:
        with self._lock:
            windows = [window for window in self._windows if purpose in window.limit.purposes]
            departure = max(self._clock(), self._next, self._pause_end(scopes))
            for window in windows:
                departure = window.earliest(departure)
            for window in windows:
                window.departures.append(departure)
            return departure


class Pacers:
    """One pacer per credential, for all connections of this process that use it at the same time.

    Services count by credential: two connections with one token have one budget, and a pause asked of one is
    meant for both. A pacer lives until the last connection that took it gives it back. Secrets are not kept:
    the registry knows them by a keyed hash that means nothing outside this process.

    Args:
        sleep, clock: for the pacers made here.
    """

    def __init__(
        self,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sleep = sleep
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._pacers: dict[bytes, Pacer] = {}
        self._takers: Counter[bytes] = Counter()

    def take(self, address: str, secret: str, *limits: Limit) -> Pacer:
        """The pacer of this credential at this address; it keeps the limits of everybody who took it."""
        name = hashlib.blake2b(f"{address}\n{secret}".encode(), key=self._key).digest()
        with self._lock:
            if name not in self._pacers:
                self._pacers[name] = Pacer(sleep=self._sleep, clock=self._clock)
            self._takers[name] += 1
            pacer = self._pacers[name]
        pacer.hold_to(*limits)
        return pacer

    def give_back(self, pacer: Pacer) -> None:
        """Once for each `take`; after the last, the credential starts afresh."""
        with self._lock:
            name = next(name for name, each in self._pacers.items() if each is pacer)
            self._takers[name] -= 1
            if self._takers[name] == 0:
                del self._pacers[name], self._takers[name]


SHARED = Pacers()
"""The registry of this process."""
