"""What Jira's refusals mean for the caller: one place for status codes, one for the library's exceptions.

Arrives: an answer, or an exception of the client library and of requests below it. Leaves: an error of
`connectors.errors`. Jira's texts are translated for the account, so decisions are made by status, header and
field id, never by words; the words are handed on for people to read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import requests
from atlassian import errors as library

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
from okrsync.connectors.jira.pace import until_reset
from okrsync.connectors.transport import failure, retry_after, service_time

SERVICE = "jira"
BURST = "jira-burst-based"
"""`RateLimit-Reason` of a 429 that concerns one endpoint and method only."""
PER_ISSUE = "jira-per-issue-on-write"
"""`RateLimit-Reason` of a 429 that concerns writes to one issue only."""

NO_SCOPES: Mapping[str, str] = MappingProxyType({})

_CHECK_TOKEN = (
    "Check the connection's e-mail and token; API tokens end after a year at most. A token with scopes "
    "needs the connection's `cloud_id`, one without must not have it"
)
_LOG_IN = "Log in to Jira in a browser once; after failed log-ins Jira refuses the API until somebody does"
_CHECK_URL = "Check the connection's address; a log-in page or a proxy seems to stand in between"

LIBRARY: Mapping[type[Exception], type[ConnectorError]] = {
    library.ApiNotFoundError: NotFound,
    library.ApiPermissionError: Forbidden,
    library.ApiValueError: Rejected,
    library.ApiConflictError: EditConflict,
    library.ApiNotAcceptable: Rejected,
    library.ApiError: BadAnswer,
    library.JsonRPCRestrictionsError: Forbidden,
    library.JsonRPCError: BadAnswer,
}
"""The client library's own exceptions; its raw verbs raise none today, a new release might."""

_STATUS: Mapping[int, tuple[type[ConnectorError], str]] = {
    401: (AuthFailed, _CHECK_TOKEN),
    403: (Forbidden, "Ask a Jira admin to give this account the permission"),
    404: (NotFound, "It is gone, or this account may not see it; Jira does not tell which"),
    409: (EditConflict, "Somebody wrote at the same moment; run again"),
}


def classify(error: Exception, place: str) -> ConnectorError:
    """The meaning of an exception raised while sending. Raises `error` itself when it is a bug of ours."""
    for ancestor in type(error).__mro__:
        if ancestor in LIBRARY:
            text = f"the client library failed ({type(error).__name__})"
            return LIBRARY[ancestor](text, service=SERVICE, place=place)
    return failure(error, service=SERVICE, place=place)


def refusal(
    response: requests.Response, place: str, scopes: Mapping[str, str] = NO_SCOPES
) -> ConnectorError | None:
    """The error an answer stands for, `None` when the answer is a success (2xx).

    Args:
        scopes: by `RateLimit-Reason`, what must pause; any other reason, or none, pauses everything, since
            hourly quotas and unknown limits belong to the whole account.
    """
    status = response.status_code
    if 200 <= status < 300:
        return None
    where = {"service": SERVICE, "place": place, "request_id": request_id(response)}
    if 300 <= status < 400:
        return _redirect(response, where)
    if _locked_out(response):
        return AuthFailed("Jira refuses this account's log-in", advice=_LOG_IN, **where)
    body = _body(response)
    text = _words(body) or response.reason or "no reason given"
    message = f"{status} {text}"
    if status == 429:
        return _too_fast(response, where, scopes)
    if status in _STATUS:
        kind, advice = _STATUS[status]
        return kind(message, advice=advice, **where)
    if status >= 500 or status in (408, 425):
        asked = retry_after(response.headers, service_time(response.headers))
        return Transient(message, retry_after=asked, **where)
    return Rejected(message, fields=_fields(body), **where)


def not_json(response: requests.Response, place: str, why: str) -> BadAnswer:
    """A success that cannot be one: a page, a cut text, another type."""
    return BadAnswer(why, service=SERVICE, place=place, advice=_CHECK_URL, request_id=request_id(response))


def request_id(response: requests.Response) -> str:
    """Atlassian's id of the request, which its support asks for."""
    headers = response.headers
    return str(
        headers.get("Atl-Traceid") or headers.get("Atl-Request-Id") or headers.get("X-AREQUESTID") or ""
    )


def _redirect(response: requests.Response, where: Mapping[str, str]) -> ConnectorError:
    """Jira's API never redirects what we ask; a log-in page means it does not know us."""
    if "login" in response.headers.get("Location", "").lower():
        return AuthFailed("Jira sends us to its log-in page", advice=_CHECK_TOKEN, **where)
    return BadAnswer(f"redirected ({response.status_code})", advice=_CHECK_URL, **where)


def _locked_out(response: requests.Response) -> bool:
    """Jira's header for "too many failed log-ins": a person has to solve a CAPTCHA first."""
    reason = response.headers.get("X-Seraph-LoginReason", "")
    return response.status_code in (401, 403) and "AUTHENTICATION_DENIED" in reason


def _too_fast(
    response: requests.Response, where: Mapping[str, str], scopes: Mapping[str, str]
) -> RateLimited:
    reason = response.headers.get("RateLimit-Reason", "")
    told = f" ({reason})" if reason else ""
    return RateLimited(
        f"429 too many requests{told}",
        retry_after=_wait(response.headers, reason),
        scope=scopes.get(reason, ""),
        **where,
    )


def _wait(headers: Mapping[str, str], reason: str) -> float | None:
    """Seconds to wait after a 429.

    The hourly quotas (`jira-quota-...`) end at the top of the hour, yet their Retry-After has been seen to
    name a full hour; for them the earlier of Retry-After and X-RateLimit-Reset counts.
    """
    now = service_time(headers)
    asked = retry_after(headers, now)
    reset = until_reset(headers, now) if "quota" in reason else None
    known = [seconds for seconds in (asked, reset) if seconds is not None]
    return min(known, default=None)


def _body(response: requests.Response) -> Mapping[str, Any]:
    try:
        body = json.loads(response.content)
    except ValueError:  # a page of a gateway, or nothing
        return {}
    return body if isinstance(body, dict) else {}


def _fields(body: Mapping[str, Any]) -> dict[str, str]:
    errors = body.get("errors")
    return {str(name): str(text) for name, text in errors.items()} if isinstance(errors, dict) else {}


def _words(body: Mapping[str, Any]) -> str:
    """Every text of an error, in Jira's own shape or in that of the gateway in front of it."""
    general = body.get("errorMessages")
    texts = [str(text) for text in general] if isinstance(general, list) else []
    texts += [f"{name}: {text}" for name, text in _fields(body).items()]
    if not texts and isinstance(body.get("message"), str):
        texts = [body["message"]]
    return "; ".join(texts)
