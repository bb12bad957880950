"""Looks at what changed: never less than changed, however the service dates its edits."""

from __future__ import annotations

from decimal import Decimal

from okrsync.connectors.base import Pull
from tests.contract.bench import Bench
from tests.contract.desk import Desk
from tests.contract.promises import promise

HOUR = 3600
followed = promise("incremental", "later")


def two_records(bench: Bench, desk: Desk) -> tuple[str, str, Pull]:
    """Two records hours apart, and a look at both that is hours ago by now."""
    first = bench.add(title="One", number=Decimal(1))
    bench.later(3 * HOUR)
    second = bench.add(title="Two", number=Decimal(1))
    bench.later(3 * HOUR)
    whole = desk.pull("number")
    bench.later(3 * HOUR)
    return first, second, whole


def ids(pull: Pull) -> set[str]:
    return {record.native_id for record in pull.records}


@followed
def test_a_whole_look_leaves_a_cursor(bench: Bench, desk: Desk) -> None:
    """From which the next look can start."""
    first, second, whole = two_records(bench, desk)
    assert whole.complete and whole.cursor is not None and ids(whole) == {first, second}


@followed
def test_what_changed_is_seen(bench: Bench, desk: Desk) -> None:
    """With its new value; a record that nobody touched for hours is not read again."""
    first, second, whole = two_records(bench, desk)
    bench.edit(second, number=Decimal(2))
    changed = desk.pull("number", cursor=whole.cursor)
    assert ids(changed) == {second} and first not in ids(changed)
    assert changed.records[0].cells[bench.fields["number"]].value == Decimal(2)


@followed
def test_what_is_new_is_seen(bench: Bench, desk: Desk) -> None:
    """A record made after the look."""
    first, _, whole = two_records(bench, desk)
    new = bench.add(title="Three")
    changed = desk.pull("number", cursor=whole.cursor)
    assert new in ids(changed) and first not in ids(changed)


@followed
def test_an_edit_in_the_moment_of_the_look_is_seen_by_the_next(bench: Bench, desk: Desk) -> None:
    """Edit times are coarse and listings late: looks overlap."""
    record = bench.add(number=Decimal(1))
    whole = desk.pull("number")
    bench.edit(record, number=Decimal(2))
    changed = desk.pull("number", cursor=whole.cursor)
    assert [each.cells[bench.fields["number"]].value for each in changed.records] == [Decimal(2)]


@promise("incremental", "later", "delete")
def test_a_look_at_changes_proves_no_absence(bench: Bench, desk: Desk) -> None:
    """What is deleted does not appear, and neither does what is unchanged: only a whole look is complete."""
    first, second, whole = two_records(bench, desk)
    bench.delete(second)
    changed = desk.pull("number", cursor=whole.cursor)
    assert not changed.complete and second not in ids(changed)
    again = desk.pull("number")
    assert again.complete and ids(again) == {first}


@followed
def test_changes_are_followed_from_look_to_look(bench: Bench, desk: Desk) -> None:
    """Each look leaves the cursor of the next, also one that met nothing."""
    _, second, look = two_records(bench, desk)
    for number in (5, None, 6):
        if number is not None:
            bench.edit(second, number=Decimal(number))
        bench.later(HOUR)
        look = desk.pull("number", cursor=look.cursor)
        assert look.cursor is not None and (number is None or second in ids(look))
        bench.later(HOUR)


@followed
def test_a_cursor_that_leads_nowhere_makes_a_whole_look(bench: Bench, desk: Desk) -> None:
    """One of another release, or of a question with other fields: the safe answer is everything."""
    first, second, whole = two_records(bench, desk)
    for cursor in ("", "{}", "null", "of another release"):
        look = desk.pull("number", cursor=cursor)
        assert look.complete and ids(look) == {first, second}
    wider = desk.pull("number", "text", cursor=whole.cursor)
    assert ids(wider) == {first, second}
