"""How Notion's lists end: by a cursor, and for queries also by a ceiling that looks like an end.

Arrives: a function that asks for one page of a list. Leaves: all pages, or all rows once each. A page may
be shorter than asked for; only `has_more: false` ends a list ("Pagination"), and a query of more than
10,000 rows says so while its rows are incomplete ("Query large data sources"): it is then restarted where
the last row was created.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from okrsync.connectors.errors import BadAnswer, Rejected
from okrsync.connectors.notion.errors import SERVICE

Json = dict[str, Any]


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


def all_rows(ask: Callable[[str | None, str | None], Json]) -> Iterator[Json]:
    """Every row of a query sorted by `created_time` ascending, once each, past the ceiling too.

    Args:
        ask: gets one page, for rows created at or after a moment (`None`: all) and a cursor.

    Raises:
        Rejected: more rows than the ceiling share one creation minute, so that no restart gets further.
        BadAnswer: as `cursor_pages`.
    """
    met: set[str] = set()
    since: str | None = None
    while True:
        last, cut = since, False
        for page in cursor_pages(partial(ask, since)):
            cut = cut or _at_ceiling(page)
            for row in page["results"]:
                last = row.get("created_time", last)
                if row["id"] not in met:
                    met.add(row["id"])
                    yield row
        if not cut:
            return
        since = _advanced(since, last)


def _at_ceiling(page: Json) -> bool:
    status = page.get("request_status") or {}
    return status.get("type") == "incomplete"


def _advanced(since: str | None, last: str | None) -> str:
    if last is None or last == since:
        raise Rejected(
            f"more rows than one query may list were created at {last}",
            service=SERVICE,
            advice="Divide the data source, or move old rows to another one",
        )
    return last
