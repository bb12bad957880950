"""The per-minute limits: so many reads and so many writes per user and minute.

Arrives: who calls, whether it writes, and when. Leaves: nothing, or the recorded 429, which carries no
Retry-After. A batch with all its parts counts once (Sheets usage limits). Separate because the limit is a
setting of the sandbox, off by default.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from okrsync.sandbox.sheets.errors import error_info

_PROJECT = "100000000001"


class Quota:
    """Counts requests per user and kind within the current minute of the sandbox's clock."""

    def __init__(self, per_minute: int | None) -> None:
        self._per_minute = per_minute
        self._minute: datetime | None = None
        self._used: Counter[tuple[str, bool]] = Counter()

    def spend(self, email: str, *, writes: bool, now: datetime) -> None:
        """Count one request; raises 429 RESOURCE_EXHAUSTED when the minute's share is used up."""
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute = minute
            self._used.clear()
        if self._per_minute is not None and self._used[email, writes] >= self._per_minute:
            raise _exhausted(writes)
        self._used[email, writes] += 1


def _exhausted(writes: bool) -> Exception:
    kind = "Write" if writes else "Read"
    message = (
        f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per minute per user' "
        f"of service 'sheets.googleapis.com' for consumer 'project_number:{_PROJECT}'."
    )
    metadata = {
        "consumer": f"projects/{_PROJECT}",
        "quota_limit": f"{kind}RequestsPerMinutePerUser",
        "quota_metric": f"sheets.googleapis.com/{kind.lower()}_requests",
        "service": "sheets.googleapis.com",
    }
    return error_info(429, message, "RATE_LIMIT_EXCEEDED", metadata)
