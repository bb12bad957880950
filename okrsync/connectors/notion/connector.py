"""What we want of Notion: the connector port over its API.

Arrives: a source, its schema, ids and patches. Leaves: `Schema`, `Pull`, `Record`s and `Written`s. Notion has
no batch write and no conditional write, so each patch is one request that sets only the patched columns,
and its answer, the whole page, is the read-back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from okrsync.connectors.base import Account, Features, Patch, Pull, Record, Schema, Written
from okrsync.connectors.errors import (
    AuthFailed,
    BadAnswer,
    ConnectorError,
    NotFound,
    OutcomeUnknown,
    Rejected,
)
from okrsync.connectors.notion import encode
from okrsync.connectors.notion.client import PAGE_SIZE, NotionClient
from okrsync.connectors.notion.decode import plain_text
from okrsync.connectors.notion.errors import SERVICE, blamed
from okrsync.connectors.notion.ids import object_id
from okrsync.connectors.notion.pages import all_rows
from okrsync.connectors.notion.people import People
from okrsync.connectors.notion.properties import TITLE, Property, fields_of, known, with_halves
from okrsync.connectors.notion.rows import SEPARATOR, Reader, is_row, whole
from okrsync.connectors.notion.settings import Connection, Source
from okrsync.connectors.pacer import Limit, Pacer
from okrsync.connectors.policy import Policy
from okrsync.okr.findings import Finding, Severity

Json = dict[str, Any]

_READ_FIRST = "Read the row before writing it again"
_WINDOW = 60.0
"""Seconds: Notion counts requests per rolling minute ("Request limits")."""


def open_connector(name: str, connection: Connection) -> NotionConnector:
    """Open one connection with a pacer of its own; sends nothing yet.

    Args:
        name: the admin's word for the connection.
        connection: its checked settings.
    """
    limit = Limit(connection.requests_per_minute, _WINDOW, ("read", "write", "auth"))
    return NotionConnector(name, NotionClient(connection, Policy(SERVICE, Pacer(limit))))


class NotionConnector:
    """One Notion connection as a `Connector`.

    Native field ids are decoded column ids; a date column `ID` also has `ID#end`. `Record.native_id` is the
    page id, dashed and lower case.
    """

    kind = SERVICE
    features = Features()

    def __init__(self, name: str, client: NotionClient) -> None:
        self.name = name
        self._client = client
        self._people = People(client.users)
        self._resolved: dict[str, str] = {}

    def account(self) -> Account:
        """The token's bot user and its workspace. Raises AuthFailed, Transient."""
        bot = self._client.me()
        self._people.learn(bot)
        workspace = (bot.get("bot") or {}).get("workspace_name") or ""
        return Account(object_id(bot["id"]), str(bot.get("name") or ""), str(workspace))

    def schema(self, source: Source) -> Schema:
        """The columns now. Raises NotFound, Forbidden, AuthFailed; Rejected for an ambiguous database."""
        raw = self._client.data_source(self._data_source(source))
        try:
            title = plain_text(raw["title"]) or "untitled"
            return Schema(f"Notion{SEPARATOR}{title}", fields_of(raw["properties"]), raw.get("url"))
        except (KeyError, TypeError, AttributeError) as error:
            raise BadAnswer("the data source is not as documented", service=SERVICE) from error

    def pull(self, source: Source, schema: Schema, want: Sequence[str], cursor: str | None = None) -> Pull:
        """Every live row, each once. Always a full look, as `features` says; `cursor` changes nothing."""
        fields = _wanted(schema, want)
        data_source_id = self._data_source(source)
        ask = partial(self._query, data_source_id, _columns(fields))
        reader = self._reader(schema)
        rows = [row for row in all_rows(ask) if is_row(row, data_source_id)]
        records = tuple(_read(reader, row, fields) for row in rows)
        return Pull(records, complete=True, findings=_gone(schema, want))

    def fetch(
        self, source: Source, schema: Schema, ids: Sequence[str], want: Sequence[str]
    ) -> Mapping[str, Record]:
        """A fresh look, one request per page; trashed, archived, moved and hidden pages are left out."""
        fields = _wanted(schema, want)
        data_source_id = self._data_source(source)
        reader = self._reader(schema)
        found: dict[str, Record] = {}
        for native_id in ids:
            page = self._page(native_id, _columns(fields))
            if page is not None and is_row(page, data_source_id):
                found[native_id] = _read(reader, page, fields)
        return found

    def write(self, source: Source, schema: Schema, patches: Sequence[Patch]) -> tuple[Written, ...]:
        """One request per patch, in order. After a refused token nothing more is sent."""
        done: list[Written] = []
        refused: AuthFailed | None = None
        for patch in patches:
            written = (
                Written(patch.record.native_id, error=refused) if refused else self._write(schema, patch)
            )
            done.append(written)
            if isinstance(written.error, AuthFailed):
                refused = written.error
        return tuple(done)

    def requests(self) -> Mapping[str, int]:
        """Requests sent so far by purpose."""
        return self._client.requests()

    def close(self) -> None:
        """Release sockets. Safe to call twice."""
        self._client.close()

    def _data_source(self, source: Source) -> str:
        """The data source's id; a database is asked once per connection for the one it has."""
        if source.data_source is not None:
            return source.data_source
        database = str(source.database)
        if database not in self._resolved:
            self._resolved[database] = _only_one(self._client.database(database), database)
        return self._resolved[database]

    def _query(
        self, data_source_id: str, columns: Sequence[str], since: str | None, cursor: str | None
    ) -> Json:
        return self._client.query(data_source_id, _query_body(since, cursor), columns)

    def _page(self, native_id: str, columns: Sequence[str]) -> Json | None:
        """One page, `None` where it is hidden. A page moved elsewhere has other columns and refuses ours."""
        try:
            try:
                return self._client.page(native_id, columns)
            except Rejected:
                return self._client.page(native_id, [])
        except NotFound:
            return None

    def _reader(self, schema: Schema) -> Reader:
        return Reader(schema.place, self._people, self._client.property_items)

    def _write(self, schema: Schema, patch: Patch) -> Written:
        native_id = patch.record.native_id
        fields = known(schema)
        try:
            body = encode.properties(patch, fields, self._people.reference)
            page = self._client.update(native_id, body)
        except Rejected as error:
            error.fields = error.fields or blamed(
                error.message, (fields[key] for key in patch.cells if key in fields)
            )
            return Written(native_id, error=error, answer=error.request_id)
        except ConnectorError as error:
            return Written(native_id, error=error, answer=error.request_id)
        return self._read_back(schema, patch, page)

    def _read_back(self, schema: Schema, patch: Patch, page: Json) -> Written:
        """The patched cells, and others the answer holds. An odd answer leaves open what was saved."""
        evidence = f"200 {page.get('request_id', '')}".strip()
        try:
            record = _read(self._reader(schema), page, _answered(schema, patch, page))
        except BadAnswer as error:
            lost = OutcomeUnknown(
                error.message, service=SERVICE, place=patch.record.place, advice=_READ_FIRST
            )
            return Written(patch.record.native_id, error=lost, answer=evidence)
        return Written(record.native_id, record.cells, answer=evidence)


def _query_body(since: str | None, cursor: str | None) -> Json:
    """One page of a look at the rows created at or after `since`.

    Sorted by creation, which never changes: a row edited meanwhile cannot move past the reader. The one
    place where a window of `last_edited_time` would go if looks became incremental.
    """
    body: Json = {
        "page_size": PAGE_SIZE,
        "sorts": [{"timestamp": "created_time", "direction": "ascending"}],
    }
    if since is not None:
        body["filter"] = {"timestamp": "created_time", "created_time": {"on_or_after": since}}
    if cursor is not None:
        body["start_cursor"] = cursor
    return body


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


def _wanted(schema: Schema, want: Sequence[str]) -> list[Property]:
    fields = known(schema)
    return with_halves([fields[key] for key in dict.fromkeys(want) if key in fields], fields)


def _answered(schema: Schema, patch: Patch, page: Json) -> list[Property]:
    try:
        free = whole(page, _wanted(schema, list(patch.record.cells)))
    except (KeyError, TypeError, AttributeError) as error:
        raise _undocumented(error, schema.place) from error
    return _wanted(schema, [*patch.cells, *(field.id for field in free)])


def _columns(fields: Sequence[Property]) -> list[str]:
    return list(dict.fromkeys([TITLE, *(field.column for field in fields)]))


def _gone(schema: Schema, want: Sequence[str]) -> tuple[Finding, ...]:
    fields = known(schema)
    return tuple(
        Finding(
            code="notion.column_gone",
            place=schema.place,
            message=f"the column with the id {key!r} is no longer there",
            advice="Bind another column, or restore this one in Notion; a column made anew has a new id",
            severity=Severity.ERROR,
        )
        for key in dict.fromkeys(want)
        if key not in fields
    )


def _read(reader: Reader, page: Json, fields: Sequence[Property]) -> Record:
    try:
        return reader.record(page, fields)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _undocumented(error, reader.place) from error


def _undocumented(error: Exception, place: str) -> BadAnswer:
    return BadAnswer(f"a page is not as documented ({type(error).__name__})", service=SERVICE, place=place)
