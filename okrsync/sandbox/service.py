"""What every imitated service gives the sandbox: routes, a state that can be saved, and people.

A service's state lives in memory and changes only in the server's one event loop, so handlers need no
locks. Behaviour follows the recorded traffic and documents the facts were drawn from; each behaviour has
one place in the code, and that place names the fact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from starlette.routing import BaseRoute

Json = Any
Clock = Callable[[], datetime]
"""The sandbox's time: aware, UTC. Virtual in tests, real by default."""


class PersonError(ValueError):
    """A person's edit that cannot be done as asked: unknown record, field or value."""


class Service(Protocol):
    """One imitated service."""

    name: str
    """jira, notion or sheets."""

    def routes(self) -> Sequence[BaseRoute]:
        """The HTTP routes; handlers are async and never block."""
        ...

    def dump(self) -> dict[str, Json]:
        """The whole true state as JSON, for saving and for tests that assert on the world."""
        ...

    def load(self, data: Mapping[str, Json]) -> None:
        """Replace the state. Raises ValueError on a dump of another shape."""
        ...

    def person(self, action: str, arguments: Mapping[str, Json]) -> Json:
        """Edit as a person would in the tool's own interface, bypassing the API. Raises PersonError."""
        ...

    def reset(self) -> None:
        """Forget everything, as a new empty account."""
        ...
