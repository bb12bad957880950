"""State on its way out: users, databases, data sources, pages and comments as Notion shows them.

Arrives: the state and the version asked for. Leaves: answer objects with the members recordings have, no
more and no fewer. The two versions differ in one member: 2025-09-03 shows `archived` beside `in_trash`.
Property order follows recordings: by column id, the title last.
"""

from __future__ import annotations

import re
from typing import Any

from okrsync.sandbox.notion.ids import encoded
from okrsync.sandbox.notion.moments import database_time, page_time
from okrsync.sandbox.notion.state import Column, Comment, Database, DataSource, Page, State, User
from okrsync.sandbox.notion.text import from_plain, plain

Json = Any
OLD_VERSION = "2025-09-03"
_SITE = "https://www.notion.so"
_LISTS = ("title", "rich_text", "multi_select", "people", "relation", "files")


def full_user(state: State, user: User) -> dict[str, Json]:
    """A user as people columns show it; name and e-mail only with the capabilities for them."""
    if "read_users" not in state.settings.capabilities:
        return bare_user(user.id)
    if user.type == "bot":
        return {**_named_user(user), "type": "bot", "bot": {}}
    if user.type == "group":
        return {"object": "group", "id": user.id, "name": user.name}
    visible = user.email is not None and "read_emails" in state.settings.capabilities
    return {**_named_user(user), "type": "person", "person": {"email": user.email} if visible else {}}


def _named_user(user: User) -> dict[str, Json]:
    return {"object": "user", "id": user.id, "name": user.name, "avatar_url": None}


def own_bot(state: State) -> dict[str, Json]:
    """The connection's own user, which alone shows its workspace (recorded); needs no capability."""
    bot = {
        "owner": {"type": "workspace", "workspace": True},
        "workspace_name": state.settings.workspace_name,
        "workspace_id": state.workspace_id,
        "workspace_limits": {"max_file_upload_size_in_bytes": 5242880},
    }
    return {**_named_user(state.users[state.bot_id]), "type": "bot", "bot": bot}


def bare_user(user_id: str) -> dict[str, Json]:
    """Top-level created_by and last_edited_by: always without name and e-mail."""
    return {"object": "user", "id": user_id}


def _trash(version: str, in_trash: bool) -> dict[str, Json]:
    old = {"archived": in_trash} if version == OLD_VERSION else {}
    return {**old, "in_trash": in_trash}


def _bare_id(object_id: str) -> str:
    return object_id.replace("-", "")


def database(state: State, version: str, container: Database) -> dict[str, Json]:
    """The container: its data sources by id and name, no columns, no authors."""
    sources = [each for each in state.data_sources.values() if each.database_id == container.id]
    return {
        "object": "database",
        "id": container.id,
        "title": from_plain(container.title),
        "description": [],
        "parent": {"type": "page_id", "page_id": state.root_page_id},
        "is_inline": False,
        **_trash(version, container.in_trash),
        "is_locked": False,
        "created_time": database_time(container.created_at),
        "last_edited_time": database_time(container.edited_at),
        "data_sources": [{"id": each.id, "name": each.title} for each in sources if not each.in_trash],
        "icon": None,
        "cover": None,
        "url": f"{_SITE}/{_bare_id(container.id)}",
        "public_url": None,
    }


def data_source(state: State, version: str, source: DataSource) -> dict[str, Json]:
    """The table's schema, keyed by the columns' current names."""
    return {
        "object": "data_source",
        "id": source.id,
        "cover": None,
        "icon": None,
        "created_time": page_time(source.created_at),
        "created_by": bare_user(source.created_by),
        "last_edited_by": bare_user(source.edited_by),
        "last_edited_time": page_time(source.edited_at),
        "title": from_plain(source.title),
        "description": [],
        "is_inline": False,
        "properties": {column.name: _column(state, source, column) for column in ordered(source.columns)},
        "parent": {"type": "database_id", "database_id": source.database_id},
        "database_parent": {"type": "page_id", "page_id": state.root_page_id},
        "url": f"{_SITE}/{_bare_id(source.database_id)}",
        "public_url": None,
        **_trash(version, source.in_trash),
    }


def ordered(columns: list[Column]) -> list[Column]:
    """Columns by id, the title last."""
    return sorted(columns, key=lambda column: (column.id == "title", column.id))


def _column(state: State, source: DataSource, column: Column) -> dict[str, Json]:
    config = column.config
    if column.type == "relation":
        config = _relation_config(state, column)
    elif column.type == "rollup":
        config = _rollup_config(state, source, column)
    head = {"id": encoded(column.id), "name": column.name, "description": None}
    return {**head, "type": column.type, column.type: config}


def _relation_config(state: State, column: Column) -> dict[str, Json]:
    target = state.data_sources[column.config["data_source_id"]]
    shown = {"database_id": target.database_id, "data_source_id": target.id}
    mirror = _by_id(target, column.config["mirror"])
    if mirror is None:
        return {**shown, "type": "single_property", "single_property": {}}
    synced = {"synced_property_name": mirror.name, "synced_property_id": encoded(mirror.id)}
    return {**shown, "type": "dual_property", "dual_property": synced}


def _rollup_config(state: State, source: DataSource, column: Column) -> dict[str, Json]:
    """Recorded: inside a rollup the two column ids are not percent-encoded, unlike everywhere else."""
    relation = _by_id(source, column.config["relation_property_id"])
    target = None if relation is None else state.data_sources[relation.config["data_source_id"]]
    rolled = None if target is None else _by_id(target, column.config["rollup_property_id"])
    return {
        "rollup_property_name": "" if rolled is None else rolled.name,
        "relation_property_name": "" if relation is None else relation.name,
        **{key: column.config[key] for key in ("rollup_property_id", "relation_property_id", "function")},
    }


def _by_id(source: DataSource, column_id: str | None) -> Column | None:
    return next((each for each in source.columns if each.id == column_id), None)


def page(state: State, version: str, row: Page, only: list[Column] | None = None) -> dict[str, Json]:
    """A row; `only` is what filter_properties left."""
    source = state.data_sources[row.data_source_id]
    columns = ordered(source.columns if only is None else only)
    return {
        "object": "page",
        "id": row.id,
        "created_time": page_time(row.created_at),
        "last_edited_time": page_time(row.edited_at),
        "created_by": bare_user(row.created_by),
        "last_edited_by": bare_user(row.edited_by),
        "cover": None,
        "icon": None,
        "parent": {
            "type": "data_source_id",
            "data_source_id": source.id,
            "database_id": source.database_id,
        },
        **_trash(version, row.in_trash),
        "is_archived": row.is_archived,
        "is_locked": False,
        "properties": {column.name: _cut(state, row, column) for column in columns},
        "url": page_url(row),
        "public_url": None,
    }


def page_url(row: Page) -> str:
    """The slug follows the title (recorded): `/John-Doe-38c9ce7b...`; no title, no slug."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", plain(row.values.get("title", []))).strip("-")
    return f"{_SITE}/{words}{'-' if words else ''}{_bare_id(row.id)}"


def _cut(state: State, row: Page, column: Column) -> dict[str, Json]:
    """A property inside a page: relations and people end after 25.

    Documented and recorded: a cut relation says `has_more: true`; cut people say nothing.
    """
    shown: dict[str, Json] = {
        "id": encoded(column.id),
        "type": column.type,
        column.type: value(state, row, column),
    }
    limit = state.settings.reference_cut
    if column.type == "relation":
        shown["has_more"] = len(shown["relation"]) > limit
    if column.type in ("relation", "people"):
        shown[column.type] = shown[column.type][:limit]
    return shown


def value(state: State, row: Page, column: Column) -> Json:
    """A property's whole value as the wire has it."""
    if column.type in ("created_time", "last_edited_time", "created_by", "last_edited_by"):
        return _authorship(state, row, column.type)
    stored = row.values.get(column.id)
    if column.type in _LISTS:
        return _list(state, column, stored or [])
    if column.type in ("select", "status"):
        return None if stored is None else _option(column, stored)
    if column.type == "checkbox":
        return stored is True
    return _computed(column, stored) if column.type in ("formula", "rollup", "unique_id") else stored


def _authorship(state: State, row: Page, kind: str) -> Json:
    if kind == "created_time":
        return page_time(row.created_at)
    if kind == "last_edited_time":
        return page_time(row.edited_at)
    return full_user(state, state.users[row.created_by if kind == "created_by" else row.edited_by])


def _list(state: State, column: Column, stored: list[Json]) -> list[Json]:
    if column.type == "people":
        return [full_user(state, state.users[each]) for each in stored if each in state.users]
    if column.type == "relation":
        # documented: what is not shared with the connection is missing from the relation, without a word
        return [{"id": each} for each in stored if state.sees_page(each)]
    if column.type == "multi_select":
        return [_option(column, each) for each in stored]
    return stored


def _option(column: Column, option_id: str) -> Json:
    option = next(each for each in column.config["options"] if each["id"] == option_id)
    return {key: option[key] for key in ("id", "name", "color")}


def _computed(column: Column, stored: Json) -> Json:
    if column.type == "unique_id":
        return {"prefix": column.config["prefix"], "number": stored}
    if column.type == "rollup":
        held = {"type": "number", "number": None} if stored is None else stored
        return {**held, "function": column.config["function"]}
    return {"type": "string", "string": None} if stored is None else stored


def comment(state: State, said: Comment) -> dict[str, Json]:
    """A comment, with the name under which it stands."""
    user = state.users[said.created_by]
    kind = "integration" if user.type == "bot" else "user"
    return {
        "object": "comment",
        "id": said.id,
        "parent": {"type": "page_id", "page_id": said.page_id},
        "discussion_id": said.discussion_id,
        "created_time": page_time(said.created_at),
        "last_edited_time": page_time(said.created_at),
        "created_by": bare_user(said.created_by),
        "rich_text": said.rich_text,
        "display_name": {"type": kind, "resolved_name": user.name},
    }
