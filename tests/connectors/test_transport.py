"""The strict session keeps its rules, and every exception below it has a meaning for the caller."""

from __future__ import annotations

import inspect
import socket
from datetime import UTC, datetime, timedelta

import pytest
import requests
import requests.exceptions
import urllib3.exceptions

from okrsync.connectors.errors import ConnectorError
from okrsync.connectors.policy import NotSent
from okrsync.connectors.transport import FAILURES, StrictSession, failure, retry_after, service_time

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ROOTS = {requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError}


def _exceptions() -> list[type[Exception]]:
    return [
        kind
        for module in (requests.exceptions, urllib3.exceptions)
        for kind in vars(module).values()
        if inspect.isclass(kind)
        and issubclass(kind, Exception)
        and not issubclass(kind, Warning)
        and kind.__module__ == module.__name__
    ]


@pytest.mark.parametrize("kind", _exceptions(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_library_exception_has_a_meaning_of_its_own(kind: type[Exception]) -> None:
    """An exception a new release adds below a root must be placed in the table before we ship with it."""
    nearest = next(ancestor for ancestor in kind.__mro__ if ancestor in FAILURES)
    assert kind in ROOTS or nearest not in ROOTS


def test_a_bug_of_ours_is_not_disguised() -> None:
    """An exception that is not the network's stays what it is."""
    with pytest.raises(KeyError):
        failure(KeyError("x"), service="test", place="GET /")


def test_a_refused_connection_was_not_sent() -> None:
    """Nobody listens: provably nothing reached the service, so even a write may be repeated."""
    with socket.socket() as taken, StrictSession(5) as session:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(requests.ConnectionError) as caught:
            session.get(f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert isinstance(failure(caught.value, service="test", place="GET /"), NotSent)


def test_an_earlier_failure_does_not_colour_a_later_one() -> None:
    """A lost answer while a refused connection is being handled is still a lost answer."""
    try:
        try:
            raise urllib3.exceptions.ConnectTimeoutError("earlier")
        except urllib3.exceptions.ConnectTimeoutError:
            raise requests.ConnectionError("reset") from None
    except requests.ConnectionError as error:
        assert not isinstance(failure(error, service="test", place="PUT /"), NotSent)


def test_messages_hold_no_library_text() -> None:
    """Library texts may contain addresses with secrets; only the exception's kind is told."""
    known: ConnectorError = failure(requests.ConnectionError("https://me:secret@x"), service="t", place="p")
    assert "secret" not in str(known)
    assert "ConnectionError" in str(known)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        ("0", 0.0),
        ("-5", 0.0),
        ("1.5", 1.5),
        ("Mon, 04 May 2026 12:01:00 GMT", 60.0),
        ("Mon, 04 May 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("inf", None),
        ("", None),
    ],
)
def test_retry_after_in_all_its_forms(header: str, seconds: float | None) -> None:
    """Seconds, an HTTP date, or nonsense, which counts as not said."""
    assert retry_after({"Retry-After": header}, NOON) == seconds


def test_retry_after_missing() -> None:
    """No header, no wish."""
    assert retry_after({}, NOON) is None


def test_service_time_is_the_services_own() -> None:
    """The `Date` header counts, not this machine's clock."""
    assert service_time({"Date": "Mon, 04 May 2026 12:00:00 GMT"}) == NOON


def test_service_time_falls_back_to_ours() -> None:
    """Without a header our own clock has to do."""
    assert abs(service_time({}) - datetime.now(UTC)) < timedelta(minutes=1)
