"""The admin port: state, people's edits, the request log, faults and the clock, over HTTP and JSON.

Arrives: requests from tests, demos and curious people on the loopback interface. Leaves: JSON. It stands on
its own port so that it can never be mistaken for, or counted as, a service's own interface. Pages in a
browser may not drive it: requests carrying an Origin are refused, because it reads and writes files.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.faults import FaultPlan, FaultRule
from okrsync.sandbox.requestlog import RequestLog
from okrsync.sandbox.service import Clock, PersonError, Service

Handler = Callable[["Administered", Request], Awaitable[Any]]


class Administered(Protocol):
    """What the admin port needs of the sandbox."""

    urls: dict[str, str]
    clock: Clock
    log: RequestLog
    faults: FaultPlan

    def service(self, name: str) -> Service: ...

    def services(self) -> Mapping[str, Service]: ...

    def act(self, service: str, action: str, arguments: Mapping[str, Any] | None = None) -> Any: ...

    def dump(self) -> dict[str, Any]: ...

    def load(self, data: Mapping[str, Any]) -> None: ...


async def _urls(sandbox: Administered, request: Request) -> Any:
    return {"urls": sandbox.urls}


async def _whole_state(sandbox: Administered, request: Request) -> Any:
    return sandbox.dump()


async def _state(sandbox: Administered, request: Request) -> Any:
    return sandbox.service(request.path_params["service"]).dump()


async def _put_state(sandbox: Administered, request: Request) -> Any:
    sandbox.service(request.path_params["service"]).load(await request.json())
    return {"loaded": request.path_params["service"]}


async def _person(sandbox: Administered, request: Request) -> Any:
    asked = await request.json()
    service = request.path_params["service"]
    return {"result": sandbox.act(service, asked["action"], asked.get("arguments"))}


async def _requests(sandbox: Administered, request: Request) -> Any:
    return sandbox.log.as_json()


async def _clear_requests(sandbox: Administered, request: Request) -> Any:
    sandbox.log.clear()
    return {"cleared": True}


async def _faults(sandbox: Administered, request: Request) -> Any:
    return {"faults": [rule.as_json() for rule in sandbox.faults.rules()]}


async def _add_fault(sandbox: Administered, request: Request) -> Any:
    return sandbox.faults.add(FaultRule.from_json(await request.json())).as_json()


async def _clear_faults(sandbox: Administered, request: Request) -> Any:
    sandbox.faults.clear()
    return {"cleared": True}


async def _clear_fault(sandbox: Administered, request: Request) -> Any:
    sandbox.faults.clear(request.path_params["id"])
    return {"cleared": request.path_params["id"]}


async def _clock(sandbox: Administered, request: Request) -> Any:
    running = sandbox.clock.running if isinstance(sandbox.clock, VirtualClock) else True
    return {"now": sandbox.clock().isoformat(), "running": running}


async def _move_clock(sandbox: Administered, request: Request) -> Any:
    asked = await request.json()
    if not isinstance(sandbox.clock, VirtualClock):
        raise ValueError("this sandbox runs on a clock that cannot be moved")
    if "set" in asked:
        sandbox.clock.set(datetime.fromisoformat(asked["set"]), running=asked.get("running"))
    if "advance" in asked:
        sandbox.clock.advance(asked["advance"])
    return await _clock(sandbox, request)


async def _save(sandbox: Administered, request: Request) -> Any:
    path = Path((await request.json())["path"])
    path.write_text(json.dumps(sandbox.dump(), indent=1), encoding="utf-8")
    return {"saved": str(path)}


async def _load(sandbox: Administered, request: Request) -> Any:
    path = Path((await request.json())["path"])
    sandbox.load(json.loads(path.read_text(encoding="utf-8")))
    return {"loaded": str(path)}


_TABLE: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/", _urls),
    ("GET", "/state", _whole_state),
    ("GET", "/state/{service}", _state),
    ("PUT", "/state/{service}", _put_state),
    ("POST", "/person/{service}", _person),
    ("GET", "/requests", _requests),
    ("DELETE", "/requests", _clear_requests),
    ("GET", "/faults", _faults),
    ("POST", "/faults", _add_fault),
    ("DELETE", "/faults", _clear_faults),
    ("DELETE", "/faults/{id:int}", _clear_fault),
    ("GET", "/clock", _clock),
    ("POST", "/clock", _move_clock),
    ("POST", "/save", _save),
    ("POST", "/load", _load),
)


def admin_routes(sandbox: Administered) -> list[BaseRoute]:
    """The routes of the admin port."""
    return [Route(path, _endpoint(sandbox, handler), methods=[method]) for method, path, handler in _TABLE]


def _endpoint(sandbox: Administered, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if "origin" in request.headers:
            return JSONResponse({"error": "the admin port does not answer web pages"}, 403)
        named, known = request.path_params.get("service"), sandbox.services()
        if named is not None and named not in known:
            return JSONResponse({"error": f"no service {named!r}; known: {', '.join(known)}"}, 404)
        try:
            return JSONResponse(await handler(sandbox, request))
        except KeyError as error:
            return JSONResponse({"error": f"the body needs the member {error.args[0]!r}"}, 400)
        except (PersonError, ValueError, TypeError, AttributeError, OSError) as error:
            return JSONResponse({"error": str(error)}, 400)

    return endpoint
