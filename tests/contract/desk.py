"""A bench with an open connector, and short words for what promises do with both.

Arrives: roles and values. Leaves: the port's own answers. Each call asks for the schema first, as a run does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from okrsync.connectors.base import Connector, Marker, Native, Patch, Pull, Record, Schema, Written
from tests.contract.bench import Bench, Truth


@dataclass(frozen=True)
class Desk:
    """What a promise works at."""

    bench: Bench
    connector: Connector

    @property
    def source(self) -> Any:
        return self.bench.source

    def schema(self) -> Schema:
        return self.connector.schema(self.source)

    def ids(self, roles: tuple[str, ...]) -> list[str]:
        return [self.bench.fields[role] for role in roles]

    def pull(self, *roles: str, cursor: str | None = None) -> Pull:
        """A look at the collection with these roles' cells."""
        return self.connector.pull(self.source, self.schema(), self.ids(roles), cursor)

    def pulled(self, record: str, *roles: str) -> Record:
        """One record of a pull."""
        return next(each for each in self.pull(*roles).records if each.native_id == record)

    def fetch(self, *records: str, roles: tuple[str, ...] = ("number",)) -> Mapping[str, Record]:
        return self.connector.fetch(self.source, self.schema(), records, self.ids(roles))

    def value(self, record: str, role: str) -> Native:
        """A fresh look at one cell."""
        return self.fetch(record, roles=(role,))[record].cells[self.bench.fields[role]].value

    def patch(self, record: str, **values: Native) -> Patch:
        """A patch as the engine makes it: on a fresh record."""
        fresh = self.fetch(record, roles=tuple(values))[record]
        return Patch(fresh, self.cells(values))

    def cells(self, values: Mapping[str, Native]) -> dict[str, Native]:
        """Values by native field id."""
        return {self.bench.fields[role]: value for role, value in values.items()}

    def send(self, *patches: Patch) -> tuple[Written, ...]:
        return self.connector.write(self.source, self.schema(), patches)

    def write(self, record: str, **values: Native) -> Written:
        """A fresh look and one patch."""
        (written,) = self.send(self.patch(record, **values))
        return written

    def create(self, marker: Marker, **values: Native) -> Written:
        return self.connector.create(self.source, self.schema(), self.cells(values), marker)

    def marked(self, marker: Marker) -> list[str]:
        """Ids of the records that bear the marker."""
        return [each.native_id for each in self.connector.marked(self.source, self.schema(), marker)]

    def marker(self, key: str = "KR-77") -> Marker:
        return Marker(key, f"entity of {key}", self.bench.key)


def changes(before: Truth, after: Truth) -> set[tuple[str, str]]:
    """The places that hold something else now."""
    return {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
