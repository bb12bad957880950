"""The examples of `seed.yaml` with dates: objectives, key results and initiatives of one company.

The file keeps what its texts say: deadlines without a year, spans, cycles by their bare names. Here they get
the year 2026. Nothing else is filled in: what a text leaves out stays None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from okrsync.sandbox.world.companies import Company

YEAR = 2026
_CYCLES = {"quarter": "2026-Q1", "Q1": "2026-Q1", "Q2": "2026-Q2", "year": "2026", "2023": "2023"}
_FIRST_MONTH = {"2026-Q2": 4}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Objective:
    """An objective; `parent_kr` and `parent_objective` are keys of what it contributes to."""

    key: str
    title: str
    level: str
    owner: str | None
    cycle: str | None
    due: date | None
    parent_kr: str | None
    parent_objective: str | None


@dataclass(frozen=True)
class KeyResult:
    """A key result; `is_rolled_up` says that its value comes from the objectives that contribute to it."""

    key: str
    title: str
    objective: str
    owner: str | None
    cycle: str | None
    kind: str
    measure: str
    direction: str | None
    unit: str | None
    start: Decimal | None
    target: Decimal | None
    strict: bool
    due: date | None
    is_rolled_up: bool


@dataclass(frozen=True)
class Initiative:
    """Work meant to move a key result, or an objective where the text names no key result."""

    key: str
    title: str
    parent: str


@dataclass(frozen=True)
class Plan:
    """Everything one company has set out to do, in the file's order: parents before children."""

    objectives: tuple[Objective, ...]
    key_results: tuple[KeyResult, ...]
    initiatives: tuple[Initiative, ...]

    def of(self, objective: Objective) -> tuple[KeyResult, ...]:
        """The key results of an objective."""
        return tuple(kr for kr in self.key_results if kr.objective == objective.key)

    @property
    def owners(self) -> tuple[str, ...]:
        """Everybody who owns something, each once."""
        named = [each.owner for each in self.objectives] + [each.owner for each in self.key_results]
        return tuple(dict.fromkeys(owner for owner in named if owner is not None))


def plan_of(company: Company) -> Plan:
    """A company's objectives, key results and initiatives."""
    data = _data()
    objectives = tuple(_objective(row) for row in data["objectives"] if row["seed"] == company.text)
    cycles = {each.key: each.cycle for each in objectives}
    rolled_up = {case["parent"] for case in data["rollup_cases"] if case["method"] in ("sum", "refuse")}
    key_results = tuple(
        _key_result(row, cycles[row["objective"]], row["id"] in rolled_up)
        for row in data["key_results"]
        if row["seed"] == company.text
    )
    own = {*cycles, *(kr.key for kr in key_results)}
    work = [Initiative(row["id"], row["title"], row["parent"]) for row in data["initiatives"]]
    return Plan(objectives, key_results, tuple(each for each in work if each.parent in own))


def due_date(text: str | None, cycle: str | None) -> date | None:
    """MM-DD in 2026, a whole date, or a number of months (P3M) from the cycle's first day."""
    if text is None:
        return None
    if text.startswith("P"):
        return date(YEAR, _FIRST_MONTH.get(cycle or "", 1) + int(text[1:-1]), 1)
    return date.fromisoformat(text if len(text) == 10 else f"{YEAR}-{text}")


def _objective(row: Row) -> Objective:
    cycle = None if row["cycle"] is None else _CYCLES[row["cycle"]]
    return Objective(
        key=row["id"],
        title=row["title"],
        level=row["level"],
        owner=row["owner"],
        cycle=cycle,
        due=due_date(row["due"], cycle),
        parent_kr=row["parent_kr"],
        parent_objective=row["parent_objective"],
    )


def _key_result(row: Row, cycle: str | None, is_rolled_up: bool) -> KeyResult:
    is_change = row["measure"] in ("relative", "delta")
    return KeyResult(
        key=row["id"],
        title=row["text"],
        objective=row["objective"],
        owner=row["owner"],
        cycle=cycle,
        kind=row["kind"],
        measure=row["measure"],
        direction=None if row["direction"] == "unknown" else row["direction"],
        unit=row["unit"],
        start=None if is_change else row["start"],
        target=row["target"],
        strict=row["strict"],
        due=due_date(row["due"], cycle),
        is_rolled_up=is_rolled_up,
    )


class _Decimals(yaml.SafeLoader):
    """Reads numbers as decimals, never as floats."""


def _decimal(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)))


_Decimals.add_constructor("tag:yaml.org,2002:int", _decimal)
_Decimals.add_constructor("tag:yaml.org,2002:float", _decimal)


@cache
def _data() -> Mapping[str, Any]:
    text = files("okrsync.sandbox.world").joinpath("seed.yaml").read_text("utf-8")
    loaded: Mapping[str, Any] = yaml.load(text, Loader=_Decimals)
    return loaded
