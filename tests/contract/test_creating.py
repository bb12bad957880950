"""New records: at most one for each, found again by its marker, never made by chance."""

from __future__ import annotations

from decimal import Decimal

import pytest

from okrsync.connectors.errors import OutcomeUnknown, Rejected
from tests.contract.bench import Bench
from tests.contract.desk import Desk
from tests.contract.promises import promise
from tests.contract.test_failing import BREAKS, BROKEN

makes = promise("creates", "delete")
loses = promise("creates", "fault", "log")


def count(bench: Bench) -> int:
    """How many records there truly are."""
    return len({record for record, _ in bench.truth()})


@makes
def test_one_record_is_made_with_its_cells(bench: Bench, desk: Desk) -> None:
    """The answer, a fresh look and the listing agree; people find the key where they look for it."""
    written = desk.create(desk.marker(), title="New", number=Decimal("0.5"))
    assert written.error is None and count(bench) == 1
    assert written.cells[bench.fields["number"]].value == Decimal("0.5")
    found = desk.pulled(written.native_id, "title", "number")
    assert found.title == "New" and desk.value(written.native_id, "number") == Decimal("0.5")


@makes
def test_a_record_is_found_by_its_own_marker_alone(bench: Bench, desk: Desk) -> None:
    """Other markers and people's records are others."""
    bench.add(title="A person's")
    made = desk.create(desk.marker("KR-77"), title="New")
    desk.create(desk.marker("KR-777"), title="Newer")
    assert desk.marked(desk.marker("KR-77")) == [made.native_id]
    assert desk.marked(desk.marker("KR-7")) == []
    assert count(bench) == 3


@makes
def test_what_may_not_be_written_makes_no_record(bench: Bench, desk: Desk) -> None:
    """It is refused whole."""
    number = bench.fields["number"]
    written = desk.connector.create(
        bench.source, desk.schema(), {bench.fields["title"]: "New", number: Decimal("NaN")}, desk.marker()
    )
    assert isinstance(written.error, Rejected) and number in written.error.fields
    assert count(bench) == 0 and desk.marked(desk.marker()) == []


@makes
def test_a_new_record_can_be_written_to(bench: Bench, desk: Desk) -> None:
    """Its native id is one like any other."""
    made = desk.create(desk.marker(), title="New").native_id
    assert desk.write(made, number=Decimal(4)).error is None
    assert desk.value(made, "number") == Decimal(4)


@BREAKS
@loses
def test_a_creation_whose_answer_is_lost_is_found_by_its_marker(
    bench: Bench, desk: Desk, broken: str
) -> None:
    """Sent once; unknown until somebody looks, and then there is exactly one."""
    schema, marker = desk.schema(), desk.marker()
    bench.fault("create", effect=True, times=None, **BROKEN[broken])
    written = desk.connector.create(bench.source, schema, desk.cells({"title": "New"}), marker)
    assert isinstance(written.error, OutcomeUnknown) and bench.log()["write"] == 1
    assert count(bench) == 1 and len(desk.marked(marker)) == 1


@BREAKS
@loses
def test_a_creation_that_got_lost_is_not_repeated(bench: Bench, desk: Desk, broken: str) -> None:
    """Nothing was made, and nobody knows that until somebody looks."""
    schema, marker = desk.schema(), desk.marker()
    bench.fault("create", times=None, **BROKEN[broken])
    written = desk.connector.create(bench.source, schema, desk.cells({"title": "New"}), marker)
    assert isinstance(written.error, OutcomeUnknown) and bench.log()["write"] == 1
    assert count(bench) == 0 and desk.marked(marker) == []


@pytest.mark.parametrize("lagging", [False, True], ids=["at once", "late"])
@promise("visibility_grace", "delete", "later")
def test_after_the_grace_a_new_record_is_shown(bench: Bench, desk: Desk, lagging: bool) -> None:
    """However late the service's listings are: what `marked` does not show by then was never made."""
    bench.later(3600)
    if lagging and bench.plays("lag"):
        bench.lag()
    made = desk.create(desk.marker(), title="New").native_id
    bench.later(bench.features.visibility_grace)
    assert desk.marked(desk.marker()) == [made]
