"""Runs imitated services on loopback ports, in one event loop in one background thread.

Arrives: services, a clock, ports. Leaves: one address per service plus the admin port, a request log, a
fault plan, and a way to run a function on the loop's thread. All state changes happen on that one thread, so
neither services nor tests need locks. One uvicorn server listens on all sockets; the port tells which service
is meant.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from okrsync.sandbox.admin import admin_routes
from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.faults import FaultPlan
from okrsync.sandbox.front import Front
from okrsync.sandbox.requestlog import RequestLog
from okrsync.sandbox.service import Clock, PersonError, Service

HOST = "127.0.0.1"
ADMIN = "admin"
STATE_FORMAT = "okrsync-sandbox/1"
START_LIMIT = 10.0
"""Seconds until a start that does not come up is given up."""

T = TypeVar("T")


class Sandbox:
    """A set of imitated services that real clients can talk to; also a context manager.

    `urls` holds the base address of each service by name, and of the admin port under "admin".
    `log` is the request log, `faults` the fault plan; change them through `call` while the sandbox runs.
    """

    def __init__(
        self,
        services: Sequence[Service],
        *,
        clock: Clock | None = None,
        ports: Mapping[str, int] | None = None,
    ) -> None:
        """`ports` gives fixed ports by service name (and "admin"); the others get free ones."""
        self._services = {service.name: service for service in services}
        self.clock: Clock = clock or VirtualClock()
        self.log = RequestLog()
        self.faults = FaultPlan(lambda person: self.act(**person))
        self.urls: dict[str, str] = {}
        self._ports = dict(ports or {})
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: _Server | None = None
        self._stopping: asyncio.Event | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Self:
        """Listen. Raises OSError when a given port is taken."""
        sockets = {name: _listener(self._ports.get(name, 0)) for name in [*self._services, ADMIN]}
        self.urls = {name: f"http://{HOST}:{sock.getsockname()[1]}" for name, sock in sockets.items()}
        ready: concurrent.futures.Future[None] = concurrent.futures.Future()
        self._thread = threading.Thread(
            target=self._run, args=(sockets, ready), name="okrsync-sandbox", daemon=True
        )
        self._thread.start()
        ready.result(START_LIMIT)
        return self

    def stop(self) -> None:
        """End all connections and the thread; does nothing when not running."""
        if self._thread is None or self._loop is None or self._stopping is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._thread = self._loop = self._server = self._stopping = None

    def wait(self) -> None:
        """Block until the sandbox stops; KeyboardInterrupt passes through."""
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(0.5)

    def service(self, name: str) -> Service:
        """The service object. Raises KeyError naming the known ones."""
        if name not in self._services:
            raise KeyError(f"no service {name!r} in this sandbox; it has {', '.join(self._services)}")
        return self._services[name]

    def call(self, function: Callable[[], T]) -> T:
        """Run a function on the loop's thread, between requests, and give back its result or error."""
        if self._loop is None or self._thread is threading.current_thread():
            return function()

        async def run() -> T:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    def act(self, service: str, action: str, arguments: Mapping[str, Any] | None = None) -> Any:
        """A person's edit in one of the tools. Raises PersonError."""
        if service not in self._services:
            raise PersonError(f"no service {service!r} in this sandbox")
        return self.call(lambda: self._services[service].person(action, arguments or {}))

    def dump(self) -> dict[str, Any]:
        """The state of all services and the clock, as JSON."""
        services = {name: service.dump() for name, service in self._services.items()}
        return {"format": STATE_FORMAT, "clock": self.clock().isoformat(), "services": services}

    def load(self, data: Mapping[str, Any]) -> None:
        """Replace the state of the services the dump names. Raises ValueError on another format."""
        if data.get("format") != STATE_FORMAT:
            raise ValueError(f"not a sandbox state: format is {data.get('format')!r}, not {STATE_FORMAT!r}")
        unknown = sorted(set(data["services"]) - set(self._services))
        if unknown:
            raise ValueError(f"the state holds services this sandbox does not run: {', '.join(unknown)}")
        for name, state in data["services"].items():
            self._services[name].load(state)
        if isinstance(self.clock, VirtualClock):
            self.clock.set(datetime.fromisoformat(data["clock"]))

    def services(self) -> Mapping[str, Service]:
        """All services by name."""
        return dict(self._services)

    def _run(self, sockets: Mapping[str, socket.socket], ready: concurrent.futures.Future[None]) -> None:
        try:
            asyncio.run(self._serve(sockets, ready))
        except BaseException as error:
            if ready.done():
                raise
            ready.set_exception(error)

    async def _serve(
        self, sockets: Mapping[str, socket.socket], ready: concurrent.futures.Future[None]
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        apps = {sockets[name].getsockname()[1]: self._app(name, self._stopping) for name in sockets}
        self._server = _Server(_config(_by_port(apps)), ready, self._stopping)
        await self._server.serve(sockets=list(sockets.values()))

    def _app(self, name: str, stopping: asyncio.Event) -> ASGIApp:
        if name == ADMIN:
            return Starlette(routes=admin_routes(self))
        return Front(
            name,
            Starlette(routes=list(self._services[name].routes())),
            clock=self.clock,
            log=self.log,
            faults=self.faults,
            transport=self._transport,
            stopping=stopping,
        )

    def _transport(self, scope: Scope) -> asyncio.Transport | None:
        """The connection a request came on, for faults that break it."""
        if self._server is None:
            return None
        ends = (tuple(scope["client"]), tuple(scope["server"]))
        for connection in self._server.server_state.connections:
            if isinstance(connection, H11Protocol) and (connection.client, connection.server) == ends:
                return connection.transport
        return None


class _Server(uvicorn.Server):
    """Tells the starter when it listens, and stops at once when told."""

    def __init__(
        self, config: uvicorn.Config, ready: concurrent.futures.Future[None], stopping: asyncio.Event
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._ready.set_result(None)

    async def main_loop(self) -> None:
        # instead of looking ten times a second whether to stop; nothing else here needs the ticks
        await self._stopping.wait()


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        # the front sends the sandbox clock's Date, since clients measure their skew from it
        date_header=False,
        timeout_keep_alive=75,
    )


def _by_port(apps: Mapping[int, ASGIApp]) -> ASGIApp:
    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        await apps[scope["server"][1]](scope, receive, send)

    return dispatch


def _listener(port: int) -> socket.socket:
    # asyncio sets TCP_NODELAY only on sockets that name the protocol; without it every answer waits 40 ms
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((HOST, port))
    except OSError as error:
        sock.close()
        raise OSError(error.errno, f"port {port} on {HOST} cannot be used: {error.strerror}") from error
    return sock
