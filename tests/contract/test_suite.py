"""The suite itself: it notices connectors that lie, its table is true, and real tenants can take part."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from okrsync.connectors.base import Marker, Native, Patch, Pull, Record, Schema, Written
from okrsync.connectors.memory.connector import MemoryConnector
from okrsync.connectors.registry import KINDS
from tests.contract import test_changes, test_creating, test_reading, test_writing
from tests.contract.bench import Bench
from tests.contract.benches.live import absent, live, variables
from tests.contract.benches.memory import Memory
from tests.contract.benches.notion import TOKEN, Notion
from tests.contract.conftest import benches
from tests.contract.desk import Desk
from tests.contract.promises import Terms, declared, parts, unexercised
from tests.contract.table import NOT_MADE, PASSED, markdown

PROOFS = Path(__file__).parents[2] / "docs" / "proofs.md"


class Forgetful(MemoryConnector):
    """Takes a cut look for a whole one."""

    def pull(self, source: Any, schema: Schema, want: Sequence[str], cursor: str | None = None) -> Pull:
        pull = super().pull(source, schema, want, cursor)
        return replace(pull, records=pull.records[1:])


class Rounding(MemoryConnector):
    """Takes numbers for doubles."""

    def fetch(
        self, source: Any, schema: Schema, ids: Sequence[str], want: Sequence[str]
    ) -> Mapping[str, Record]:
        found = super().fetch(source, schema, ids, want)
        return {
            id_: replace(record, cells=dict(map(_rounded, record.cells.items())))
            for id_, record in found.items()
        }


def _rounded(item: tuple[str, Any]) -> tuple[str, Any]:
    name, cell = item
    is_number = isinstance(cell.value, Decimal)
    return name, replace(cell, value=Decimal(float(cell.value))) if is_number else cell


class Trusting(MemoryConnector):
    """Answers what it sent instead of what is there, and writes nothing."""

    def write(self, source: Any, schema: Schema, patches: Sequence[Patch]) -> tuple[Written, ...]:
        return tuple(
            Written(
                patch.record.native_id,
                {name: replace(cell, value=patch.cells[name]) for name, cell in patch.record.cells.items()},
            )
            for patch in patches
        )


class Overwriting(MemoryConnector):
    """Writes the whole record back."""

    def write(self, source: Any, schema: Schema, patches: Sequence[Patch]) -> tuple[Written, ...]:
        return super().write(
            source, schema, [replace(each, cells={"text": "x", **each.cells}) for each in patches]
        )


class Fragile(MemoryConnector):
    """Stops at the first failure."""

    def write(self, source: Any, schema: Schema, patches: Sequence[Patch]) -> tuple[Written, ...]:
        done = super().write(source, schema, patches)
        failed = next((at for at, each in enumerate(done) if each.error is not None), len(done))
        return done[: failed + 1]


class Doubling(MemoryConnector):
    """Makes a record again to be sure."""

    def create(self, source: Any, schema: Schema, cells: Mapping[str, Native], marker: Marker) -> Written:
        super().create(source, schema, cells, marker)
        return super().create(source, schema, cells, marker)


class Sleeping(MemoryConnector):
    """Claims that nothing ever changes."""

    def pull(self, source: Any, schema: Schema, want: Sequence[str], cursor: str | None = None) -> Pull:
        pull = super().pull(source, schema, want, cursor)
        return pull if cursor is None else replace(pull, records=())


Promise = Callable[..., None]
LIARS: list[tuple[type[MemoryConnector], Promise]] = [
    (Forgetful, test_reading.test_a_look_shows_every_record_with_the_asked_cells),
    (Rounding, lambda bench, desk: test_reading.test_numbers_are_exact(desk, "0.1")),
    (Trusting, lambda bench, desk: test_writing.test_values_come_back_as_they_were_written(desk, "number")),
    (Overwriting, lambda bench, desk: test_writing.test_only_the_named_cell_changes(desk, "number")),
    (Fragile, test_writing.test_a_failed_patch_does_not_stop_the_others),
    (Doubling, test_creating.test_one_record_is_made_with_its_cells),
    (Sleeping, test_changes.test_what_changed_is_seen),
]


@pytest.mark.parametrize(("liar", "kept"), LIARS, ids=[liar.__name__ for liar, _ in LIARS])
def test_a_connector_that_lies_is_noticed(liar: type[MemoryConnector], kept: Promise) -> None:
    """Each of these breaks one promise, and that promise fails."""

    class Lying(Memory):
        def connect(self, *, timeout: float = 5.0) -> MemoryConnector:
            return liar(self._service, self.features)

    lying = Lying()
    lying.fresh()
    arguments = {"bench": lying, "desk": Desk(lying, lying.connect())}
    asked = kept.__code__.co_varnames[: kept.__code__.co_argcount]
    with pytest.raises((AssertionError, ValueError)):
        kept(**{name: arguments[name] for name in asked})


def test_a_feature_that_nobody_exercises_is_named() -> None:
    """Declaring more than the bench can show fails, with the feature's name."""

    class Boasting(Memory):
        features = replace(Memory.features, moves_ids=True)

    assert unexercised(Boasting()) == ["moves_ids"]


def test_every_feature_can_be_exercised() -> None:
    """There is a promise for each feature of the port, and none for another."""
    asked = {terms.feature for made in parts().values() for terms in made} - {None}
    assert asked == {name for bench in benches().values() for name in declared(bench.features)}


def test_the_short_table_is_true() -> None:
    """docs/proofs.md shows which part of the suite applies to which connector."""
    sandboxed = [bench for bench in benches().values() if "real" not in bench.name]
    rows = [[f"`{name}.py`", *(_mark(made, bench) for bench in sandboxed)] for name, made in parts().items()]
    assert markdown(["Part", *(bench.name for bench in sandboxed)], rows) in PROOFS.read_text("utf-8")


def _mark(made: Sequence[Terms], bench: Bench) -> str:
    return PASSED if any(terms.hold(bench) for terms in made) else NOT_MADE


def test_a_tenant_that_the_environment_names_takes_part() -> None:
    """With four records of its own; here the sandbox stands in for it."""
    stage = Notion()
    stage.fresh()
    for number in range(4):
        stage.add(title=f"Scratch {number}")
    connection = {"token": TOKEN, "api_url": stage.running.url, "requests_per_minute": 6000}
    told = (json.dumps(connection), stage.source.model_dump_json(exclude_none=True))
    (tenant,) = live(dict(zip(variables("notion"), told, strict=True)))
    tenant.fresh()
    connector = tenant.connect()
    desk = Desk(tenant, connector)
    for role in tenant.roles:
        test_writing.test_values_come_back_as_they_were_written(desk, role)
    test_reading.test_a_look_shows_every_record_with_the_asked_cells(desk)
    connector.close()
    tenant.stop()
    stage.stop()


def test_tenants_that_are_left_out_are_told() -> None:
    """Each with the variables that are not set."""
    assert len(list(absent({}))) == len(KINDS)
    notion = variables("notion")
    others = [name for kind in KINDS if kind != "notion" for name in variables(kind)]
    assert list(absent(dict.fromkeys([*others, notion[0]], "{}"))) == [
        f"contract: no real notion, since {notion[1]} is not set"
    ]
