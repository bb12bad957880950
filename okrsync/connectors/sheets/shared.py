"""One request for several tabs of one spreadsheet, when a run is known to look at all of them.

Arrives: the sources a run will look at, then one look after another. Leaves: a view for each, out of one
answer where their spreadsheet is the same. What was read is handed out once per source and only for a short
while, so that a second look at a source is always a fresh one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from okrsync.connectors.sheets.book import Book
from okrsync.connectors.sheets.reader import Reader
from okrsync.connectors.sheets.records import View
from okrsync.connectors.sheets.settings import Source

REUSE_SECONDS = 30.0
"""How long a read may serve looks that follow it."""


@dataclass
class Shared:
    """Looks of one connection."""

    reader: Reader
    clock: Callable[[], float]
    sources: tuple[Source, ...] = ()
    """What the run will look at."""
    _waiting: list[tuple[float, Source, Book]] = field(default_factory=list)
    """Sources that were read along with another and not looked at yet."""

    def look(self, source: Source) -> tuple[float, View]:
        """When the source was read, and the view. Raises as `Reader.look`."""
        at, book = self._taken(source) or (self.clock(), self._together(source))
        view = self.reader.look(source) if book is None else self.reader.view(source, book)
        return at, view

    def forget(self) -> None:
        """Every source is read afresh."""
        self._waiting.clear()

    def _taken(self, source: Source) -> tuple[float, Book] | None:
        found = [one for one in self._waiting if one[1] == source]
        self._waiting = [one for one in self._waiting if one[1] != source]
        fresh = (one for one in found if self.clock() - one[0] <= REUSE_SECONDS)
        return next(((at, book) for at, _, book in fresh), None)

    def _together(self, source: Source) -> Book | None:
        """A book that shows the source and the others of its spreadsheet; `None` where it is alone there."""
        others = self._others(source)
        if not others:
            return None
        at = self.clock()
        self._waiting = [one for one in self._waiting if one[1].spreadsheet != source.spreadsheet]
        book, shown = self.reader.together((source, *others))
        self._waiting += [(at, other, book) for other in others if other in shown]
        return book

    def _others(self, source: Source) -> Sequence[Source]:
        if source not in self.sources:
            return ()
        same = (one for one in self.sources if one.spreadsheet == source.spreadsheet)
        return [one for one in same if one != source]
