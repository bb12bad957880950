"""How Notion speaks: the few endpoints we use, each with what a repeat of it would do.

notion-client serves as session and address book, through its one general `request`: its endpoint methods
drop arguments they do not know, and its own retries, logging and time limits are switched off. Arrives:
ids, column ids and bodies. Leaves: parsed objects with exact numbers, or `ConnectorError`s. All pacing and
repeating is the policy's.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import httpx
from notion_client import Client

from okrsync.connectors.errors import BadAnswer, ConnectorError
from okrsync.connectors.notion.errors import SERVICE, classify
from okrsync.connectors.notion.pages import cursor_pages
from okrsync.connectors.notion.settings import Connection
from okrsync.connectors.notion.wire import ExactTransport
from okrsync.connectors.policy import Effect, Policy

Json = dict[str, Any]

VERSION = "2026-03-11"
"""The `Notion-Version` all shapes here belong to; old versions keep answering as they did."""
PAGE_SIZE = 100
"""The most rows one page of a list may carry."""

_quiet = logging.getLogger(__name__)
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False  # the library logs messages that may quote people's data; failures are reported once


class NotionClient:
    """One token at one address.

    Args:
        connection: where and as whom.
        policy: paces, repeats and counts; shared by everything that uses the same token.
        transport: what carries the requests; another one where they are watched.
    """

    def __init__(
        self, connection: Connection, policy: Policy, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._policy = policy
        self._wire = ExactTransport(transport or httpx.HTTPTransport(trust_env=False))
        self._http = httpx.Client(transport=self._wire, trust_env=False)
        self._api = Client(
            client=self._http,
            auth=connection.token.get_secret_value(),
            base_url=connection.api_url,
            notion_version=VERSION,
            retry=False,
            logger=_quiet,
            log_level=logging.CRITICAL,
        )
        # the library overwrites an injected client's time limits, so ours come last
        self._http.timeout = httpx.Timeout(connect=5.0, read=connection.timeout, write=30.0, pool=5.0)

    def me(self) -> Json:
        """The bot user of the token."""
        return self._send(Effect.AUTH, "GET", "users/me")

    def users(self) -> Iterator[Json]:
        """Members and bots of the workspace; guests are not listed. Raises Forbidden without capability."""
        for page in cursor_pages(partial(self._list, "users")):
            yield from page["results"]

    def database(self, database_id: str) -> Json:
        """A database: the container of data sources."""
        return self._send(Effect.READ, "GET", f"databases/{database_id}")

    def data_source(self, data_source_id: str) -> Json:
        """A table with its columns."""
        return self._send(Effect.READ, "GET", f"data_sources/{data_source_id}")

    def query(self, data_source_id: str, body: Json, columns: Sequence[str]) -> Json:
        """One page of rows, with these columns only (decoded ids). A POST that changes nothing."""
        path = f"data_sources/{data_source_id}/query"
        return self._send(Effect.READ, "POST", path, query=_only(columns), body=body)

    def page(self, page_id: str, columns: Sequence[str]) -> Json:
        """One row as it is now, with these columns only (decoded ids)."""
        return self._send(Effect.READ, "GET", f"pages/{page_id}", query=_only(columns))

    def property_items(self, page_id: str, wire_id: str) -> list[Json]:
        """All items of one list property; `wire_id` as Notion spells it, for it stands in the path."""
        path = f"pages/{page_id}/properties/{wire_id}"
        return [item for page in cursor_pages(partial(self._list, path)) for item in page["results"]]

    def update(self, page_id: str, properties: Mapping[str, Json]) -> Json:
        """Set these properties (by column id) and nothing else; answers the whole page."""
        body = {"properties": dict(properties)}
        return self._send(Effect.WRITE_ABSOLUTE, "PATCH", f"pages/{page_id}", body=body)

    def create(self, data_source_id: str, properties: Mapping[str, Json]) -> Json:
        """Add a row with these properties (by column id); answers the whole page. A repeat adds another."""
        parent = {"type": "data_source_id", "data_source_id": data_source_id}
        body = {"parent": parent, "properties": dict(properties)}
        return self._send(Effect.WRITE_CREATE, "POST", "pages", body=body)

    def answered_at(self) -> datetime | None:
        """Notion's own time at its last answer, `None` where it did not say."""
        return self._wire.answered_at

    def requests(self) -> Mapping[str, int]:
        """Requests sent so far by purpose."""
        return self._policy.requests()

    def close(self) -> None:
        """Release sockets. Safe to call twice."""
        self._http.close()

    def _list(self, path: str, cursor: str | None) -> Json:
        query: Json = {"page_size": PAGE_SIZE}
        if cursor is not None:
            query["start_cursor"] = cursor
        return self._send(Effect.READ, "GET", path, query=query)

    def _send(
        self, effect: Effect, method: str, path: str, *, query: Json | None = None, body: Json | None = None
    ) -> Json:
        place = f"{method} /v1/{path}"

        def exchange() -> Json:
            answer = self._api.request(path, method, query=query, body=body)
            if not isinstance(answer, dict):
                raise BadAnswer("the answer is not an object", service=SERVICE, place=place)
            return answer

        def known(error: Exception) -> ConnectorError:
            return classify(error, place)

        return self._policy.send(effect, exchange, known)


def _only(columns: Sequence[str]) -> Json:
    """`filter_properties`: ids decoded here, encoded once on the way; twice is refused by Notion."""
    return {"filter_properties": list(columns)}
