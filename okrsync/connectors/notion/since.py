"""How far a look has seen: the text a caller keeps between two looks at one data source.

Arrives: the text of the last look, or the edit times a look met. Leaves: the moment the next look starts at,
and the next text. Notion floors edit times to the minute ("Page object"), so several edits share one, and an
edit in the minute of a look may leave the time as it was: every look goes back by an overlap and meets rows
again. Only Notion's clock counts, never this machine's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from okrsync.connectors.notion.decode import moment

OVERLAP = timedelta(minutes=2)
"""One minute for floored edit times, one for edits that a query may show late."""
LOOK_BACK = timedelta(hours=1)
"""On a quiet table the newest edit stays the newest; it is not read again for ever, only for an hour."""
_FORM = 1
"""Of the text; another number means a text of another release, which starts afresh."""


@dataclass(frozen=True)
class Seen:
    """A look that saw every edit up to `watermark`, at these columns of this data source."""

    data_source: str
    columns: frozenset[str]
    watermark: datetime

    @property
    def start(self) -> datetime:
        """Where the next look begins."""
        return self.watermark - OVERLAP

    def covers(self, data_source: str, columns: Iterable[str]) -> bool:
        """Whether a look at these columns may build on it; a column bound since was never seen."""
        return self.data_source == data_source and self.columns.issuperset(columns)

    def text(self) -> str:
        """For `Pull.cursor`.

        >>> Seen("d", frozenset({"title"}), moment("2026-07-01T09:30Z")).text()
        '{"form": 1, "data_source": "d", "columns": ["title"], "watermark": "2026-07-01T09:30:00+00:00"}'
        """
        shown = {"form": _FORM, "data_source": self.data_source, "columns": sorted(self.columns)}
        return json.dumps({**shown, "watermark": self.watermark.isoformat()})


def read(text: str | None) -> Seen | None:
    """The look a text tells of; `None` for none, and for what is no text of ours."""
    try:
        raw = json.loads(text or "null")
        if raw["form"] != _FORM:
            return None
        return Seen(raw["data_source"], frozenset(raw["columns"]), moment(raw["watermark"]))
    except (ValueError, TypeError, KeyError):
        return None


def highest(edits: Iterable[datetime], began: datetime | None, before: datetime | None) -> datetime | None:
    """The new watermark: the highest edit time met, never past the look's beginning, never back.

    Where any row was ever met, it is no more than an hour before the look's beginning.

    A row edited while a long look goes on may hide an earlier edit of a row already read, so what was
    edited after the first answer proves nothing. `None` where nothing was ever met.

    Args:
        edits: the edit times of the rows met.
        began: Notion's time at the first answer, `None` where it showed none.
        before: the last watermark, kept when nothing was met.
    """
    top = max(edits, default=None)
    if top is not None and began is not None:
        top = min(top, began)
    known = [each for each in (top, before) if each is not None]
    if known and began is not None:
        known.append(began - LOOK_BACK)
    return max(known, default=None)
