"""Real tenants, where the environment names one: the suite's promises that need no control over the service.

For a kind such as `notion`, `OKRSYNC_LIVE_NOTION_CONNECTION` holds the connection as JSON (as in the admin's
file, secrets filled in) and `OKRSYNC_LIVE_NOTION_SCRATCH` the source of a collection made for this purpose:
everything in it may be overwritten. It needs four records, and a text and a number field. Faults, strangers
and deletions cannot be played; "a person" is another connection with the same credentials.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from okrsync.connectors.base import Connector, Native, NativeField, Patch, Schema
from okrsync.connectors.registry import KINDS
from tests.contract.bench import Bench, Truth

SAMPLES: Mapping[str, tuple[Native, ...]] = {
    "text": ("words", "other words", None),
    "number": (Decimal("0.1"), Decimal(0), Decimal(-7), None),
}


def variables(kind: str) -> tuple[str, str]:
    """The names of the two variables for a kind."""
    return f"OKRSYNC_LIVE_{kind.upper()}_CONNECTION", f"OKRSYNC_LIVE_{kind.upper()}_SCRATCH"


def live(environment: Mapping[str, str] = os.environ) -> Iterator[Bench]:
    """A bench for every kind that the environment names a tenant of."""
    for kind in KINDS:
        found = [environment.get(name) for name in variables(kind)]
        if all(found):
            yield Live(kind, *(json.loads(text) for text in found if text is not None))


def absent(environment: Mapping[str, str] = os.environ) -> Iterator[str]:
    """Why the other kinds are left out, one line each."""
    for kind in KINDS:
        missing = [name for name in variables(kind) if not environment.get(name)]
        if missing:
            yield f"contract: no real {kind}, since {' and '.join(missing)} is not set"


class Live(Bench):
    """One collection of one real tenant."""

    samples = SAMPLES
    roles = tuple(SAMPLES)
    by_hand = frozenset({"title", "text", "number"})

    def __init__(self, kind: str, connection: Any, source: Any) -> None:
        self._kind = KINDS[kind]
        self._person: Connector | None = None
        self._connection = self._kind.connection_model().model_validate(connection)
        self.name = f"{kind} (real)"
        self.source = self._kind.source_model().model_validate(source)
        connector = self.connect()
        self.features = connector.features
        connector.close()

    @property
    def person(self) -> Connector:
        """Another connection with the same credentials."""
        self._person = self._person or self.connect()
        return self._person

    def fresh(self) -> None:
        self._schema = self.person.schema(self.source)
        self.fields = _roles(self._schema)
        pull = self.person.pull(self.source, self._schema, list(self.fields.values()))
        self._records = itertools.cycle([record.native_id for record in pull.records])

    def stop(self) -> None:
        """The tenant stays as it is; only our connection to it ends."""
        if self._person is not None:
            self._person.close()

    def connect(self, *, timeout: float = 5.0) -> Connector:
        return self._kind.open(self.name, self._connection)

    def add(self, **values: Native) -> str:
        record = next(self._records)
        self.edit(record, **values)
        return record

    def edit(self, record: str, **values: Native) -> None:
        cells = {self.fields[role]: value for role, value in values.items()}
        found = self.person.fetch(self.source, self._schema, [record], list(cells))
        (written,) = self.person.write(self.source, self._schema, [Patch(found[record], cells)])
        if written.error is not None:
            raise written.error

    def truth(self) -> Truth:
        pull = self.person.pull(self.source, self._schema, list(self.fields.values()))
        return {
            (record.native_id, name): cell.value
            for record in pull.records
            for name, cell in record.cells.items()
            if cell.value is not None
        }


def _roles(schema: Schema) -> dict[str, str]:
    """The first fields that fit the roles; titles by the names services give them."""

    def first(kind: str, taken: str = "") -> NativeField:
        fitting = (each for each in schema.fields if each.writable and each.type == kind)
        return next(each for each in fitting if each.id != taken)

    texts = [each for each in schema.fields if each.writable and each.type == "text"]
    title = next((each for each in texts if each.id in ("title", "summary", "name")), texts[0])
    return {"title": title.id, "text": first("text", title.id).id, "number": first("number").id}
