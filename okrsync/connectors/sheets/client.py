"""How the Sheets API speaks: three calls, over gspread's lowest layer and our own policy.

Arrives: spreadsheet ids, ranges, batch requests. Leaves: JSON with numbers as decimals. gspread gives the
addresses and the session glue; its convenience layer is never used, since it converts texts to numbers in
the wrong locale and opens a spreadsheet by reading it twice. Nothing here knows what a tab means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import requests
from gspread.http_client import HTTPClient
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEET_URL

from okrsync.connectors.errors import BadAnswer
from okrsync.connectors.policy import Effect, Policy
from okrsync.connectors.sheets.auth import Token, load_credentials
from okrsync.connectors.sheets.book import Json
from okrsync.connectors.sheets.errors import Context, TokenRefused
from okrsync.connectors.sheets.settings import DEFAULT_API_URL, Connection
from okrsync.connectors.transport import StrictSession

Check = Callable[[], None]
"""Raises a ConnectorError where a request must not be sent any more."""


def always() -> None:
    """The check that lets everything pass."""


class SheetsHTTPClient(HTTPClient):  # type: ignore[misc]  # gspread is untyped to mypy (follow_imports = skip)
    """gspread's client with an address from the configuration, our strict session, and errors of ours.

    gspread's own error object fails on some bodies, so unsuccessful answers are caught on the session, before
    gspread sees them.
    """

    def __init__(self, token: Token, connection: Connection, email: str) -> None:
        session = StrictSession(connection.timeout)
        session.auth = token
        session.hooks["response"].append(self._check)
        super().__init__(None, session)
        self._api_url = connection.api_url.rstrip("/")
        self._email = email

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        """gspread's one way out, with Google's address replaced by the configured one."""
        address = self._api_url + endpoint.removeprefix(DEFAULT_API_URL)
        answer: requests.Response = super().request(method, address, *args, **kwargs)
        return answer

    def _check(self, answer: requests.Response, **_: Any) -> None:
        if answer.status_code >= requests.codes.bad_request:
            place = f"{answer.request.method} {urlsplit(answer.request.url or '').path}"
            raise Context(place, self._email).from_answer(answer)


class SheetsClient:
    """The calls the connector needs. One instance per connection; one thread at a time."""

    def __init__(self, connection: Connection, policy: Policy) -> None:
        credentials = load_credentials(connection.credentials.get_secret_value())
        self.email: str = credentials.service_account_email
        self.project: str = credentials.project_id or ""
        self._policy = policy
        self._token = Token(credentials, policy, connection.timeout)
        self._http = SheetsHTTPClient(self._token, connection, self.email)

    def authenticate(self) -> None:
        """Fetch a token anew, which proves the key. Raises AuthFailed, Transient, BadAnswer."""
        self._token.drop()
        self._token.ensure()

    def get(self, spreadsheet: str, ranges: Sequence[str], mask: str) -> Json:
        """`spreadsheets.get`: tabs that meet `ranges` (all, when none is given), cut to `mask`."""
        params = {"ranges": list(ranges), "fields": mask, "prettyPrint": "false"}
        return self._send(Effect.READ, "get", SPREADSHEET_URL % spreadsheet, params)

    def batch_update(
        self,
        spreadsheet: str,
        parts: Sequence[Json],
        effect: Effect,
        ranges: Sequence[str],
        mask: str,
        before: Check = always,
    ) -> Json:
        """`spreadsheets.batchUpdate`, atomic, answering with the written `ranges` as they are afterwards.

        `before` is called right before each sending, also before a repeat; what it raises stops the write.
        Raises PartRejected naming the part that made the API refuse the whole.
        """
        body = {"requests": list(parts), "includeSpreadsheetInResponse": True, "responseRanges": list(ranges)}
        params = {"fields": f"updatedSpreadsheet({mask})", "prettyPrint": "false"}
        answer = self._send(effect, "post", SPREADSHEET_BATCH_UPDATE_URL % spreadsheet, params, body, before)
        return answer.get("updatedSpreadsheet", {})

    def requests(self) -> Mapping[str, int]:
        """Requests sent so far, by purpose."""
        return self._policy.requests()

    def close(self) -> None:
        """Release the sockets."""
        self._http.session.close()
        self._token.close()

    def _send(
        self,
        effect: Effect,
        method: str,
        url: str,
        params: Mapping[str, Any],
        body: Json | None = None,
        before: Check = always,
    ) -> Json:
        place = f"{method.upper()} {urlsplit(url).path}"
        classify = Context(place, self.email).classify

        def exchange() -> Json:
            before()
            answer = self._http.request(method, url, params=params, json=body).json(parse_float=Decimal)
            if not isinstance(answer, dict):
                raise BadAnswer("the answer is no JSON object", service="sheets", place=place)
            return answer

        self._token.ensure()
        try:
            return self._policy.send(effect, exchange, classify)
        except TokenRefused:  # it proves that nothing was done; Google may revoke a token before its time
            self._token.drop()
            self._token.ensure()
            return self._policy.send(effect, exchange, classify)
