"""What people do in Notion's own app, past the API.

Arrives: an action's name and its arguments. Leaves: the changed state, authored by a person. Separate
because people are not bound by what the connection sees or may do, and because their edits are what a
sync must never lose.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from okrsync.sandbox.notion import rows
from okrsync.sandbox.notion.builder import Builder
from okrsync.sandbox.notion.columns import find, new_option, remove, renaming
from okrsync.sandbox.notion.errors import ApiError
from okrsync.sandbox.notion.ids import canonical
from okrsync.sandbox.notion.options import by_name
from okrsync.sandbox.notion.simple import stored_value, user_id
from okrsync.sandbox.notion.state import Column, DataSource, Page
from okrsync.sandbox.notion.text import plain
from okrsync.sandbox.service import PersonError

Json = Any


class Person:
    """Carries out actions; pages and tables may be given by id or by title, people by id or e-mail."""

    def __init__(self, world: Builder) -> None:
        self._world = world
        self._actions: dict[str, Callable[..., Json]] = {
            "edit": self.edit,
            "recompute": self.recompute,
            "create": self.create,
            "trash": self.trash,
            "restore": self.restore,
            "archive": self.archive,
            "unarchive": self.unarchive,
            "move": self.move,
            "add_column": self.add_column,
            "rename_column": self.rename_column,
            "delete_column": self.delete_column,
            "add_option": self.add_option,
            "share": self.share,
            "unshare": self.unshare,
        }

    def act(self, action: str, arguments: Mapping[str, Json]) -> Json:
        """Does one action. Raises PersonError naming what is wrong."""
        method = self._actions.get(action)
        if method is None:
            raise PersonError(f"nobody can {action!r} in Notion; known: {', '.join(self._actions)}")
        try:
            inspect.signature(method).bind(**arguments)
        except TypeError as problem:
            raise PersonError(f"{action}: {problem}") from problem
        try:
            return method(**arguments)
        except (ApiError, KeyError) as problem:
            raise PersonError(f"{action}: {problem}") from problem

    def edit(self, page: str, property: str, value: Json, by: str | None = None) -> Json:
        """Sets one property to a plain value."""
        row = self._page(page)
        column = self._column(self._source(row.data_source_id), property)
        stored = stored_value(self._world.state, column, value)
        rows.change(self._world.state, row, [(column, stored)], self._author(by), self._world.clock())
        return {"page": row.id}

    def recompute(self, page: str, property: str, value: Json) -> Json:
        """A formula or rollup shows another result; the row's edit time does not move."""
        row = self._page(page)
        column = self._column(self._source(row.data_source_id), property)
        if column.type not in ("formula", "rollup"):
            raise PersonError(f"recompute: {column.name} is a {column.type}, not a formula or rollup")
        row.values[column.id] = stored_value(self._world.state, column, value)
        return {"page": row.id}

    def create(
        self, data_source: str, values: Mapping[str, Json] | None = None, by: str | None = None
    ) -> Json:
        """A new row with plain values by column name."""
        return {"page": self._world.add_page(self._source(data_source).id, values, by=self._author(by))}

    def trash(self, page: str, by: str | None = None) -> Json:
        """Into the trash."""
        return self._flagged(page, by, in_trash=True)

    def restore(self, page: str, by: str | None = None) -> Json:
        """Back from the trash."""
        return self._flagged(page, by, in_trash=False)

    def archive(self, page: str, by: str | None = None) -> Json:
        """Hidden from default queries; another state than trashed."""
        return self._flagged(page, by, is_archived=True)

    def unarchive(self, page: str, by: str | None = None) -> Json:
        """Back into default queries."""
        return self._flagged(page, by, is_archived=False)

    def _flagged(self, page: str, by: str | None, **flags: bool) -> Json:
        row = self._page(page)
        for name, value in flags.items():
            setattr(row, name, value)
        rows.touch(row, self._author(by), self._world.clock())
        return {"page": row.id}

    def move(self, page: str, data_source: str, by: str | None = None) -> Json:
        """Into another table."""
        row, target = self._page(page), self._source(data_source)
        rows.move(self._world.state, row, target, self._author(by), self._world.clock())
        return {"page": row.id}

    def add_column(self, data_source: str, name: str, spec: Json) -> Json:
        """A new column, in the builder's short form."""
        return {"column": self._world.add_column(self._source(data_source).id, name, spec)}

    def rename_column(self, data_source: str, column: str, name: str) -> Json:
        """Another name; the id stays."""
        source = self._source(data_source)
        renaming(source, self._column(source, column), name)()
        return {}

    def delete_column(self, data_source: str, column: str) -> Json:
        """The column goes, with the values of all rows."""
        source = self._source(data_source)
        found = self._column(source, column)
        if found.type == "title":
            raise PersonError("delete_column: the title column cannot be deleted")
        remove(self._world.state, source, found)
        return {}

    def add_option(self, data_source: str, column: str, name: str, color: str = "default") -> Json:
        """A new option of a choice column."""
        found = self._column(self._source(data_source), column)
        if "options" not in found.config:
            raise PersonError(f"add_option: {found.name} is a {found.type} and has no options")
        if by_name(found.config["options"], name) is not None:
            raise PersonError(f"add_option: {found.name} has an option {name!r} already")
        return {"option": new_option(self._world.state, found, name, color)}

    def share(self, id: str) -> Json:
        """Gives the connection access to a database, data source or page."""
        self._world.share(self._known(id))
        return {}

    def unshare(self, id: str) -> Json:
        """Takes it away."""
        self._world.unshare(self._known(id))
        return {}

    def _known(self, object_id: str) -> str:
        found = canonical(object_id) or ""
        state = self._world.state
        if found not in {**state.databases, **state.data_sources, **state.pages}:
            raise PersonError(f"no database, data source or page has the id {object_id!r}")
        return found

    def _author(self, by: str | None) -> str:
        return self._world.state.owner_id if by is None else user_id(self._world.state, by)

    def _page(self, key: str) -> Page:
        state = self._world.state
        found = state.pages.get(canonical(key) or "")
        if found is not None:
            return found
        titled = [page for page in state.pages.values() if plain(page.values.get("title", [])) == key]
        if len(titled) != 1:
            raise PersonError(f"{len(titled) or 'no'} pages are titled {key!r}; give the page's id")
        return titled[0]

    def _source(self, key: str) -> DataSource:
        state = self._world.state
        found = state.data_sources.get(canonical(key) or "")
        if found is not None:
            return found
        titled = [source for source in state.data_sources.values() if source.title == key]
        if len(titled) != 1:
            raise PersonError(f"{len(titled) or 'no'} data sources are named {key!r}; give its id")
        return titled[0]

    def _column(self, source: DataSource, key: str) -> Column:
        found = find(source, key)
        if found is None:
            names = ", ".join(column.name for column in source.columns)
            raise PersonError(f"{source.title} has no column {key!r}; it has {names}")
        return found
