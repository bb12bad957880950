"""An imitated service behind real sockets, driven from outside through the sandbox's admin port.

Arrives: a service object, already built. Leaves: its addresses, and people, faults, time and the request log
by HTTP, as anybody could use them. `renew` puts back the state the service was handed over with.
"""

from __future__ import annotations

import socket
from abc import abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import requests

from okrsync.connectors.base import Connector
from okrsync.connectors.pacer import Pacer
from okrsync.connectors.policy import Policy
from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.server import ADMIN, Sandbox
from okrsync.sandbox.service import Service
from tests.connectors.virtual import VirtualTime
from tests.contract.bench import Bench

START = datetime(2026, 11, 2, 9, 0, 41, tzinfo=UTC)
Json = Any


class Served:
    """One running service."""

    def __init__(self, service: Service, clock: VirtualClock) -> None:
        self._name = service.name
        self._sandbox = Sandbox([service], clock=clock).start()
        self._admin = requests.Session()
        self._admin.trust_env = False
        self.url = self._sandbox.urls[self._name]
        self.time = VirtualTime()
        self._first = self.state()

    def stop(self) -> None:
        self._admin.close()
        self._sandbox.stop()

    def renew(self) -> None:
        """As at first: state, clock, no faults, an empty log."""
        self.time = VirtualTime()
        self._ask("DELETE", "/faults")
        self._ask("POST", "/clock", {"set": START.isoformat()})
        self.put(self._first)
        self._ask("DELETE", "/requests")

    def policy(self) -> Policy:
        """That of a real connection, with waiting that takes no time."""
        pacer = Pacer(sleep=self.time.sleep, clock=self.time.clock)
        return Policy(self._name, pacer, sleep=self.time.sleep, clock=self.time.clock)

    def state(self) -> Json:
        """The true state, as JSON."""
        return self._ask("GET", f"/state/{self._name}")

    def put(self, state: Json) -> None:
        """Another state."""
        self._ask("PUT", f"/state/{self._name}", state)

    def person(self, action: str, **arguments: Json) -> Json:
        """A person does something."""
        return self._ask("POST", f"/person/{self._name}", {"action": action, "arguments": arguments})[
            "result"
        ]

    def fault(self, kind: str, **rest: Json) -> None:
        """Something will go wrong."""
        self._ask("POST", "/faults", {"kind": kind, "service": self._name, **rest})

    def act_at(self, method: str, path: str, action: str, **arguments: Json) -> None:
        """A person acts just before the next such request is served."""
        person = {"service": self._name, "action": action, "arguments": arguments}
        self.fault("hook", method=method, path=path, person=person)

    def later(self, seconds: float) -> None:
        """Time passes at the service."""
        self._ask("POST", "/clock", {"advance": seconds})

    def log(self) -> Mapping[str, int]:
        """How many requests came, by what they wanted."""
        kinds = [entry["kind"] for entry in self._ask("GET", "/requests")["entries"]]
        return {kind: kinds.count(kind) for kind in ("read", "write")}

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])

    def _ask(self, method: str, path: str, body: Json = None) -> Json:
        answer = self._admin.request(method, self._sandbox.urls[ADMIN] + path, json=body, timeout=10)
        told = answer.json()
        if not answer.ok:
            raise ValueError(f"{method} {path}: {told['error']}")
        return told


def nowhere() -> str:
    """An address on this machine where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return f"http://127.0.0.1:{port}"


class Sandboxed(Bench):
    """What benches over the sandbox have in common. A subclass builds its service and says what is where."""

    requests: Mapping[str, tuple[str, str]]
    """Method and path of the requests `read`, `write` and `create`."""
    served: Served | None = None

    @abstractmethod
    def build(self, clock: VirtualClock) -> Service:
        """The service with one empty collection; sets what follows from building."""

    @abstractmethod
    def open(self, url: str, timeout: float, secret: str | None = None) -> Connector:
        """A connector to this address, with another secret where one is given."""

    @property
    def running(self) -> Served:
        assert self.served is not None, "`fresh` starts the service"
        return self.served

    def fresh(self) -> None:
        if self.served is None:
            clock = VirtualClock(START)
            self.served = Served(self.build(clock), clock)
        self.served.renew()

    def stop(self) -> None:
        if self.served is not None:
            self.served.stop()

    def connect(self, *, timeout: float = 5.0) -> Connector:
        return self.open(self.running.url, timeout)

    def stranger(self) -> Connector:
        return self.open(self.running.url, 5.0, "not-the-secret")

    def cut_off(self) -> Connector:
        return self.open(nowhere(), 5.0)

    def later(self, seconds: float) -> None:
        self.running.later(seconds)

    def fault(self, request: str, kind: str, **rest: Any) -> None:
        method, path = self.requests[request]
        self.running.fault(kind, method=method, path=path, **rest)

    def log(self) -> Mapping[str, int]:
        return self.running.log()

    def waited(self) -> float:
        return sum(self.running.time.sleeps)

    def port(self) -> int:
        return self.running.port
