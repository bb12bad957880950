"""The front of each imitated service: reads requests, runs faults, logs, sends or withholds answers.

Arrives: ASGI requests for one service. Leaves: whole answers, or connections ended on purpose. It holds every
answer back until it is complete, which is what lets a fault replace, cut or lose it after the service's work
is done. Pure ASGI, so that nothing between it and the socket repairs what a fault breaks.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import struct
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from okrsync.sandbox.faults import Answer, Dropped, FaultPlan, Outcome, Request
from okrsync.sandbox.requestlog import RequestLog
from okrsync.sandbox.service import Clock
from okrsync.sandbox.shapes import error_body, phrase

logger = logging.getLogger(__name__)

FindTransport = Callable[[Scope], asyncio.Transport | None]


class Front:
    """ASGI application around one service's application."""

    def __init__(
        self,
        name: str,
        app: ASGIApp,
        *,
        clock: Clock,
        log: RequestLog,
        faults: FaultPlan,
        transport: FindTransport,
        stopping: asyncio.Event,
    ) -> None:
        self._name = name
        self._app = app
        self._clock = clock
        self._log = log
        self._faults = faults
        self._transport = transport
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        body = await read_body(receive)
        request = Request(self._name, scope["method"], scope["path"], dict(scope))
        outcome = await self._faults.run(request, lambda: self._serve(request, body))
        self._record(request, len(body), outcome)
        if isinstance(outcome, Dropped):
            await self._drop(outcome, scope, receive)
        else:
            await self._send(outcome, scope, receive, send)

    async def _serve(self, request: Request, body: bytes) -> Outcome:
        try:
            return await answer_of(self._app, request.scope, body)
        except Exception:
            # a defect of the sandbox itself: visible in the log, and to the client as the service's own 500
            logger.exception("the imitated %s failed at %s %s", self._name, request.method, request.path)
            text = json.dumps(error_body(self._name, 500, phrase(500))).encode()
            return Answer(500, (("content-type", "application/json"),), text)

    def _record(self, request: Request, bytes_in: int, outcome: Outcome) -> None:
        status, size = (0, 0) if isinstance(outcome, Dropped) else (outcome.status, len(outcome.body))
        self._log.add(
            at=self._clock().isoformat(),
            service=self._name,
            method=request.method,
            path=request.path,
            status=status,
            bytes_in=bytes_in,
            bytes_out=size,
            faults=tuple(request.faults),
        )

    async def _send(self, answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
        bodiless = answer.status in (204, 304)
        headers = [(n.lower(), v) for n, v in answer.headers if n.lower() not in ("content-length", "date")]
        headers.append(("date", format_datetime(self._clock(), usegmt=True)))
        if not bodiless:
            headers.append(("content-length", str(len(answer.body))))
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": raw})
        if not answer.cut:
            await send({"type": "http.response.body", "body": b"" if bodiless else answer.body})
            return
        half = answer.body[: len(answer.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await self._end(scope, receive, reset=False)

    async def _drop(self, dropped: Dropped, scope: Scope, receive: Receive) -> None:
        if dropped.hold > 0:
            await self._hold(dropped.hold, receive)
        await self._end(scope, receive, reset=dropped.reset)

    async def _hold(self, seconds: float, receive: Receive) -> None:
        waits = [asyncio.ensure_future(until_gone(receive)), asyncio.ensure_future(self._stopping.wait())]
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)

    async def _end(self, scope: Scope, receive: Receive, *, reset: bool) -> None:
        transport = self._transport(scope)
        if transport is not None and reset:
            # lingering for zero seconds makes the kernel answer with RST instead of FIN
            raw = transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        elif transport is not None:
            transport.close()
        await until_gone(receive)


async def read_body(receive: Receive) -> bytes:
    """The whole request body."""
    chunks: list[bytes] = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


async def until_gone(receive: Receive) -> None:
    """Return when the caller has hung up."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def answer_of(app: ASGIApp, scope: dict[str, Any], body: bytes) -> Answer:
    """Run an application on a body read beforehand and keep its whole answer."""
    start: dict[str, Any] = {}
    chunks: list[bytes] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            chunks.append(message.get("body", b""))

    await app(scope, receive, send)
    headers = tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in start.get("headers", ()))
    return Answer(start["status"], headers, b"".join(chunks))
