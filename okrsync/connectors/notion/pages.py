"""How Notion's lists end: by a cursor, and for queries also by a ceiling that looks like an end.

Arrives: a function that asks for one page of a list. Leaves: all pages, or all rows once each. A page may
be shorter than asked for; only `has_more: false` ends a list ("Pagination"), and a query of more than
10,000 rows says so while its rows are incomplete ("Query large data sources"): it is then restarted at the
last row's time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from okrsync.connectors.errors import BadAnswer, Rejected
from okrsync.connectors.notion.decode import moment
from okrsync.connectors.notion.errors import SERVICE

Json = dict[str, Any]

CREATED = "created_time"
EDITED = "last_edited_time"


def cursor_pages(ask: Callable[[str | None], Json]) -> Iterator[Json]:
    """Every page of one list.

    Args:
        ask: gets the page at a cursor; `None` for the first.

    Raises:
        BadAnswer: not a list, or a cursor came back a second time, which would never end.

    >>> answers = {None: {"results": [1], "has_more": True, "next_cursor": "s:1"},
    ...            "s:1": {"results": [2], "has_more": False, "next_cursor": None}}
    >>> [page["results"] for page in cursor_pages(lambda cursor: answers[cursor])]
    [[1], [2]]
    """
    cursor: str | None = None
    met: set[str] = set()
    while True:
        page = ask(cursor)
        if not isinstance(page.get("results"), list):
            raise BadAnswer("the answer is not a list", service=SERVICE)
        yield page
        if page.get("has_more") is not True:
            return
        cursor = page.get("next_cursor")
        if not isinstance(cursor, str) or cursor in met:
            raise BadAnswer("the list does not go on where it says", service=SERVICE)
        met.add(cursor)


@dataclass
class Walk:
    """One way through all rows of a query that is sorted ascending by `stamp`, past the ceiling too.

    Args:
        ask: gets one page, for rows whose stamp is at or after a moment (`None`: all) and a cursor.
        answered_at: the service's time at its last answer, `None` where it does not say.
        stamp: `created_time`, which never changes, or `last_edited_time`, which people move meanwhile.
        since: where to start; `None` for all rows.
    """

    ask: Callable[[datetime | None, str | None], Json]
    answered_at: Callable[[], datetime | None]
    stamp: str = CREATED
    since: datetime | None = None
    began: datetime | None = field(default=None, init=False)
    """The minute of the first answer; without the service's time, the last minute that answer shows."""

    def rows(self) -> list[Json]:
        """Every row, each once, as it was met last.

        Raises:
            Rejected: more rows than the ceiling share one minute, so that no restart gets further.
            BadAnswer: as `cursor_pages`.
        """
        found: dict[str, Json] = {}
        since, cut = self.since, True
        while cut:
            met, cut = self._window(since)
            found |= {row["id"]: row for row in met}
            if cut:
                since = self._advanced(since, met)
        return list(found.values())

    def _window(self, since: datetime | None) -> tuple[list[Json], bool]:
        met: list[Json] = []
        cut = False
        for page in cursor_pages(partial(self.ask, since)):
            met += page["results"]
            cut = cut or _at_ceiling(page)
            if self.began is None:
                self.began = self._beginning(page["results"])
        return met, cut

    def _beginning(self, first: list[Json]) -> datetime | None:
        now = self.answered_at()
        if now is not None:
            return now.replace(second=0, microsecond=0)
        return max((edit for row in first if (edit := stamped(row, EDITED)) is not None), default=None)

    def _advanced(self, since: datetime | None, met: list[Json]) -> datetime:
        """Where the next window starts. A row edited meanwhile shows a later time than its place in it."""
        stamps = [stamp for row in met if (stamp := stamped(row, self.stamp)) is not None]
        if self.stamp == EDITED and self.began is not None:
            stamps = [stamp for stamp in stamps if stamp < self.began]
        last = max(stamps, default=None)
        if last is None or last == since:
            raise Rejected(
                f"more rows than one query may list share the {self.stamp} {last or since}",
                service=SERVICE,
                advice="Divide the data source, or move old rows to another one",
            )
        return last


def stamped(row: Json, stamp: str) -> datetime | None:
    """A row's time of creation or of its last edit. Raises BadAnswer where it is no time."""
    try:
        return None if row.get(stamp) is None else moment(row[stamp])
    except (ValueError, TypeError) as error:
        raise BadAnswer(f"a row's {stamp} is not a time", service=SERVICE) from error


def _at_ceiling(page: Json) -> bool:
    status = page.get("request_status") or {}
    return status.get("type") == "incomplete"
