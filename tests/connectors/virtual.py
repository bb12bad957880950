"""Time that passes only when somebody sleeps: the clock and sleep given to pacers and policies in tests."""

from __future__ import annotations

import threading


class VirtualTime:
    """Seconds since 0; `sleep` moves them on and remembers who asked for how much."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sleeps: list[float] = []
        self._lock = threading.Lock()

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.sleeps.append(seconds)
            self.now += seconds
