"""Pages by offset that lose nothing, in the shape of pages by token.

Data Center counts rows: `startAt`, `maxResults`, `total`. Rows move while they are read, equal sort keys
change places, and beyond 10,000 rows an offset is refused. So rows are sorted by creation, which never
changes, pages go back when the list has become shorter, and a new window begins before the limit. Rows that
come twice are for the reader to drop; every reader of pages does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from okrsync.connectors.errors import BadAnswer

Json = Any
WINDOW = 10_000
"""Data Center refuses offsets beyond this (its `max_result_window`)."""
_ORDER = " ORDER BY "


@dataclass(frozen=True)
class Offset:
    """Where a page begins: `start` rows into the issues created at or after `since` (epoch milliseconds)."""

    start: int = 0
    since: int | None = None
    total: int | None = None
    """How many rows there were when the page before was read."""

    def token(self) -> str:
        """The offset as the token of the page."""
        return f"{self.start}:{_text(self.total)}:{_text(self.since)}"


def read(token: str | None) -> Offset:
    """The offset a token stands for; the first page has none."""
    if token is None:
        return Offset()
    start, total, since = token.split(":")
    return Offset(int(start), _number(since), _number(total))


def ordered(query: str, at: Offset) -> str:
    """The query in an order that never changes, within the offset's window."""
    condition = query.rpartition(_ORDER)[0]
    window = "" if at.since is None else f" AND created >= {at.since}"
    return f"({condition}){window}{_ORDER}created ASC, id ASC"


def page(answer: Json, at: Offset) -> dict[str, Json]:
    """The issues of an answer, with the token of the next page unless it is the last.

    Raises:
        BadAnswer: no list, no total, or rows that are promised and do not come.
    """
    issues = answer.get("issues") if isinstance(answer, dict) else None
    if not isinstance(issues, list) or "total" not in answer:
        raise _broken("a page of the search has no list of issues or no total")
    total = int(answer["total"])
    after = _next(at, issues, total)
    if after is None:
        return {"issues": issues, "isLast": True}
    return {"issues": issues, "isLast": False, "nextPageToken": after.token()}


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _number(text: str) -> int | None:
    return None if text == "" else int(text)


def _next(at: Offset, issues: list[Json], total: int) -> Offset | None:
    """Where the next page begins.

    When rows have gone since the page before, those behind them have moved up past the offset: as many are
    read again.
    """
    gone = max(0, (at.total or 0) - total)
    if gone and at.start > 0:
        return Offset(max(0, at.start - gone), at.since, total)
    end = at.start + len(issues)
    if end >= total:
        return None
    if not issues:
        raise _broken(f"the search ended after {end} of {total} issues")
    if end < WINDOW:
        return Offset(end, at.since, total)
    since = _created(issues[-1])
    if since == at.since:
        raise _broken(f"more than {WINDOW} issues were created in one moment")
    return Offset(0, since, None)


def _created(issue: Json) -> int:
    try:
        return int(datetime.fromisoformat(issue["fields"]["created"]).timestamp() * 1000)
    except (KeyError, TypeError, ValueError):
        raise _broken("an issue has no time of creation") from None


def _broken(message: str) -> BadAnswer:
    return BadAnswer(message, service="jira", place="POST /rest/api/2/search", advice="Run again later")
