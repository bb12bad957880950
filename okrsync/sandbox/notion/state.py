"""The whole state of the imitated Notion workspace, as plain dataclasses.

Arrives: nothing but what the API, the builder and people put in. Leaves: a JSON dump and its exact way
back. Separate because every other module here reads or changes this state, and none may hold state of
its own (cursor sessions excepted: they are no part of the workspace).

Values are kept by column id in the shape the wire needs least work for: rich text as its elements,
choices as option ids, people and relations as lists of ids, dates as their wire object, numbers as
doubles, because Notion itself stores JavaScript numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

Json = Any

CAPABILITIES = (
    "read_content",
    "update_content",
    "insert_content",
    "read_comments",
    "insert_comments",
    "read_users",
    "read_emails",
)
"""What a connection may be allowed to do (Notion documentation, "Connection capabilities")."""


@dataclass
class Settings:
    """Knobs of the imitation; the defaults are Notion's documented values."""

    token: str = "ntn_sandbox"
    connection_name: str = "okrsync sandbox"
    workspace_name: str = "Sandbox"
    capabilities: list[str] = field(default_factory=lambda: list(CAPABILITIES))
    row_ceiling: int = 10_000
    """Rows one query yields at most ("Query large data sources")."""
    page_limit: int = 100
    """Rows in one answer at most, whatever page_size asks: an answer may be shorter than asked."""
    reference_cut: int = 25
    """Related pages and people shown inside a page."""
    seed: str = "okrsync"
    """All ids follow from it."""


@dataclass
class User:
    """A person (member or guest), a bot, or a group."""

    id: str
    name: str
    email: str | None = None
    type: str = "person"
    guest: bool = False


@dataclass
class Column:
    """One column of a data source. `id` is the decoded form; answers show it percent-encoded."""

    id: str
    name: str
    type: str
    config: dict[str, Json] = field(default_factory=dict)


@dataclass
class Database:
    """The container of data sources."""

    id: str
    title: str
    created_at: datetime
    edited_at: datetime
    in_trash: bool = False


@dataclass
class DataSource:
    """A table: columns, and the pages that name it as parent."""

    id: str
    database_id: str
    title: str
    created_by: str
    edited_by: str
    created_at: datetime
    edited_at: datetime
    columns: list[Column] = field(default_factory=list)
    in_trash: bool = False
    wiki: str | None = None
    """The data source of the wiki it lies in, between that one's pages."""


@dataclass
class Page:
    """A row. Moments are exact here; the API shows them floored to the minute."""

    id: str
    data_source_id: str
    order: int
    created_by: str
    edited_by: str
    created_at: datetime
    edited_at: datetime
    values: dict[str, Json] = field(default_factory=dict)
    in_trash: bool = False
    is_archived: bool = False


@dataclass
class Comment:
    """A comment on a page."""

    id: str
    discussion_id: str
    page_id: str
    created_by: str
    created_at: datetime
    rich_text: list[Json] = field(default_factory=list)


@dataclass
class State:
    """Everything the workspace knows."""

    bot_id: str
    owner_id: str
    workspace_id: str
    root_page_id: str
    settings: Settings = field(default_factory=Settings)
    counter: int = 0
    users: dict[str, User] = field(default_factory=dict)
    databases: dict[str, Database] = field(default_factory=dict)
    data_sources: dict[str, DataSource] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    access: dict[str, bool] = field(default_factory=dict)
    """Explicit grants and refusals by id; the nearest one up the tree decides."""
    faults: list[str] = field(default_factory=list)
    """Failures waiting for the next fitting request, first in, first out."""

    def rows(self, data_source_id: str) -> Iterator[Page]:
        """The pages of a data source, trashed ones included, oldest first."""
        return (page for page in self.pages.values() if page.data_source_id == data_source_id)

    def sees_database(self, database_id: str) -> bool:
        """Whether the connection was given this database."""
        return self.access.get(database_id, False)

    def sees_data_source(self, data_source_id: str) -> bool:
        """Access is inherited from the database unless set on the data source itself."""
        source = self.data_sources.get(data_source_id)
        if source is None:
            return False
        return self.access.get(source.id, self.sees_database(source.database_id))

    def sees_page(self, page_id: str) -> bool:
        """Access is inherited from the data source unless set on the page itself."""
        page = self.pages.get(page_id)
        if page is None:
            return False
        return self.access.get(page.id, self.sees_data_source(page.data_source_id))


def dump_state(state: State) -> dict[str, Json]:
    """The state as JSON; moments become ISO-8601 text."""
    return {"notion": _jsonable(asdict(state))}


def load_state(data: Mapping[str, Json]) -> State:
    """The inverse of `dump_state`. Raises ValueError on any other shape."""
    try:
        raw = dict(data["notion"])
        return State(
            **raw
            | {
                "settings": Settings(**raw["settings"]),
                "users": {key: User(**each) for key, each in raw["users"].items()},
                "databases": {key: Database(**_moments(each)) for key, each in raw["databases"].items()},
                "data_sources": {key: _data_source(each) for key, each in raw["data_sources"].items()},
                "pages": {key: Page(**_moments(each)) for key, each in raw["pages"].items()},
                "comments": [Comment(**_moments(each)) for each in raw["comments"]],
            }
        )
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"this is not a dump of the imitated Notion: {problem!r}") from problem


def _data_source(raw: Mapping[str, Json]) -> DataSource:
    columns = [Column(**each) for each in raw["columns"]]
    return DataSource(**_moments(raw) | {"columns": columns})


def _moments(raw: Mapping[str, Json]) -> dict[str, Json]:
    return {
        key: datetime.fromisoformat(value) if key.endswith("_at") else value for key, value in raw.items()
    }


def _jsonable(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _jsonable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_jsonable(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value
