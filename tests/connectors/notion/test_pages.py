"""How lists end, and queries that pretend to."""

from __future__ import annotations

from typing import Any

import pytest

from okrsync.connectors.errors import BadAnswer, Rejected
from okrsync.connectors.notion.pages import all_rows, cursor_pages

Json = dict[str, Any]


def listed(results: list[Any], cursor: str | None = None, *, cut: bool = False) -> Json:
    page: Json = {"results": results, "has_more": cursor is not None, "next_cursor": cursor}
    if cut:
        page["request_status"] = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}
    return page


class Table:
    """Rows by creation minute behind a ceiling, two to a page."""

    def __init__(self, minutes: list[int], ceiling: int) -> None:
        self.rows = [{"id": str(n), "created_time": f"2026-01-01T00:{m:02}"} for n, m in enumerate(minutes)]
        self.ceiling = ceiling
        self.asked: list[str | None] = []

    def ask(self, since: str | None, cursor: str | None) -> Json:
        if cursor is None:
            self.asked.append(since)
        fitting = [row for row in self.rows if since is None or row["created_time"] >= since]
        shown = fitting[: self.ceiling]
        start = int(cursor or 0)
        following = str(start + 2) if start + 2 < len(shown) else None
        return listed(shown[start : start + 2], following, cut=len(fitting) > len(shown))


def test_a_short_page_does_not_end_a_list() -> None:
    """Only `has_more: false` ends it, even after an empty page."""
    pages = {None: listed([1], "a"), "a": listed([], "b"), "b": listed([2])}
    assert [page["results"] for page in cursor_pages(lambda cursor: pages[cursor])] == [[1], [], [2]]


@pytest.mark.parametrize(
    "answer", [listed([1], "same"), listed([1]) | {"has_more": True}, {"results": None}, {}]
)
def test_a_list_that_would_never_end_is_refused(answer: Json) -> None:
    """A cursor that repeats or is missing, and what is no list, end in an error."""
    with pytest.raises(BadAnswer):
        list(cursor_pages(lambda _: answer))


def test_the_ceiling_is_passed_by_windows() -> None:
    """Rows beyond the ceiling are read from the last creation minute on, each row once."""
    table = Table([0, 1, 2, 2, 3, 4, 5, 6], ceiling=4)
    assert [row["id"] for row in all_rows(table.ask)] == [str(n) for n in range(8)]
    assert table.asked == [None, "2026-01-01T00:02", "2026-01-01T00:04"]


def test_a_window_that_cannot_advance_fails_loudly() -> None:
    """More rows in one minute than a query lists: an error, never a silent loss."""
    table = Table([0, 0, 0, 0, 0], ceiling=4)
    with pytest.raises(Rejected, match="more rows than one query may list"):
        list(all_rows(table.ask))


def test_without_a_ceiling_one_window_is_enough() -> None:
    """No second query where the first was complete."""
    table = Table([0, 0, 1], ceiling=10)
    assert len(list(all_rows(table.ask))) == 3
    assert table.asked == [None]
