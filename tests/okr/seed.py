"""The examples of the method as entities: what the demo's world is built from, read for tests.

The data's file keeps what its texts say (no years, durations, null); here they get the year 2026 and
normal values, and nothing is filled in that the texts leave out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from okrsync.okr.model import Entity, Kind
from okrsync.okr.values import Value

YEAR = 2026
Row = Mapping[str, Any]
_CYCLES = {"quarter": "2026-Q1", "Q1": "2026-Q1", "Q2": "2026-Q2", "year": "2026", "2023": "2023"}
_NUMBERS = ("start", "target")
_TEXTS = ("measure", "unit")


@cache
def seed() -> Mapping[str, Any]:
    """The whole file. Numbers are decimals, read from their own digits."""
    text = files("okrsync.sandbox").joinpath("world", "seed.yaml").read_text("utf-8")
    loaded: Mapping[str, Any] = yaml.load(text, Loader=_Decimals)
    return loaded


class _Decimals(yaml.SafeLoader):
    """Reads numbers as decimals, never as floats."""


def _number(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)))


_Decimals.add_constructor("tag:yaml.org,2002:int", _number)
_Decimals.add_constructor("tag:yaml.org,2002:float", _number)


def key_result_rows() -> list[Row]:
    """The 106 key results as the file holds them."""
    rows: list[Row] = seed()["key_results"]
    return rows


def world(
    currents: Mapping[str, Decimal] | None = None, changes: Mapping[str, Row] | None = None
) -> dict[str, Entity]:
    """All objectives and key results by id, with the given current values and changed fields."""
    given = {each: {"current": value} for each, value in (currents or {}).items()}
    found = [_objective(row) for row in seed()["objectives"]] + [
        _key_result(row) for row in key_result_rows()
    ]
    return {
        each.id: _with(each, {**given.get(each.id, {}), **(changes or {}).get(each.id, {})}) for each in found
    }


def _with(entity: Entity, extra: Mapping[str, Value]) -> Entity:
    return Entity(entity.id, entity.kind, entity.key, {**entity.fields, **extra})


def _entity(row: Row, kind: Kind, fields: Mapping[str, Value]) -> Entity:
    return Entity(
        row["id"], kind, row["id"], {name: value for name, value in fields.items() if value is not None}
    )


def _objective(row: Row) -> Entity:
    parents = frozenset(each for each in (row["parent_kr"], row["parent_objective"]) if each)
    return _entity(
        row,
        Kind.OBJECTIVE,
        {
            "title": row["title"],
            "owner": row["owner"],
            "cycle": _CYCLES.get(str(row["cycle"])) if row["cycle"] else None,
            "due": due(row["due"]),
            "contributes_to": parents or None,
        },
    )


def _key_result(row: Row) -> Entity:
    fields: dict[str, Value] = {name: row[name] for name in (*_NUMBERS, *_TEXTS)}
    if row["measure"] in ("relative", "delta"):
        fields["start"] = None
    return _entity(
        row,
        Kind.KEY_RESULT,
        {
            **fields,
            "title": row["text"],
            "objective": frozenset({row["objective"]}),
            "direction": None if row["direction"] == "unknown" else row["direction"],
            "strict": row["strict"],
            "due": due(row["due"]),
        },
    )


def due(text: str | None) -> date | None:
    """MM-DD in 2026, a whole date, or the last day of a number of months from its first day."""
    if text is None:
        return None
    if text.startswith("P"):
        return date(YEAR, 1 + int(text[1:-1]), 1) - timedelta(days=1)
    return date.fromisoformat(text if len(text) == 10 else f"{YEAR}-{text}")
