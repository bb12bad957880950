"""Cursors of lists that are read in portions.

Arrives: the ids a list has, or a cursor a caller sends back. Leaves: `s:<session>:<next row>`, the form
recorded since April 2026. A session freezes which rows there are and their order, not what they show; a
cursor is good only for the request it came from. Notion does not document how long one lives: here the
last `MOST_SESSIONS` lists can be read on, and none survives a load of another state.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from okrsync.sandbox.notion.errors import ApiError, body_invalid, validation
from okrsync.sandbox.notion.ids import seeded_uuid

Json = Any
MOST_SESSIONS = 64
MOST_ITEMS = 100
"""Items in one answer (Notion documentation, "Pagination")."""


def page_size(raw: Json, where: str = "page_size") -> int:
    """The asked number of items, 100 when nothing is asked. Raises ApiError 400."""
    if raw is None:
        return MOST_ITEMS
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise body_invalid(where, "a number", raw)
    if raw > MOST_ITEMS:
        raise body_invalid(where, f"≤ `{MOST_ITEMS}`", raw)
    if raw < 1:
        raise body_invalid(where, "≥ `1`", raw)
    return raw


@dataclass(frozen=True)
class Session:
    """One list as it was when its first portion was read."""

    id: str
    key: str
    ids: Sequence[str]
    cut: bool
    """True: the list goes on beyond the ceiling."""


class Cursors:
    """The sessions that can be read on."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._opened = 0

    def open(self, key: str, ids: Sequence[str], *, cut: bool = False) -> Session:
        """A new session; `key` names the request it belongs to."""
        self._opened += 1
        session = Session(seeded_uuid("cursor", str(self._opened)), key, ids, cut)
        self._sessions[session.id] = session
        if len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return session

    def at(self, session: Session, offset: int) -> str | None:
        """The cursor of the portion that starts there; `None` past the end."""
        return f"s:{session.id}:{session.ids[offset]}" if offset < len(session.ids) else None

    def find(self, cursor: Json, key: str) -> tuple[Session, int]:
        """Where a cursor points. Raises ApiError 400 for an unknown one and for another request's."""
        parts = cursor.split(":") if isinstance(cursor, str) else []
        session = self._sessions.get(parts[1]) if len(parts) == 3 and parts[0] == "s" else None
        if session is None or session.key != key or parts[2] not in session.ids:
            raise _bad_cursor(cursor)
        return session, session.ids.index(parts[2])


def _bad_cursor(cursor: Json) -> ApiError:
    return validation(f"The start_cursor provided is invalid: {cursor}")
