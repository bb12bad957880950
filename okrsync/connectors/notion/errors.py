"""What a failure means: every exception that can reach us from Notion, typed by what the caller can do.

Arrives: an exception of notion-client or httpx. Leaves: a `ConnectorError`. The HTTP status decides first,
Notion's code second: the list of codes is open, and gateways in front of Notion answer HTML or nothing.
The body is parsed here because the library drops it for codes it does not know. No message ever quotes a
request, for the token is in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import httpx
from notion_client.errors import (
    HTTPResponseError,
    InvalidPathParameterError,
    NotionClientErrorBase,
    RequestTimeoutError,
)

from okrsync.connectors.base import NativeField
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
from okrsync.connectors.notion.ids import wire_id
from okrsync.connectors.notion.properties import column_of
from okrsync.connectors.notion.wire import NotJson, parse
from okrsync.connectors.policy import NotSent
from okrsync.connectors.transport import retry_after, service_time

SERVICE = "notion"

SHARE_IT = (
    "It may not be shared with the connection, or it may be gone: Notion does not tell which. "
    "Share the page or database (page menu › Connections), or check the id"
)
_CAPABILITY = "Give the connection the capability it lacks (Notion's developer portal › Capabilities)"
_BLOCKED = "public_api_request_blocked"


class Invalid(Rejected):
    """A 400 of Notion's own: the request does not fit its rules, or the columns as they are now."""


class Blocked(Rejected):
    """Notion has blocked this connection: every further request is useless."""


class Unwritable(ValueError):
    """One cell's value cannot be sent to Notion; the text says why. Becomes part of a `Rejected`."""


@dataclass(frozen=True)
class _Answer:
    """What an error answer says, as far as it says anything."""

    status: int
    code: str
    message: str
    request_id: str
    extra: dict[str, Any]
    is_notion: bool
    """Whether Notion itself answered; otherwise a gateway or a wrong address did."""
    retry_after: float | None
    """Seconds, in full."""

    def rest(self, place: str, advice: str = "") -> dict[str, Any]:
        return {"service": SERVICE, "place": place, "advice": advice, "request_id": self.request_id}


def classify(error: Exception, place: str = "") -> ConnectorError:
    """Translate one exception of the client library or of httpx.

    Args:
        error: what a request raised.
        place: what was asked for, for the message.

    Raises:
        Exception: `error` itself, when it is a bug of ours and not an answer of the world.
    """
    if isinstance(error, HTTPResponseError):
        return _by_status(_read(error), place)
    if isinstance(error, RequestTimeoutError):  # the library keeps the cause only as context
        return _transport(error.__context__ or error, place)
    if isinstance(error, NotJson | UnicodeError):
        return BadAnswer("the answer is not JSON", service=SERVICE, place=place)
    return _transport(error, place)


def blamed(message: str, fields: Iterable[NativeField]) -> dict[str, str]:
    """Which of the written fields a validation message names, each with that message.

    Notion names columns only inside the text, by their current name or by the key of the request.
    """
    return {field.id: message for field in fields if _names(message, field)}


def _names(message: str, field: NativeField) -> bool:
    words = (re.escape(text) for text in (field.name, column_of(field), wire_id(column_of(field))))
    return re.search(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", message) is not None


def _read(error: HTTPResponseError) -> _Answer:
    body = _body(error.body)
    extra = body.get("additional_data")
    is_notion = isinstance(body.get("code"), str)
    return _Answer(
        status=error.status,
        code=str(body.get("code", "")),
        message=str(body.get("message") or "no reason given") if is_notion else "the answer is not Notion's",
        request_id=str(body.get("request_id") or error.headers.get("x-notion-request-id") or ""),
        extra=extra if isinstance(extra, dict) else {},
        is_notion=is_notion,
        retry_after=retry_after(error.headers, service_time(error.headers)),
    )


def _body(text: str) -> dict[str, Any]:
    try:
        parsed = parse(text)
    except NotJson:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _by_status(answer: _Answer, place: str) -> ConnectorError:
    special = _BY_STATUS.get(answer.status)
    if special is not None:
        return special(answer, place)
    if answer.status >= 500:
        return _unavailable(answer, place)
    if answer.status < 400:
        return BadAnswer(f"unexpected answer {answer.status}", **answer.rest(place, "Check `api_url`"))
    return _refused(answer, place)


def _refused(answer: _Answer, place: str) -> ConnectorError:
    if not answer.is_notion:
        return _foreign(answer, place)
    if answer.status == 400:
        return Invalid(answer.message, **answer.rest(place, "Look at the columns with `okrsync check`"))
    return Rejected(answer.message, **answer.rest(place))


def _foreign(answer: _Answer, place: str) -> ConnectorError:
    """A 4xx that Notion did not write proves nothing about its pages: a wrong address says 404 too."""
    advice = "Check `api_url`, and whether a proxy stands between"
    return BadAnswer(f"answer {answer.status} that is not Notion's", **answer.rest(place, advice))


def _unauthorized(answer: _Answer, place: str) -> ConnectorError:
    advice = "The token is wrong, revoked or expired: create a new one and update the secret"
    return AuthFailed(answer.message, **answer.rest(place, advice))


def _forbidden(answer: _Answer, place: str) -> ConnectorError:
    advice = _CAPABILITY
    if "block_limit" in answer.extra:
        advice = "The free plan's block limit is reached: nothing can be created until the plan changes"
    return Forbidden(answer.message, **answer.rest(place, advice))


def _not_found(answer: _Answer, place: str) -> ConnectorError:
    if not answer.is_notion:
        return _foreign(answer, place)
    return NotFound(answer.message, **answer.rest(place, SHARE_IT))


def _conflict(answer: _Answer, place: str) -> ConnectorError:
    if not answer.is_notion:
        return _foreign(answer, place)
    return EditConflict(answer.message, **answer.rest(place, "Read the page again and merge again"))


def _too_fast(answer: _Answer, place: str) -> ConnectorError:
    """Notion, "Request limits": one reason of 429 is final, every other passes after `Retry-After`."""
    if answer.extra.get("rate_limit_reason") == _BLOCKED:
        advice = "Notion has blocked these requests; repeating is useless. Ask Notion's support"
        return Blocked(answer.message, **answer.rest(place, advice))
    return RateLimited(answer.message, retry_after=answer.retry_after, **answer.rest(place))


def _unavailable(answer: _Answer, place: str) -> ConnectorError:
    """Of a write, 5xx may come after saving ("Status codes": 503 with `retry_guidance`)."""
    message = f"{answer.status} {answer.message}"
    return Transient(message, retry_after=answer.retry_after, **answer.rest(place))


_BY_STATUS: dict[int, Callable[[_Answer, str], ConnectorError]] = {
    401: _unauthorized,
    403: _forbidden,
    404: _not_found,
    408: _unavailable,
    409: _conflict,
    429: _too_fast,
    529: _too_fast,
}

_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_NOT_SENDABLE = (
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
    InvalidPathParameterError,
)
_BROKEN_ANSWER = (httpx.DecodingError, httpx.TooManyRedirects, httpx.HTTPStatusError, httpx.CookieConflict)


def _transport(error: BaseException, place: str) -> ConnectorError:
    """By what is proven: it never left, it cannot be sent at all, or its answer was lost or broken."""
    what = type(error).__name__
    if isinstance(error, _NEVER_LEFT):
        return NotSent(f"cannot connect ({what})", service=SERVICE, place=place, advice="Check the network")
    if isinstance(error, _NOT_SENDABLE):
        advice = "Check `api_url` and the token"
        return Rejected(f"the request cannot be sent ({what})", service=SERVICE, place=place, advice=advice)
    if isinstance(error, _BROKEN_ANSWER):
        return BadAnswer(f"the answer is broken ({what})", service=SERVICE, place=place)
    if isinstance(error, httpx.HTTPError | NotionClientErrorBase):
        return Transient(f"the answer was lost ({what})", service=SERVICE, place=place)
    raise error
