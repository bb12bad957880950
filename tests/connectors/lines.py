"""Each way a connector sends a request, behind one shape: four lines, each a read and most also a write.

Arrives: the address of a server and virtual time. Leaves: a `Line` that asks and writes once. The lines are
Jira's, Notion's, that of Sheets, which begins with a token, and the one to Google's token endpoint alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import SecretStr

from okrsync.connectors.jira.client import JiraClient
from okrsync.connectors.jira.settings import Connection as JiraConnection
from okrsync.connectors.notion.client import NotionClient
from okrsync.connectors.notion.settings import Connection as NotionConnection
from okrsync.connectors.pacer import Pacer
from okrsync.connectors.policy import Effect, Policy
from okrsync.connectors.sheets.auth import Token, load_credentials
from okrsync.connectors.sheets.client import SheetsClient
from okrsync.connectors.sheets.settings import Connection as SheetsConnection
from okrsync.sandbox.sheets.accounts import Accounts
from tests.connectors.canned import Canned
from tests.connectors.virtual import VirtualTime

KINDS = ("jira", "notion", "sheets", "token")
WRITING = ("jira", "notion", "sheets")
GOOD = {
    "jira": Canned(200, b'[{"id": "1"}]'),
    "notion": Canned(200, b'{"object": "page"}'),
    "sheets": Canned(200, b'{"sheets": []}'),
    "token": Canned(200, b'{"access_token": "t", "expires_in": 3600}'),
}
"""An answer that each line takes."""
FIRST = {"sheets": (GOOD["token"],)}
"""What a line asks for before its own first request."""


@dataclass
class Line:
    """One client of one service."""

    read: Callable[[], Any]
    """Of the token endpoint: fetch a token."""
    write: Callable[[], Any]


@contextmanager
def line(kind: str, url: str, time: VirtualTime, timeout: float = 2, attempts: int = 3) -> Iterator[Line]:
    """A client of this kind that speaks to `url` in virtual time."""
    pacer = Pacer(sleep=time.sleep, clock=time.clock)
    policy = Policy(kind, pacer, sleep=time.sleep, clock=time.clock, attempts=attempts)
    made, close = _MAKERS[kind](url, policy, timeout)
    try:
        yield made
    finally:
        close()


def _jira(url: str, policy: Policy, timeout: float) -> tuple[Line, Callable[[], None]]:
    settings = JiraConnection(url=url, email="ann@acme.test", token=SecretStr("sesame"), timeout=timeout)
    client = JiraClient(settings, policy)
    return Line(client.fields, lambda: client.edit("1", {"fields": {"summary": "x"}})), client.close


def _notion(url: str, policy: Policy, timeout: float) -> tuple[Line, Callable[[], None]]:
    client = NotionClient(
        NotionConnection(token=SecretStr("ntn_sesame"), api_url=url, timeout=timeout), policy
    )
    page = "11111111-2222-4333-8444-555555555555"
    return Line(lambda: client.data_source(page), lambda: client.update(page, {})), client.close


def _sheets(url: str, policy: Policy, timeout: float) -> tuple[Line, Callable[[], None]]:
    settings = SheetsConnection(credentials=SecretStr(_key(url)), api_url=url, timeout=timeout)
    client = SheetsClient(settings, policy)

    def write() -> Any:
        return client.batch_update("1abc", [{}], Effect.WRITE_ABSOLUTE, [], "sheets")

    return Line(lambda: client.get("1abc", [], "sheets"), write), client.close


def _token(url: str, policy: Policy, timeout: float) -> tuple[Line, Callable[[], None]]:
    token = Token(load_credentials(_key(url)), policy, timeout)
    return Line(token.ensure, token.ensure), token.close


@cache
def _account() -> Any:
    """Making a key takes long."""
    return Accounts().add("okrsync@acme.iam.gserviceaccount.com", "en")


def _key(url: str) -> str:
    return json.dumps(_account().key_file(f"{url}/token"))


_MAKERS = {"jira": _jira, "notion": _notion, "sheets": _sheets, "token": _token}
