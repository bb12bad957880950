"""What a look shows: everything, exactly, and never less than it claims."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

import pytest

from okrsync.connectors.base import ReadsTogether
from okrsync.okr.values import Unreadable
from tests.contract.bench import Bench
from tests.contract.desk import Desk
from tests.contract.promises import declared, promise, unexercised

NUMBERS = {"number", "percent", "date", "moment"}
TYPES = {*NUMBERS, "text", "bool", "choice", "labels", "people", "relation", "computed", "property"}


def test_features_are_those_declared(desk: Desk) -> None:
    """An open connector declares what its kind does; nothing is found out by trying."""
    assert desk.connector.features == desk.bench.features


@promise(None, "delete")
def test_every_declared_feature_is_exercised(bench: Bench) -> None:
    """A feature that no promise of this suite touches is a claim nobody checks."""
    left = unexercised(bench)
    assert left == [], f"{bench.name} declares {', '.join(left)}: no promise exercises it on this bench"
    assert declared(bench.features) or bench.features == type(bench.features)()


def test_the_schema_lists_fields_with_types(desk: Desk) -> None:
    """Each once, with a type of the port, and with the reason where it is not written."""
    schema = desk.schema()
    ids = [field.id for field in schema.fields]
    assert len(ids) == len(set(ids)) and schema.place != ""
    assert {field.type for field in schema.fields} <= TYPES
    assert [field.id for field in schema.fields if field.writable == bool(field.why_not)] == []


@promise(None, "delete")
def test_every_writable_type_has_a_sample(bench: Bench, desk: Desk) -> None:
    """A type the connector offers to write, and this suite never writes, is a claim nobody checks."""
    bench.add(**{role: bench.samples[role][0] for role in bench.by_hand})
    fields = {field.id: field.type for field in desk.schema().fields if field.writable}
    sampled = {fields.get(bench.fields[role], "property") for role in bench.roles}
    assert set(fields.values()) - sampled == set()


@promise(None, "computed")
def test_what_the_service_computes_is_not_writable(bench: Bench, desk: Desk) -> None:
    """The schema says so, with the reason."""
    bench.add(title="One")
    name = bench.computed()
    field = next(each for each in desk.schema().fields if each.id == name)
    assert not field.writable and field.why_not != ""


def test_a_look_shows_every_record_with_the_asked_cells(desk: Desk) -> None:
    """Complete, each record once, at a place people know; cells nobody asked for are left out."""
    records = [desk.bench.add(title=title, number=Decimal(3), text="words") for title in ("One", "Two")]
    pull = desk.pull("number")
    ids = [record.native_id for record in pull.records]
    assert set(ids) >= set(records) and len(ids) == len(set(ids)) and pull.complete
    for record in pull.records:
        assert record.place != "" and record.cells[desk.bench.fields["number"]].place != ""
        assert desk.bench.fields["text"] not in record.cells


def test_titles_are_those_people_see(desk: Desk) -> None:
    """A record is recognised by its title, without asking for a cell."""
    record = desk.bench.add(title="Answer fast")
    assert desk.pulled(record).title == "Answer fast"


@promise(None, "short_pages", "log")
def test_a_look_does_not_end_with_a_page(bench: Bench, desk: Desk) -> None:
    """Seven records in answers of two, each exactly once."""
    records = [bench.add(title=f"Record {number}") for number in range(7)]
    bench.short_pages()
    pull = desk.pull("number")
    assert sorted(record.native_id for record in pull.records) == sorted(records) and pull.complete
    assert bench.log()["read"] >= 4


@promise(None, "unreadable")
def test_blank_zero_and_unreadable_stay_different(bench: Bench, desk: Desk) -> None:
    """Three different facts; taking one for another would write a wrong number somewhere."""
    blank, zero, broken = bench.add(number=None), bench.add(number=Decimal(0)), bench.add(title="Broken")
    name = bench.unreadable(broken)
    assert desk.pulled(blank, "number").cells[bench.fields["number"]].value is None
    assert desk.pulled(zero, "number").cells[bench.fields["number"]].value == Decimal(0)
    pull = desk.connector.pull(bench.source, desk.schema(), [name])
    value = next(each for each in pull.records if each.native_id == broken).cells[name].value
    assert isinstance(value, Unreadable) and value.reason != ""


@pytest.mark.parametrize("number", ["0.1", "12345.678", "-3", "100000000", "0.000001"])
def test_numbers_are_exact(desk: Desk, number: str) -> None:
    """What people typed, as a decimal and not as the double nearest to it."""
    record = desk.bench.add(number=Decimal(number))
    value = desk.value(record, "number")
    assert isinstance(value, Decimal) and value == Decimal(number)


def test_wanted_fields_that_are_gone_are_findings(desk: Desk) -> None:
    """A column somebody deleted stops its own binding, not the look."""
    record = desk.bench.add(number=Decimal(3))
    want = [desk.bench.fields["number"], "nosuchfield"]
    pull = desk.connector.pull(desk.source, desk.schema(), want)
    found = next(each for each in pull.records if each.native_id == record)
    assert "FIELD_MISSING" in [each.code for each in pull.findings]
    assert found.cells[want[0]].value == Decimal(3)
    assert "nosuchfield" not in found.cells


def test_a_fresh_look_equals_the_listing(desk: Desk) -> None:
    """The same record by id, with the same cells; only those asked for."""
    first, second = desk.bench.add(title="One", number=Decimal(1)), desk.bench.add(title="Two")
    found = desk.fetch(first, roles=("title", "number"))
    assert set(found) == {first} and second not in found
    listed = desk.pulled(first, "title", "number")
    for role in ("title", "number"):
        name = desk.bench.fields[role]
        assert found[first].cells[name].value == listed.cells[name].value
    assert found[first].native_id == first and found[first].title == "One"


@promise(None, "delete")
def test_records_that_are_gone_are_left_out(bench: Bench, desk: Desk) -> None:
    """No error: gone, hidden and never there look the same. The others are still answered."""
    kept, gone = bench.add(title="Kept"), bench.add(title="Gone")
    bench.delete(gone)
    assert set(desk.fetch(kept, gone)) == {kept}
    assert [record.native_id for record in desk.pull("number").records] == [kept]
    assert desk.fetch(gone) == {}


@promise("listing_may_lag", "lag", "later")
def test_only_listings_lag(bench: Bench, desk: Desk) -> None:
    """A listing may show the past for a while; a look at a known record never does."""
    record = bench.add(number=Decimal(1))
    bench.later(3600)
    bench.lag()
    bench.edit(record, number=Decimal(2))
    name = bench.fields["number"]
    assert desk.pulled(record, "number").cells[name].value == Decimal(1)
    assert desk.value(record, "number") == Decimal(2)
    bench.later(3600)
    assert desk.pulled(record, "number").cells[name].value == Decimal(2)


@promise(None, "log")
def test_looking_changes_nothing(bench: Bench, desk: Desk) -> None:
    """Whatever is asked, no writing request leaves and the service is as it was."""
    record = bench.add(title="One", number=Decimal(1))
    before = bench.truth()
    desk.connector.account()
    desk.pull("title", "number")
    desk.fetch(record)
    assert bench.log()["write"] == 0 and bench.truth() == before


@promise(None, "log")
def test_requests_are_counted_as_the_service_counts(bench: Bench, desk: Desk) -> None:
    """By purpose: what it cost is said, not guessed."""
    record = bench.add(number=Decimal(1))
    desk.connector.account()
    desk.pull("number")
    desk.write(record, number=Decimal(2))
    counts = desk.connector.requests()
    assert {"read", "write"} <= set(counts) <= {"read", "write", "auth"}
    asked = counts["read"] + counts.get("auth", 0)
    assert bench.log() == {"read": asked, "write": counts["write"]} and counts["write"] == 1


@promise("children", "add_child")
def test_children_are_counted_below_their_record(bench: Bench, desk: Desk) -> None:
    """With exactly the cells every child has; no estimate is not an estimate of 0."""
    parent = bench.add(title="Parent")
    none = bench.add_child(parent, "Unestimated", "new", None)
    zero = bench.add_child(parent, "Trivial", "done", Decimal(0))
    pull = desk.pull("number")
    assert [record.native_id for record in pull.records] == [parent]
    children = {child.native_id: child for child in pull.children}
    assert set(children) == {none, zero} and {child.parent for child in pull.children} == {parent}
    for child in pull.children:
        assert set(child.cells) == {"title", "status_category", "resolution", "points"}
    assert children[none].cells["points"].value is None
    assert children[zero].cells["points"].value == Decimal(0)
    assert children[none].cells["status_category"].value == "new"
    assert children[zero].cells["status_category"].value == "done"


@promise("moves_ids", "move")
def test_a_moved_record_is_the_same_record(bench: Bench, desk: Desk) -> None:
    """People's key changes, the native id does not, and a patch made before the move still lands."""
    record = bench.add(title="Moving", number=Decimal(1))
    patch = desk.patch(record, number=Decimal(2))
    key = patch.record.key
    bench.move(record)
    found = desk.fetch(record)[record]
    assert found.native_id == record and found.key != key
    (written,) = desk.send(patch)
    assert written.error is None and desk.value(record, "number") == Decimal(2)


@promise("reads_together", "beside", "log")
def test_collections_of_one_place_come_with_one_request(bench: Bench, desk: Desk) -> None:
    """All that `expect` named; the next look at one of them is fresh again."""
    record, sources = bench.add(number=Decimal(3)), [desk.source, bench.beside()]
    desk.schema()  # what the place holds is known from now on
    before = bench.log()["read"]
    cast(ReadsTogether, desk.connector).expect(sources)
    pulls = [
        desk.connector.pull(each, desk.connector.schema(each), desk.ids(("number",))) for each in sources
    ]
    assert bench.log()["read"] - before == 1
    assert [len(pull.records) for pull in pulls] == [1, 1]
    assert [pull.records[0].native_id == record for pull in pulls] == [True, False]
    bench.edit(record, number=Decimal(4))
    assert desk.pulled(record, "number").cells[bench.fields["number"]].value == Decimal(4)
