"""Every failure of the client library and of httpx has one meaning, decided by status first."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from typing import Any

import httpx
import notion_client.errors
import pytest

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
from okrsync.connectors.notion.errors import Blocked, Invalid, blamed, classify
from okrsync.connectors.policy import NotSent
from tests.connectors.notion.samples import FIELDS

BUGS = (httpx.StreamError,)
"""Misuse of httpx by the program itself: raised as it is, never reported as a service's fault."""
REQUEST = httpx.Request(
    "GET", "https://api.notion.com/v1/users/me", headers={"Authorization": "Bearer ntn_x"}
)


def answered(status: int, body: Any, headers: dict[str, str] | None = None) -> ConnectorError:
    """What an answer means, through the library's own construction of its error."""
    text = body if isinstance(body, str) else json.dumps(body)
    response = httpx.Response(status, headers=headers, text=text, request=REQUEST)
    return classify(notion_client.errors.build_request_error(response, text), "GET /v1/x")


def refused(status: int, code: str, **rest: Any) -> ConnectorError:
    """An answer in Notion's own error shape."""
    body = {"object": "error", "status": status, "code": code, "message": "because", "request_id": "r-1"}
    return answered(status, body | rest)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "validation_error", Invalid),
        (400, "missing_version", Invalid),
        (400, "a_code_of_tomorrow", Invalid),
        (401, "unauthorized", AuthFailed),
        (403, "restricted_resource", Forbidden),
        (404, "object_not_found", NotFound),
        (409, "conflict_error", EditConflict),
        (413, "validation_error", Rejected),
        (429, "rate_limited", RateLimited),
        (500, "internal_server_error", Transient),
        (502, "bad_gateway", Transient),
        (503, "service_unavailable", Transient),
        (503, "database_connection_unavailable", Transient),
        (504, "gateway_timeout", Transient),
        (529, "service_overload", RateLimited),
    ],
)
def test_status_decides(status: int, code: str, kind: type[ConnectorError]) -> None:
    """Known and unknown codes of one status mean the same; Notion's request id is kept."""
    error = refused(status, code)
    assert type(error) is kind
    assert (error.request_id, error.place, error.service) == ("r-1", "GET /v1/x", "notion")


@pytest.mark.parametrize("body", ["", "<html>blocked</html>", "[]", '{"message": "other"}'])
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, BadAnswer),
        (400, BadAnswer),
        (401, AuthFailed),
        (403, Forbidden),
        (404, BadAnswer),
        (409, BadAnswer),
        (429, RateLimited),
        (502, Transient),
        (529, RateLimited),
    ],
)
def test_answers_that_are_not_notions(status: int, kind: type[ConnectorError], body: str) -> None:
    """A gateway's page is judged by status, and its 404 proves nothing about a page of Notion."""
    assert type(answered(status, body)) is kind


def test_the_pause_is_kept_in_full() -> None:
    """Two minutes are two minutes, also where the body is no JSON."""
    error = answered(429, "", {"Retry-After": "120"})
    assert isinstance(error, RateLimited) and error.retry_after == 120


def test_a_pause_until_a_date_counts_from_the_answers_own_date() -> None:
    """A proxy's form of the header, free of this machine's clock."""
    headers = {"Retry-After": "Mon, 02 Nov 2026 09:01:30 GMT", "Date": "Mon, 02 Nov 2026 09:00:00 GMT"}
    error = answered(529, "", headers)
    assert isinstance(error, RateLimited) and error.retry_after == 90


def test_a_blocked_token_is_final() -> None:
    """One reason of 429 never passes by waiting."""
    extra = {"rate_limit_reason": "public_api_request_blocked", "retry_after": "60"}
    error = refused(429, "rate_limited", additional_data=extra)
    assert type(error) is Blocked and "useless" in error.advice


def test_the_block_limit_is_told_apart_from_a_capability() -> None:
    """Both are 403; one is cured in the portal, the other by another plan."""
    limit = refused(403, "restricted_resource", additional_data={"block_limit": "block_creation"})
    assert "plan" in limit.advice
    assert "capability" in refused(403, "restricted_resource").advice


def test_not_found_names_both_causes() -> None:
    """Notion does not tell gone from not shared, so neither do we."""
    advice = refused(404, "object_not_found").advice
    assert "shared" in advice and "gone" in advice and "Connections" in advice


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (httpx.ConnectTimeout("x"), NotSent),
        (httpx.PoolTimeout("x"), NotSent),
        (httpx.ReadTimeout("x"), Transient),
        (httpx.WriteTimeout("x"), Transient),
    ],
)
def test_a_timeout_before_sending_is_told_from_a_lost_answer(
    cause: httpx.TimeoutException, kind: type[ConnectorError]
) -> None:
    """The library wraps all four into one class; the difference decides whether a write is repeated."""
    with pytest.raises(notion_client.errors.RequestTimeoutError) as caught:
        try:
            raise cause
        except httpx.TimeoutException:
            raise notion_client.errors.RequestTimeoutError()  # noqa: B904  # as the library does it
    assert type(classify(caught.value)) is kind


def test_a_refused_connection_was_never_sent() -> None:
    """Safe to repeat, whatever it was."""
    assert type(classify(httpx.ConnectError("refused"))) is NotSent


def test_no_message_quotes_the_request() -> None:
    """httpx tells an illegal header by quoting it, and the header holds the token."""
    error = classify(httpx.LocalProtocolError("Illegal header value b'Bearer ntn_x'"))
    assert "ntn_x" not in f"{error} {error!r} {error.__dict__}"


def exceptions_of(module: Any) -> Iterator[type[Exception]]:
    for _, member in inspect.getmembers(module, inspect.isclass):
        if issubclass(member, Exception) and not issubclass(member, DeprecationWarning):
            yield member


def example(kind: type[Exception]) -> Exception:
    """One instance, built as its signature wants."""
    response = httpx.Response(500, request=REQUEST)
    known: dict[str, Any] = {
        "request": REQUEST,
        "response": response,
        "message": "text",
        "code": "internal_server_error",
        "status": 500,
        "headers": response.headers,
        "raw_body_text": "",
    }
    wanted = inspect.signature(kind.__init__).parameters.values()
    needed = [
        each.name for each in wanted if each.default is each.empty and each.kind is not each.VAR_POSITIONAL
    ]
    return kind(**{name: known[name] for name in needed if name in known})


ALL = sorted(
    {*exceptions_of(httpx), *exceptions_of(notion_client.errors)}, key=lambda kind: kind.__qualname__
)


@pytest.mark.parametrize("kind", [kind for kind in ALL if not issubclass(kind, BUGS)])
def test_every_exception_of_the_libraries_is_mapped(kind: type[Exception]) -> None:
    """A class added by a new release of either fails here until somebody decides its meaning."""
    assert isinstance(classify(example(kind)), ConnectorError)


@pytest.mark.parametrize("kind", [ValueError, KeyError, *(kind for kind in ALL if issubclass(kind, BUGS))])
def test_bugs_of_ours_stay_bugs(kind: type[Exception]) -> None:
    """What the program itself did wrong is raised, not dressed up as a failure of Notion."""
    bug = kind("x") if kind is httpx.StreamError or kind in (ValueError, KeyError) else example(kind)
    with pytest.raises(kind):
        classify(bug)


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("body failed validation: body.properties.hlth.select should be an object", {"hlth"}),
        ("Health is expected to be status.", {"hlth"}),
        ("body.properties.%3AJ%7B%3A.number should be a number", {":J{:"}),
        ("Healthy advice", set()),
    ],
)
def test_a_validation_message_blames_its_columns(message: str, fields: set[str]) -> None:
    """Notion names columns in the text only, by name or by the key we sent."""
    assert set(blamed(message, [FIELDS["hlth"], FIELDS[":J{:"]])) == fields
