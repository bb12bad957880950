"""Time as Notion shows and compares it: by the minute.

Arrives: exact moments, and dates as callers write them. Leaves: the texts of answers, and half-open
intervals for filters. Follows Notion's documentation (created and edited times are rounded down to the
minute) and recorded traffic (seconds of a date are dropped, `time_zone` always reads null, date filters
compare whole minutes, database objects alone show milliseconds and `+00:00`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from okrsync.sandbox.notion.errors import body_invalid, validation

Json = Any
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def floored(moment: datetime) -> datetime:
    """The moment without seconds."""
    return moment.replace(second=0, microsecond=0)


def page_time(moment: datetime) -> str:
    """Pages, data sources and comments: `2026-06-27T17:00:00.000Z`."""
    return floored(moment.astimezone(UTC)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def database_time(moment: datetime) -> str:
    """Databases: not rounded, with milliseconds and an offset."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def date_value(raw: Json, path: str) -> dict[str, Json]:
    """A date property as it is stored and shown. Raises ApiError 400.

    Recorded: `2026-06-27T18:01:15.377824` with `time_zone: Europe/London` reads back as
    `2026-06-27T18:01:00.000+01:00` with `time_zone: null`.
    """
    if not isinstance(raw, dict):
        raise body_invalid(path, "an object or `null`", raw)
    zone = _zone(raw.get("time_zone"), path)
    start = _edge(raw.get("start", ...), zone, f"{path}.start")
    end = raw.get("end")
    end = None if end is None else _edge(end, zone, f"{path}.end")
    if end is not None and instant(end) < instant(start):
        raise validation(f"{path} start date must be before its end date.")
    return {"start": start, "end": end, "time_zone": None}


def _zone(name: Json, path: str) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError) as problem:
        raise body_invalid(f"{path}.time_zone", "a valid IANA time zone or `null`", name) from problem


def _edge(text: Json, zone: ZoneInfo | None, path: str) -> str:
    parsed = parse(text, path)
    if not isinstance(parsed, datetime):
        return parsed.isoformat()
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=zone if zone is not None else UTC)
    elif zone is not None and zone.key != "UTC":
        # the documentation forbids both together; a recording shows the pair `Z` and `UTC` accepted
        raise validation(f"body.{path} must not carry an offset when time_zone is given.")
    return floored(parsed).isoformat(timespec="milliseconds")


def parse(text: Json, path: str) -> date | datetime:
    """A day, or a moment with or without offset. Raises ApiError 400."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        return datetime.fromisoformat(text)
    except (ValueError, TypeError) as problem:
        raise body_invalid(path, "a valid ISO 8601 date string", text) from problem


def instant(text: str) -> datetime:
    """A stored date edge as a moment in UTC; a bare day counts from midnight UTC."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@dataclass(frozen=True)
class Interval:
    """From `start` up to and without `end`: what a filter's date means."""

    start: datetime
    end: datetime


def named_interval(text: Json, now: datetime, path: str) -> Interval:
    """A filter's date: a day means the whole day, a moment its minute, a word is resolved now."""
    relative = _RELATIVE.get(text) if isinstance(text, str) else None
    if relative is not None:
        return _day(now.astimezone(UTC).date() + timedelta(days=relative))
    parsed = parse(text, path)
    if not isinstance(parsed, datetime):
        return _day(parsed)
    start = floored(instant(parsed.isoformat()))
    return Interval(start, start + timedelta(minutes=1))


def span(name: str, now: datetime) -> Interval:
    """`past_week`, `next_month`, ...: today included on both sides (recorded)."""
    today = now.astimezone(UTC).date()
    first, last = _SPANS[name]
    if name == "this_week":
        first, last = -((today.weekday() + 1) % 7), 6 - (today.weekday() + 1) % 7
    return Interval(
        _day(today + timedelta(days=first)).start,
        _day(today + timedelta(days=last)).end,
    )


def is_span(name: str) -> bool:
    """Whether a date condition is one of the named spans."""
    return name in _SPANS


def _day(day: date) -> Interval:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Interval(start, start + timedelta(days=1))


_RELATIVE = {
    "today": 0,
    "tomorrow": 1,
    "yesterday": -1,
    "one_week_ago": -7,
    "one_week_from_now": 7,
    "one_month_ago": -30,
    "one_month_from_now": 30,
}
_SPANS = {
    "past_week": (-7, 0),
    "past_month": (-30, 0),
    "past_year": (-365, 0),
    "this_week": (0, 0),
    "next_week": (0, 7),
    "next_month": (0, 30),
    "next_year": (0, 365),
}
