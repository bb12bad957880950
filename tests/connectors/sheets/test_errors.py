"""Every failure below the connector has a meaning for the caller."""

from __future__ import annotations

import inspect
import json
from typing import Any

import google.auth.exceptions
import gspread.exceptions
import pytest
import requests
import requests.exceptions

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
from okrsync.connectors.sheets.errors import FAILURES, Context, PartRejected, TokenRefused

CONTEXT = Context("GET /v4/spreadsheets/1abc", "okrsync@acme.iam.gserviceaccount.com")
ROOTS = {google.auth.exceptions.GoogleAuthError, gspread.exceptions.GSpreadException}
QUOTA = {
    "code": 429,
    "message": "Quota exceeded for quota metric 'Read requests'",
    "status": "RESOURCE_EXHAUSTED",
    "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "RATE_LIMIT_EXCEEDED"}],
}


def _exceptions(*modules: Any) -> list[type[Exception]]:
    return [
        kind
        for module in modules
        for kind in vars(module).values()
        if inspect.isclass(kind)
        and issubclass(kind, Exception)
        and not issubclass(kind, Warning)
        and kind.__module__ == module.__name__
    ]


def _answer(status: int, body: Any) -> requests.Response:
    answer = requests.Response()
    answer.status_code = status
    answer._content = (body if isinstance(body, str) else json.dumps(body)).encode()
    return answer


def _error(status: int, message: str) -> dict[str, Any]:
    return {"error": {"code": status, "message": message, "status": "SOME"}}


@pytest.mark.parametrize(
    "kind", _exceptions(google.auth.exceptions, gspread.exceptions), ids=lambda kind: kind.__name__
)
def test_every_library_exception_has_a_meaning_of_its_own(kind: type[Exception]) -> None:
    """An exception a new release adds below a root must be placed in the table before we ship with it."""
    if kind is gspread.exceptions.APIError:
        return  # read from its answer, see below
    nearest = next(ancestor for ancestor in kind.__mro__ if ancestor in FAILURES)
    assert kind in ROOTS or nearest not in ROOTS
    assert type(CONTEXT.classify(kind.__new__(kind))) is FAILURES[nearest][0]


@pytest.mark.parametrize("kind", _exceptions(requests.exceptions), ids=lambda kind: kind.__name__)
def test_every_exception_of_requests_is_mapped(kind: type[Exception]) -> None:
    """None of them leaves the connector as it is."""
    assert isinstance(CONTEXT.classify(kind.__new__(kind)), ConnectorError)


def test_a_bug_of_ours_is_not_disguised() -> None:
    """What is none of the libraries' exceptions stays what it is."""
    with pytest.raises(KeyError):
        CONTEXT.classify(KeyError("x"))


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, _error(400, "Unable to parse range: x"), Rejected),
        (400, _error(400, "Invalid requests[2].updateCells: no"), PartRejected),
        (401, _error(401, "invalid"), TokenRefused),
        (403, _error(403, "The caller does not have permission"), Forbidden),
        (403, {"error": {**QUOTA, "code": 403}}, RateLimited),
        (404, _error(404, "Requested entity was not found."), NotFound),
        (408, "", Transient),
        (429, {"error": QUOTA}, RateLimited),
        (500, {"error": {}}, Transient),
        (502, "<html>Bad Gateway</html>", Transient),
        (503, _error(503, "The service is currently unavailable."), Transient),
        (400, "<html>proxy</html>", BadAnswer),
        (403, {"error": "access_denied"}, Forbidden),
        (400, [1], BadAnswer),
    ],
)
def test_the_status_decides_what_an_answer_means(status: int, body: Any, expected: type[Exception]) -> None:
    """Bodies of any shape are survived; only the API's own error object is trusted for the rest."""
    assert type(CONTEXT.from_answer(_answer(status, body))) is expected


def test_an_api_error_of_gspread_is_read_from_its_answer() -> None:
    """Should one be raised in spite of the session's check."""
    error = gspread.exceptions.APIError(_answer(404, _error(404, "gone")))
    assert type(CONTEXT.classify(error)) is NotFound


def test_the_refused_part_is_named() -> None:
    """The index tells whose cell made the batch fail, in whatever language the sentence is."""
    told = "Invalid data[3]: Estás intentando editar una celda protegida"
    error = CONTEXT.from_answer(_answer(400, _error(400, told)))
    assert isinstance(error, PartRejected)
    assert error.index == 3


@pytest.mark.parametrize("status", [403, 404])
def test_a_closed_door_tells_whom_to_share_with(status: int) -> None:
    """Some Google services answer 404 for "exists, but not for you"."""
    error = CONTEXT.from_answer(_answer(status, _error(status, "no")))
    assert "Share the spreadsheet with okrsync@acme.iam.gserviceaccount.com" in str(error)


def test_a_quota_error_promises_no_time() -> None:
    """Google sends no Retry-After; the policy chooses the wait."""
    error = CONTEXT.from_answer(_answer(429, {"error": QUOTA}))
    assert isinstance(error, RateLimited)
    assert error.retry_after is None


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, AuthFailed),
        (401, {"error": "invalid_client"}, AuthFailed),
        (429, {}, RateLimited),
        (503, None, Transient),
        (404, None, BadAnswer),
    ],
)
def test_the_token_endpoint_is_understood(status: int, body: Any, expected: type[Exception]) -> None:
    """A refused assertion is never retried; a page that is no token answer is not blamed on the key."""
    assert type(CONTEXT.token_refused(status, body, {})) is expected
