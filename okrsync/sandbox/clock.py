"""The sandbox's time, which tests and people may set and move.

Arrives: a start moment and orders to move. Leaves: the current moment, aware and in UTC. One clock is shared
by all imitated services, so that "a minute later" is the same minute everywhere. It either stands still until
told to move, or runs with real time from wherever it was set.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class VirtualClock:
    """Callable clock giving aware UTC datetimes, exact to the millisecond as the services show them."""

    def __init__(self, start: datetime | None = None, *, running: bool | None = None) -> None:
        """Stand at `start`, or run with real time when no start is given.

        `running=True` together with a start lets real time pass from that start on.
        """
        self._running = start is None if running is None else running
        self._moment = datetime.now(UTC)
        self._set_at = time.monotonic()
        if start is not None:
            self.set(start)

    def __call__(self) -> datetime:
        moment = self._moment
        if self._running:
            moment += timedelta(seconds=time.monotonic() - self._set_at)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    @property
    def running(self) -> bool:
        """Whether real time passes."""
        return self._running

    def set(self, moment: datetime, *, running: bool | None = None) -> None:
        """Jump to an aware moment; raises ValueError for a naive one."""
        if moment.tzinfo is None:
            raise ValueError(f"the clock needs a moment with a time zone, got {moment.isoformat()}")
        self._moment = moment.astimezone(UTC)
        self._set_at = time.monotonic()
        if running is not None:
            self._running = running

    def advance(self, seconds: float = 0, *, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        """Move by a span; negative spans move back."""
        span = timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)
        self.set(self() + span)
