"""What went wrong at Google, told in the port's words.

Arrives: any exception of requests, google-auth or gspread, or an HTTP answer. Leaves: one of
`connectors.errors`, with what to do next. Google's statuses decide, never its English sentences: those come
in the account's language. A protected cell is refused with 400, not 403, and a 429 says no waiting time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests
from google.auth import exceptions as google
from gspread import exceptions as gspread
from urllib3.exceptions import NewConnectionError

from okrsync.connectors.errors import (
    AuthFailed,
    BadAnswer,
    ConnectorError,
    Forbidden,
    NotFound,
    RateLimited,
    Rejected,
    Transient,
)
from okrsync.connectors.policy import NotSent

_INDEX = re.compile(r"\b(?:requests|data)\[(\d+)\]")
_RATE_REASONS = frozenset({"RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded"})
_CREDENTIALS_ADVICE = "Check the service account's key file and that the account is still enabled"


class PartRejected(Rejected):
    """One request of a batch was refused, and with it the whole batch. `index` names it."""

    def __init__(self, message: str, *, index: int, service: str, place: str) -> None:
        super().__init__(message, service=service, place=place)
        self.index = index


class TokenRefused(AuthFailed):
    """The API refuses the token it was shown; a fresh one may pass."""


@dataclass(frozen=True)
class Context:
    """What a message needs to be helpful: where the request went, and whose account it was."""

    place: str
    email: str

    def classify(self, error: Exception) -> ConnectorError:
        """The port's error for a library's exception; any other exception is a bug and raised again."""
        if isinstance(error, gspread.APIError):
            return self.from_answer(error.response)
        if _never_left(error):
            return _unreachable(type(error).__name__, self.place)
        for kinds, make in _LIBRARY:
            if isinstance(error, kinds):
                return make(type(error).__name__, self.place)
        raise error

    def from_answer(self, answer: requests.Response) -> ConnectorError:
        """The error an unsuccessful answer of the API stands for."""
        status, error = answer.status_code, error_body(answer)
        if status == HTTPStatus.TOO_MANY_REQUESTS or _is_rate_limit(error):
            return RateLimited(
                "the quota of requests per minute is used up", service="sheets", place=self.place
            )
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
            return Transient(f"HTTP {status}", service="sheets", place=self.place)
        if not error:
            return BadAnswer(
                f"HTTP {status} without the API's error body", service="sheets", place=self.place
            )
        return self._refusal(status, _message(error))

    def _refusal(self, status: int, said: str) -> ConnectorError:
        if status == HTTPStatus.UNAUTHORIZED:
            return TokenRefused(
                f"the API refuses the token: {said}",
                service="sheets",
                place=self.place,
                advice=_CREDENTIALS_ADVICE,
            )
        if status == HTTPStatus.FORBIDDEN:
            return Forbidden(said, service="sheets", place=self.place, advice=self._share())
        if status == HTTPStatus.NOT_FOUND:
            advice = f"Check the id. {self._share()}"
            return NotFound(
                "there is no such spreadsheet, or it is not shared with this account",
                service="sheets",
                place=self.place,
                advice=advice,
            )
        part = _INDEX.search(said)
        if part is not None:
            return PartRejected(said, index=int(part.group(1)), service="sheets", place=self.place)
        return Rejected(said, service="sheets", place=self.place)

    def _share(self) -> str:
        return f"Share the spreadsheet with {self.email} as an editor"

    def token_refused(self, status: int, body: Any) -> ConnectorError:
        """The error an unsuccessful answer of the token endpoint stands for (RFC 6749 section 5.2)."""
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return RateLimited("too many token requests", service="sheets", place=self.place)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return Transient(f"HTTP {status}", service="sheets", place=self.place)
        code = body.get("error") if isinstance(body, dict) else None
        if code is None:
            return BadAnswer(f"HTTP {status}, not a token answer", service="sheets", place=self.place)
        return AuthFailed(
            f"no token for {self.email}: {code}",
            service="sheets",
            place=self.place,
            advice=_CREDENTIALS_ADVICE,
        )


def error_body(answer: requests.Response) -> dict[str, Any]:
    """The `error` object of an answer; empty when the body is something else, such as HTML."""
    try:
        body = answer.json()
    except ValueError:
        return {}
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {"message": error} if isinstance(error, str) else {}


def _message(error: dict[str, Any]) -> str:
    return str(error.get("message") or error.get("status") or "no reason given").rstrip(".")


def _is_rate_limit(error: dict[str, Any]) -> bool:
    details = [*error.get("details", ()), *error.get("errors", ())]
    return any(isinstance(part, dict) and part.get("reason") in _RATE_REASONS for part in details)


def _never_left(error: Exception) -> bool:
    """No connection came about: requests wraps urllib3's refusal and failed name look-up."""
    cause = error.args[0] if isinstance(error, requests.exceptions.ConnectionError) and error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


Make = Callable[[str, str], ConnectorError]


def _credentials(name: str, place: str) -> ConnectorError:
    return AuthFailed(
        f"the credentials do not work ({name})", advice=_CREDENTIALS_ADVICE, service="sheets", place=place
    )


def _unreachable(name: str, place: str) -> ConnectorError:
    return NotSent(
        f"no connection ({name})", advice="Check the network and the address", service="sheets", place=place
    )


def _lost(name: str, place: str) -> ConnectorError:
    return Transient(
        f"the connection broke or the answer did not come in time ({name})", service="sheets", place=place
    )


def _garbled(name: str, place: str) -> ConnectorError:
    return BadAnswer(f"the answer is not readable ({name})", service="sheets", place=place)


def _impossible(name: str, place: str) -> ConnectorError:
    return Rejected(
        f"the request cannot be sent ({name})",
        advice="Check the connection's settings",
        service="sheets",
        place=place,
    )


# first match wins, so the narrow ones stand above their bases; messages carry the exception's name alone,
# since texts of these libraries may quote addresses with parameters, or bodies
_LIBRARY: tuple[tuple[tuple[type[Exception], ...], Make], ...] = (
    (
        (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError),
        _unreachable,
    ),
    (
        (
            requests.exceptions.JSONDecodeError,
            requests.exceptions.ContentDecodingError,
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.TooManyRedirects,
        ),
        _garbled,
    ),
    ((requests.exceptions.ConnectionError, requests.exceptions.Timeout), _lost),
    ((requests.exceptions.RequestException,), _impossible),
    ((google.TransportError, google.TimeoutError, google.ResponseError), _lost),
    ((google.GoogleAuthError,), _credentials),
    ((gspread.GSpreadException, gspread.UnSupportedExportFormat), _impossible),
)
