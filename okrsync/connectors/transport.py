"""What every connector that speaks through `requests` shares: a strict session and one reading of failures.

The session allows nothing that can surprise: bounded times, no cookies, no proxies or passwords from the
environment, no followed redirects. `failure` turns any exception of requests or urllib3 into the error that
says what the caller can do. What a status code means is each service's own matter.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from math import isfinite
from typing import Any

import requests
from requests import exceptions as r
from requests.adapters import HTTPAdapter
from urllib3 import exceptions as u

import okrsync
from okrsync.connectors.errors import BadAnswer, ConnectorError, Rejected, Transient
from okrsync.connectors.policy import NotSent

CONNECT_TIMEOUT = 5.0
"""Seconds to reach a service; it answers or it does not."""


class StrictSession(requests.Session):
    """A session whose rules no library above it can loosen.

    Args:
        timeout: seconds without a byte before an answer counts as lost.
        connections: sockets kept per host; more threads wait for one.
    """

    def __init__(self, timeout: float, connections: int = 8) -> None:
        super().__init__()
        self._timeout = (CONNECT_TIMEOUT, timeout)
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.headers["User-Agent"] = f"okrsync/{okrsync.__version__}"
        for scheme in ("https://", "http://"):
            self.mount(scheme, HTTPAdapter(pool_maxsize=connections, pool_block=True, max_retries=0))

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **rest: Any) -> requests.Response:
        """As `requests.Session.request`, with our time limits and without following redirects."""
        return super().request(
            method, url, *args, **{**rest, "timeout": self._timeout, "allow_redirects": False}
        )


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds the `Retry-After` header asks for, as a number or an HTTP date (RFC 9110 10.2.3).

    Args:
        now: the service's own time where it is known (its `Date` header), aware.

    Returns:
        `None` when the header is missing or makes no sense.
    """
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = _until_date(text, now)
    return max(0.0, seconds) if isfinite(seconds) else None


def _until_date(text: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return float("nan")
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp()


def service_time(headers: Mapping[str, str]) -> datetime:
    """The service's clock as its `Date` header shows it; ours where it shows none."""
    try:
        return parsedate_to_datetime(headers.get("Date", "")).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)


_NOT_SENT = "could not connect"
_LOST = "the connection was lost before an answer came"
_CUT = "the answer was cut or damaged"
_WRONG = "the address or a header is not valid"

FAILURES: Mapping[type[Exception], tuple[type[ConnectorError], str]] = {
    r.ConnectTimeout: (NotSent, _NOT_SENT),
    r.ProxyError: (NotSent, _NOT_SENT),
    r.Timeout: (Transient, "no answer in time"),
    r.SSLError: (Transient, "the secure connection broke"),
    r.ConnectionError: (Transient, _LOST),
    r.RetryError: (Transient, "the service kept failing"),
    r.ChunkedEncodingError: (BadAnswer, _CUT),
    r.ContentDecodingError: (BadAnswer, _CUT),
    r.StreamConsumedError: (BadAnswer, _CUT),
    r.JSONDecodeError: (BadAnswer, "the answer is not JSON"),
    r.TooManyRedirects: (BadAnswer, "the service redirects without end"),
    r.HTTPError: (BadAnswer, "an unexpected status"),
    r.InvalidJSONError: (Rejected, "the request cannot be written as JSON"),
    r.UnrewindableBodyError: (Rejected, "the request cannot be sent again"),
    r.URLRequired: (Rejected, _WRONG),
    r.MissingSchema: (Rejected, _WRONG),
    r.InvalidSchema: (Rejected, _WRONG),
    r.InvalidURL: (Rejected, _WRONG),
    r.InvalidHeader: (Rejected, _WRONG),
    r.RequestException: (Transient, _LOST),
    u.NewConnectionError: (NotSent, _NOT_SENT),
    u.ConnectTimeoutError: (NotSent, _NOT_SENT),
    u.ProxyError: (NotSent, _NOT_SENT),
    u.ProxySchemeUnknown: (NotSent, _NOT_SENT),
    u.ProxySchemeUnsupported: (NotSent, _NOT_SENT),
    u.PoolError: (NotSent, "no free connection"),
    u.TimeoutError: (Transient, "no answer in time"),
    u.SSLError: (Transient, "the secure connection broke"),
    u.ProtocolError: (Transient, _LOST),
    u.MaxRetryError: (Transient, _LOST),
    u.ReadTimeoutError: (Transient, "no answer in time"),
    u.ResponseError: (Transient, "the service kept failing"),
    u.UnrewindableBodyError: (Rejected, "the request cannot be sent again"),
    u.DecodeError: (BadAnswer, _CUT),
    u.IncompleteRead: (BadAnswer, _CUT),
    u.InvalidChunkLength: (BadAnswer, _CUT),
    u.ResponseNotChunked: (BadAnswer, _CUT),
    u.BodyNotHttplibCompatible: (BadAnswer, _CUT),
    u.HeaderParsingError: (BadAnswer, _CUT),
    u.InvalidHeader: (BadAnswer, _CUT),
    u.LocationValueError: (Rejected, _WRONG),
    u.URLSchemeUnknown: (Rejected, _WRONG),
    u.TimeoutStateError: (Transient, "no answer in time"),
    u.HTTPError: (Transient, _LOST),
    OSError: (Transient, _LOST),
}
"""What each library exception means for the caller; the nearest ancestor listed decides."""

_BEFORE_SENDING = (u.NewConnectionError, u.ConnectTimeoutError)


def failure(error: Exception, *, service: str, place: str) -> ConnectorError:
    """The connector error for an exception of requests, urllib3 or the sockets below them.

    Only the kind of the exception reaches the message: texts of libraries may hold addresses with secrets.

    Raises:
        Exception: `error` itself when it is none of theirs, for then it is a bug of ours.
    """
    causes = tuple(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Rejected(
            "the certificate of the service is not trusted",
            service=service,
            place=place,
            advice="Check the address, and the machine's list of certificate authorities",
        )
    if any(isinstance(cause, _BEFORE_SENDING) for cause in causes):
        return NotSent(f"{_NOT_SENT} ({type(error).__name__})", service=service, place=place)
    for ancestor in type(error).__mro__:
        if ancestor in FAILURES:
            kind, text = FAILURES[ancestor]
            return kind(f"{text} ({type(error).__name__})", service=service, place=place)
    raise error


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and everything it wraps; urllib3 keeps the inner one as `reason` or as an argument.

    `__context__` is left out: it may hold an earlier failure that is being handled while this one happened.
    """
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        item = waiting.pop()
        if isinstance(item, BaseException) and not any(item is known for known in seen):
            seen.append(item)
            yield item
            waiting += [item.__cause__, getattr(item, "reason", None), *item.args]
