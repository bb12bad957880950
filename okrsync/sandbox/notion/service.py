"""The imitated Notion as the sandbox runs it: routes, a state that can be saved, people, and a builder.

Arrives: a clock and settings. Leaves: a `Service`. It holds the two things that live between requests, the
workspace and the open cursors, and hands them to the functions that do the work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from starlette.routing import BaseRoute

from okrsync.sandbox.notion.builder import Builder, empty_state
from okrsync.sandbox.notion.cursors import Cursors
from okrsync.sandbox.notion.endpoints import ENDPOINTS
from okrsync.sandbox.notion.http import HttpFront
from okrsync.sandbox.notion.person import Person
from okrsync.sandbox.notion.state import Settings, State, dump_state, load_state
from okrsync.sandbox.service import Clock

Json = Any


def _now() -> datetime:
    return datetime.now(UTC)


class NotionService(Builder):
    """Notion's API, versions 2026-03-11 and 2025-09-03, for one workspace and one internal connection."""

    name = "notion"

    def __init__(self, clock: Clock = _now, settings: Settings | None = None) -> None:
        """`settings` hold the token, the ceilings and the capabilities; a reset returns to them."""
        self._initial = Settings() if settings is None else settings
        super().__init__(clock, deepcopy(self._initial))
        self._cursors = Cursors()
        self._front = HttpFront(self._current)
        self._person = Person(self)

    def _current(self) -> tuple[State, Cursors, datetime]:
        return self.state, self._cursors, self.clock()

    def routes(self) -> Sequence[BaseRoute]:
        """All addresses of the imitation."""
        return self._front.routes(ENDPOINTS)

    def dump(self) -> dict[str, Json]:
        """The whole workspace as JSON."""
        return dump_state(self.state)

    def load(self, data: Mapping[str, Json]) -> None:
        """Replaces the workspace; open cursors end. Raises ValueError on another shape."""
        self.state = load_state(deepcopy(dict(data)))
        self._cursors = Cursors()

    def person(self, action: str, arguments: Mapping[str, Json]) -> Json:
        """An edit in Notion's app. Raises PersonError."""
        return self._person.act(action, arguments)

    def reset(self) -> None:
        """A new empty workspace with the settings given at first."""
        self.state = empty_state(replace(self._initial, capabilities=list(self._initial.capabilities)))
        self._cursors = Cursors()
