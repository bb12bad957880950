"""What went wrong at Google, told in the port's words.

Arrives: any exception of requests, google-auth or gspread, or an HTTP answer. Leaves: one of
`connectors.errors`, with what to do next. Google's statuses decide, never its English sentences: those come
in the account's language. A protected cell is refused with 400, not 403, and a 429 of Google's own
names no waiting time (one from a gateway may).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests
from google.auth import exceptions as google
from gspread import exceptions as gspread

from okrsync.connectors.errors import (
    AuthFailed,
    BadAnswer,
    ConnectorError,
    EditConflict,
    Forbidden,
    NotFound,
    RateLimited,
    Rejected,
    Transient,
)
from okrsync.connectors.transport import failure, retry_after, service_time

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
        for ancestor in type(error).__mro__:
            if ancestor in FAILURES:
                kind, text = FAILURES[ancestor]
                advice = _CREDENTIALS_ADVICE if kind is AuthFailed else ""
                message = f"{text} ({type(error).__name__})"
                return kind(message, service="sheets", place=self.place, advice=advice)
        return failure(error, service="sheets", place=self.place)

    def from_answer(self, answer: requests.Response) -> ConnectorError:
        """The error an unsuccessful answer of the API stands for."""
        status, error = answer.status_code, error_body(answer)
        if _is_rate_limit(error):
            status = HTTPStatus.TOO_MANY_REQUESTS
        later = self._later(status, answer.headers, "the quota of requests per minute is used up")
        if later is not None:
            return later
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
        if status == HTTPStatus.CONFLICT:
            return EditConflict(said, service="sheets", place=self.place, advice="It is tried again next run")
        part = _INDEX.search(said)
        if part is not None:
            return PartRejected(said, index=int(part.group(1)), service="sheets", place=self.place)
        return Rejected(said, service="sheets", place=self.place)

    def _share(self) -> str:
        return f"Share the spreadsheet with {self.email} as an editor"

    def _later(self, status: int, headers: Mapping[str, str], quota: str) -> Transient | None:
        """The error of an answer that means "not now", with the wait it asks for; `None` for others."""
        asked = retry_after(headers, service_time(headers))
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return RateLimited(quota, retry_after=asked, service="sheets", place=self.place)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
            return Transient(f"HTTP {status}", retry_after=asked, service="sheets", place=self.place)
        return None

    def token_refused(self, status: int, body: Any, headers: Mapping[str, str]) -> ConnectorError:
        """The error an unsuccessful answer of the token endpoint stands for (RFC 6749 section 5.2)."""
        later = self._later(status, headers, "too many token requests")
        if later is not None:
            return later
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


_LOST = "no answer of the sign-in service"
_REFUSED = "the credentials do not work"
_UNFIT = "the request cannot be sent"

FAILURES: Mapping[type[Exception], tuple[type[ConnectorError], str]] = {
    google.TransportError: (Transient, _LOST),
    google.TimeoutError: (Transient, _LOST),
    google.ResponseError: (BadAnswer, "the sign-in service's answer is not readable"),
    google.MutualTLSChannelError: (AuthFailed, "the client certificate does not work"),
    google.ClientCertError: (AuthFailed, "the client certificate does not work"),
    google.RefreshError: (AuthFailed, _REFUSED),
    google.UserAccessTokenError: (AuthFailed, _REFUSED),
    google.DefaultCredentialsError: (AuthFailed, _REFUSED),
    google.OAuthError: (AuthFailed, _REFUSED),
    google.GoogleAuthError: (AuthFailed, _REFUSED),
    gspread.SpreadsheetNotFound: (NotFound, "there is no such spreadsheet"),
    gspread.WorksheetNotFound: (NotFound, "there is no such tab"),
    gspread.NoValidUrlKeyFound: (Rejected, _UNFIT),
    gspread.IncorrectCellLabel: (Rejected, _UNFIT),
    gspread.InvalidInputValue: (Rejected, _UNFIT),
    gspread.UnSupportedExportFormat: (Rejected, _UNFIT),
    gspread.GSpreadException: (Rejected, _UNFIT),
}
"""What each exception of google-auth and gspread means for the caller; the nearest ancestor listed decides.
Messages carry the exception's name alone, since the libraries' texts may quote bodies."""
