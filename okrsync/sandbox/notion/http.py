"""The HTTP side: authorisation, version, JSON, and every refusal in Notion's shape.

Arrives: Starlette requests. Leaves: JSON answers with `request_id` and `x-notion-request-id`. Endpoints
themselves are plain functions from a `Call` to an answer object. Follows Notion's "Status codes" and
"Versioning": 401 for a wrong token, 400 `missing_version` without `Notion-Version`, 400
`invalid_request_url` for an unknown address, 400 `invalid_json` for a body that is none.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from okrsync.sandbox.notion.cursors import Cursors, page_size
from okrsync.sandbox.notion.errors import ApiError, bad_uuid, not_capable, validation
from okrsync.sandbox.notion.ids import canonical, seeded_uuid
from okrsync.sandbox.notion.show import OLD_VERSION
from okrsync.sandbox.notion.state import State

Json = Any
VERSIONS = (OLD_VERSION, "2026-03-11")
_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]


@dataclass(frozen=True)
class Call:
    """One authorised request, taken apart."""

    state: State
    cursors: Cursors
    now: datetime
    version: str
    path: Mapping[str, str]
    query: list[tuple[str, str]]
    body: dict[str, Json]

    def path_id(self, name: str) -> str:
        """An object id in the path, dashed or not. Raises ApiError 400."""
        found = canonical(self.path[name])
        if found is None:
            raise bad_uuid(name, self.path[name])
        return found

    def one(self, name: str) -> str | None:
        """A member of the query string."""
        return next((value for key, value in self.query if key == name), None)

    def size(self) -> int:
        """The items asked for, in the query string or the body. Raises ApiError 400."""
        text = self.one("page_size")
        if text is None:
            return page_size(self.body.get("page_size"))
        return page_size(int(text) if text.isdecimal() else text)

    def cursor(self) -> str | None:
        """The cursor sent back, in the query string or the body."""
        text = self.one("start_cursor")
        return self.body.get("start_cursor") if text is None else text

    def many(self, name: str) -> list[str]:
        """A repeated member of the query string."""
        return [value for key, value in self.query if key in (name, f"{name}[]")]


@dataclass(frozen=True)
class Endpoint:
    """One address, what a connection must be allowed for it, and whether it writes."""

    method: str
    path: str
    answer: Callable[[Call], dict[str, Json]]
    capability: str | None = None
    writes: bool = False


Current = Callable[[], tuple[State, Cursors, datetime]]


class HttpFront:
    """Makes routes of endpoints."""

    def __init__(self, current: Current) -> None:
        """`current` gives the state, the open cursors and the moment at each request."""
        self._current = current
        self._requests = 0

    def routes(self, endpoints: list[Endpoint]) -> list[Route]:
        """One route an endpoint, and one for every other address."""
        known = [Route(each.path, self._handler(each), methods=[each.method]) for each in endpoints]
        return [*known, Route("/{rest:path}", self._handler(_UNKNOWN), methods=_METHODS)]

    def _handler(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[JSONResponse]]:
        async def handle(request: Request) -> JSONResponse:
            state, cursors, now = self._current()
            body = await request.body()
            request_id = self._request_id(state)
            try:
                call = _call(request, body, state, cursors, now)
                answer, status = _answered(endpoint, call) | {"request_id": request_id}, 200
            except ApiError as refusal:
                answer, status = refusal.body(request_id), refusal.status
            return JSONResponse(answer, status, {"x-notion-request-id": request_id})

        return handle

    def _request_id(self, state: State) -> str:
        self._requests += 1
        return seeded_uuid(state.settings.seed, f"request/{self._requests}")


def _answered(endpoint: Endpoint, call: Call) -> dict[str, Json]:
    needed = endpoint.capability
    if needed is not None and needed not in call.state.settings.capabilities:
        raise not_capable()
    if not endpoint.writes:
        return endpoint.answer(call)
    fault = _due_fault(endpoint, call.state)
    if fault == "conflict":
        raise ApiError(409, "conflict_error", "Conflict occurred while saving. Please try again.")
    if fault == "block_limit":
        raise _block_limit()
    answer = endpoint.answer(call)
    if fault == "saved_but_503":
        raise _saved(endpoint, answer)
    return answer


def _due_fault(endpoint: Endpoint, state: State) -> str | None:
    """The oldest waiting failure that fits; the limit of free workspaces stops creations only."""
    creates = endpoint.path == "/v1/pages"
    due = next((fault for fault in state.faults if fault != "block_limit" or creates), None)
    if due is not None:
        state.faults.remove(due)
    return due


def _block_limit() -> ApiError:
    """Documented: a full free workspace refuses creations, and creations alone."""
    message = "This workspace has reached its block limit. Upgrade the workspace to create more blocks."
    return ApiError(403, "restricted_resource", message, {"block_limit": "block_creation"})


def _saved(endpoint: Endpoint, answer: dict[str, Json]) -> ApiError:
    """Documented: a write may be saved and still answer 503, with guidance not to repeat it."""
    guidance = [
        "The change was saved.",
        "Read the object again before deciding.",
        "Do not repeat the request.",
    ]
    created = {"committed_resource_id": answer["id"]} if endpoint.method == "POST" else {}
    message = "The change was saved, but the response could not be completed in time."
    return ApiError(503, "service_unavailable", message, {"retry_guidance": guidance, **created})


def _unknown_address(call: Call) -> dict[str, Json]:
    raise ApiError(400, "invalid_request_url", "Invalid request URL.")


_UNKNOWN = Endpoint("GET", "", _unknown_address)


def _call(request: Request, body: bytes, state: State, cursors: Cursors, now: datetime) -> Call:
    if request.headers.get("authorization") != f"Bearer {state.settings.token}":
        raise ApiError(401, "unauthorized", "API token is invalid.")
    version = _version(request.headers.get("notion-version"))
    query = request.query_params.multi_items()
    return Call(state, cursors, now, version, request.path_params, query, _json(body))


def _version(sent: str | None) -> str:
    if sent is None:
        text = "Notion-Version header should be defined, instead was `undefined`."
        raise ApiError(400, "missing_version", f"Notion-Version header failed validation: {text}")
    if sent not in VERSIONS:
        text = f"Notion-Version header should be one of {', '.join(VERSIONS)}, instead was `{sent}`."
        raise ApiError(400, "validation_error", f"Notion-Version header failed validation: {text}")
    return sent


def _json(body: bytes) -> dict[str, Json]:
    if body == b"":
        return {}
    try:
        parsed = json.loads(body)
    except ValueError as problem:
        raise ApiError(400, "invalid_json", "Error parsing JSON body.") from problem
    if not isinstance(parsed, dict):
        raise validation("body failed validation: body should be an object.")
    return parsed
