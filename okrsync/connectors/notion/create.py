"""New rows: one request each, found again by the key column.

Arrives: a table, cells and a marker. Leaves: a `Written` with the new page, or the rows that have the key.
Notion has no hidden place for a marker and no idempotency key; the key is written in the request that makes
the row, so a row without its key never exists. Separate from `writing`, which only touches what is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from okrsync.connectors.base import Cell, Marker, Native, Patch, Record, Written
from okrsync.connectors.errors import ConnectorError, Rejected
from okrsync.connectors.notion import encode
from okrsync.connectors.notion.client import PAGE_SIZE, NotionClient
from okrsync.connectors.notion.errors import SERVICE, Invalid
from okrsync.connectors.notion.ids import column_id
from okrsync.connectors.notion.pages import CREATED
from okrsync.connectors.notion.properties import TITLE, Spelling, known
from okrsync.connectors.notion.reading import Table
from okrsync.connectors.notion.rows import is_row
from okrsync.connectors.notion.writing import explained, read_back

Json = dict[str, Any]

GRACE = 180.0
"""Seconds. Notion gives a request up after 60, and answers 503 for rows it saved all the same; a query shows
a row within seconds. Three minutes leave room for both."""
_TEXTS = ("title", "rich_text", "url", "email", "phone_number")
"""Types whose filter compares texts."""


class Rows:
    """Adds rows through one connection; the columns' spelling is asked once for each data source."""

    def __init__(self, client: NotionClient) -> None:
        self._client = client
        self._spellings: dict[str, dict[str, Spelling]] = {}

    def create(self, table: Table, cells: Mapping[str, Native], marker: Marker) -> Written:
        """Add one row with these cells and the marker's key."""
        key: dict[str, Native] = {} if marker.field is None else {marker.field: marker.key}
        try:
            patch = Patch(self._blank(table, marker), {**cells, **key})
            body = encode.properties(patch, known(table.schema), table.people.reference)
            page = self._client.create(table.id, body)
        except Invalid as error:
            self._spellings.pop(table.id, None)
            return Written("", error=explained(table, patch, error), answer=error.request_id)
        except ConnectorError as error:
            return Written("", error=error, answer=error.request_id)
        return read_back(table, patch, page)

    def marked(self, table: Table, marker: Marker) -> tuple[Record, ...]:
        """The live rows whose key column shows exactly the key, oldest first. Raises what a read raises."""
        field = marker.field or ""
        wire = self._spelling(table, field).wire
        condition = {"property": field, wire: {"equals": marker.key}}
        oldest = [{"timestamp": CREATED, "direction": "ascending"}]
        body: Json = {"filter": condition, "sorts": oldest, "page_size": PAGE_SIZE}
        answer = self._client.query(table.id, body, [TITLE, field])
        pages = [page for page in answer["results"] if is_row(page, table.id)]
        records = [table.record(page, table.wanted([field])) for page in pages]
        return tuple(one for one in records if _shows(one.cells[field].value, marker.key))

    def _blank(self, table: Table, marker: Marker) -> Record:
        """The row as it is before it is: every column empty, spelled as Notion spells it now."""
        place = f"{table.schema.place} › {marker.key}"
        fields = known(table.schema)
        cells = {key: Cell(_empty(field.type), f"{place} › {field.name}") for key, field in fields.items()}
        return Record("", marker.key, place, cells, locator=self._columns(table))

    def _spelling(self, table: Table, field: str) -> Spelling:
        found = self._columns(table).get(field)
        if found is not None and found.wire in _TEXTS:
            return found
        told = "is no text column" if found is not None else "is not there any more"
        raise Rejected(f"the key column {told}", service=SERVICE, place=table.schema.place)

    def _columns(self, table: Table) -> dict[str, Spelling]:
        if table.id not in self._spellings:
            columns = self._client.data_source(table.id)["properties"].values()
            found = {column_id(raw["id"]): Spelling(raw["type"], raw["id"]) for raw in columns}
            self._spellings[table.id] = found
        return self._spellings[table.id]


def _empty(kind: str) -> Native:
    return () if kind in ("labels", "people", "relation") else None


def _shows(value: Native, key: str) -> bool:
    """Notion's `equals` may be kinder than people's keys allow."""
    return isinstance(value, str) and value.strip() == key
