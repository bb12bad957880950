"""Damage: a row that no okrsync wrote is named with its table and key, and nothing is built on it.

What arrives: rows of the store and how to read one; the state made of them. What leaves: what they hold, or a
`StoreError` that a person can act on. Separate so that every reader of the store refuses in the same words; a
value that cannot be read is never taken for a missing one (I9).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Table

from okrsync.sync_engine.state import State
from okrsync.sync_engine.store import StoreError

T = TypeVar("T")
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, ArithmeticError)
"""What reading a wrong value raises: no JSON, no known kind or state, no number, no member of that name."""
_ADVICE = "Restore the store from a backup; nothing was written"


def each(table: Table, found: Iterable[Any], make: Callable[[Any], T]) -> Iterator[T]:
    """What every row holds. Raises StoreError for the first that cannot be read."""
    for row in found:
        try:
            yield make(row)
        except _UNREADABLE as error:
            what = f"the store's table {table.name} holds a row that okrsync did not write"
            raise StoreError(f"{what}: {_name(table, row)}", _ADVICE) from error


def _name(table: Table, row: Any) -> str:
    """A row by its primary key, or by what was asked for of it."""
    cells = row._mapping
    keys = [column.name for column in table.primary_key if column.name in cells]
    return ", ".join(f"{name} {cells[name]}" for name in keys or list(cells)[:2])


def check(state: State) -> None:
    """Whether everything points to something. Raises StoreError."""
    entities, links = state.entities.keys(), state.links.keys()
    pointers = {
        "link": {link.entity for link in state.links.values()} - entities,
        "canonical": {entity for entity, _ in state.canonical} - entities,
        "conflict": {entity for entity, _ in state.conflicts} - entities,
        "observed": {link for link, _ in state.observed} - links,
        "base": {link for link, _ in state.base} - links,
    }
    for table, lost in pointers.items():
        if len(lost) > 0:
            what = f"the store's table {table} points to {min(lost)}, which is not there"
            raise StoreError(what, _ADVICE)
