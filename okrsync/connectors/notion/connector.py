"""What we want of Notion: the connector port over its API.

Arrives: a source, its schema (of this run or hours old), ids and patches. Leaves: `Schema`, `Pull`,
`Record`s and `Written`s. The work is done by `reading` and `writing`; here one connection keeps what they
share: the client, the people met so far, and which data source a database stands for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

from okrsync.connectors.base import (
    Account,
    Features,
    Marker,
    Native,
    Patch,
    Pull,
    Record,
    Schema,
    Written,
)
from okrsync.connectors.errors import Rejected
from okrsync.connectors.notion import reading, writing
from okrsync.connectors.notion.client import NotionClient
from okrsync.connectors.notion.create import GRACE, Rows
from okrsync.connectors.notion.errors import SERVICE
from okrsync.connectors.notion.ids import object_id
from okrsync.connectors.notion.people import People
from okrsync.connectors.notion.reading import Table
from okrsync.connectors.notion.related import Related
from okrsync.connectors.notion.settings import Connection, Source
from okrsync.connectors.pacer import SHARED, Limit
from okrsync.connectors.policy import Policy

Json = dict[str, Any]

_WINDOW = 60.0
"""Seconds: Notion counts requests per rolling minute ("Request limits")."""


def open_connector(name: str, connection: Connection) -> NotionConnector:
    """Open one connection; it shares its pacer with others of the same token. Sends nothing yet.

    Args:
        name: the admin's word for the connection.
        connection: its checked settings.
    """
    limit = Limit(connection.requests_per_minute, _WINDOW, ("read", "write", "auth"))
    pacer = SHARED.take(connection.api_url, connection.token.get_secret_value(), limit)
    connector = NotionConnector(name, NotionClient(connection, Policy(SERVICE, pacer)))
    connector.closing.callback(SHARED.give_back, pacer)
    return connector


class NotionConnector:
    """One Notion connection as a `Connector`.

    Native field ids are decoded column ids; a date column `ID` also has `ID#end`. `Record.native_id` is the
    page id, dashed and lower case. A `Pull.cursor` is JSON text for this connector alone.
    """

    kind = SERVICE
    features = Features(incremental=True, creates=True, visibility_grace=GRACE)

    def __init__(self, name: str, client: NotionClient) -> None:
        self.name = name
        self.closing = ExitStack()
        """What `close` does, once."""
        self.closing.callback(client.close)
        self._client = client
        self._people = People(client.users)
        self._related = Related(client)
        self._resolved: dict[str, str] = {}
        self._rows = Rows(client)

    def account(self) -> Account:
        """The token's bot user and its workspace. Raises AuthFailed, Transient."""
        bot = self._client.me()
        self._people.learn(bot)
        workspace = (bot.get("bot") or {}).get("workspace_name") or ""
        return Account(object_id(bot["id"]), str(bot.get("name") or ""), str(workspace))

    def schema(self, source: Source) -> Schema:
        """The columns now. Raises NotFound, Forbidden, AuthFailed; Rejected for an ambiguous database.

        A relation to a table that is not shared is not writable, and its cells read as unreadable: Notion
        would show them empty.
        """
        return reading.read_schema(self._client, self._data_source(source), self._related)

    def pull(self, source: Source, schema: Schema, want: Sequence[str], cursor: str | None = None) -> Pull:
        """Every live row once, or with `cursor` those edited since, two minutes of overlap included.

        The look is a full one all the same when the cursor is of another data source or knows fewer columns,
        and when `want` names a column whose value changes without an edit: a formula, a rollup, another
        computed one, a two-way relation. Rows that were trashed, archived or moved do not appear. A row
        edited while a look goes on is met in it or in the next.
        """
        return reading.pull(self._table(source, schema), want, cursor)

    def fetch(
        self, source: Source, schema: Schema, ids: Sequence[str], want: Sequence[str]
    ) -> Mapping[str, Record]:
        """A fresh look, one request per page; trashed, archived, moved and hidden pages are left out."""
        return reading.fetch(self._table(source, schema), ids, want)

    def write(self, source: Source, schema: Schema, patches: Sequence[Patch]) -> tuple[Written, ...]:
        """One request per patch, in order. After a refused token or a block nothing more is sent."""
        return writing.write(self._table(source, schema), patches)

    def create(self, source: Source, schema: Schema, cells: Mapping[str, Native], marker: Marker) -> Written:
        """One row; its key column is the marker."""
        return self._rows.create(self._table(source, schema), cells, marker)

    def marked(self, source: Source, schema: Schema, marker: Marker) -> tuple[Record, ...]:
        """The rows with the marker's key, by one query."""
        return self._rows.marked(self._table(source, schema), marker)

    def requests(self) -> Mapping[str, int]:
        """Requests sent so far by purpose."""
        return self._client.requests()

    def close(self) -> None:
        """Release sockets. Safe to call twice."""
        self.closing.close()

    def _table(self, source: Source, schema: Schema) -> Table:
        return Table(partial(self._data_source, source), schema, self._client, self._people)

    def _data_source(self, source: Source) -> str:
        """The data source's id; a database is asked once per connection for the one it has."""
        if source.data_source is not None:
            return source.data_source
        database = str(source.database)
        if database not in self._resolved:
            self._resolved[database] = _only_one(self._client.database(database), database)
        return self._resolved[database]


def _only_one(database: Json, database_id: str) -> str:
    sources = database.get("data_sources") or []
    if len(sources) == 1:
        return object_id(sources[0]["id"])
    named = "; ".join(f"{source.get('name') or 'untitled'} = {source['id']}" for source in sources)
    raise Rejected(
        f"the database has {len(sources)} data sources ({named or 'none that the connection may see'})",
        service=SERVICE,
        place=f"database {database_id}",
        advice="Name the one meant: `source: {data_source: ID}`",
    )
