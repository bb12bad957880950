"""The true state of the three tools, flat: place to value, past every interface.

Arrives: the services. Leaves: a mapping that two moments can be compared by. Times, authors and change logs
are left out: they differ between runs that lead to the same state.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from okrsync.sandbox.sheets.a1 import cell_name
from okrsync.sandbox.sheets.grid import Formula
from okrsync.sandbox.world import World

Json = Any
Place = tuple[str, ...]


def truth_of(world: World) -> dict[Place, Json]:
    """Every cell, property and field that holds something."""
    found = [*_notion(world), *_sheets(world), *_jira(world)]
    return {place: value for place, value in found if value is not None}


def changed(before: dict[Place, Json] | Any, after: dict[Place, Json] | Any) -> set[Place]:
    """The places that hold something else now."""
    return {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}


def _notion(world: World) -> Iterator[tuple[Place, Json]]:
    state = world.notion.state
    for source in state.data_sources.values():
        for page in state.rows(source.id):
            yield ("notion", page.id, "in trash"), page.in_trash or None
            for column in source.columns:
                options = {each["id"]: each["name"] for each in column.config.get("options", ())}
                yield ("notion", page.id, column.name), _plain(page.values.get(column.id), options)


def _plain(value: Json, options: dict[str, str]) -> Json:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "".join(part["plain_text"] for part in value)
    if isinstance(value, list):
        return tuple(value) or None
    return options.get(value, value) if isinstance(value, str) else value


def _sheets(world: World) -> Iterator[tuple[Place, Json]]:
    for book in world.sheets.spreadsheets.values():
        for tab in book.tabs:
            for (row, column), cell in tab.cells.items():
                entered = cell.entered.text if isinstance(cell.entered, Formula) else cell.entered
                yield ("sheets", tab.title, cell_name(row, column)), entered


def _jira(world: World) -> Iterator[tuple[Place, Json]]:
    dump = world.jira.dump()
    names = {each["id"]: each["name"] for each in dump["fields"]}
    for issue in dump["issues"]:
        for member in ("parent", "status", "resolution", "project"):
            yield ("jira", issue["key"], member), issue[member]
        for name, value in issue["values"].items():
            yield ("jira", issue["key"], names[name]), value
        for name, value in issue["properties"].items():
            yield ("jira", issue["key"], f"property {name}"), value
