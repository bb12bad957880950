"""The client over real sockets: its signed requests, and every kind of answer that is not the protocol."""

from __future__ import annotations

import base64
import inspect
import json
import socket
from collections.abc import Mapping
from decimal import Decimal

import atlassian.errors
import pytest
from pydantic import SecretStr

from okrsync.connectors.errors import (
    AuthFailed,
    BadAnswer,
    ConnectorError,
    EditConflict,
    Forbidden,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Transient,
)
from okrsync.connectors.jira.client import JiraClient
from okrsync.connectors.jira.errors import LIBRARY, classify
from okrsync.connectors.jira.settings import Connection
from okrsync.connectors.pacer import Pacer
from okrsync.connectors.policy import Policy
from tests.connectors.canned import Canned, CannedServer
from tests.connectors.virtual import VirtualTime

TOKEN = "sesame-sesame"
HTML = Canned(200, b"<html>Log in</html>", "text/html")
OK = Canned(200, b'{"accountId": "1"}')


def client(url: str, time: VirtualTime | None = None, timeout: float = 2) -> JiraClient:
    time = time or VirtualTime()
    pacer = Pacer(sleep=time.sleep, clock=time.clock)
    policy = Policy("jira", pacer, sleep=time.sleep, clock=time.clock, attempts=3)
    return JiraClient(connection(url, timeout), policy)


def connection(url: str, timeout: float = 2) -> Connection:
    return Connection(url=url, email="ann@acme.test", token=SecretStr(TOKEN), timeout=timeout)


def error_of(*answers: Canned, write: bool = False) -> tuple[ConnectorError, int]:
    """The error a read (or write) ends with, and how many requests it took."""
    with CannedServer(*answers) as server:
        jira = client(server.url)
        with pytest.raises(ConnectorError) as caught:
            jira.edit("10001", {"fields": {}}) if write else jira.myself()
        jira.close()
        return caught.value, len(server.asked)


def test_requests_are_signed_and_named() -> None:
    """E-mail and token as basic authentication, our name as user agent."""
    with CannedServer(OK) as server:
        jira = client(server.url)
        assert jira.myself() == {"accountId": "1"}
        jira.close()
    headers = server.asked[0].headers
    assert (
        base64.b64decode(headers["Authorization"].removeprefix("Basic ")) == f"ann@acme.test:{TOKEN}".encode()
    )
    assert headers["User-Agent"].startswith("okrsync/")


def test_numbers_are_read_as_decimals() -> None:
    """No float ever comes out of an answer."""
    with CannedServer(Canned(200, b'[{"id": 1, "n": 0.1}]')) as server:
        jira = client(server.url)
        assert jira.fields() == [{"id": Decimal(1), "n": Decimal("0.1")}]
        jira.close()


def test_cookies_are_not_sent_back() -> None:
    """A stale session cookie must not stand beside a good token."""
    with CannedServer(Canned(headers={"Set-Cookie": "JSESSIONID=old; Path=/"})) as server:
        jira = client(server.url)
        jira.myself()
        jira.myself()
        jira.close()
    assert "Cookie" not in server.asked[1].headers


def test_the_environments_proxy_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment would see every token; only the admin's file decides."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with CannedServer(OK) as server:
        jira = client(server.url)
        jira.myself()
        jira.close()
    assert len(server.asked) == 1


def test_an_edit_asks_for_the_issue_and_leaves_mails_alone() -> None:
    """`returnIssue=true` in lower case, and no `notifyUsers`."""
    with CannedServer(Canned(200, b'{"id": "10001"}', headers={"Atl-Traceid": "t1"})) as server:
        jira = client(server.url)
        reply = jira.edit("10001", {"fields": {"summary": "x"}})
        jira.close()
    assert server.asked[0].line.startswith("PUT /rest/api/3/issue/10001?returnIssue=true ")
    assert json.loads(server.asked[0].body) == {"fields": {"summary": "x"}}
    assert reply.evidence == "200 t1"


def test_ids_cannot_break_out_of_the_path() -> None:
    """A question mark or slash in an id is data, not address."""
    with CannedServer(OK) as server:
        jira = client(server.url)
        jira.edit("A/B?x#y", {"fields": {}})
        jira.close()
    assert server.asked[0].line.startswith("PUT /rest/api/3/issue/A%2FB%3Fx%23y?")


def test_an_empty_204_is_an_answer() -> None:
    """Jira answers an edit without the issue where it likes."""
    with CannedServer(Canned(204, b"")) as server:
        jira = client(server.url)
        assert jira.edit("1", {"fields": {}}).data is None
        jira.close()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Canned(400, b'{"errorMessages": [], "errors": {"summary": "no"}}'), Rejected),
        (Canned(401, b""), AuthFailed),
        (Canned(401, b'{"code": 401, "message": "scope"}'), AuthFailed),
        (Canned(403, b"{}"), Forbidden),
        (Canned(403, b"", headers={"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}), AuthFailed),
        (Canned(404, b"<html>", "text/html"), NotFound),
        (Canned(409), EditConflict),
        (Canned(410), Rejected),
        (Canned(413), Rejected),
        (Canned(422), Rejected),
        (Canned(302, b"", headers={"Location": "https://id.atlassian.com/login?x"}), AuthFailed),
    ],
)
@pytest.mark.parametrize("write", [False, True])
def test_final_statuses(answer: Canned, kind: type[ConnectorError], write: bool) -> None:
    """What a repeat cannot cure is asked once and typed by what the caller can do."""
    error, asked = error_of(answer, write=write)
    assert type(error) is kind
    assert asked == 1
    assert error.place.startswith(("GET /rest/api/3", "PUT /rest/api/3"))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Canned(500), Transient),
        (Canned(503, b"<html>", "text/html"), Transient),
        (HTML, BadAnswer),
        (Canned(200, b""), BadAnswer),
        (Canned(200, b'{"a": NaN}'), BadAnswer),
        (Canned(200, b'{"a": '), BadAnswer),
        (Canned(200, b'{"a": ', cut=True), ConnectorError),
        (Canned(302, b"", headers={"Location": "https://elsewhere.test/"}), BadAnswer),
    ],
)
def test_passing_trouble_is_repeated_for_reads_only(answer: Canned, kind: type[ConnectorError]) -> None:
    """A read is asked again up to its attempts; a write whose answer is lost has an unknown outcome."""
    read_error, read_asked = error_of(answer)
    write_error, write_asked = error_of(answer, write=True)
    assert isinstance(read_error, kind)
    assert read_asked == 3
    assert type(write_error) is OutcomeUnknown
    assert write_asked == 1


def test_a_read_recovers() -> None:
    """One bad page in between does not fail a run."""
    with CannedServer(HTML, Canned(503), OK) as server:
        jira = client(server.url)
        assert jira.myself() == {"accountId": "1"}
        assert jira.requests() == {"read": 0, "write": 0, "auth": 3}
        jira.close()


@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": "7", "RateLimit-Reason": "jira-burst-based"}, 7),
        ({"Retry-After": "5", "RateLimit-Reason": "jira-per-issue-on-write"}, 5),
        (
            {
                "Retry-After": "3600",
                "RateLimit-Reason": "jira-quota-tenant-based",
                "X-RateLimit-Reset": "2026-05-04T12:01:00Z",
                "Date": "Mon, 04 May 2026 12:00:00 GMT",
            },
            60,
        ),
    ],
)
def test_too_many_requests(headers: Mapping[str, str], waited: float) -> None:
    """The wait follows Retry-After, for an hourly quota the earlier reset; a write is then sent again."""
    time = VirtualTime()
    with CannedServer(Canned(429, b"", headers=headers), Canned(204, b"")) as server:
        jira = client(server.url, time)
        jira.edit("1", {"fields": {}})
        jira.close()
    assert time.now == pytest.approx(waited, abs=1)
    assert time.now >= waited
    assert len(server.asked) == 2


def test_a_long_quota_pause_is_told() -> None:
    """An hour is not slept through; the message names it."""
    error, asked = error_of(Canned(429, b"<html>", "text/html", {"Retry-After": "3600"}))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 3600
    assert "3600 s" in str(error)
    assert asked == 1


def test_a_refusal_names_its_fields() -> None:
    """Both parts of Jira's error body reach the message, the fields also as data."""
    body = b'{"errorMessages": ["Cannot edit."], "errors": {"customfield_1": "not on screen"}}'
    error, _ = error_of(Canned(400, body), write=True)
    assert isinstance(error, Rejected)
    assert error.fields == {"customfield_1": "not on screen"}
    assert "Cannot edit." in str(error)
    assert "customfield_1: not on screen" in str(error)


def test_no_secret_in_messages_or_reprs() -> None:
    """The token appears nowhere a log could catch it."""
    error, _ = error_of(Canned(401, b""))
    settings = connection("https://x.test")
    assert TOKEN not in f"{error}{error!r}{settings!r}{settings.model_dump_json()}"


def test_a_read_that_never_answers_is_given_up() -> None:
    """A service that accepts and stays silent costs the time-out, not the night."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        jira = client(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.05)
        with pytest.raises(OutcomeUnknown):
            jira.edit("1", {"fields": {}})
        with pytest.raises(Transient):
            jira.myself()
        jira.close()


@pytest.mark.parametrize(
    "kind",
    [k for k in vars(atlassian.errors).values() if inspect.isclass(k) and issubclass(k, Exception)],
    ids=lambda kind: str(kind.__name__),
)
def test_every_library_exception_is_mapped(kind: type[Exception]) -> None:
    """An exception a new release of the client library adds must be placed in the table first."""
    assert kind in LIBRARY
    assert type(classify(kind("x"), "GET /")) is LIBRARY[kind]
