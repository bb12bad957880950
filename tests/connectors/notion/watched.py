"""A transport that keeps what went over the wire, and lets only known addresses pass.

Arrives: the requests of a connector. Leaves: the same answers, and `Exchange`s to judge. Any address beyond
the few a sync needs ends the test: no test can make the connector change a schema, search, or trash a page.
"""

from __future__ import annotations

import json
import re
from typing import Any

import httpx

from tests.fidelity.notion_spec import Exchange

ADDRESSES = (
    ("GET", r"/v1/users(/me)?"),
    ("GET", r"/v1/databases/[^/]+"),
    ("GET", r"/v1/data_sources/[^/]+"),
    ("POST", r"/v1/data_sources/[^/]+/query"),
    ("GET", r"/v1/pages/[^/]+(/properties/[^/]+)?"),
    ("PATCH", r"/v1/pages/[^/]+"),
    ("POST", r"/v1/pages"),
)
"""All that is ever asked. Nothing here trashes, searches or changes columns."""


class Watching(httpx.BaseTransport):
    """Passes everything on and remembers it."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport(trust_env=False)
        self.exchanges: list[Exchange] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert _allowed(request), f"{request.method} {request.url.path} is nothing a sync asks"
        answer = self._inner.handle_request(request)
        body = answer.read()
        self.exchanges.append(_exchange(request, answer, body))
        return httpx.Response(answer.status_code, headers=answer.headers, content=body)

    def close(self) -> None:
        self._inner.close()


def _allowed(request: httpx.Request) -> bool:
    path = request.url.raw_path.decode().split("?")[0]
    fits = any(request.method == method and re.fullmatch(form, path) for method, form in ADDRESSES)
    return fits and _touches_properties_alone(request.method, path, request.content)


def _touches_properties_alone(method: str, path: str, content: bytes) -> bool:
    if method == "PATCH":
        return set(json.loads(content)) == {"properties"}
    return (method, path) != ("POST", "/v1/pages") or set(json.loads(content)) == {"parent", "properties"}


def _exchange(request: httpx.Request, answer: httpx.Response, body: bytes) -> Exchange:
    return Exchange(
        method=request.method,
        path=request.url.raw_path.decode().split("?")[0],
        query=tuple(sorted(set(request.url.params))),
        body=_json(request.content),
        status=answer.status_code,
        answer=_json(body),
        by_service="x-notion-request-id" in answer.headers,
    )


def _json(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None
