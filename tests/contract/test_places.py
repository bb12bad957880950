"""Where computed values go: places of their own that people's edits and okrsync's do not disturb."""

from __future__ import annotations

from decimal import Decimal

from okrsync.connectors.errors import Rejected
from tests.contract.bench import Bench
from tests.contract.desk import Desk, changes
from tests.contract.promises import promise

SCORE = Decimal("0.42")


@promise("results_fields", "rearrange")
def test_results_stay_with_their_record_when_people_sort(bench: Bench, desk: Desk) -> None:
    """They lie outside people's own table, by key and not by row."""
    first, second = bench.add(title="One"), bench.add(title="Two")
    before = bench.truth()
    desk.send(desk.patch(first, result=SCORE), desk.patch(second, result=Decimal(1)))
    assert changes(before, bench.truth()) == {(each, bench.fields["result"]) for each in (first, second)}
    bench.rearrange()
    assert (desk.value(first, "result"), desk.value(second, "result")) == (SCORE, Decimal(1))
    desk.write(second, result=Decimal("0.9"))
    assert (desk.value(first, "result"), desk.value(second, "result")) == (SCORE, Decimal("0.9"))


@promise("lookup_fields", "shown", "rearrange")
def test_a_lookup_shows_the_result_in_peoples_own_table(bench: Bench, desk: Desk) -> None:
    """By a formula that names the row's own key, so that it stays right when people sort."""
    first, second = bench.add(title="One"), bench.add(title="Two")
    desk.send(*(desk.patch(each, result=SCORE, lookup="shown") for each in (first, second)))
    assert desk.value(first, "lookup") == "shown" and "VLOOKUP" in bench.shown(first, "lookup")
    bench.rearrange()
    assert desk.value(first, "lookup") == desk.value(second, "lookup") == "shown"


@promise("lookup_fields", "shown")
def test_a_lookup_never_covers_what_a_person_typed(bench: Bench, desk: Desk) -> None:
    """The cell is theirs until it is blank."""
    record = bench.add(title="One")
    bench.edit(record, score="mine")
    written = desk.write(record, lookup="shown")
    assert isinstance(written.error, Rejected) and bench.fields["lookup"] in written.error.fields
    assert desk.value(record, "lookup") == "mine"


@promise("property_fields", "delete")
def test_a_property_is_kept_beside_what_people_see(bench: Bench, desk: Desk) -> None:
    """Members have no influence on each other, nor on any field."""
    record = bench.add(title="One", number=Decimal(1))
    name = bench.fields["property"]
    fresh = desk.patch(record, property="0.42")
    before = bench.truth()
    desk.send(fresh)
    assert changes(before, bench.truth()) == {(record, name)}
    other = name.rpartition(".")[0] + ".other"
    second = desk.patch(record, property="0.43")
    desk.send(type(second)(second.record, {other: "kept"}))
    desk.write(record, property="0.44")
    found = desk.connector.fetch(bench.source, desk.schema(), [record], [name, other])[record]
    assert (found.cells[name].value, found.cells[other].value) == ("0.44", "kept")
