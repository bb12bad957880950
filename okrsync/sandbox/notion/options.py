"""The options of select, multi-select and status columns.

Arrives: an options list as a schema request sends it. Leaves: the new list, with the ids of options that
stay. Follows recordings (the list replaces the old one; an option named without its id keeps its id) and
Notion's documentation (names are unique ignoring case, hold no comma, and colours of existing options
cannot be changed; status groups To-do, In progress and Complete are fixed).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from okrsync.sandbox.notion.errors import body_invalid, validation
from okrsync.sandbox.notion.ids import new_id
from okrsync.sandbox.notion.state import Column, State

Json = Any
_GROUPS = (("To-do", "gray"), ("In progress", "blue"), ("Complete", "green"))
_STATUS_START = (("Not started", "default"), ("In progress", "blue"), ("Done", "green"))
MOST_OPTIONS = 100


def by_name(options: Sequence[Json], name: str) -> Json | None:
    """The option of this name: exactly, else ignoring case."""
    exact = next((option for option in options if option["name"] == name), None)
    if exact is not None:
        return exact
    return next((option for option in options if option["name"].casefold() == name.casefold()), None)


def checked_name(name: Json, path: str) -> str:
    """An option's name. Raises ApiError 400 for none, for an empty one and for one with a comma."""
    if not isinstance(name, str) or name == "":
        raise body_invalid(path, "a non-empty string", name)
    if "," in name:
        raise validation(f"Invalid select option, commas not allowed: {name}")
    return name


def merged_options(state: State, kind: str, before: Sequence[Json], wanted: Json) -> list[Json]:
    """The list that replaces `before`. No list at all keeps it, or starts a status column with three."""
    if wanted is None:
        start = [_fresh(state, name, color) for name, color in _STATUS_START]
        return start if kind == "status" and not before else list(before)
    if not isinstance(wanted, list):
        raise body_invalid(f"{kind}.options", "an array", wanted)
    if len(wanted) > MOST_OPTIONS:
        raise body_invalid(f"{kind}.options.length", f"≤ `{MOST_OPTIONS}`", len(wanted))
    return [_option(state, kind, before, each) for each in wanted]


def _option(state: State, kind: str, before: Sequence[Json], wanted: Json) -> Json:
    if not isinstance(wanted, dict):
        raise body_invalid(f"{kind}.options[]", "an object", wanted)
    old = next((option for option in before if option["id"] == wanted.get("id")), None)
    if old is None and "name" in wanted:
        old = by_name(before, checked_name(wanted["name"], f"{kind}.options[].name"))
    if old is None:
        name = checked_name(wanted.get("name", ...), f"{kind}.options[].name")
        return _fresh(state, name, wanted.get("color", "default"))
    if wanted.get("color", old["color"]) != old["color"]:
        raise validation(f"Cannot update color of select with name: {old['name']}.")
    return old


def _fresh(state: State, name: str, color: str) -> Json:
    return {"id": new_id(state, "option"), "name": name, "color": color, "description": None}


def new_groups(state: State) -> list[Json]:
    """The three groups every status column has."""
    return [
        {"id": new_id(state, "group"), "name": name, "color": color, "option_ids": []}
        for name, color in _GROUPS
    ]


def regroup(groups: list[Json], options: Sequence[Json], wanted: Json) -> list[Json]:
    """Puts every option into exactly one group.

    A group asked for by name wins (documented since June 2026), then the group it was in, then by
    position: first To-do, last Complete, the rest In progress.
    """
    asked = {each.get("name"): each.get("group") for each in wanted or [] if isinstance(each, dict)}
    was = {option_id: group["name"] for group in groups for option_id in group["option_ids"]}
    for group in groups:
        group["option_ids"] = []
    for index, option in enumerate(options):
        name = asked.get(option["name"]) or was.get(option["id"]) or _place(index, len(options))
        group = next((each for each in groups if each["name"] == name), groups[0])
        group["option_ids"].append(option["id"])
    return groups


def _place(index: int, count: int) -> str:
    if index == 0:
        return "To-do"
    return "Complete" if index == count - 1 else "In progress"


def cleared_status(column: Column) -> str | None:
    """What a status shows that nobody set: the first option of the first filled group."""
    filled = [group["option_ids"] for group in column.config["groups"] if group["option_ids"]]
    return str(filled[0][0]) if filled else None
