"""What a write does: the named cells, exactly, and an answer that says what is there now."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest

from okrsync.connectors.base import Native, Patch, Written
from okrsync.connectors.errors import EditConflict, NotFound, Rejected
from okrsync.okr.values import Unreadable
from tests.contract.bench import Bench
from tests.contract.desk import Desk, changes
from tests.contract.promises import promise

HOSTILE = {
    "formula": '=IMPORTXML("http://x.test", "//a")',
    "signs": "+1-1*2 @SUM(A1) -cmd|' /C calc'!A0",
    "apostrophe": "'=1+1",
    "html": "<script>alert(1)</script> &amp; <!-- ]]>",
    "query": '" OR project = X ORDER BY key -- \\" \\',
    "template": "{{7*7}} ${jndi:x} %s %(a)s {0}",
    "wiki": "{code}[~accountid:1] @everyone *b* _i_ #1 /remind",
    "white space": "tab\there, line\nthere",
    "control": "bell\x07 and unit\x1fseparator",
    "null": "zero\x00byte",
    "long": "long " * 1000,
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f525\ufe0f",
    "right to left": "\u202e\u05d0\u05d1\u05d2 abc \u200f\u2066x\u2069",
    "decomposed": "e\u0301 A\u030a",
    "half a character": "\ud83d alone",
    "number": "007",
    "day": "1/2/2026",
    "truth": "TRUE",
}


def test_values_come_back_as_they_were_written(desk: Desk, role: str) -> None:
    """In the answer, to a fresh look, and in another connection's listing."""
    name = desk.bench.fields[role]
    record = desk.bench.add(title="One")
    other = Desk(desk.bench, desk.bench.connect())
    for value in desk.bench.samples[role]:
        written = desk.write(record, **{role: value})
        assert written.error is None, f"{value!r}: {written.error}"
        shown = (written.cells[name].value, desk.value(record, role), _listed(other, record, role))
        assert [(type(each), each) for each in shown] == [(type(value), value)] * 3
    other.connector.close()


def _listed(desk: Desk, record: str, role: str) -> Native:
    return desk.pulled(record, role).cells[desk.bench.fields[role]].value


@promise(None, "delete")
def test_a_written_value_is_what_a_person_would_have_entered(desk: Desk, role: str) -> None:
    """Reading and writing could be wrong the same way; a person's own entry is the measure."""
    bench = desk.bench
    if role not in bench.by_hand:
        # what only okrsync writes has no other measure than its read-back
        assert bench.fields[role].startswith(("property:", "results:", "lookup:", "status_id"))
        return
    for value in bench.samples[role]:
        ours, theirs = bench.add(title="One"), bench.add(title="One")
        desk.write(ours, **{role: value})
        bench.edit(theirs, **{role: value})
        truth, name = bench.truth(), bench.fields[role]
        assert (truth.get((ours, name)) or None) == (truth.get((theirs, name)) or None)
        assert desk.value(ours, role) == desk.value(theirs, role)


@promise(None, "delete")
def test_only_the_named_cell_changes(desk: Desk, role: str) -> None:
    """Every other cell of the record, and every other record, is as it was."""
    bench = desk.bench
    full = {name: bench.samples[name][0] for name in bench.by_hand}
    record, value = bench.add(**full), bench.samples[role][-1]
    bench.add(**full)
    before = bench.truth()
    written = desk.write(record, **{role: value})
    assert written.error is None
    place = bench.fields[role].removesuffix("_id")  # a status by its id is still the one status
    assert changes(before, bench.truth()) <= {(record, place)}


def test_writing_the_same_again_changes_nothing(desk: Desk) -> None:
    """What is sent are values, never steps: a repeat is harmless."""
    record = desk.bench.add(number=Decimal(1), text="words")
    desk.write(record, number=Decimal(2), text="other")
    before = desk.bench.truth()
    written = desk.write(record, number=Decimal(2), text="other")
    assert written.error is None and changes(before, desk.bench.truth()) == set()


@promise(None, "delete")
def test_a_failed_patch_does_not_stop_the_others(bench: Bench, desk: Desk) -> None:
    """One answer each, in order; the failed one says what became of its record."""
    records = [bench.add(number=Decimal(1)) for _ in range(3)]
    patches = [desk.patch(record, number=Decimal(2)) for record in records]
    bench.delete(records[1])
    written = desk.send(*patches)
    assert [each.native_id for each in written] == records
    assert written[0].error is None and written[2].error is None
    assert isinstance(written[1].error, NotFound | Rejected)
    assert {desk.value(record, "number") for record in (records[0], records[2])} == {Decimal(2)}


def test_text_fields_tell_whether_they_take_numbers(bench: Bench, desk: Desk) -> None:
    """`only_text` is true where a number is refused, so that a mapping can name the mistake beforehand."""
    record = bench.add(text="One")
    (field,) = [each for each in desk.schema().fields if each.id == bench.fields["text"]]
    (written,) = desk.send(desk.patch(record, text=Decimal("12.5")))
    assert (written.error is not None) == field.only_text


@promise(None, "computed")
def test_what_may_not_be_written_is_refused_and_named(bench: Bench, desk: Desk) -> None:
    """The answer tells what became of the rest: nothing was sent, or it was written without that cell."""
    record = bench.add(title="One", number=Decimal(1))
    name, before = bench.computed(), bench.truth()
    (fresh,) = desk.connector.fetch(
        bench.source, desk.schema(), [record], [name, *bench.fields.values()]
    ).values()
    (written,) = desk.send(Patch(fresh, {bench.fields["number"]: Decimal(2), name: Decimal(3)}))
    refusal = written.error or written.refused
    assert isinstance(refusal, Rejected) and name in refusal.fields
    rest = {(record, bench.fields["number"])} if written.error is None else set()
    assert changes(before, bench.truth()) == rest


@pytest.mark.parametrize(
    "value",
    [Unreadable("lost"), Decimal("NaN"), Decimal("Infinity"), Decimal("1e400")],
    ids=["unreadable", "not a number", "infinite", "too large"],
)
def test_what_is_no_value_is_never_sent(desk: Desk, value: Native) -> None:
    """It is refused before a request could leave."""
    record = desk.bench.add(number=Decimal(1))
    before, sent = desk.bench.truth(), desk.connector.requests()["write"]
    error = desk.write(record, number=value).error
    assert isinstance(error, Rejected) and desk.bench.fields["number"] in error.fields
    assert desk.connector.requests()["write"] - sent <= 1  # the reference has no wire and counts the call
    assert changes(before, desk.bench.truth()) == set()


@promise("patch_batch", "log")
def test_a_batch_of_patches_goes_in_one_call(bench: Bench, desk: Desk) -> None:
    """As many as declared, up to twelve here: all land, at no more requests than one by one."""
    records = [bench.add(number=Decimal(1)) for _ in range(min(12, bench.features.patch_batch))]
    patches = [desk.patch(record, number=Decimal(2)) for record in records]
    alone = _cost(desk, patches[:1])
    together = _cost(desk, patches[1:])
    assert {desk.value(record, "number") for record in records} == {Decimal(2)}
    assert together <= alone * len(patches[1:])


def _cost(desk: Desk, patches: list[Patch]) -> int:
    schema, before = desk.schema(), sum(desk.bench.log().values())
    written = desk.connector.write(desk.source, schema, patches)
    assert [each.error for each in written] == [None] * len(patches)
    return sum(desk.bench.log().values()) - before


@promise(None, "meanwhile")
def test_a_person_who_was_faster_wins(bench: Bench, desk: Desk) -> None:
    """Where the service lets a connector look right before it writes, it must not write over an edit."""
    record = bench.add(number=Decimal(1))
    patch = desk.patch(record, number=Decimal(2))
    bench.meanwhile(record, number=Decimal(99))
    (written,) = desk.send(patch)
    assert isinstance(written.error, EditConflict)
    assert desk.value(record, "number") == Decimal(99)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_only_text(desk: Desk, text: str) -> None:
    """It comes back as it was written, or is refused with nothing changed; it never turns into more."""
    record = desk.bench.add(text="before")
    before = desk.bench.truth()
    written = desk.write(record, text=text)
    if written.error is not None:
        assert isinstance(written.error, Rejected), repr(written.error)
        assert changes(before, desk.bench.truth()) == set()
        return
    assert _folded(_text(desk, written)) == _folded(desk.value(record, "text")) == _folded(text)


def _text(desk: Desk, written: Written) -> Native:
    return written.cells[desk.bench.fields["text"]].value


def _folded(value: Native) -> str:
    assert isinstance(value, str)
    return unicodedata.normalize("NFC", value)
