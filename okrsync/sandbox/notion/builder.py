"""Building a workspace: users, databases, columns, rows and what is shared.

Arrives: plain Python descriptions from tests and the demonstration world. Leaves: objects in the state,
and their ids, which are the same every time the same steps are taken. Everything is shared with the
connection unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from okrsync.sandbox.notion import rows
from okrsync.sandbox.notion.columns import add_mirror, addition, find, named, title_column
from okrsync.sandbox.notion.errors import validation
from okrsync.sandbox.notion.ids import new_id, seeded_uuid
from okrsync.sandbox.notion.simple import column_spec, stored_value, user_id
from okrsync.sandbox.notion.state import Column, Database, DataSource, Settings, State, User
from okrsync.sandbox.service import Clock

Json = Any


def empty_state(settings: Settings) -> State:
    """A new workspace: its owner, the connection's bot, and the page databases lie on."""
    ids = {name: seeded_uuid(settings.seed, name) for name in ("bot", "owner", "workspace", "root page")}
    state = State(ids["bot"], ids["owner"], ids["workspace"], ids["root page"], settings)
    state.users[state.bot_id] = User(state.bot_id, settings.connection_name, type="bot")
    state.users[state.owner_id] = User(state.owner_id, "Workspace Owner", "owner@example.com")
    return state


class Builder:
    """What worlds are built with. All methods raise ApiError for what Notion itself would refuse."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        self.clock = clock
        self.state = empty_state(settings)

    def add_user(self, name: str, email: str | None = None, *, guest: bool = False, bot: bool = False) -> str:
        """A person, or another connection's bot; no e-mail means a hidden one. Returns the id."""
        new = new_id(self.state, "user")
        self.state.users[new] = User(new, name, email, "bot" if bot else "person", guest)
        return new

    def add_group(self, name: str) -> str:
        """A group of people, which a people column may hold like a person. Returns its id."""
        new = new_id(self.state, "group")
        self.state.users[new] = User(new, name, type="group")
        return new

    def create_database(
        self,
        title: str,
        data_sources: Mapping[str, Mapping[str, Json]] | Sequence[str] = (),
        *,
        shared: bool = True,
    ) -> str:
        """A database with data sources by name, each with columns by name. Returns the database's id.

        A relation may name another data source of the same database instead of giving its id.
        """
        now = self.clock()
        new = new_id(self.state, "database")
        self.state.databases[new] = Database(new, title, now, now)
        self.state.access[new] = shared
        specs = data_sources if isinstance(data_sources, Mapping) else {name: {} for name in data_sources}
        ids = {name: self.create_data_source(new, name, _titles(specs[name])) for name in specs}
        for name, columns in specs.items():
            for column, spec in columns.items():
                if spec != "title" and spec != {"title": {}}:
                    self.add_column(ids[name], column, _resolved(spec, ids))
        return new

    def create_data_source(
        self, database_id: str, name: str, columns: Mapping[str, Json] | None = None
    ) -> str:
        """A table inside a database; a title column is made unless one is named. Returns its id."""
        now = self.clock()
        new = new_id(self.state, "data source")
        by = self.state.owner_id
        source = DataSource(new, database_id, name, by, by, now, now, [title_column()])
        self.state.data_sources[new] = source
        for column, spec in (columns or {}).items():
            if spec == "title" or spec == {"title": {}}:
                source.columns[0].name = column
            else:
                self.add_column(new, column, spec)
        return new

    def put_in_wiki(self, data_source_id: str, wiki: str) -> None:
        """Lets a data source lie between the pages of another, as in a wiki."""
        self.state.data_sources[data_source_id].wiki = wiki

    def data_source_id(self, database_id: str, name: str) -> str:
        """A database's data source by its name. Raises KeyError."""
        for source in self.state.data_sources.values():
            if (source.database_id, source.title) == (database_id, name):
                return source.id
        raise KeyError(f"no data source {name!r} in database {database_id}")

    def add_column(self, data_source_id: str, name: str, spec: Json) -> str:
        """A column, from a short form (`simple.column_spec`). Returns its decoded id."""
        source = self.state.data_sources[data_source_id]
        kind, settings = column_spec(spec)
        mirror = spec.get("mirror") if isinstance(spec, dict) else None
        addition(self.state, source, name, kind, settings)()
        column = _named(source, name)
        if mirror is not None:
            add_mirror(self.state, source, column, mirror)
        return column.id

    def column_id(self, data_source_id: str, name: str) -> str:
        """A column's decoded id by its name. Raises KeyError."""
        return _named(self.state.data_sources[data_source_id], name).id

    def add_page(
        self,
        data_source_id: str,
        values: Mapping[str, Json] | None = None,
        *,
        by: str | None = None,
        at: datetime | None = None,
    ) -> str:
        """A row with plain values by column name, by a person (id, e-mail or name). Returns its id."""
        source = self.state.data_sources[data_source_id]
        author = self.state.owner_id if by is None else user_id(self.state, by)
        checked = [self._checked(source, name, value) for name, value in (values or {}).items()]
        return rows.create(self.state, source, checked, author, at if at is not None else self.clock()).id

    def _checked(self, source: DataSource, name: str, value: Json) -> tuple[Column, Json]:
        column = find(source, name)
        if column is None:
            raise validation(f"{source.title} has no column {name!r}")
        return column, stored_value(self.state, column, value)

    def share(self, object_id: str) -> None:
        """Gives the connection access to a database, data source or page, and what lies in it."""
        self.state.access[object_id] = True

    def unshare(self, object_id: str) -> None:
        """Takes the access away."""
        self.state.access[object_id] = False

    def fail_next(self, kind: str) -> None:
        """The next write fails: `saved_but_503`, `conflict`, or for a creation `block_limit`."""
        if kind not in ("saved_but_503", "conflict", "block_limit"):
            raise ValueError(f"unknown failure {kind!r}; known: saved_but_503, conflict, block_limit")
        self.state.faults.append(kind)


def _titles(columns: Mapping[str, Json]) -> dict[str, Json]:
    return {name: spec for name, spec in columns.items() if spec == "title" or spec == {"title": {}}}


def _resolved(spec: Json, ids: Mapping[str, str]) -> Json:
    if isinstance(spec, dict) and isinstance(spec.get("relation"), str):
        return {**spec, "relation": ids.get(spec["relation"], spec["relation"])}
    return spec


def _named(source: DataSource, name: str) -> Column:
    column = named(source, name)
    if column is None:
        raise KeyError(f"no column {name!r} in {source.title}")
    return column
