"""What a native cell means: a value, missing, not yet, or unreadable with its reason; never a guess."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from okrsync.connectors.base import Native
from okrsync.okr.model import Type
from okrsync.okr.values import NOT_YET, Unreadable, Value
from tests.mappings.bench import KINDS, seen

PARIS = timezone(timedelta(hours=1))


@pytest.mark.parametrize("type_", list(Type))
@pytest.mark.parametrize("blank", [None, "", " \n\t", (), ("", " ")])
def test_a_blank_cell_is_missing_in_every_form(type_: Type, blank: Native) -> None:
    """A blank is `None`: neither 0, nor False, nor an empty text or set."""
    assert seen(blank, type_, "text") is None


@pytest.mark.parametrize("type_", list(Type))
def test_I9_unreadable_stays_unreadable(type_: Type) -> None:
    """What the connector could not read is passed on with its own reason."""
    cut = Unreadable("the list is cut at 25")
    assert seen(cut, type_, "text") is cut


@pytest.mark.parametrize(
    ("native", "value"),
    [
        ("  Get\r\n600 MQLs ", "Get\n600 MQLs"),
        ("Get\r600 MQLs", "Get\n600 MQLs"),
        ("Cafe\u0301", "Café"),
        (Decimal("2026.0"), "2026"),
        (date(2026, 3, 31), "2026-03-31"),
        (("b", "a"), "a, b"),
    ],
)
def test_text_is_one_spelling(native: Native, value: str) -> None:
    """NFC, trimmed, one kind of line end; numbers and days stand as people see them."""
    assert seen(native, Type.TEXT, "text") == value


@pytest.mark.parametrize("hostile", ["a\x00b", "half \ud800 pair"])
def test_text_that_cannot_be_kept_is_unreadable(hostile: str) -> None:
    """NUL and half surrogate pairs cannot be stored everywhere; they are not silently dropped."""
    assert isinstance(seen(hostile, Type.TEXT, "text"), Unreadable)
    assert isinstance(seen((hostile,), Type.LABELS, "labels"), Unreadable)


def test_a_number_is_divided_by_its_scale() -> None:
    """42 in a column of scale 100 is 0.42; a native percent is a fraction already."""
    assert seen(Decimal(42), Type.NUMBER, "number", scale=Decimal(100)) == Decimal("0.42")
    assert seen(Decimal("0.42"), Type.NUMBER, "percent") == Decimal("0.42")


def test_zero_is_a_number() -> None:
    """0 is neither missing nor not yet."""
    assert seen(Decimal(0), Type.NUMBER, "number") == Decimal(0)


@pytest.mark.parametrize("text", ["n/a", "N/A", " Not  Yet "])
def test_not_yet_is_said_by_text(text: str) -> None:
    """The agreed texts mean "nothing to measure yet" (S50)."""
    assert seen(text, Type.NUMBER, "text") is NOT_YET


def test_own_not_yet_texts_replace_the_default() -> None:
    """An admin's list is the list."""
    assert seen("tbd", Type.NUMBER, "text", not_yet=("TBD",)) is NOT_YET
    assert isinstance(seen("n/a", Type.NUMBER, "text", not_yet=("TBD",)), Unreadable)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.5", "12.5"),
        ("1,234.5", "1234.5"),
        ("1.2K", "1200"),
        ("$15M", "15000000"),
        ("EUR 5 million", "5000000"),
        ("42 %", "0.42"),
        ("12 000", "12000"),
    ],
)
def test_text_with_one_reading_needs_no_locale(text: str, value: str) -> None:
    """S45: what people type is read where it is certain."""
    assert seen(text, Type.NUMBER, "text") == Decimal(value)


def test_text_with_two_readings_is_asked_about() -> None:
    """`1.234` may be two numbers; it is never guessed, and the reason names both and the cure."""
    assert seen("1.234", Type.NUMBER, "text") == Unreadable(
        "“1.234” can be read in 2 ways: 1.234 or 1234; make the cell a number or give the binding a locale",
        "1.234",
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [("20'", "20 minutes or 20 feet"), ("3m", "3 metres"), ("5 days", "names a unit"), ("5 USD EUR", "unit")],
)
def test_a_unit_in_a_cell_of_numbers_is_asked_about(text: str, words: str) -> None:
    """S47: a cell does not know what its row measures."""
    found = seen(text, Type.NUMBER, "text")
    assert isinstance(found, Unreadable)
    assert words in found.reason


def test_percent_in_a_column_of_plain_numbers_is_asked_about() -> None:
    """42 % where the column holds 42 for the same would be a hundredth of it."""
    found = seen("42 %", Type.NUMBER, "text", scale=Decimal(100))
    assert isinstance(found, Unreadable)
    assert "leave out %" in found.reason


@pytest.mark.parametrize(
    ("text", "locale", "value"),
    [
        ("1.234", "de_DE", "1234"),
        ("1.234", "en_US", "1.234"),
        ("1 234,5", "fr_FR", "1234.5"),
        ("€ 1,200.50", "en_US", "1200.50"),
        ("42 %", "en_US", "0.42"),
        ("-7", "en_US", "-7"),
        ("1.5M", "en_US", "1500000"),
        ("€1.200,5K", "de_DE", "1200500"),
        ("1’234.5", "de_CH", "1234.5"),
        ("12,34,567.5", "hi_IN", "1234567.5"),
    ],
)
def test_a_locale_decides_what_typed_text_means(text: str, locale: str, value: str) -> None:
    """With a locale, the locale's own spelling counts; signs of currency and percent are understood."""
    assert seen(text, Type.NUMBER, "text", locale=locale) == Decimal(value)


@pytest.mark.parametrize("text", ["1e3", "1_000", "NaN", "Infinity", "12 apples", "4%2", "1,23", "--1", "%"])
def test_text_that_is_no_number_is_unreadable(text: str) -> None:
    """What only a programming language would take for a number is none."""
    found = seen(text, Type.NUMBER, "text", locale="en_US")
    assert isinstance(found, Unreadable)
    assert text in found.reason


@pytest.mark.parametrize(
    "odd", [Decimal("NaN"), Decimal("Infinity"), Decimal("1e999999"), True, date(2026, 1, 1)]
)
def test_what_cannot_be_computed_with_is_no_number(odd: Native) -> None:
    """Not-a-numbers, absurd magnitudes, checkboxes and days are unreadable as numbers."""
    assert isinstance(seen(odd, Type.NUMBER, "number"), Unreadable)


def test_a_moment_in_a_date_field_is_the_day_where_it_was_written() -> None:
    """Half past midnight in Paris is that day, although it is the day before in UTC."""
    assert seen(datetime(2026, 4, 1, 0, 30, tzinfo=PARIS), Type.DATE, "date") == date(2026, 4, 1)


@pytest.mark.parametrize("text", ["31/03/2026", "2026-13-01", "2026-3-1", "20260331", "tomorrow"])
def test_only_iso_days_are_days(text: str) -> None:
    """03/04 is two days; no text but the ISO form is one."""
    assert seen("2026-03-31", Type.DATE, "text") == date(2026, 3, 31)
    assert isinstance(seen(text, Type.DATE, "text"), Unreadable)


def test_a_moment_is_utc_cut_to_the_minute() -> None:
    """Services differ in seconds and zones; the normal form does not."""
    native = datetime(2026, 4, 1, 0, 30, 59, tzinfo=PARIS)
    assert seen(native, Type.MOMENT, "moment") == datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
    assert isinstance(seen("2026-04-01T00:30", Type.MOMENT, "text"), Unreadable)


@pytest.mark.parametrize(
    ("native", "value"), [(True, True), (False, False), ("Yes", True), ("FALSE", False), ("no", False)]
)
def test_truth_from_boxes_and_words(native: Native, value: bool) -> None:
    """Checkboxes, and the four words people type."""
    assert seen(native, Type.BOOL, "text") is value


def test_truth_by_the_words_of_the_binding() -> None:
    """`values` may give a column's own words; other words are unreadable, not false."""
    values = {"true": "Ja", "false": "Nein"}
    assert seen("nein", Type.BOOL, "text", values=values) is False
    assert isinstance(seen("vielleicht", Type.BOOL, "text", values=values), Unreadable)


@pytest.mark.parametrize("text", ["On track", "on_track", "ON-TRACK", "Grün"])
def test_a_choice_by_its_words_or_the_bindings(text: str) -> None:
    """The words of `values`, or the canonical name in any case and with any separator."""
    choices = ("on_track", "at_risk")
    assert seen(text, Type.CHOICE, "choice", choices=choices, values={"on_track": "Grün"}) == "on_track"


def test_an_unknown_choice_names_the_allowed_ones() -> None:
    """The reason names the text and what would be understood."""
    found = seen("Purple", Type.CHOICE, "choice", choices=("on_track", "at_risk"), values={"at_risk": "Red"})
    assert found == Unreadable("“Purple” is none of on_track, Red", "Purple")


@pytest.mark.parametrize(
    ("native", "value"),
    [
        (("Ann@ACME.com",), "ann@acme.com"),
        ("Ann@ACME.com", "ann@acme.com"),
        ("Ann Lee", "Ann Lee"),
        (("b@acme.com", "A@acme.com"), "a@acme.com, b@acme.com"),
    ],
)
def test_a_person_is_an_address_or_a_name(native: Native, value: str) -> None:
    """Addresses in lower case; several people in one order."""
    assert seen(native, Type.PERSON, "people") == value


def test_labels_from_lists_and_from_typed_lists() -> None:
    """A set of texts, however it is written."""
    assert seen(("b", "a", "a"), Type.LABELS, "labels") == frozenset({"a", "b"})
    assert seen("b; a,\na", Type.LABELS, "text") == frozenset({"a", "b"})


@pytest.mark.parametrize(
    ("native", "native_type", "options"),
    [
        (("page-2", "page-1"), "relation", {}),
        ("KR-1, KR-2", "text", {}),
        ("KR-1\nKR-2", "text", {}),
        (("kr-KR-1", "kr-KR-2", "urgent"), "labels", {"pattern": "kr-(?P<key>.+)"}),
        ("see [KR-1]; then [KR-2]!", "text", {"pattern": r"\[(?P<key>[^]]+)\]"}),
    ],
)
def test_references_by_record_key_or_pattern(
    native: Native, native_type: str, options: dict[str, str]
) -> None:
    """Relations, typed keys and keys inside labels or text lead to the same entities."""
    assert seen(native, Type.REFS, native_type, refers_to=KINDS, **options) == frozenset({"e1", "e2"})


def test_a_pattern_must_cover_a_whole_label() -> None:
    """A label that only contains the pattern is some other label."""
    assert seen(("x-kr-KR-1",), Type.REFS, "labels", refers_to=KINDS, pattern="kr-(?P<key>.+)") is None


def test_I9_a_dangling_reference_hides_the_whole_list() -> None:
    """One unknown reference makes the list unreadable, never shorter."""
    found = seen(("page-1", "page-9"), Type.REFS, "relation", refers_to=KINDS)
    assert found == Unreadable("points to “page-9” which no collection holds", "page-9")


def test_two_references_where_one_is_allowed_are_unreadable() -> None:
    """Neither is picked."""
    found = seen("KR-1, KR-2", Type.REFS, "text", refers_to=KINDS, single=True)
    assert isinstance(found, Unreadable)
    assert "only one is allowed" in found.reason


@pytest.mark.parametrize(("cell", "value"), [("shown", "shown"), (None, None), (Decimal("0.7"), "0.7")])
def test_a_column_with_a_constant_reads_as_text(cell: Native, value: Value) -> None:
    """A lookup column says whether it shows the result, not what the result is."""
    assert seen(cell, Type.NUMBER, "text", constant="shown") == value


def test_words_can_stand_for_numbers() -> None:
    """A traffic light is a confidence where the file says which colour means what; other words are not."""
    lights = {"0.8": "Green", "0.2": "Red"}
    assert seen("green", Type.NUMBER, "choice", values=lights) == Decimal("0.8")
    assert seen(Decimal("0.5"), Type.NUMBER, "number", values=lights) == Decimal("0.5")
    assert isinstance(seen("Blue", Type.NUMBER, "choice", values=lights), Unreadable)
