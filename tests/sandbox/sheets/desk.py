"""A small imitated spreadsheet behind a real socket, and the ways tests talk to it.

Leaves: a running sandbox with one file shared with one service account, the low-level gspread client pointed
at it, and a plain session for edge cases. The client library fixes Google's address, so its origin is
rewritten, as okrsync's own connector must do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import gspread
import requests
from google.auth.transport.requests import Request
from google.oauth2 import service_account

from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.server import Sandbox
from okrsync.sandbox.sheets import SheetsService

ROBOT = "okrsync@sandbox.iam.gserviceaccount.com"
SCOPE = "https://www.googleapis.com/auth/spreadsheets"
GOOGLE = "https://sheets.googleapis.com"
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LOOKUP = "=IFERROR(VLOOKUP($A{row};'_okrsync'!$A:$H;2;FALSE);\"\")"
UNFORMATTED = {"valueRenderOption": "UNFORMATTED_VALUE"}
FORMULA = {"valueRenderOption": "FORMULA"}
Json = Any


class LoopbackClient(gspread.HTTPClient):  # type: ignore[misc] # gspread carries no types
    """gspread's own client with the origin of every address replaced."""

    base = ""

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        """Send to the sandbox instead of Google."""
        response: requests.Response = super().request(
            method, endpoint.replace(GOOGLE, self.base), *args, **kwargs
        )
        return response


@dataclass
class Desk:
    """A running sandbox with one spreadsheet, and a signed-in client."""

    sandbox: Sandbox
    service: SheetsService
    clock: VirtualClock
    id: str
    url: str
    session: requests.Session
    client: LoopbackClient

    def get(self, path: str = "", **params: Any) -> Json:
        """GET something of the file and give back its JSON, refusals included."""
        return self.session.get(f"{self.url}/v4/spreadsheets/{self.id}{path}", params=params).json()

    def post(self, path: str, body: Json, **params: Any) -> requests.Response:
        """POST to the file."""
        return self.session.post(f"{self.url}/v4/spreadsheets/{self.id}{path}", json=body, params=params)

    def put(self, text: str, values: Json, option: str = "RAW", **params: Any) -> requests.Response:
        """PUT values at a range."""
        address = f"{self.url}/v4/spreadsheets/{self.id}/values/{text}"
        return self.session.put(
            address, json={"values": values}, params={"valueInputOption": option, **params}
        )

    def values(self, text: str, option: str = "UNFORMATTED_VALUE", **params: Any) -> Json:
        """The values of a range; None when the answer has none."""
        return self.get(f"/values/{text}", valueRenderOption=option, **params).get("values")

    def batch(self, *requests_: Json, **more: Any) -> requests.Response:
        """One spreadsheets.batchUpdate."""
        return self.post(":batchUpdate", {"requests": list(requests_), **more})

    def act(self, action: str, **arguments: Any) -> Json:
        """A person's edit."""
        return self.sandbox.act("sheets", action, {"spreadsheet": self.id, **arguments})


def message(response: requests.Response) -> str:
    """The text of a refusal."""
    return str(response.json()["error"]["message"])


@cache
def _saved_account(language: str) -> Json:
    """A saved state that holds the robot's account only; making a key takes long, so it is made once."""
    service = SheetsService()
    service.add_service_account(ROBOT, language)
    return service.dump()


def access_token(service: SheetsService, url: str, scope: str = SCOPE) -> str:
    """A token by way of the real credentials library and the sandbox's token endpoint.

    Refreshing by hand keeps the library from starting its background lookup at Google.
    """
    key = service.credentials(ROBOT, url + "/token")
    credentials = service_account.Credentials.from_service_account_info(key, scopes=[scope])
    credentials.refresh(Request())
    return str(credentials.token)


def signed_in(token: str) -> requests.Session:
    """A session that sends a bearer token."""
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    return session


@contextmanager
def desk(
    service: SheetsService, clock: VirtualClock, locale: str = "en_US", language: str = "en"
) -> Iterator[Desk]:
    """Run a sandbox with an empty file shared with the robot account."""
    service.load(_saved_account(language))
    number = service.create_spreadsheet("ACME", locale, "Europe/Paris")
    service.share(number, ROBOT)
    with Sandbox([service], clock=clock) as sandbox:
        url = sandbox.urls["sheets"]
        with signed_in(access_token(service, url)) as session:
            client = LoopbackClient(None, session=session)
            client.base = url
            client.set_timeout((3.05, 30))
            yield Desk(sandbox, service, clock, number, url, session, client)
