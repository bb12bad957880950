"""Atlassian's own OpenAPI document of Jira Cloud as a judge of requests and answers, where it is at hand.

Arrives: what went over the wire. Leaves: complaints in words. Requests are held to the letter: Jira refuses
members and parameters it does not know. Answers are held to the relaxed document, since real Jira answers
hold members it does not declare, and null where it says text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # publishes no type information

Json = Any

DOCUMENTS = Path(__file__).parents[3] / "shared"
"""Kept beside the repository; documents of others are no part of it."""
SPEC = DOCUMENTS / "specs" / "jira-cloud-v3.json"
ABSENT = f"Atlassian's document is not at ../shared/specs/{SPEC.name}; requests and answers go unjudged"
GATEWAY = re.compile(r"^/ex/jira/[^/]+")


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

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status}"


def record(monkeypatch: pytest.MonkeyPatch) -> list[Exchange]:
    """The exchanges of all sessions from now on, as they happen, until the end of the test."""
    seen: list[Exchange] = []
    send = requests.Session.send

    def recorded(
        session: requests.Session, request: requests.PreparedRequest, **rest: Any
    ) -> requests.Response:
        response = send(session, request, **rest)
        seen.append(exchange(response))
        return response

    monkeypatch.setattr(requests.Session, "send", recorded)
    return seen


def exchange(response: requests.Response) -> Exchange:
    """What a response of `requests` stands for."""
    request = response.request
    url = urlsplit(str(request.url))
    path = GATEWAY.sub("", url.path)
    sent = json.loads(request.body) if request.body else None
    is_json = "json" in response.headers.get("Content-Type", "") and response.content != b""
    answer = response.json() if is_json else None
    return Exchange(str(request.method), path, parse_qs(url.query), sent, response.status_code, answer)


class Spec:
    """The document, ready to judge."""

    def __init__(self, document: Json) -> None:
        self._components = document["components"]
        self._relaxed = relaxed(self._components)
        self._operations = [
            (method.upper(), path, re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        ]
        self._validators: dict[str, Draft202012Validator] = {}

    def complaints(self, one: Exchange) -> list[str]:
        """Everything about the exchange that the document does not allow."""
        found = self._operation(one)
        if found is None:
            return [f"{one}: no such operation"]
        name, operation = found
        problems = [*self._of_request(name, operation, one), *self._of_answer(name, operation, one)]
        return [f"{one}: {problem}" for problem in problems]

    def complaints_of_answer(self, one: Exchange) -> list[str]:
        """As `complaints`, for requests that are wrong on purpose or not in the document."""
        found = self._operation(one)
        return [] if found is None else [f"{one}: {problem}" for problem in self._of_answer(*found, one)]

    def _operation(self, one: Exchange) -> tuple[str, Json] | None:
        """The operation with the most literal path: `/issue/bulkfetch` before `/issue/{issueIdOrKey}`."""
        fits = [
            (path.count("{"), f"{method} {path}", operation)
            for method, path, pattern, operation in self._operations
            if method == one.method and pattern.match(one.path)
        ]
        return min(fits, key=lambda fit: fit[:2])[1:] if fits else None

    def _of_request(self, name: str, operation: Json, one: Exchange) -> Iterator[str]:
        known = {
            parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "query"
        }
        if unknown := sorted(set(one.query) - known):
            yield f"unknown query parameters {', '.join(unknown)}"
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            if one.body is not None:
                yield "a body where none is declared"
            return
        yield from self._validate(f"{name} body", content["schema"], self._components, one.body)

    def _of_answer(self, name: str, operation: Json, one: Exchange) -> Iterator[str]:
        if not 200 <= one.status < 300:
            return
        declared = operation["responses"].get(str(one.status))
        if declared is None:
            yield f"a {one.status} is not among {', '.join(operation['responses'])}"
            return
        schema = declared.get("content", {}).get("application/json", {}).get("schema")
        if schema is not None:
            yield from self._validate(f"{name} {one.status}", relaxed(schema), self._relaxed, one.answer)

    def _validate(self, name: str, schema: Json, components: Json, value: Json) -> Iterator[str]:
        if name not in self._validators:
            self._validators[name] = Draft202012Validator({**schema, "components": components})
        for error in self._validators[name].iter_errors(value):
            yield f"{error.json_path}: {error.message[:200]}"


def relaxed(schema: Json) -> Json:
    """A schema without closed objects and with null everywhere, as real answers need it."""
    if isinstance(schema, list):
        return [relaxed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    looser = {name: relaxed(one) for name, one in schema.items()}
    if looser.get("additionalProperties") is False:
        del looser["additionalProperties"]
    if isinstance(looser.get("type"), str):
        looser["type"] = [looser["type"], "null"]
    if isinstance(looser.get("enum"), list):
        looser["enum"] = [*looser["enum"], None]
    return looser


@cache
def spec() -> Spec | None:
    """The document beside the repository; `None` where it is not."""
    return Spec(json.loads(SPEC.read_text())) if SPEC.exists() else None
