"""Looking at rows: all of them, those edited since the last look, and single ones afresh.

Arrives: a table, the wanted field ids, and the text of the last look or page ids. Leaves: a `Pull` or
`Record`s. The schema that comes along may be hours old: columns that are gone are told and left out, the
others are still read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from okrsync.connectors.base import NativeField, Pull, Record, Schema
from okrsync.connectors.errors import BadAnswer, NotFound
from okrsync.connectors.notion import drift, since
from okrsync.connectors.notion.client import PAGE_SIZE, NotionClient
from okrsync.connectors.notion.decode import plain_text
from okrsync.connectors.notion.errors import SERVICE, Invalid
from okrsync.connectors.notion.pages import CREATED, EDITED, Walk
from okrsync.connectors.notion.people import People
from okrsync.connectors.notion.properties import TITLE, column_of, fields_of, known, with_halves
from okrsync.connectors.notion.related import Related
from okrsync.connectors.notion.rows import SEPARATOR, Reader, is_row, shown
from okrsync.okr.findings import Finding, Severity

Json = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """One data source as a caller knows it, and how to ask about it."""

    find: Callable[[], str]
    """Its id; a request where only its database is known and was never asked."""
    schema: Schema
    client: NotionClient
    people: People

    @property
    def id(self) -> str:
        """The data source's id."""
        return self.find()

    def wanted(self, want: Iterable[str]) -> list[NativeField]:
        """The fields of these ids that the schema has."""
        fields = known(self.schema)
        return with_halves([fields[key] for key in dict.fromkeys(want) if key in fields], fields)

    def changed(self, fields: Iterable[NativeField]) -> dict[str, str]:
        """What became of these fields meanwhile, by field id; one request."""
        return drift.changes(fields, read_schema(self.client, self.id))

    def record(self, page: Json, fields: Sequence[NativeField]) -> Record:
        """One page as a record. Raises BadAnswer for what is no page."""
        try:
            return Reader(self.schema.place, self.people, self.client.property_items).record(page, fields)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise undocumented(error, self.schema.place) from error


def read_schema(client: NotionClient, data_source_id: str, related: Related | None = None) -> Schema:
    """The columns now. Raises NotFound, Forbidden, AuthFailed, BadAnswer.

    With `related`, relations to tables that are not shared are found out, at a request each.
    """
    raw = (client if related is None else related).data_source(data_source_id)
    try:
        title = plain_text(raw["title"]) or "untitled"
        columns = raw["properties"]
        hidden = related.hidden(data_source_id, columns) if related is not None else ()
        return Schema(f"Notion{SEPARATOR}{title}", fields_of(columns, hidden), raw.get("url"))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadAnswer("the data source is not as documented", service=SERVICE) from error


def undocumented(error: Exception, place: str) -> BadAnswer:
    """A page of another shape than Notion's."""
    return BadAnswer(f"a page is not as documented ({type(error).__name__})", service=SERVICE, place=place)


def pull(table: Table, want: Sequence[str], cursor: str | None) -> Pull:
    """All rows, or those edited since `cursor` where nothing wanted changes without an edit."""
    fields, findings = table.wanted(want), drift.gone(table.schema, want)
    try:
        return _look(table, fields, cursor, findings)
    except Invalid:
        told = table.changed(fields)
        if not told:
            raise
    kept = [field for field in fields if field.id not in told]
    return _look(table, kept, cursor, findings + drift.findings(told, table.schema.place))


def _look(
    table: Table, fields: Sequence[NativeField], cursor: str | None, findings: tuple[Finding, ...]
) -> Pull:
    columns = _columns(fields)
    before = since.read(cursor)
    if before is not None and not before.covers(table.id, columns):
        before = None
    silent = _silent(table, fields) if before is not None else ()
    if silent:
        before = None
    walk = _walk(table, columns, None if before is None else before.start)
    rows = [row for row in walk.rows() if is_row(row, table.id)]
    records = tuple(table.record(row, fields) for row in rows)
    return Pull(
        records,
        complete=before is None,
        cursor=_next(table, columns, walk, records, before),
        findings=findings + silent,
    )


def _silent(table: Table, fields: Sequence[NativeField]) -> tuple[Finding, ...]:
    """Why an incremental look would miss something, if it would."""
    names = [repr(field.name) for field in fields if field.silent or field.type == "computed"]
    if not names:
        return ()
    finding = Finding(
        code="FULL_LOOK",
        place=table.schema.place,
        message=f"every row is read each time: {', '.join(names)} may change without an edit of the row",
        advice="Bind columns that people fill to read only what changed",
        severity=Severity.INFO,
    )
    return (finding,)


def _walk(table: Table, columns: Sequence[str], start: datetime | None) -> Walk:
    stamp = CREATED if start is None else EDITED
    ask = partial(_query, table, columns, stamp)
    return Walk(ask, table.client.answered_at, stamp, start)


def _next(
    table: Table,
    columns: Sequence[str],
    walk: Walk,
    records: Sequence[Record],
    before: since.Seen | None,
) -> str | None:
    edits = [record.edited_at for record in records if record.edited_at is not None]
    mark = since.highest(edits, walk.began, None if before is None else before.watermark)
    return None if mark is None else since.Seen(table.id, frozenset(columns), mark).text()


def _query(
    table: Table, columns: Sequence[str], stamp: str, start: datetime | None, cursor: str | None
) -> Json:
    """One page of a look. By creation nothing can move past the reader; by edit, what moves is met later."""
    body: Json = {"page_size": PAGE_SIZE, "sorts": [{"timestamp": stamp, "direction": "ascending"}]}
    if start is not None:
        body["filter"] = {"timestamp": stamp, stamp: {"on_or_after": start.isoformat()}}
    if cursor is not None:
        body["start_cursor"] = cursor
    return table.client.query(table.id, body, columns)


def fetch(table: Table, ids: Sequence[str], want: Sequence[str]) -> dict[str, Record]:
    """A fresh look, one request per page; trashed, archived, moved and hidden pages are left out."""
    fields = table.wanted(want)
    columns = _columns(fields)
    found: dict[str, Record] = {}
    for native_id in ids:
        page = _page(table.client, native_id, columns)
        if page is None or not is_row(page, table.id):
            continue
        found[native_id] = table.record(page, fields)
        columns = [column for column in columns if column in shown(page)]
    return found


def _page(client: NotionClient, native_id: str, columns: Sequence[str]) -> Json | None:
    """One page, `None` where it is hidden.

    Notion refuses columns that are gone, and those of a page moved elsewhere: then all are asked for.
    """
    try:
        try:
            return client.page(native_id, columns)
        except Invalid:
            return client.page(native_id, [])
    except NotFound:
        return None


def _columns(fields: Iterable[NativeField]) -> list[str]:
    return list(dict.fromkeys([TITLE, *(column_of(field) for field in fields)]))
