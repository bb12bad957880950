"""Notion's own API documents, as a judge of requests and answers.

Arrives: exchanges as they went over the wire. Leaves: what the documents object to, in words. The documents
are no part of the project: one is fetched by `make setup` where npm is at hand, the other is kept beside the
repository at most. Where both are absent nothing can be judged. Taken literally they refuse nearly every real
answer, so objects may hold further members and alternatives may overlap; a request may still hold no member
that the documents do not name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # publishes no type information
from jsonschema.exceptions import best_match  # type: ignore[import-untyped]  # publishes no type information

from tests.fidelity.fetch_notion import DOCUMENT

Json = Any
SPECS = Path(__file__).resolve().parents[3] / "shared" / "specs"
DOCUMENTS = {"notion-reference.json": True, "notion.json": False}
"""By name, whether it describes bodies. The second names addresses and parameters only: its bodies are mostly
untyped, and its sorts require a property although Notion documents sorting by time."""
ABSENT = f"no API document of Notion: none in {SPECS}, none at {DOCUMENT}; `make setup` fetches one with npm"
NO_BODIES = f"the document that describes bodies is not in {SPECS}"
SHOWN_ROWS = 2
"""Rows of a list that are judged; the others are made by the same code."""


@dataclass(frozen=True)
class Exchange:
    """One request and its answer."""

    method: str
    path: str
    query: tuple[str, ...]
    """Names of the query string's members."""
    body: Json
    status: int
    answer: Json
    by_service: bool = True
    """Whether the service itself answered, not a fault in front of it."""


class Document:
    """One API document, relaxed."""

    def __init__(self, path: Path, *, bodies: bool) -> None:
        self.name = path.name
        self.bodies = bodies
        self._relaxed = relaxed(json.loads(path.read_text()))
        self._judged: set[str] = set()

    def objections(self, exchange: Exchange) -> list[str]:
        """What is wrong with the request and with the answer; none where the address is not described."""
        template = self._template(exchange)
        if template is None:
            return []
        signature = repr((template, exchange.method, exchange.status, shape(exchange.body), exchange.query))
        signature += repr(shape(_shortened(exchange.answer)))
        if signature in self._judged:
            return []
        self._judged.add(signature)
        place = f"{self.name}: {exchange.method} {exchange.path}"
        return [
            f"{place}: {text}"
            for text in (*self._asked(template, exchange), *self._answered(template, exchange))
        ]

    def describes(self, method: str, path: str) -> bool:
        """Whether the document has this address."""
        return self._template(Exchange(method, path, (), None, 0, None)) is not None

    def _template(self, exchange: Exchange) -> str | None:
        fitting = (
            template
            for template, operations in sorted(
                self._relaxed["paths"].items(), key=lambda item: "{" in item[0]
            )
            if exchange.method.lower() in operations and _fits(template, exchange.path)
        )
        return next(fitting, None)

    def _asked(self, template: str, exchange: Exchange) -> Iterator[str]:
        operation = self._relaxed["paths"][template][exchange.method.lower()]
        named = {self._resolved(each).get("name") for each in operation.get("parameters", ())}
        yield from (f"unknown parameter {name}" for name in exchange.query if name not in named)
        if exchange.body is not None and self.bodies:
            schema = self._content(operation["requestBody"])
            known = set(self._members(schema))
            yield from (f"unknown member {name} in the body" for name in exchange.body if name not in known)
            yield from self._misfits(exchange.body, schema)

    def _answered(self, template: str, exchange: Exchange) -> Iterator[str]:
        responses = self._relaxed["paths"][template][exchange.method.lower()]["responses"]
        if self.bodies and exchange.by_service and str(exchange.status) in responses:
            schema = self._content(responses[str(exchange.status)])
            yield from self._misfits(_shortened(exchange.answer), schema)

    def _content(self, described: Json) -> Json:
        """The JSON schema of a described body; anything goes where none is given."""
        content = self._resolved(described).get("content", {})
        return content.get("application/json", {}).get("schema", {})

    def _misfits(self, value: Json, schema: Json) -> Iterator[str]:
        judge = Draft202012Validator({"components": self._relaxed["components"], **schema})
        worst = best_match(judge.iter_errors(value))
        if worst is not None:
            yield f"{worst.json_path}: {worst.message[:300]}"

    def _members(self, schema: Json) -> Iterator[str]:
        schema = self._resolved(schema)
        yield from schema.get("properties", {})
        for word in ("allOf", "anyOf", "oneOf"):
            for each in schema.get(word, ()):
                yield from self._members(each)

    def _resolved(self, schema: Json) -> Json:
        if "$ref" not in schema:
            return schema
        found = self._relaxed
        for part in schema["$ref"].split("/")[1:]:
            found = found[part]
        return self._resolved(found)


def relaxed(schema: Json) -> Json:
    """Without `additionalProperties: false`, and with `anyOf` for every `oneOf`."""
    if isinstance(schema, list):
        return [relaxed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: each for key, each in schema.items() if (key, each) != ("additionalProperties", False)}
    return {("anyOf" if key == "oneOf" else key): relaxed(each) for key, each in kept.items()}


def shape(value: Json) -> Json:
    """A value without what differs between equal answers: texts and numbers become their type's name."""
    if isinstance(value, dict):
        kept = ("type", "object")
        return {
            key: each if key in kept and isinstance(each, str) else shape(each) for key, each in value.items()
        }
    if isinstance(value, list):
        return [shape(each) for each in value]
    return type(value).__name__


def _shortened(answer: Json) -> Json:
    if isinstance(answer, dict) and isinstance(answer.get("results"), list):
        return {**answer, "results": answer["results"][:SHOWN_ROWS]}
    return answer


def _fits(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)), path) is not None


@cache
def documents() -> tuple[Document, ...]:
    """The documents that are present."""
    places = [(SPECS / name, bodies) for name, bodies in DOCUMENTS.items()]
    if not (SPECS / DOCUMENT.name).is_file():
        places.append((DOCUMENT, DOCUMENTS[DOCUMENT.name]))
    return tuple(Document(path, bodies=bodies) for path, bodies in places if path.is_file())


def objections(exchange: Exchange) -> list[str]:
    """What any document that is present objects to."""
    return [text for document in documents() for text in document.objections(exchange)]
