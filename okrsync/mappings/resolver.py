"""What the mappings ask about other entities, and what a writer says when a value has no spelling.

References are the one kind of value a cell cannot tell alone: `KR-1` or a page id means an entity only to
whoever knows all of them. The engine's state implements `Resolver`; the mappings stay free of stores.
"""

from __future__ import annotations

from typing import Protocol

from okrsync.okr.model import Kind


class Resolver(Protocol):
    """Who is who: entities by record and by key, both ways. Absent answers are `None`."""

    def entity_of(self, connection: str, native_id: str) -> str | None:
        """The entity that a connection's record stands for."""
        ...

    def by_key(self, kinds: tuple[Kind, ...], key: str) -> str | None:
        """The one entity of these kinds with this human key."""
        ...

    def native_of(self, entity_id: str, connection: str) -> str | None:
        """The record that stands for an entity in a connection, for relation cells."""
        ...

    def key_of(self, entity_id: str) -> str | None:
        """An entity's human key."""
        ...


class CannotExpress(Exception):
    """A normal value has no spelling in a native field. `reason` is for people and names the value."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
