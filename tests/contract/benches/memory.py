"""The reference: a service in memory. It has no wire, so what can happen on one is not played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from okrsync.connectors.base import Features, Native, NativeField
from okrsync.connectors.memory.connector import MemoryConnector, MemoryService
from okrsync.connectors.memory.settings import Source
from okrsync.okr.values import Unreadable
from tests.contract.bench import Bench, Truth

TYPES = {
    "title": "text",
    "text": "text",
    "number": "number",
    "percent": "percent",
    "day": "date",
    "moment": "moment",
    "flag": "bool",
    "choice": "choice",
    "labels": "labels",
    "people": "people",
    "relation": "relation",
    "property": "property",
    "key": "text",
}
SAMPLES: dict[str, Sequence[Native]] = {
    "title": ("One", "Two"),
    "text": ("words", "other words", None),
    "number": (Decimal("0.1"), Decimal(0), Decimal(-7), None),
    "percent": (Decimal("0.42"), Decimal(1)),
    "day": (date(2026, 12, 31), None),
    "moment": (datetime(2026, 12, 31, 23, 59, tzinfo=UTC),),
    "flag": (True, False),
    "choice": ("High", "Low"),
    "labels": (("a", "b"), ()),
    "people": (("ada@example.com",), ()),
    "relation": (("somewhere-1",), ()),
    "property": ("0.42",),
    "key": ("KR-1",),
}


class Memory(Bench):
    """A table with a field of every type."""

    name = "memory"
    features = Features(
        incremental=True, children=True, listing_may_lag=True, creates=True, visibility_grace=1
    )
    fields: Mapping[str, str] = {role: role for role in TYPES}
    samples = SAMPLES
    roles = tuple(SAMPLES)
    by_hand = frozenset(TYPES)
    key = "key"
    source: Any = Source(table="rows")

    def fresh(self) -> None:
        self._service = MemoryService("memory")
        columns = [NativeField(role, role, kind, writable=True) for role, kind in TYPES.items()]
        columns.append(NativeField("sum", "sum", "computed", writable=False, why_not="it is computed"))
        self._service.add_table(self.source.table, columns)

    def stop(self) -> None:
        """There is nothing to stop."""

    def connect(self, *, timeout: float = 5.0) -> MemoryConnector:
        return MemoryConnector(self._service, self.features)

    def add(self, **values: Native) -> str:
        return self._service.add(self.source.table, values)

    def edit(self, record: str, **values: Native) -> None:
        for role, value in values.items():
            self._service.edit(self.source.table, record, role, value)

    def truth(self) -> Truth:
        rows = self._service.tables[self.source.table].rows.values()
        return {(row.id, name): value for row in rows for name, value in row.values.items()}

    def wrong_source(self) -> Source:
        return Source(table="elsewhere")

    def delete(self, record: str) -> None:
        self._service.delete(self.source.table, record)

    def unreadable(self, record: str) -> str:
        self._service.edit(self.source.table, record, "number", Unreadable("a formula that fails"))
        return "number"

    def computed(self) -> str:
        return "sum"

    def later(self, seconds: float) -> None:
        self._service.thaw_listing(self.source.table)

    def add_child(self, parent: str, title: str, category: str, points: Native) -> str:
        cells: dict[str, Native] = {
            "title": title,
            "status_category": category,
            "resolution": None,
            "points": points,
        }
        return self._service.add(self.source.table, cells, parent=parent)

    def lag(self) -> None:
        self._service.freeze_listing(self.source.table)
