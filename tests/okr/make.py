"""Short ways to write entities in tests."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from okrsync.okr.compute import Computed, compute
from okrsync.okr.method import Method
from okrsync.okr.model import Entity, Kind, Source
from okrsync.okr.series import Point, Series
from okrsync.okr.values import Value

TODAY = date(2026, 2, 10)
SUM = Method(rollup="sum")


def number(text: str | int | Decimal) -> Decimal:
    """A decimal from its digits."""
    return Decimal(str(text))


def objective(key: str, **fields: Value) -> Entity:
    """An objective in the first quarter of 2026 whose id is its key."""
    return Entity(key, Kind.OBJECTIVE, key, {"title": f"Objective {key}", "cycle": "2026-Q1", **fields})


def key_result(key: str, under: str | tuple[str, ...] = "O", /, **fields: Value) -> Entity:
    """A key result under objectives: a level from 0 to 100 unless fields say otherwise; None removes one."""
    owners = frozenset({under} if isinstance(under, str) else under)
    base: dict[str, Value] = {
        "title": f"Result {key}",
        "objective": owners,
        "measure": "level",
        "direction": "at_least",
        "unit": "MQL",
        "start": Decimal(0),
        "target": Decimal(100),
    }
    return Entity(key, Kind.KEY_RESULT, key, {n: v for n, v in {**base, **fields}.items() if v is not None})


def initiative(key: str, **fields: Value) -> Entity:
    """An initiative whose id is its key."""
    return Entity(key, Kind.INITIATIVE, key, {"title": f"Epic {key}", **fields})


def item(key: str, parent: str, status: str | None = "done", **fields: Value) -> Entity:
    """A work item below an initiative."""
    parts: dict[str, Value] = {
        "title": f"Issue {key}",
        "parent": frozenset({parent}),
        "status_category": status,
    }
    return Entity(key, Kind.WORK_ITEM, key, {n: v for n, v in {**parts, **fields}.items() if v is not None})


def at(entity: Entity, **places: str) -> Entity:
    """The entity with the cells its fields were read from."""
    sources = {name: Source("sheets", place) for name, place in places.items()}
    return Entity(entity.id, entity.kind, entity.key, entity.fields, sources, entity.unreadable)


def unreadable(entity: Entity, **reasons: str) -> Entity:
    """The entity with fields that could not be read at the latest look."""
    return Entity(entity.id, entity.kind, entity.key, entity.fields, entity.sources, reasons)


def run(
    *entities: Entity, method: Method | None = None, today: date = TODAY, series: Series | None = None
) -> Computed:
    """The method's answer for these entities, with what was observed of them."""
    return compute({each.id: each for each in entities}, today, method or Method(), series)


def seen(first: date, *values: str | int | Decimal | None, every: int = 7) -> tuple[Point, ...]:
    """Points every so many days from a first day; None is a look that saw nothing usable, and is left out."""
    days = (first + timedelta(days=every * n) for n in range(len(values)))
    return tuple(
        Point(number(value), day) for day, value in zip(days, values, strict=True) if value is not None
    )


def metric(key: str, **fields: Value) -> Entity:
    """A KPI whose id is its key."""
    return Entity(key, Kind.METRIC, key, {"title": f"KPI {key}", **fields})


def check_in(key: str, about: str, on: date, **fields: Value) -> Entity:
    """A check-in about a key result."""
    return Entity(key, Kind.CHECK_IN, key, {"key_result": frozenset({about}), "date": on, **fields})


def codes(computed: Computed) -> list[str]:
    """The codes of all findings, sorted."""
    return sorted(found.code for found in computed.findings)
