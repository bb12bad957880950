"""The service account: its key file, and the token that every request carries.

Arrives: the key's JSON or a path. Leaves: a bearer header, renewed when it runs out. google-auth signs the
assertion and reads the answer; the sending is ours. `AuthorizedSession` is not used on purpose: since
google-auth 2.55 it also starts a background look-up at a host nobody configured, it repeats requests behind
the policy's back, and nothing here needs either.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import requests
from google.auth.exceptions import MalformedError
from google.oauth2.service_account import Credentials
from requests.auth import AuthBase

from okrsync.connectors.errors import AuthFailed, BadAnswer
from okrsync.connectors.policy import Effect, Policy
from okrsync.connectors.sheets.errors import Context
from okrsync.connectors.transport import StrictSession

SCOPE = "https://www.googleapis.com/auth/spreadsheets"
_NO_KEY = "the credentials are neither a service account's JSON key nor the path of a file that holds one"


def load_credentials(text: str) -> Credentials:
    """The account of a JSON key or of a file that holds one. Raises AuthFailed, which shows no secret."""
    try:
        return Credentials.from_service_account_info(_key(text), scopes=[SCOPE])
    except MalformedError as error:
        raise _unusable(str(error)) from None
    except ValueError:
        raise _unusable("the private key in the credentials cannot be read") from None


def _key(text: str) -> Mapping[str, Any]:
    if not text.lstrip().startswith("{"):
        try:
            text = Path(text.strip()).expanduser().read_text(encoding="utf-8")
        except (OSError, ValueError):
            raise _unusable(_NO_KEY) from None
    try:
        key = json.loads(text)
    except ValueError:
        raise _unusable(_NO_KEY) from None
    if not isinstance(key, dict):
        raise _unusable(_NO_KEY)
    return key


def _unusable(message: str) -> AuthFailed:
    return AuthFailed(
        message, service="sheets", advice="Download a JSON key of the service account and name its path"
    )


class Token(AuthBase):
    """The bearer header of one account. Requests never fetch a token by themselves: `ensure` does, before.

    Args:
        credentials: the account.
        policy: paces, counts (as `auth`) and repeats the token request.
        timeout: seconds to wait for an answer.
    """

    def __init__(self, credentials: Credentials, policy: Policy, timeout: float) -> None:
        self._credentials = credentials
        self._policy = policy
        self._transport = _TokenTransport(timeout, Context("token", credentials.service_account_email))

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the header on; requests calls this."""
        request.headers["Authorization"] = f"Bearer {self._credentials.token}"
        return request

    def ensure(self) -> None:
        """Fetch a token unless the one there is still good. Raises AuthFailed, Transient, BadAnswer."""
        if not self._credentials.valid:
            self._policy.send(
                Effect.AUTH,
                lambda: self._credentials.refresh(self._transport),
                self._transport.context.classify,
            )

    def drop(self) -> None:
        """Forget a token the API refuses."""
        self._credentials.token = None

    def close(self) -> None:
        """Release the socket to the token endpoint."""
        self._transport.session.close()


@dataclass(frozen=True)
class _Answer:
    """What google-auth wants to see of an answer."""

    status: int
    data: bytes
    headers: Mapping[str, str]


class _TokenTransport:
    """google-auth's way to the token endpoint. It lets only good answers through, so that the library's own
    repeats never start and a 200 that is no token (a login page) is told apart from refused credentials."""

    def __init__(self, timeout: float, context: Context) -> None:
        self.session = StrictSession(timeout)
        self.context = context

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> _Answer:
        answer = self.session.request(method, url, data=body, headers=dict(headers or {}))
        try:
            told = answer.json()
        except ValueError:
            told = None
        if answer.status_code != HTTPStatus.OK:
            raise self.context.token_refused(answer.status_code, told, answer.headers)
        if not isinstance(told, dict) or "access_token" not in told:
            raise BadAnswer("the token endpoint answered without a token", service="sheets", place="token")
        return _Answer(answer.status_code, answer.content, answer.headers)
