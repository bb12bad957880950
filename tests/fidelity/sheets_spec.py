"""Google's own discovery document of the Sheets API as a judge of requests and answers.

Arrives: what went over the wire. Leaves: complaints in words. The document comes inside Google's Python
client, a development dependency, so every run judges. It is turned into JSON Schema here, and held to the
letter: neither a request nor an answer may have a member, a parameter or an enum value it does not name, and
a field mask names nothing that is not there. Errors it does not describe; those are held to the recorded
shape.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # publishes no type information
from requests.adapters import HTTPAdapter

Json = Any
DOCUMENT = "googleapiclient/discovery_cache/documents/sheets.v4.json"
INT32 = {"minimum": -(2**31), "maximum": 2**31 - 1}
MASKED = {"updateCells": "CellData", "repeatCell": "CellData", "updateSheetProperties": "SheetProperties"}
"""Requests with a mask of their own, and what it is a mask of."""
ERROR: Json = {
    "type": "object",
    "required": ["error"],
    "additionalProperties": False,
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "status"],
            "additionalProperties": False,
            "properties": {
                "code": {"type": "integer"},
                "message": {"type": "string"},
                "status": {"type": "string", "pattern": "^[A-Z_]+$"},
                "details": {"type": "array", "items": {"type": "object", "required": ["@type"]}},
            },
        }
    },
}


@dataclass(frozen=True)
class Exchange:
    """One request as it was sent, and its answer."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    body: Json
    status: int
    answer: Json
    """None when it is not JSON."""
    by_service: bool = True
    """Whether the service itself answered, not a fault in front of it."""

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status}"


def record(monkeypatch: pytest.MonkeyPatch) -> list[Exchange]:
    """The exchanges with the API of all sessions from now on, until the end of the test.

    Taken below the sessions, whose hooks raise on a refusal.
    """
    seen: list[Exchange] = []
    send = HTTPAdapter.send

    def recorded(adapter: HTTPAdapter, request: requests.PreparedRequest, **rest: Any) -> requests.Response:
        response = send(adapter, request, **rest)
        if urlsplit(str(request.url)).path.startswith("/v4/"):
            seen.append(exchange(response))
        return response

    monkeypatch.setattr(HTTPAdapter, "send", recorded)
    return seen


def exchange(response: requests.Response) -> Exchange:
    """What a response of `requests` stands for."""
    request = response.request
    url = urlsplit(str(request.url))
    kind = response.headers.get("Content-Type", "")
    return Exchange(
        str(request.method),
        url.path,
        parse_qs(url.query, keep_blank_values=True),
        json.loads(request.body) if request.body else None,
        response.status_code,
        _json(response.text),
        by_service=kind == "application/json; charset=UTF-8",
    )


def _json(text: str) -> Json:
    try:
        return json.loads(text)
    except ValueError:
        return None


class Spec:
    """The document, ready to judge."""

    def __init__(self, document: Json) -> None:
        self._everywhere = document["parameters"]
        self._schemas = {name: schema_of(each) for name, each in document["schemas"].items()}
        self._methods = [
            (method, re.compile(pattern_of(method["path"]))) for method in _methods(document["resources"])
        ]
        self._validators: dict[str, Draft202012Validator] = {}
        self._good: set[tuple[str, Json]] = set()

    def complaints(self, one: Exchange) -> list[str]:
        """Everything about the exchange that the document does not allow."""
        method = self._method(one)
        if method is None:
            return [f"{one}: no such method"]
        asked = [*self._of_parameters(method, one), *self._of_body(method, one)]
        return [f"{one}: {problem}" for problem in (*asked, *self._of_answer(method, one))]

    def complaints_of_answer(self, one: Exchange) -> list[str]:
        """As `complaints`, for requests that are wrong on purpose."""
        method = self._method(one)
        return [] if method is None else [f"{one}: {problem}" for problem in self._of_answer(method, one)]

    def _method(self, one: Exchange) -> Json | None:
        """The method with the most literal path: `values:batchGet` before `values/{range}`."""
        fits = [
            method
            for method, pattern in self._methods
            if method["httpMethod"] == one.method and pattern.fullmatch(one.path)
        ]
        return min(fits, key=lambda method: method["path"].count("{"), default=None)

    def _of_parameters(self, method: Json, one: Exchange) -> Iterator[str]:
        known = {
            **self._everywhere,
            **{name: each for name, each in method["parameters"].items() if each["location"] == "query"},
        }
        for name, values in one.query.items():
            if name not in known:
                yield f"unknown query parameter {name}"
                continue
            if len(values) > 1 and not known[name].get("repeated", False):
                yield f"query parameter {name} given twice"
            yield from (f"{name} is {each!r}" for each in values if not _fits(known[name], each))

    def _of_body(self, method: Json, one: Exchange) -> Iterator[str]:
        asked = method.get("request")
        if asked is None:
            if one.body is not None:
                yield "a body where none is declared"
            return
        yield from self._validate(asked["$ref"], {} if one.body is None else one.body)
        for part in (one.body or {}).get("requests", ()):
            for kind, request in part.items():
                if kind in MASKED:
                    yield from self._of_mask(request["fields"], MASKED[kind])

    def _of_answer(self, method: Json, one: Exchange) -> Iterator[str]:
        if not one.by_service:
            return
        if one.status != 200:
            yield from (error.message[:200] for error in Draft202012Validator(ERROR).iter_errors(one.answer))
            return
        shown = method["response"]["$ref"]
        yield from self._validate(shown, thinned(one.answer))
        for mask in one.query.get("fields", ()):
            yield from self._of_mask(mask, shown)

    def _of_mask(self, mask: str, name: str) -> Iterator[str]:
        for path in paths_of(mask):
            schema: Json = {"$ref": f"#/$defs/{name}"}
            for step in path:
                schema = self._step(schema, step)
                if schema is None:
                    yield f"the mask names {'.'.join(path)}, which {name} does not have"
                    break

    def _step(self, schema: Json, step: str) -> Json | None:
        """One name further into a schema, through references and lists."""
        while "$ref" in schema or "items" in schema:
            if "$ref" in schema:
                schema = self._schemas[schema["$ref"].rsplit("/", 1)[1]]
            else:
                schema = schema["items"]
        return {} if step == "*" else schema.get("properties", {}).get(step)

    def _validate(self, name: str, value: Json) -> Iterator[str]:
        """Complaints about a value; one of a shape that was found good before is not looked at again."""
        if (known := (name, shape(value))) in self._good:
            return
        if name not in self._validators:
            whole = {"$ref": f"#/$defs/{name}", "$defs": self._schemas}
            self._validators[name] = Draft202012Validator(whole)
        wrong = [
            f"{error.json_path}: {error.message[:200]}" for error in self._validators[name].iter_errors(value)
        ]
        yield from wrong
        if wrong == []:
            self._good.add(known)


def _methods(resources: Json) -> Iterator[Json]:
    for resource in resources.values():
        yield from resource.get("methods", {}).values()
        yield from _methods(resource.get("resources", {}))


def pattern_of(path: str) -> str:
    """A path of the document as a pattern: an id holds no colon, a range may."""
    literal = re.split(r"(\{\w+\})", "/" + path)
    forms = {"{range}": "[^/]+"}
    return "".join(forms.get(part, "[^/:]+") if part.startswith("{") else re.escape(part) for part in literal)


def schema_of(described: Json) -> Json:
    """A schema of the document as JSON Schema: closed objects, int32 bounds, `any` as anything."""
    if "$ref" in described:
        return {"$ref": f"#/$defs/{described['$ref']}"}
    kind = described["type"]
    if kind == "any":
        return {}
    made: dict[str, Json] = {"type": kind}
    if described.get("format") == "int32":
        made.update(INT32)
    if "enum" in described:
        made["enum"] = described["enum"]
    if kind == "array":
        made["items"] = schema_of(described["items"])
    if kind == "object":
        made["properties"] = {name: schema_of(each) for name, each in described.get("properties", {}).items()}
        more = described.get("additionalProperties")
        made["additionalProperties"] = False if more is None else schema_of(more)
    return made


def _fits(parameter: Json, text: str) -> bool:
    if parameter["type"] == "boolean":
        return text.lower() in ("true", "false")
    return text in parameter.get("enum", (text,))


def paths_of(mask: str) -> Iterator[tuple[str, ...]]:
    """The paths a mask names: `a(b,c.d)` is a.b and a.c.d."""
    above: list[tuple[str, ...]] = [()]
    here: tuple[str, ...] = ()
    for mark in [*re.findall(r"[\w*]+|[,()]", mask), ","]:
        if mark == "(":
            above.append(here)
        elif mark in ",)":
            if here != above[-1]:
                yield here
            if mark == ")":
                above.pop()
            here = above[-1]
        else:
            here = (*here, mark)


def thinned(value: Json) -> Json:
    """An answer with one item of each shape in its lists, which judges as well as a thousand do."""
    if isinstance(value, dict):
        return {name: thinned(each) for name, each in value.items()}
    if not isinstance(value, list):
        return value
    return [thinned(each) for each in {shape(each): each for each in value}.values()]


def shape(value: Json) -> Json:
    """What the document could object to: members, types, words of an enumeration, large numbers."""
    if isinstance(value, dict):
        return tuple((name, shape(each)) for name, each in value.items())
    if isinstance(value, list):
        return tuple(dict.fromkeys(map(shape, value)))
    if isinstance(value, str):
        return value if value.isupper() else str
    return value if isinstance(value, int) and abs(value) > INT32["maximum"] else type(value)


@cache
def spec() -> Spec:
    """The document of the installed client; nothing of the client is imported."""
    path = Path(str(distribution("google-api-python-client").locate_file(DOCUMENT)))
    return Spec(json.loads(path.read_text(encoding="utf-8")))
