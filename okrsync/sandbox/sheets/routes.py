"""The HTTP side: addresses to calls, bearer tokens to accounts, refusals to responses.

Arrives: HTTP. Leaves: JSON as Google sends it. Every request is checked in one order: token (401), scope
(403), quota (429), file (404, 403), then the call itself (400). A write works on a copy that replaces the
spreadsheet only when the whole call succeeds.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol
from urllib.parse import parse_qsl

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from okrsync.sandbox.service import Clock
from okrsync.sandbox.sheets import calls
from okrsync.sandbox.sheets.accounts import Accounts, Grant, TokenRefused, check_scope
from okrsync.sandbox.sheets.editing import Editing, Manners
from okrsync.sandbox.sheets.errors import Refused, invalid
from okrsync.sandbox.sheets.grid import Spreadsheet
from okrsync.sandbox.sheets.quota import Quota

Call = Callable[[Editing, calls.Request], dict[str, Any]]
Handler = Callable[[HttpRequest], Awaitable[Response]]
_ONE = "/v4/spreadsheets/{id}"


class World(Protocol):
    """What the routes need of the service."""

    clock: Clock
    accounts: Accounts
    quota: Quota
    manners: Manners
    spreadsheets: dict[str, Spreadsheet]


def routes(world: World) -> list[BaseRoute]:
    """All routes. Calls by data filter read with a write scope, as the API reference demands."""
    reads: list[tuple[str, str, Call, bool]] = [
        ("GET", _ONE + "/values:batchGet", calls.values_batch_get, False),
        ("GET", _ONE + "/values/{range:path}", calls.values_get, False),
        ("GET", _ONE, calls.get, False),
        ("POST", _ONE + "/values:batchGetByDataFilter", calls.values_batch_get_by_filter, True),
        ("POST", _ONE + "/developerMetadata:search", calls.search_tags, True),
    ]
    writes: list[tuple[str, str, Call]] = [
        ("POST", _ONE + "/values:batchUpdate", calls.values_batch_update),
        ("POST", _ONE + "/values:batchUpdateByDataFilter", calls.values_batch_update_by_filter),
        ("POST", _ONE + "/values:batchClear", calls.values_batch_clear),
        ("POST", _ONE + "/values/{range:path}:append", calls.values_append),
        ("POST", _ONE + "/values/{range:path}:clear", calls.values_clear),
        ("PUT", _ONE + "/values/{range:path}", calls.values_update),
        ("POST", _ONE + ":batchUpdate", calls.batch_update),
    ]
    made: list[BaseRoute] = [Route("/token", _token(world), methods=["POST"])]
    made += [Route(path, _reader(world, call, scope), methods=[verb]) for verb, path, call, scope in reads]
    made += [Route(path, _writer(world, call), methods=[verb]) for verb, path, call in writes]
    return made


def _answer(body: Mapping[str, Any], status: int = 200) -> Response:
    text = json.dumps(body, ensure_ascii=False, allow_nan=False)
    return Response(text, status, media_type="application/json; charset=UTF-8")


def _token(world: World) -> Handler:
    async def handle(http: HttpRequest) -> Response:
        fields = dict(parse_qsl((await http.body()).decode(errors="replace")))
        try:
            return _answer(world.accounts.grant(fields, world.clock()))
        except TokenRefused as refused:
            return _answer(refused.body, 400)

    return handle


def _reader(world: World, call: Call, write_scope: bool) -> Handler:
    async def handle(http: HttpRequest) -> Response:
        try:
            grant = _admit(world, http, writes=False, write_scope=write_scope)
            editing = _editing(world, http, grant, writes=False)
            return _answer(call(editing, await _request(http)))
        except Refused as refused:
            return _answer(refused.body(), refused.status)

    return handle


def _writer(world: World, call: Call) -> Handler:
    async def handle(http: HttpRequest) -> Response:
        try:
            grant = _admit(world, http, writes=True, write_scope=True)
            request = await _request(http)
            editing = _editing(world, http, grant, writes=True)
            answer = call(editing, request)
        except Refused as refused:
            return _answer(refused.body(), refused.status)
        world.spreadsheets[editing.spreadsheet.id] = editing.spreadsheet
        return _answer(answer)

    return handle


def _admit(world: World, http: HttpRequest, *, writes: bool, write_scope: bool) -> Grant:
    now = world.clock()
    grant = world.accounts.bearer(http.headers.get("authorization", ""), now)
    check_scope(grant, writes=write_scope)
    world.quota.spend(grant.email, writes=writes, now=now)
    return grant


def _editing(world: World, http: HttpRequest, grant: Grant, *, writes: bool) -> Editing:
    spreadsheet = world.spreadsheets.get(http.path_params["id"])
    if spreadsheet is None:
        raise Refused(404, "Requested entity was not found.")
    role = spreadsheet.roles.get(grant.email)
    if role is None or (writes and role != "writer"):
        raise Refused(403, "The caller does not have permission")
    account = world.accounts.known.get(grant.email)
    language = "en" if account is None else account.language
    kept = spreadsheet.copy() if writes else spreadsheet
    return Editing(kept, grant.email, language, world.clock().date(), world.manners)


async def _request(http: HttpRequest) -> calls.Request:
    body = await http.body()
    ranges = http.query_params.getlist("ranges")
    return calls.Request(http.query_params, ranges, _json(body), http.path_params.get("range", ""))


def _json(body: bytes) -> dict[str, Any]:
    """The body as an object; NaN and Infinity are no JSON, though the standard library reads them."""
    if body == b"":
        return {}

    def no_number(text: str) -> Any:
        raise ValueError(text)

    try:
        data = json.loads(body, parse_constant=no_number)
    except ValueError as error:
        raise invalid(f"Invalid JSON payload received. {error}") from error
    if not isinstance(data, dict):
        raise invalid("Invalid JSON payload received. Unknown name: Root element must be a message.")
    return data
