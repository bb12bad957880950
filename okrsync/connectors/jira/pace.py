"""How fast Jira would like us to go, from the headers of every answer: how long the next request should wait.

Arrives: the headers of one answer. Leaves: seconds by which the next requests keep apart, 0 when there is
room. Headers advise and have been seen to be wrong, so a gap has an upper limit; what a 429 asks for is
another matter and is kept in full.

- Jira Cloud, "Rate limiting": `X-RateLimit-Remaining` and `X-RateLimit-Reset`, believed once
  `X-RateLimit-NearLimit` is true, and the structured `RateLimit` (`"name";r=..;t=..`). Names with the prefix
  `Beta-` only inform.
- Jira Data Center, "Improving instance stability with rate limiting": `X-RateLimit-Remaining` tokens; every
  `X-RateLimit-Interval-Seconds` there are `X-RateLimit-FillRate` more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from math import isfinite

LONGEST_GAP = 10.0
"""Seconds; a wrong header may slow a run down, not stop it."""
_PART = re.compile(r"[;,]\s*([rt])\s*=\s*(\d+(?:\.\d+)?)")


def gap(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds the next request should wait so that what is left lasts until there is more.

    Args:
        now: the service's own time, aware.
    """
    return min(LONGEST_GAP, max((*_structured(headers), _until_reset(headers, now), _refill(headers))))


def until_reset(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until `X-RateLimit-Reset`, `None` where it is missing or makes no sense."""
    try:
        moment = datetime.fromisoformat(headers.get("X-RateLimit-Reset", ""))
        return max(0.0, (moment - now).total_seconds())
    except (ValueError, TypeError):  # missing or nonsense; TypeError: without a zone
        return None


def _structured(headers: Mapping[str, str]) -> Iterator[float]:
    """One gap for each policy that says both how much is left and for how long."""
    for policy in re.split(r",\s*(?=\")", headers.get("RateLimit", "")):
        told = {name: float(value) for name, value in _PART.findall(policy)}
        if told.keys() == {"r", "t"}:
            yield _share(told["r"], told["t"])


def _until_reset(headers: Mapping[str, str], now: datetime) -> float:
    left, seconds = _number(headers, "X-RateLimit-Remaining"), until_reset(headers, now)
    near = headers.get("X-RateLimit-NearLimit", "").strip().lower() == "true"
    return _share(left, seconds) if near and left is not None and seconds is not None else 0.0


def _refill(headers: Mapping[str, str]) -> float:
    """A Data Center's bucket: only an empty one is waited for."""
    rate, seconds = (_number(headers, f"X-RateLimit-{one}") for one in ("FillRate", "Interval-Seconds"))
    if _number(headers, "X-RateLimit-Remaining") != 0 or rate is None or seconds is None:
        return 0.0
    return _share(rate, seconds)


def _share(requests: float, seconds: float) -> float:
    """The time each of the remaining requests may take."""
    return seconds / max(1.0, requests)


def _number(headers: Mapping[str, str], name: str) -> float | None:
    try:
        number = float(headers.get(name, ""))
    except ValueError:
        return None
    return number if isfinite(number) and number >= 0 else None
