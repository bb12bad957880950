"""Columns: how they are made from a specification, renamed, altered and removed.

Arrives: specifications as `PATCH /v1/data_sources/{id}` takes them. Leaves: changed columns, and rows
without the values that went with them. Follows Notion's "Update data source properties" and recordings:
a rename keeps the id, a column made again gets a new one, an options list replaces the old one, a two-way
relation makes the column "Related to X (Y)" in the other table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from okrsync.sandbox.notion.errors import ApiError, body_invalid, not_found, validation
from okrsync.sandbox.notion.ids import canonical, encoded, new_column_id, new_id
from okrsync.sandbox.notion.options import cleared_status, merged_options, new_groups, regroup
from okrsync.sandbox.notion.state import Column, DataSource, State

Json = Any
Change = Callable[[], None]

CHOICES = ("select", "multi_select", "status")
COMPUTED = (
    "formula",
    "rollup",
    "unique_id",
    "created_time",
    "last_edited_time",
    "created_by",
    "last_edited_by",
)
"""Types nobody writes: "sending them is an error" (Notion documentation, "Page property values")."""
_DEFAULTS: dict[str, dict[str, Json]] = {
    "number": {"format": "number"},
    "formula": {"expression": ""},
    "unique_id": {"prefix": None},
}
TYPES = (
    "title",
    "rich_text",
    "number",
    *CHOICES,
    "date",
    "people",
    "relation",
    "checkbox",
    "url",
    "email",
    "phone_number",
    "files",
    *COMPUTED,
)


def find(source: DataSource, key: str) -> Column | None:
    """The column of this id, as answers encode it or decoded, or of this name."""
    for column in source.columns:
        if key in (column.id, encoded(column.id)):
            return column
    return named(source, key)


def named(source: DataSource, name: str) -> Column | None:
    """The column people know under this name."""
    return next((column for column in source.columns if column.name == name), None)


def title_column() -> Column:
    """Every data source has exactly one, and its id is always `title`."""
    return Column("title", "Name", "title")


def planned_changes(state: State, source: DataSource, changes: Mapping[str, Json]) -> list[Change]:
    """Checks every change before the first is made. Raises ApiError 400 or 404."""
    return [_planned(state, source, key, spec) for key, spec in changes.items()]


def _planned(state: State, source: DataSource, key: str, spec: Json) -> Change:
    column = find(source, key)
    if spec is not None and not isinstance(spec, dict):
        raise body_invalid(f"properties.{key}", "an object or `null`", spec)
    if spec is None:
        return _removal(state, source, key, column)
    kind = _kind(key, spec)
    if column is None:
        if kind is None:
            raise no_such_column(key)
        return addition(state, source, key, kind, spec[kind])
    steps = [_alteration(state, source, column, kind, spec[kind])] if kind is not None else []
    if "name" in spec and spec["name"] != column.name:
        steps.append(renaming(source, column, spec["name"]))
    return lambda: _all(steps)


def _all(steps: list[Change]) -> None:
    for step in steps:
        step()


def no_such_column(key: str) -> ApiError:
    """400 for a property of a page or schema that is not there."""
    return validation(f"{key} is not a property that exists.")


def _kind(key: str, spec: Mapping[str, Json]) -> str | None:
    kinds = [name for name in TYPES if isinstance(spec.get(name), dict)]
    wanted = spec.get("type")
    if len(kinds) > 1 or (wanted is not None and kinds not in ([wanted], [])):
        raise body_invalid(f"properties.{key}", "of exactly one type", dict(spec))
    if not kinds and set(spec) - {"name", "type", "id", "description"}:
        raise body_invalid(f"properties.{key}", "a known property schema", dict(spec))
    return kinds[0] if kinds else None


def addition(state: State, source: DataSource, name: str, kind: str, settings: Json) -> Change:
    """A new column. Raises ApiError when its name is taken or its settings are wrong."""
    if kind == "title":
        raise validation("Cannot create new title property.")
    if named(source, name) is not None:
        raise validation(f"Cannot create property {name}: a property of that name exists.")
    config = _config(state, source, kind, settings, None)

    def change() -> None:
        column = Column(new_column_id(state, {each.id for each in source.columns}), name, kind, config)
        source.columns.append(column)
        _start_values(state, source, column)
        if kind == "relation" and "dual_property" in settings:
            add_mirror(state, source, column)

    return change


def renaming(source: DataSource, column: Column, name: Json) -> Change:
    """A new name under the same id."""
    if not isinstance(name, str) or name == "":
        raise body_invalid("properties.name", "a non-empty string", name)
    if named(source, name) is not None:
        raise validation(f"Cannot rename property {column.name}: a property named {name} exists.")
    return lambda: setattr(column, "name", name)


def _removal(state: State, source: DataSource, key: str, column: Column | None) -> Change:
    if column is None:
        raise no_such_column(key)
    if column.type == "title":
        raise validation("Cannot delete title property.")
    return lambda: remove(state, source, column)


def remove(state: State, source: DataSource, column: Column) -> None:
    """Takes the column away with the values of all rows; a mirror stays behind as a one-way relation."""
    source.columns.remove(column)
    for page in state.rows(source.id):
        page.values.pop(column.id, None)
    mirror = mirror_of(state, column)
    if mirror is not None:
        mirror.config["mirror"] = None


def _alteration(state: State, source: DataSource, column: Column, kind: str, settings: Json) -> Change:
    if "title" in (column.type, kind) and column.type != kind:
        raise validation("Cannot change the type of the title property.")
    same = column.type == kind
    config = _config(state, source, kind, settings, column if same else None)

    def change() -> None:
        if same:
            _altered(state, source, column, config, settings)
        else:
            _retyped(state, source, column, kind, config)
            if kind == "relation" and "dual_property" in settings:
                add_mirror(state, source, column)

    return change


def _altered(state: State, source: DataSource, column: Column, config: Json, settings: Json) -> None:
    moved = column.type == "relation" and column.config["data_source_id"] != config["data_source_id"]
    was_mirrored = mirror_of(state, column)
    column.config = config
    if column.type in CHOICES:
        _drop_lost_options(state, source, column)
    if moved:
        _start_values(state, source, column)
    if column.type == "relation" and (moved or "dual_property" not in settings):
        config["mirror"] = None
        if was_mirrored is not None:
            was_mirrored.config["mirror"] = None
    if column.type == "relation" and "dual_property" in settings and config["mirror"] is None:
        add_mirror(state, source, column)


def _retyped(state: State, source: DataSource, column: Column, kind: str, config: Json) -> None:
    # whether Notion keeps the id is not documented; it is kept here, and the values are lost
    mirror = mirror_of(state, column)
    if mirror is not None:
        mirror.config["mirror"] = None
    column.type, column.config = kind, config
    _start_values(state, source, column)


def _start_values(state: State, source: DataSource, column: Column) -> None:
    for page in state.rows(source.id):
        page.values.pop(column.id, None)
        if column.type == "status":
            page.values[column.id] = cleared_status(column)


def _drop_lost_options(state: State, source: DataSource, column: Column) -> None:
    known = {option["id"] for option in column.config["options"]}
    for page in state.rows(source.id):
        value = page.values.get(column.id)
        if column.type == "multi_select" and value is not None:
            page.values[column.id] = [each for each in value if each in known]
        elif value is not None and value not in known:
            page.values[column.id] = cleared_status(column) if column.type == "status" else None


def _config(
    state: State, source: DataSource, kind: str, settings: Json, old: Column | None
) -> dict[str, Json]:
    if kind in CHOICES:
        return _choice_config(state, kind, settings, old)
    if kind == "relation":
        return _relation_config(state, settings, old)
    if kind == "rollup":
        return _rollup_config(state, source, settings)
    return {**_DEFAULTS.get(kind, {}), **settings}


def _choice_config(state: State, kind: str, settings: Json, old: Column | None) -> dict[str, Json]:
    before = [] if old is None else old.config["options"]
    options = merged_options(state, kind, before, settings.get("options"))
    if kind != "status":
        return {"options": options}
    groups = new_groups(state) if old is None else deepcopy(old.config["groups"])
    return {"options": options, "groups": regroup(groups, options, settings.get("options"))}


def _relation_config(state: State, settings: Json, old: Column | None) -> dict[str, Json]:
    # since 2025-09-03 a request names the data source; the database alone is refused
    target = canonical(settings.get("data_source_id"))
    if target is None:
        raise body_invalid("relation.data_source_id", "a valid uuid", settings.get("data_source_id", ...))
    if not state.sees_data_source(target):
        raise not_found(state, "data source", target)
    return {"data_source_id": target, "mirror": None if old is None else old.config["mirror"]}


def _rollup_config(state: State, source: DataSource, settings: Json) -> dict[str, Json]:
    key = str(settings.get("relation_property_id", settings.get("relation_property_name")))
    relation = find(source, key)
    if relation is None or relation.type != "relation":
        raise no_such_column(key)
    target = state.data_sources[relation.config["data_source_id"]]
    key = str(settings.get("rollup_property_id", settings.get("rollup_property_name")))
    rolled = find(target, key)
    if rolled is None:
        raise no_such_column(key)
    function = settings.get("function", "show_original")
    return {"relation_property_id": relation.id, "rollup_property_id": rolled.id, "function": function}


def mirror_of(state: State, column: Column) -> Column | None:
    """The other end of a two-way relation."""
    if column.type != "relation" or column.config["mirror"] is None:
        return None
    target = state.data_sources[column.config["data_source_id"]]
    return next((each for each in target.columns if each.id == column.config["mirror"]), None)


def add_mirror(state: State, source: DataSource, column: Column, name: str | None = None) -> None:
    """The column at the other end of a two-way relation, filled from this end."""
    target = state.data_sources[column.config["data_source_id"]]
    default = f"Related to {source.title} ({column.name})"
    mirror_id = new_column_id(state, {each.id for each in target.columns})
    config = {"data_source_id": source.id, "mirror": column.id}
    target.columns.append(Column(mirror_id, default if name is None else name, "relation", config))
    column.config["mirror"] = mirror_id
    for page in list(state.rows(source.id)):
        for other in page.values.get(column.id, []):
            state.pages[other].values.setdefault(mirror_id, []).append(page.id)


def new_option(state: State, column: Column, name: str, color: str = "default") -> str:
    """Adds one option at the end of a choice column and returns its id."""
    option = {"id": new_id(state, "option"), "name": name, "color": color, "description": None}
    column.config["options"].append(option)
    if column.type == "status":
        regroup(column.config["groups"], column.config["options"], None)
    return str(option["id"])
