"""The sandbox's own promises: addresses, log, faults, clock and admin port, over real sockets."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.faults import STALE_SECONDS, FaultRule
from okrsync.sandbox.server import Sandbox
from okrsync.sandbox.service import PersonError

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Counter:
    """The smallest service: one number that can be read, raised by one, and set by a person."""

    def __init__(self, name: str = "jira") -> None:
        self.name = name
        self.number = 0
        self.threads: set[int] = set()

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/number", self._read, methods=["GET"]),
            Route("/number", self._raise, methods=["POST"]),
            Route("/broken", self._broken, methods=["GET"]),
        ]

    async def _read(self, request: Request) -> JSONResponse:
        self.threads.add(threading.get_ident())
        stale = request.scope.get(STALE_SECONDS)
        return JSONResponse({"number": self.number, "stale": stale, "filler": "x" * 200})

    async def _raise(self, request: Request) -> JSONResponse:
        self.number += 1
        return JSONResponse({"number": self.number, "filler": "x" * 200})

    async def _broken(self, request: Request) -> JSONResponse:
        raise RuntimeError("a defect")

    def dump(self) -> dict[str, Any]:
        return {"number": self.number}

    def load(self, data: Mapping[str, Any]) -> None:
        if set(data) != {"number"}:
            raise ValueError("not a counter")
        self.number = data["number"]

    def person(self, action: str, arguments: Mapping[str, Any]) -> Any:
        if action != "set":
            raise PersonError(f"cannot {action}")
        self.number = arguments["number"]
        return self.number

    def reset(self) -> None:
        self.number = 0


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def sandbox(counter: Counter) -> Iterator[Sandbox]:
    with Sandbox([counter, Counter("notion"), Counter("sheets")], clock=VirtualClock(START)) as running:
        yield running


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def number(sandbox: Sandbox, http: requests.Session, **kwargs: Any) -> requests.Response:
    return http.get(sandbox.urls["jira"] + "/number", timeout=5, **kwargs)


def test_each_service_has_its_own_port(sandbox: Sandbox, http: requests.Session) -> None:
    """A request to one address never reaches another service."""
    http.post(sandbox.urls["notion"] + "/number", timeout=5)
    assert number(sandbox, http).json()["number"] == 0
    assert http.get(sandbox.urls["notion"] + "/number", timeout=5).json()["number"] == 1


def test_stop_frees_the_port_and_start_listens_again(counter: Counter, http: requests.Session) -> None:
    """The same object may be started twice; after stop nobody answers."""
    sandbox = Sandbox([counter])
    with sandbox:
        url = sandbox.urls["jira"]
    with pytest.raises(requests.ConnectionError):
        http.get(url + "/number", timeout=5)
    with sandbox:
        assert number(sandbox, http).status_code == 200


def test_given_port_is_used_and_a_taken_one_is_named(sandbox: Sandbox, counter: Counter) -> None:
    """Fixed ports are for documents and demos; a clash says which port."""
    taken = int(sandbox.urls["jira"].rsplit(":", 1)[1])
    with pytest.raises(OSError, match=str(taken)):
        Sandbox([counter], ports={"jira": taken}).start()


def test_many_small_requests_do_not_stall(sandbox: Sandbox, http: requests.Session) -> None:
    """Keep-alive requests never wait for a delayed acknowledgement (about 40 ms each)."""
    started = time.monotonic()
    for _ in range(50):
        http.post(sandbox.urls["jira"] + "/number", json={"a": 1}, timeout=5)
    assert time.monotonic() - started < 1.0


def test_call_runs_between_requests_on_the_loop_thread(
    sandbox: Sandbox, http: requests.Session, counter: Counter
) -> None:
    """Tests touch state on the very thread that serves it."""
    number(sandbox, http)
    assert sandbox.call(threading.get_ident) in counter.threads


def test_answers_carry_the_sandbox_clock(sandbox: Sandbox, http: requests.Session) -> None:
    """The Date header shows virtual time, once, and no server banner."""
    answer = number(sandbox, http)
    assert answer.headers["Date"] == "Mon, 02 Nov 2026 09:00:00 GMT"
    assert "Server" not in answer.headers


def test_log_counts_reads_writes_and_bytes(sandbox: Sandbox, http: requests.Session) -> None:
    """The log tells reads from writes per service, with sizes."""
    answer = number(sandbox, http)
    http.post(sandbox.urls["jira"] + "/number", data=b"12345", timeout=5)
    row = sandbox.log.counts()["jira"]
    assert (row["reads"], row["writes"], row["bytes_in"]) == (1, 1, 5)
    assert sandbox.log.entries("jira", "read")[0].bytes_out == len(answer.content)


def test_log_keeps_no_secret(sandbox: Sandbox, http: requests.Session) -> None:
    """Headers and queries, where credentials travel, are never kept."""
    http.get(sandbox.urls["jira"] + "/number?key=s3cret", headers={"Authorization": "s3cret"}, timeout=5)
    assert "s3cret" not in str(sandbox.log.as_json())


def test_a_defect_of_a_service_is_its_own_500(
    sandbox: Sandbox, http: requests.Session, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug in the imitation answers 500 in the service's shape and is logged."""
    answer = http.get(sandbox.urls["jira"] + "/broken", timeout=5)
    assert (answer.status_code, set(answer.json())) == (500, {"errorMessages", "errors"})
    assert "a defect" in caplog.text


def test_skip_and_times(sandbox: Sandbox, http: requests.Session) -> None:
    """A rule lets `skip` requests pass, acts `times` times, then rests."""
    sandbox.call(lambda: sandbox.faults.add(FaultRule("status", status=503, skip=1, times=2)))
    assert [number(sandbox, http).status_code for _ in range(5)] == [200, 503, 503, 200, 200]


def test_rules_match_service_method_and_path(sandbox: Sandbox, http: requests.Session) -> None:
    """Other services, methods and paths are left alone."""
    rule = FaultRule("status", service="jira", method="POST", path="/num*", times=None)
    sandbox.call(lambda: sandbox.faults.add(rule))
    assert number(sandbox, http).status_code == 200
    assert http.post(sandbox.urls["notion"] + "/number", timeout=5).status_code == 200
    assert http.post(sandbox.urls["jira"] + "/number", timeout=5).status_code == 503


@pytest.mark.parametrize(
    ("service", "member"), [("jira", "errorMessages"), ("notion", "code"), ("sheets", "error")]
)
def test_429_in_the_services_own_shape(
    sandbox: Sandbox, http: requests.Session, service: str, member: str
) -> None:
    """A made-up 429 looks like the service's and carries the headers asked for."""
    rule = FaultRule("status", status=429, retry_after=7, headers={"RateLimit-Reason": "x"})
    sandbox.call(lambda: sandbox.faults.add(rule))
    answer = http.get(sandbox.urls[service] + "/number", timeout=5)
    assert answer.status_code == 429 and member in answer.json()
    assert (answer.headers["Retry-After"], answer.headers["RateLimit-Reason"]) == ("7", "x")


def test_status_fault_without_retry_after(sandbox: Sandbox, http: requests.Session) -> None:
    """Retry-After is only there when asked for."""
    sandbox.call(lambda: sandbox.faults.add(FaultRule("status", status=429)))
    assert "Retry-After" not in number(sandbox, http).headers


def test_saved_but_503(sandbox: Sandbox, http: requests.Session, counter: Counter) -> None:
    """With `effect` the service does the work and the caller still sees the error."""
    sandbox.call(lambda: sandbox.faults.add(FaultRule("status", status=503, effect=True)))
    assert http.post(sandbox.urls["jira"] + "/number", timeout=5).status_code == 503
    assert counter.number == 1


@pytest.mark.parametrize(("kind", "effect"), [("timeout_before", 0), ("timeout_after", 1)])
def test_timeouts_before_and_after_the_effect(
    sandbox: Sandbox, http: requests.Session, counter: Counter, kind: str, effect: int
) -> None:
    """The caller cannot tell the two apart; the world can."""
    sandbox.call(lambda: sandbox.faults.add(FaultRule(kind, seconds=20)))
    with pytest.raises(requests.ReadTimeout):
        http.post(sandbox.urls["jira"] + "/number", timeout=0.2)
    assert counter.number == effect
    assert sandbox.log.entries()[-1].status == 0


def test_held_connection_is_dropped_at_the_end(sandbox: Sandbox, http: requests.Session) -> None:
    """After its seconds a held connection ends without an answer."""
    sandbox.call(lambda: sandbox.faults.add(FaultRule("timeout_before", seconds=0.1)))
    with pytest.raises(requests.ConnectionError):
        number(sandbox, http)


def test_stop_does_not_wait_for_held_connections(counter: Counter) -> None:
    """Stopping ends connections a fault is holding."""
    sandbox = Sandbox([counter]).start()
    sandbox.call(lambda: sandbox.faults.add(FaultRule("timeout_before", seconds=60)))
    failed: list[Exception] = []

    def ask() -> None:
        try:
            requests.get(sandbox.urls["jira"] + "/number", timeout=30)
        except requests.ConnectionError as error:
            failed.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    while not sandbox.faults.rules()[0].hits:
        time.sleep(0.01)
    started = time.monotonic()
    sandbox.stop()
    asking.join(5)
    assert time.monotonic() - started < 3 and len(failed) == 1


def test_reset_ends_with_a_tcp_reset(sandbox: Sandbox, http: requests.Session, counter: Counter) -> None:
    """A reset is a connection error with the peer's reset in it, without effect unless asked."""
    sandbox.call(lambda: sandbox.faults.add(FaultRule("reset")))
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        http.post(sandbox.urls["jira"] + "/number", timeout=5)
    assert counter.number == 0


@pytest.mark.parametrize("effect", [True, False])
def test_truncated_body(sandbox: Sandbox, http: requests.Session, counter: Counter, effect: bool) -> None:
    """The headers promise more than arrives."""
    sandbox.call(lambda: sandbox.faults.add(FaultRule("truncated", effect=effect)))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        http.post(sandbox.urls["jira"] + "/number", timeout=5)
    assert counter.number == int(effect)


@pytest.mark.parametrize(("kind", "start"), [("empty", b""), ("html", b"<!DOCTYPE html>")])
def test_200_that_is_no_json(sandbox: Sandbox, http: requests.Session, kind: str, start: bytes) -> None:
    """Success without content, and a page where JSON was due."""
    sandbox.call(lambda: sandbox.faults.add(FaultRule(kind)))
    answer = number(sandbox, http)
    assert answer.status_code == 200 and answer.content.startswith(start)
    assert len(answer.content) == 0 or kind == "html"


def test_stale_search_marks_one_request(sandbox: Sandbox, http: requests.Session) -> None:
    """The service is told how stale its index is for just the matched request."""
    sandbox.call(lambda: sandbox.faults.add(FaultRule("stale_search", seconds=60)))
    assert [number(sandbox, http).json()["stale"] for _ in range(2)] == [60, None]


def test_latency_and_hook_act_on_one_request(sandbox: Sandbox, http: requests.Session) -> None:
    """Rules wrap each other: the hook runs although another rule acted first."""
    ran: list[str] = []
    sandbox.call(lambda: sandbox.faults.add(FaultRule("latency", seconds=0.05)))
    sandbox.call(lambda: sandbox.faults.add(FaultRule("hook", hook=lambda: ran.append("hook"))))
    assert number(sandbox, http).elapsed.total_seconds() >= 0.05
    assert ran == ["hook"] and sandbox.log.entries()[-1].faults == ("latency", "hook")


@pytest.mark.parametrize(("when", "seen"), [("before", 40), ("after", 0)])
def test_person_acts_just_before_or_after_a_request(
    sandbox: Sandbox, http: requests.Session, counter: Counter, when: str, seen: int
) -> None:
    """This is how a person's edit is put between the engine's read and its write."""
    person = {"service": "jira", "action": "set", "arguments": {"number": 40}}
    sandbox.call(lambda: sandbox.faults.add(FaultRule("hook", when=when, person=person)))
    assert number(sandbox, http).json()["number"] == seen
    assert counter.number == 40


def test_unknown_fault_kind_is_refused() -> None:
    """A typing error in a fault never passes as 'no fault'."""
    with pytest.raises(ValueError, match="known: latency"):
        FaultRule("latancy")


def test_admin_faults(sandbox: Sandbox, http: requests.Session) -> None:
    """Faults can be added, listed with their hits, and removed over HTTP."""
    admin = sandbox.urls["admin"] + "/faults"
    added = http.post(admin, json={"kind": "status", "status": 429, "times": 1}, timeout=5).json()
    assert number(sandbox, http).status_code == 429
    assert http.get(admin, timeout=5).json()["faults"][0]["hits"] == 1
    http.delete(f"{admin}/{added['id']}", timeout=5)
    assert http.get(admin, timeout=5).json()["faults"] == []


def test_admin_refuses_unknown_fault_members(sandbox: Sandbox, http: requests.Session) -> None:
    """A misspelt member is an error that names it."""
    answer = http.post(sandbox.urls["admin"] + "/faults", json={"kind": "reset", "tims": 2}, timeout=5)
    assert answer.status_code == 400 and "tims" in answer.json()["error"]


def test_admin_state_person_and_requests(sandbox: Sandbox, http: requests.Session, counter: Counter) -> None:
    """State can be put and read, people can act, the log can be read and cleared."""
    admin = sandbox.urls["admin"]
    http.put(admin + "/state/jira", json={"number": 5}, timeout=5)
    assert http.get(admin + "/state", timeout=5).json()["services"]["jira"] == {"number": 5}
    asked = {"action": "set", "arguments": {"number": 6}}
    assert http.post(admin + "/person/jira", json=asked, timeout=5).json() == {"result": 6}
    number(sandbox, http)
    assert http.get(admin + "/requests", timeout=5).json()["counts"]["jira"]["reads"] == 1
    http.delete(admin + "/requests", timeout=5)
    assert sandbox.log.count() == 0


def test_admin_errors_are_clear(sandbox: Sandbox, http: requests.Session) -> None:
    """Wrong actions, wrong dumps and unknown services get a message, not a stack."""
    admin = sandbox.urls["admin"]
    assert http.post(admin + "/person/jira", json={"action": "fly"}, timeout=5).status_code == 400
    assert http.put(admin + "/state/jira", json={"x": 1}, timeout=5).json() == {"error": "not a counter"}
    assert http.get(admin + "/state/trello", timeout=5).status_code == 404
    assert "'action'" in http.post(admin + "/person/jira", json={}, timeout=5).json()["error"]


def test_admin_refuses_web_pages(sandbox: Sandbox, http: requests.Session) -> None:
    """A page open in a browser cannot drive the sandbox."""
    answer = http.get(sandbox.urls["admin"] + "/state", headers={"Origin": "http://evil"}, timeout=5)
    assert answer.status_code == 403


def test_admin_clock(sandbox: Sandbox, http: requests.Session) -> None:
    """The clock can be set and advanced, in seconds."""
    admin = sandbox.urls["admin"] + "/clock"
    http.post(admin, json={"set": "2026-12-01T00:00:00+00:00"}, timeout=5)
    assert http.post(admin, json={"advance": 90}, timeout=5).json()["now"] == "2026-12-01T00:01:30+00:00"


def test_save_and_load(sandbox: Sandbox, http: requests.Session, counter: Counter, tmp_path: Path) -> None:
    """A saved state comes back whole, with its clock."""
    admin, path = sandbox.urls["admin"], str(tmp_path / "state.json")
    counter.number = 8
    http.post(admin + "/save", json={"path": path}, timeout=5)
    counter.number = 0
    http.post(admin + "/clock", json={"advance": 900}, timeout=5)
    http.post(admin + "/load", json={"path": path}, timeout=5)
    assert counter.number == 8 and sandbox.clock() == START


def test_clock_runs_from_an_offset() -> None:
    """A running clock moves with real time from where it was set."""
    clock = VirtualClock(START, running=True)
    first = clock()
    time.sleep(0.01)
    assert START <= first < clock() < datetime(2026, 11, 2, 9, 1, tzinfo=UTC)


def test_clock_stands_still_without_order() -> None:
    """A clock given a start does not move by itself, and knows no zone but UTC."""
    clock = VirtualClock(START)
    clock.advance(minutes=1)
    assert clock() == datetime(2026, 11, 2, 9, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="time zone"):
        clock.set(datetime(2026, 1, 1))  # noqa: DTZ001 - the naive moment is what is refused
