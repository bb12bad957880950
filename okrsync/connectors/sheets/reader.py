"""One look at a source in one request: people's tab and the results tab together.

Arrives: a source. Leaves: a `View`. The API refuses the whole read when one tab is missing, so the read asks
hopefully for both, and only a refusal costs a second look at the titles; what it taught is remembered, so
that the steady state is one request whether or not the results tab exists yet.
"""

from __future__ import annotations

from collections.abc import Mapping

from okrsync.connectors.errors import BadAnswer, NotFound, Rejected
from okrsync.connectors.sheets.book import BOOK_MASK, TABS_MASK, Book, Json, Tab, parse_book, quoted
from okrsync.connectors.sheets.client import SheetsClient
from okrsync.connectors.sheets.fields import header_id
from okrsync.connectors.sheets.grid import nearest, read_grid
from okrsync.connectors.sheets.records import View
from okrsync.connectors.sheets.results import own_sheet_id, read_block
from okrsync.connectors.sheets.settings import Source


def whole(title: str) -> str:
    """The range of a whole tab. The bare title would mean a named range of that name first."""
    return f"{quoted(title)}!A:ZZZ"


class Reader:
    """Reads views, and remembers which tabs a spreadsheet was found to have."""

    def __init__(self, client: SheetsClient) -> None:
        self._client = client
        self._tabs: dict[str, Mapping[int, str]] = {}
        """Titles by sheet id, only for spreadsheets where a read was refused."""

    def look(self, source: Source) -> View:
        """A fresh read.

        Raises:
            NotFound: no such spreadsheet, tab or key column; the message names the nearest.
            ConnectorError: as the client.
        """
        book = parse_book(self._read(source))
        tab = self._people(book, source)
        if source.tab_id is not None and tab.sheet_id != source.tab_id:  # the title is another tab's now
            self._learn(source, self._titles(source), None)
            book = parse_book(self._ask(source))
            tab = self._people(book, source)
        own = self._own_title(source)
        block = read_block(own or self._wanted_title(source), book.tab(own) if own else None, book.zone)
        return View(source, read_grid(tab, book.zone, source), block)

    def _people(self, book: Book, source: Source) -> Tab:
        tab = book.tab(self._people_title(source))
        if tab is None:
            raise BadAnswer(f"the answer lacks the tab {source.tab!r}", service="sheets", place=source.tab)
        return tab

    def sheet_ids(self, source: Source) -> frozenset[int]:
        """The ids that are taken, as far as they are known."""
        return frozenset(self._tabs.get(source.spreadsheet, ()))

    def forget(self, source: Source) -> None:
        """Tabs were added or may have been: ask hopefully again."""
        self._tabs.pop(source.spreadsheet, None)

    def _read(self, source: Source) -> Json:
        try:
            return self._ask(source)
        except Rejected as refused:
            self._learn(source, self._titles(source), refused)
            return self._ask(source)

    def _ask(self, source: Source) -> Json:
        return self._client.get(source.spreadsheet, [*map(whole, self._titles(source))], BOOK_MASK)

    def _learn(self, source: Source, asked: tuple[str, ...], refused: Rejected | None) -> None:
        """Find out what the tabs are called; a refusal that this does not explain is raised again."""
        answer = self._client.get(source.spreadsheet, (), TABS_MASK)
        tabs = {tab.sheet_id: tab.title for tab in parse_book(answer).tabs}
        self._tabs[source.spreadsheet] = tabs
        if source.tab_id is not None and source.tab_id not in tabs:
            raise _missing(source, f"no tab with the id {source.tab_id}", tabs) from refused
        if self._people_title(source) not in tabs.values():
            raise _missing(source, f"no tab {source.tab!r}", tabs) from refused
        if refused is not None and self._titles(source) == asked:
            raise refused

    def _titles(self, source: Source) -> tuple[str, ...]:
        """The tabs to read, as they are called as far as known."""
        own = self._own_title(source)
        return (self._people_title(source),) if own is None else (self._people_title(source), own)

    def _people_title(self, source: Source) -> str:
        """People's tab: the configured title, unless an id is configured and known under another one."""
        tabs = self._tabs.get(source.spreadsheet, {})
        return source.tab if source.tab_id is None else tabs.get(source.tab_id, source.tab)

    def _wanted_title(self, source: Source) -> str:
        return source.results.tab if source.results is not None else ""

    def _own_title(self, source: Source) -> str | None:
        """The results tab's title as far as known: at first the configured one; `None` when there is none."""
        if source.results is None:
            return None
        wanted = source.results.tab
        tabs = self._tabs.get(source.spreadsheet)
        if tabs is None or wanted in tabs.values():
            return wanted
        return tabs.get(own_sheet_id(wanted, ()))  # renamed by a person: ids survive that


def _missing(source: Source, what: str, tabs: Mapping[int, str]) -> NotFound:
    return NotFound(
        f"the spreadsheet has {what}",
        service="sheets",
        place=f"spreadsheet {source.spreadsheet}",
        advice=nearest(source.tab, {header_id(title): title for title in tabs.values()}),
    )


def tab_of(raw: Json, title: str, view: View) -> Tab:
    """A tab in a write's read-back. Raises BadAnswer where it is missing."""
    tab = parse_book(raw, view.grid.zone).tab(title)
    if tab is None:
        raise BadAnswer(f"the answer to the write lacks the tab {title!r}", service="sheets", place=title)
    return tab
