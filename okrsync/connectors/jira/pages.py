"""Walking the token pages of a Jira search to their end, or failing: never a list that is silently short.

Jira Cloud: answers of search/jql have no total; the end is the page without `nextPageToken`; a page may be
empty and still have a successor; a token may repeat when something is wrong on Jira's side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from okrsync.connectors.errors import BadAnswer

Json = Any
MOST_PAGES = 2000
MOST_EMPTY_PAGES = 5


def walk(page_after: Callable[[str | None], Json]) -> Iterator[Mapping[str, Json]]:
    """Every issue of every page.

    Args:
        page_after: fetches the page a token leads to; `None` for the first.

    Raises:
        BadAnswer: the pages do not end, repeat themselves, or are not pages.
    """
    token: str | None = None
    seen: set[str] = set()
    empty = 0
    for _ in range(MOST_PAGES):
        page = page_after(token)
        issues = _issues(page)
        yield from issues
        token = _next_token(page)
        if token is None:
            return
        empty = 0 if issues else empty + 1
        if token in seen:
            raise _broken("the search came back to a page it had already given")
        if empty > MOST_EMPTY_PAGES:
            raise _broken(f"the search gave {empty} empty pages in a row")
        seen.add(token)
    raise _broken(f"the search did not end after {MOST_PAGES} pages")


def _issues(page: Json) -> list[Mapping[str, Json]]:
    issues = page.get("issues") if isinstance(page, dict) else None
    if not isinstance(issues, list) or not all(isinstance(issue, dict) for issue in issues):
        raise _broken("a page of the search has no list of issues")
    return issues


def _next_token(page: Mapping[str, Json]) -> str | None:
    token = page.get("nextPageToken")
    last = page.get("isLast")
    if last is True:
        return None
    if token is None and last is False:
        raise _broken("a page of the search says it is not the last and names no next")
    if not isinstance(token, str | None):
        raise _broken("a page of the search has a token that is not text")
    return token


def _broken(message: str) -> BadAnswer:
    return BadAnswer(message, service="jira", place="POST /rest/api/3/search/jql", advice="Run again later")
