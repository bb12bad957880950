"""One collection's mapping: which records it holds, what they are, and its bindings.

What arrives: a collection of the admin's file, checked by config. What leaves: plain data for the engine,
which hands `source` to the connector untouched and joins the bindings with the live schema by `bind`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from okrsync.mappings.binding import Binding, Place
from okrsync.okr.model import Kind


@dataclass(frozen=True)
class CollectionMapping:
    """One collection of the admin's file."""

    name: str
    connection: str
    """The connection's name in the file."""
    source: Any = field(hash=False)
    """The connector's own `Source` model."""
    entity: Kind
    key: str | None
    """The native field that holds the human key; `None` where records have none here."""
    bindings: tuple[Binding, ...]
    place: Place
    create: bool = False
    """Whether a record is made here for entities that only other collections hold."""
