"""Finding the entity a person means by its key or its title."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from okrsync.okr.model import Entity
    from okrsync.sync_engine.runner import View


def entity_named(view: View, name: str) -> Entity:
    """The one entity with that key, title or id. Raises click.UsageError naming the nearest."""
    wanted = name.casefold()
    known = {called.casefold(): entity for entity in view.entities.values() for called in _names(entity)}
    found = [e for e in view.entities.values() if wanted in {called.casefold() for called in _names(e)}]
    if len(found) == 1:
        return found[0]
    if found:
        keys = ", ".join(sorted(e.key or e.id for e in found))
        raise click.UsageError(f"{name!r} names several: {keys}. Use a key.")
    near = difflib.get_close_matches(wanted, known, 1, 0.5)
    hint = f" Did you mean {known[near[0]].key or near[0]}?" if near else " okrsync tree lists them."
    raise click.UsageError(f"nothing is called {name!r}.{hint}")


def _names(entity: Entity) -> list[str]:
    title = entity.get("title")
    return [each for each in (entity.id, entity.key, title) if isinstance(each, str)]
