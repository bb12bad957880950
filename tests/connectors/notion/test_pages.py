"""How lists end, and queries that pretend to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from okrsync.connectors.errors import BadAnswer, Rejected
from okrsync.connectors.notion.decode import moment
from okrsync.connectors.notion.pages import CREATED, EDITED, Walk, cursor_pages

Json = dict[str, Any]


def listed(results: list[Any], cursor: str | None = None, *, cut: bool = False) -> Json:
    page: Json = {"results": results, "has_more": cursor is not None, "next_cursor": cursor}
    if cut:
        page["request_status"] = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}
    return page


def at(minute: int) -> str:
    return f"2026-01-01T00:{minute:02}:00.000Z"


class Table:
    """Rows by minute behind a ceiling, two to a page; `edits` come after so many answers."""

    def __init__(self, minutes: list[int], ceiling: int, stamp: str = CREATED) -> None:
        self.stamp = stamp
        self.rows = [{"id": str(n), stamp: at(minute)} for n, minute in enumerate(minutes)]
        self.ceiling = ceiling
        self.asked: list[str | None] = []
        self.answers = 0
        self.edits: dict[int, tuple[str, int]] = {}
        self.listed: list[str] = []
        self.cut = False

    def ask(self, since: datetime | None, cursor: str | None) -> Json:
        if cursor is None:
            self.asked.append(None if since is None else since.isoformat())
            fitting = [row for row in self.rows if since is None or moment(row[self.stamp]) >= since]
            fitting.sort(key=lambda row: row[self.stamp])
            self.cut = len(fitting) > self.ceiling
            self.listed = [row["id"] for row in fitting[: self.ceiling]]
        start = int(cursor or 0)
        self.answers += 1
        if self.answers in self.edits:
            row, minute = self.edits[self.answers]
            self.rows[int(row)][self.stamp] = at(minute)
        rows = [dict(self.rows[int(each)]) for each in self.listed[start : start + 2]]
        following = str(start + 2) if start + 2 < len(self.listed) else None
        return listed(rows, following, cut=self.cut)

    def walk(self, now: str | None = None) -> Walk:
        """A walk while Notion's clock stands at `now`."""
        return Walk(self.ask, lambda: None if now is None else moment(now), self.stamp)


def ids(walk: Walk) -> list[str]:
    return [row["id"] for row in walk.rows()]


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
    assert ids(table.walk()) == [str(n) for n in range(8)]
    assert table.asked == [None, "2026-01-01T00:02:00+00:00", "2026-01-01T00:04:00+00:00"]


def test_a_window_does_not_start_past_an_edit_of_the_last_row() -> None:
    """The last row of a window was edited while it was read: its new time says nothing of its place."""
    table = Table([0, 1, 2, 3, 4, 5], ceiling=4, stamp=EDITED)
    table.edits = {2: ("3", 30)}
    assert sorted(ids(table.walk(now=at(30)))) == [str(n) for n in range(6)]


def test_a_row_met_twice_is_as_it_was_met_last() -> None:
    """A row that moved behind the reader shows its newer values."""
    table = Table([0, 1, 2, 3, 4, 5], ceiling=4, stamp=EDITED)
    table.edits = {2: ("0", 30)}
    rows = {row["id"]: row for row in table.walk(now=at(30)).rows()}
    assert rows["0"][EDITED] == at(30)


@pytest.mark.parametrize("stamp", [CREATED, EDITED])
def test_a_window_that_cannot_advance_fails_loudly(stamp: str) -> None:
    """More rows in one minute than a query lists: an error, never a silent loss."""
    table = Table([0, 0, 0, 0, 0], ceiling=4, stamp=stamp)
    with pytest.raises(Rejected, match="more rows than one query may list"):
        table.walk(now=at(5)).rows()


def test_without_a_ceiling_one_window_is_enough() -> None:
    """No second query where the first was complete."""
    table = Table([0, 0, 1], ceiling=10)
    assert len(table.walk().rows()) == 3
    assert table.asked == [None]


def test_the_beginning_is_the_services_minute() -> None:
    """By Notion's clock at the first answer; without one, by the newest edit that answer shows."""
    table = Table([0, 1, 2, 3], ceiling=10, stamp=EDITED)
    timed, untimed = table.walk(now="2026-01-01T00:07:41Z"), table.walk()
    timed.rows(), untimed.rows()
    assert (timed.began, untimed.began) == (moment(at(7)), moment(at(1)))


def test_a_time_that_is_none_is_told() -> None:
    """A row's stamp that cannot be read would misplace every window after it."""
    with pytest.raises(BadAnswer, match="not a time"):
        Walk(lambda *_: listed([{"id": "1", EDITED: "soon"}]), lambda: None).rows()
