"""A server that answers each request with the next canned answer and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Canned:
    """One answer. `cut` promises more bytes than it sends."""

    status: int = 200
    body: bytes = b"{}"
    type: str = "application/json;charset=UTF-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    line: str
    headers: Mapping[str, str]
    body: bytes


class CannedServer:
    """Answers in order on a loopback port; the last answer repeats."""

    def __init__(self, *answers: Canned) -> None:
        self.answers = list(answers)
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def next(self) -> Canned:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                server.asked.append(Asked(self.requestline, dict(self.headers), self.rfile.read(length)))
                canned = server.next()
                self.send_response_only(canned.status)
                self.send_header("Content-Type", canned.type)
                self.send_header("Content-Length", str(len(canned.body) + (100 if canned.cut else 0)))
                for name, value in canned.headers.items():
                    self.send_header(name, value)
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(canned.body)

            def do_POST(self) -> None:
                self.do_GET()

            def do_PUT(self) -> None:
                self.do_GET()

            def do_PATCH(self) -> None:
                self.do_GET()

            def log_message(self, format: str, *args: object) -> None:
                """Tests read `asked`; nothing goes to stderr."""

        return Handler
