"""From normal values to cells: what was written reads back as the same value, or is refused with a reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okrsync.connectors.base import Native
from okrsync.mappings.reading import read
from okrsync.mappings.resolver import CannotExpress
from okrsync.mappings.tidy import tidy
from okrsync.mappings.writing import express, shown
from okrsync.okr.model import Type
from okrsync.okr.values import NOT_YET, Unreadable, Value, same
from tests.mappings.bench import KINDS, column, kept, seen, side, spec, written

HOSTILE = st.text(
    st.characters(codec="utf-8") | st.sampled_from("=+-@\t\r\n,;\"'%€\u0301\u200b\ufeff0"), max_size=30
)
CHOICES = ("on_track", "at_risk", "off_track")

TEXTS = HOSTILE.map(tidy).filter(lambda text: isinstance(text, str))
NUMBERS = st.decimals(min_value=-(10**12), max_value=10**12, places=6)
MOMENTS = st.integers(0, 10**8).map(lambda minutes: datetime.fromtimestamp(60 * minutes, UTC))
REFS = st.frozensets(st.sampled_from(["e1", "e2", "e3"]), min_size=1)

FORMS: list[tuple[Type, str, st.SearchStrategy[Any], dict[str, Any]]] = [
    (Type.TEXT, "text", TEXTS, {}),
    (Type.NUMBER, "number", NUMBERS, {}),
    (Type.NUMBER, "percent", NUMBERS, {"scale": Decimal(100)}),
    (Type.NUMBER, "property", NUMBERS, {}),
    (Type.NUMBER, "text", NUMBERS | st.just(NOT_YET), {"locale": "fr_FR"}),
    (Type.NUMBER, "text", NUMBERS | st.just(NOT_YET), {"locale": "de_CH"}),
    (Type.NUMBER, "text", NUMBERS | st.just(NOT_YET), {}),
    (Type.DATE, "date", st.dates(), {}),
    (Type.DATE, "property", st.dates(), {}),
    (Type.MOMENT, "moment", MOMENTS, {}),
    (Type.MOMENT, "text", MOMENTS, {}),
    (Type.BOOL, "bool", st.booleans(), {}),
    (Type.BOOL, "text", st.booleans(), {"values": {"true": "Ja", "false": "Nein"}}),
    (Type.BOOL, "text", st.booleans(), {}),
    (Type.CHOICE, "text", st.sampled_from(CHOICES), {"choices": CHOICES}),
    (Type.CHOICE, "text", st.sampled_from(CHOICES), {"choices": CHOICES, "values": {"at_risk": "Amber"}}),
    (Type.CHOICE, "property", st.sampled_from(CHOICES), {"choices": CHOICES}),
    (Type.PERSON, "people", st.sampled_from(["ann@acme.com", "Ann Lee", "Lee, Ann"]), {}),
    (Type.PERSON, "text", st.sampled_from(["ann@acme.com", "Ann Lee"]), {}),
    (Type.LABELS, "labels", st.frozensets(TEXTS, min_size=1), {}),
    (Type.LABELS, "text", st.frozensets(st.sampled_from(["a", "b c", "d"]), min_size=1), {}),
    (Type.REFS, "relation", REFS, {"refers_to": KINDS}),
    (Type.REFS, "text", REFS, {"refers_to": KINDS}),
]


@pytest.mark.parametrize(("type_", "native_type", "values", "options"), FORMS)
def test_I12_what_was_written_reads_back_the_same(
    type_: Type, native_type: str, values: st.SearchStrategy[Any], options: dict[str, Any]
) -> None:
    """Value to native to value is the identity, for every form and every field it may be written to."""
    ran: Counter[str] = Counter()

    @settings(max_examples=60, deadline=None)
    @given(value=st.none() | values)
    def round_trip(value: Value) -> None:
        expected = False if value is None and native_type == "bool" else value
        assert same(kept(value, type_, native_type, **dict(options)), expected)
        ran["blank" if value is None else "filled"] += 1

    round_trip()
    assert ran["filled"] >= 2


@settings(max_examples=150, deadline=None)
@given(
    native=HOSTILE | NUMBERS | st.booleans() | st.dates() | st.tuples(HOSTILE) | st.tuples(HOSTILE, HOSTILE),
    form=st.sampled_from(FORMS),
)
def test_any_cell_reads_and_settles(native: Native, form: tuple[Type, str, Any, dict[str, Any]]) -> None:
    """No cell raises, and a value once read is stable: written and read again it stays (I11)."""
    type_, native_type, _, options = form
    found = seen(native, type_, native_type, **dict(options))
    if isinstance(found, Unreadable):
        assert found.reason
        return
    try:
        again = kept(found, type_, native_type, **dict(options))
    except CannotExpress as refused:
        assert refused.reason
        return
    once_more = kept(again, type_, native_type, **dict(options))
    assert same(once_more, again)


def test_every_form_is_tried() -> None:
    """A new normal form must join the round trip."""
    assert {form[0] for form in FORMS} == set(Type)


def test_a_blank_is_what_the_field_calls_blank() -> None:
    """A checkbox has no blank; lists are emptied; all else is cleared."""
    assert written(None, Type.BOOL, "bool") is False
    assert written(None, Type.REFS, "relation") == ()
    assert written(frozenset(), Type.LABELS, "labels") == ()
    assert written(None, Type.NUMBER, "number") is None


def test_scale_is_applied_when_writing() -> None:
    """0.42 goes as 42 into a column of hundredths."""
    assert written(Decimal("0.42"), Type.NUMBER, "number", scale=Decimal(100)) == Decimal(42)


def test_a_property_holds_decimal_text() -> None:
    """JSON numbers would lose digits and zeros on the way."""
    assert written(Decimal("0.4200"), Type.NUMBER, "property") == "0.42"


def test_an_option_is_spelled_as_the_tool_spells_it() -> None:
    """Case is the tool's."""
    here = side(spec(Type.CHOICE, choices=CHOICES), column("choice", "ON TRACK", "At risk"))
    assert express("on_track", here) == "ON TRACK"


def test_an_option_that_does_not_exist_is_not_made() -> None:
    """The reason names the field, the option and what is offered."""
    here = side(spec(Type.CHOICE, choices=CHOICES), column("choice", "On track", "At risk"))
    with pytest.raises(CannotExpress, match="“Thing” has no option “Off track”; it offers On track, At risk"):
        express("off_track", here)


def test_a_choice_whose_words_mean_another_is_refused() -> None:
    """`values` gave its words away, so writing it would say something else."""
    here = side(spec(Type.CHOICE, choices=CHOICES), column("text"), values={"on_track": "Off track"})
    with pytest.raises(CannotExpress, match="add it to `values`"):
        express("off_track", here)


@pytest.mark.parametrize(
    ("value", "type_", "native_type", "options", "reason"),
    [
        (NOT_YET, Type.NUMBER, "number", {}, "holds numbers only"),
        (NOT_YET, Type.NUMBER, "text", {"not_yet": ()}, "no text for"),
        ("a@x.com, b@x.com", Type.PERSON, "people", {}, "several people"),
        (frozenset({"a,b"}), Type.LABELS, "text", {}, "cannot stand in a list"),
        (frozenset({"e9"}), Type.REFS, "relation", {}, "“e9” has no record in notion"),
        (frozenset({"e9"}), Type.REFS, "text", {}, "has no key"),
        (frozenset({"e1"}), Type.REFS, "labels", {"pattern": "(?P<key>.+)"}, "cannot be written back"),
        ("text", Type.NUMBER, "number", {}, "is not a number"),
        (Decimal(1), Type.TEXT, "text", {}, "is not a text"),
        (Decimal(1), Type.CHOICE, "text", {}, "is not a choice"),
        (Decimal(1), Type.PERSON, "people", {}, "is not a person"),
        ("x", Type.LABELS, "labels", {}, "is not a labels"),
        ("x", Type.REFS, "relation", {}, "is not a refs"),
        ("x", Type.BOOL, "bool", {}, "is not a bool"),
        (datetime(2026, 1, 1, tzinfo=UTC), Type.DATE, "date", {}, "is not a date"),
        (date(2026, 1, 1), Type.MOMENT, "moment", {}, "is not a moment"),
    ],
)
def test_a_value_without_a_spelling_is_refused(
    value: Value, type_: Type, native_type: str, options: dict[str, Any], reason: str
) -> None:
    """Nothing is bent to fit; the reason says why."""
    with pytest.raises(CannotExpress, match=reason):
        written(value, type_, native_type, **options)


def test_a_constant_is_written_whatever_the_value() -> None:
    """A lookup column is to show the result, even while there is none."""
    here = side(spec(Type.NUMBER), column("text"), constant="shown")
    for value in (None, NOT_YET, Decimal("0.7")):
        assert express(value, here) == "shown"
        assert shown(value, here) == "shown"
        assert read("shown", here) == "shown"


def test_a_number_without_a_word_has_no_place_in_a_field_of_text_alone() -> None:
    """The one with a word is written; for the other the binding has no locale."""
    field = replace(column("text"), only_text=True)
    here = side(spec(Type.NUMBER), field, values={"0.8": "Green"})
    assert express(Decimal("0.8"), here) == "Green"
    with pytest.raises(CannotExpress, match="no `locale`"):
        express(Decimal("0.5"), here)


def test_numbers_can_be_written_as_words() -> None:
    """The very number that has a word; another one has no place among words, but one among numbers."""
    lights = {"0.8": "Green", "0.2": "Red"}
    assert written(Decimal("0.80"), Type.NUMBER, "choice", values=lights) == "Green"
    assert written(Decimal("0.5"), Type.NUMBER, "number", values=lights) == Decimal("0.5")
    with pytest.raises(CannotExpress, match=r"0\.5 has no word of its own"):
        written(Decimal("0.5"), Type.NUMBER, "choice", values=lights)
