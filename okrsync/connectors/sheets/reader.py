"""One look at a source in one request: people's tab and the results tab together, and with them other sources
of the spreadsheet where a run has several.

Arrives: a source. Leaves: a `View`. The API refuses the whole read when one tab is missing, so the read asks
hopefully for both, and only a refusal costs a second look at the titles; what it taught is remembered, so
that the steady state is one request whether or not the results tab exists yet. A large tab is read whole
once, then by the columns asked for; formats, formulas and locks come with them, so none can be outdated.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from okrsync.connectors.errors import BadAnswer, NotFound, Rejected
from okrsync.connectors.sheets.book import BOOK_MASK, TABS_MASK, Book, Json, Tab, letters, parse_book, quoted
from okrsync.connectors.sheets.client import SheetsClient
from okrsync.connectors.sheets.fields import header_id, lookup
from okrsync.connectors.sheets.grid import Column, nearest, read_grid
from okrsync.connectors.sheets.records import TITLE_HEADERS, View
from okrsync.connectors.sheets.results import own_sheet_id, read_block
from okrsync.connectors.sheets.settings import Source

LARGE = 5000
"""Cells. A cell with all its facts is some 200 bytes of JSON, and Google advises against more than 2 MB."""


def whole(title: str) -> str:
    """The range of a whole tab. The bare title would mean a named range of that name first."""
    return f"{quoted(title)}!A:ZZZ"


class Reader:
    """Reads views, and remembers which tabs a spreadsheet was found to have."""

    def __init__(self, client: SheetsClient) -> None:
        self._client = client
        self._tabs: dict[str, Mapping[int, str]] = {}
        """Titles by sheet id, only for spreadsheets where a read was refused."""
        self._large: dict[tuple[str, str, int | None, int], Mapping[str, Column]] = {}
        """The columns that large tabs had at the last whole look."""

    def look(self, source: Source) -> View:
        """A fresh read.

        Raises:
            NotFound: no such spreadsheet, tab or key column; the message names the nearest.
            ConnectorError: as the client.
        """
        return self.view(source, parse_book(self._read(source)))

    def together(self, sources: Sequence[Source]) -> tuple[Book, Sequence[Source]]:
        """One request for several sources of one spreadsheet: a book for `view`, and the sources it shows.

        Raises as `look` for the first of them. Others whose tab is missing are left out.
        """
        try:
            return self._book(sources), sources
        except Rejected:
            first = sources[0]
            self._learn(first, (), None)
            tabs = self._tabs[first.spreadsheet].values()
            there = [source for source in sources if self._people_title(source) in tabs]
            return self._book(there), there

    def view(self, source: Source, book: Book) -> View:
        """One source in a book that was just read. Raises as `look`."""
        if source.tab_id is not None and self._people(book, source).sheet_id != source.tab_id:
            self._learn(source, self._titles(source), None)  # the title is another tab's now
            book = parse_book(self._ask(source))
        view = self._view(source, book)
        self._large.pop(_place(source), None)
        if len(view.grid.tab.cells) > LARGE:
            self._large[_place(source)] = view.grid.columns
        return view

    def look_at(self, source: Source, want: Collection[str]) -> View:
        """A fresh read that is good for these fields; of a large tab it asks for their columns alone.

        Where the columns are not what they were at the last whole look, a whole look follows. Raises as
        `look`.
        """
        known = self._large.get(_place(source))
        if known is None:
            return self.look(source)
        shows = (lookup(field_id) for field_id in want)
        headers = {header_id(source.key), *TITLE_HEADERS, *map(header_id, want)}
        headers |= {found.column for found in shows if found is not None}
        columns = {column.index for header, column in known.items() if header in headers}
        try:
            view = self._view(source, parse_book(self._ask(source, columns)))
        except Rejected:
            return self.look(source)
        same_tab = source.tab_id in (None, view.grid.tab.sheet_id)
        return view if same_tab and view.grid.columns == known else self.look(source)

    def _view(self, source: Source, book: Book) -> View:
        own = self._own_title(source)
        block = read_block(own or self._wanted_title(source), book.tab(own) if own else None, book.zone)
        return View(source, read_grid(self._people(book, source), book.zone, source), block)

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

    def _book(self, sources: Sequence[Source]) -> Book:
        titles = dict.fromkeys(title for source in sources for title in self._titles(source))
        ranges = [whole(title) for title in titles]
        return parse_book(self._client.get(sources[0].spreadsheet, ranges, BOOK_MASK))

    def _read(self, source: Source) -> Json:
        try:
            return self._ask(source)
        except Rejected as refused:
            self._learn(source, self._titles(source), refused)
            return self._ask(source)

    def _ask(self, source: Source, columns: Collection[int] | None = None) -> Json:
        """One request: both tabs whole, or of people's tab the header row and these columns."""
        people, *own = self._titles(source)
        ranges = [whole(people)] if columns is None else _parts(people, source.header_row, columns)
        return self._client.get(source.spreadsheet, [*ranges, *map(whole, own)], BOOK_MASK)

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


def _place(source: Source) -> tuple[str, str, int | None, int]:
    return source.spreadsheet, source.tab, source.tab_id, source.header_row


def _parts(title: str, header_row: int, columns: Collection[int]) -> list[str]:
    named = [letters(at) for at in sorted(columns)]
    return [f"{quoted(title)}!{part}:{part}" for part in (str(header_row), *named)]


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
