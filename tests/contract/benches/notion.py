"""Notion over the sandbox: one data source with a column of every type okrsync writes."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import httpx

from okrsync.connectors.base import Native
from okrsync.connectors.notion.client import NotionClient
from okrsync.connectors.notion.connector import NotionConnector
from okrsync.connectors.notion.settings import Connection, Source
from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.notion import NotionService
from tests.contract.bench import Truth
from tests.contract.served import Sandboxed

TOKEN = "ntn_sandbox"
ADA = "ada@example.com"
COLUMNS: dict[str, Any] = {
    "title": "title",
    "text": "rich_text",
    "number": "number",
    "percent": "percent",
    "choice": {"select": ["High", "Low"]},
    "stage": {"status": ["Not started", "Done"]},
    "labels": {"multi_select": ["EMEA", "US"]},
    "day": "date",
    "flag": "checkbox",
    "people": "people",
    "address": "url",
    "relation": {"relation": "Others"},
    "key": "rich_text",
    "score": "formula",
}


class Notion(Sandboxed):
    """The workspace is built once; each promise finds it as it was then."""

    name = "notion"
    features = NotionConnector.features
    requests: Mapping[str, tuple[str, str]] = {
        "read": ("POST", "*/query"),
        "write": ("PATCH", "/v1/pages/*"),
        "create": ("POST", "/v1/pages"),
    }

    def __init__(self) -> None:
        self._trust = ssl.create_default_context()
        self.samples: Mapping[str, Sequence[Native]] = {
            "title": ("One", "Two"),
            "text": ("words", "other words", None),
            "number": (Decimal("0.1"), Decimal(0), Decimal("-1234567.89"), None),
            "percent": (Decimal("0.42"), Decimal(1)),
            "choice": ("High", "Low", None),
            "stage": ("Done", "Not started"),
            "labels": (("EMEA", "US"), ("US",), ()),
            "day": (date(2026, 12, 31), None),
            "flag": (True, False),
            "people": ((ADA,), ()),
            "address": ("https://example.com/a", None),
            "key": ("KR-1",),
        }
        self.roles = (*self.samples, "relation")
        self.by_hand = frozenset(self.roles)

    def build(self, clock: VirtualClock) -> NotionService:
        notion = NotionService(clock)
        notion.add_user("Ada", ADA)
        tables = {"Rows": COLUMNS, "Others": {"Name": "title"}}
        database = notion.create_database("OKRs", tables)
        rows = notion.data_source_id(database, "Rows")
        other = notion.add_page(notion.data_source_id(database, "Others"), {"Name": "Elsewhere"})
        self.samples = {**self.samples, "relation": ((other,), ())}
        self.fields = {name: notion.column_id(rows, name) for name in COLUMNS}
        self.key = self.fields["key"]
        self.source = Source(data_source=rows)
        return notion

    def open(self, url: str, timeout: float, secret: str | None = None) -> NotionConnector:
        asked = {"token": secret or TOKEN, "api_url": url, "timeout": timeout}
        # the usual transport, but for the list of authorities, which takes long to load
        transport = httpx.HTTPTransport(verify=self._trust, trust_env=False)
        client = NotionClient(Connection.model_validate(asked), self.running.policy(), transport)
        return NotionConnector("team", client)

    def add(self, **values: Native) -> str:
        asked = {name: _typed(value) for name, value in values.items()}
        made = self.running.person("create", data_source=self.source.data_source, values=asked)
        return str(made["page"])

    def edit(self, record: str, **values: Native) -> None:
        for name, value in values.items():
            self.running.person("edit", page=record, property=name, value=_typed(value))

    def truth(self) -> Truth:
        pages = self.running.state()["notion"]["pages"].values()
        return {
            (page["id"], column): value
            for page in pages
            if page["data_source_id"] == self.source.data_source and not page["in_trash"]
            for column, value in page["values"].items()
        }

    def wrong_source(self) -> Source:
        return Source(data_source="00000000-0000-4000-8000-000000000000")

    def delete(self, record: str) -> None:
        self.running.person("trash", page=record)

    def short_pages(self) -> None:
        state = self.running.state()
        state["notion"]["settings"]["page_limit"] = 2
        self.running.put(state)

    def unreadable(self, record: str) -> str:
        self.running.person("recompute", page=record, property="score", value={"type": "unsupported"})
        return self.fields["score"]

    def computed(self) -> str:
        return self.fields["score"]

    def secrets(self) -> Sequence[str]:
        return (TOKEN,)


def _typed(value: Native) -> Any:
    """What a person types, as JSON."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value
