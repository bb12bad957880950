"""A mapping against the live schema: what fits is bound, what does not is named with its line."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from okrsync.connectors.base import Cell, Native, NativeField, Option, Record, Schema
from okrsync.mappings.binding import Binding
from okrsync.mappings.bound import BoundMapping, bind
from okrsync.mappings.collection import CollectionMapping
from okrsync.okr.findings import Finding, Severity
from okrsync.okr.model import FieldSpec, Kind, Type
from okrsync.okr.values import Unreadable
from tests.mappings.bench import PLACE, People, binding, column, spec

TEXT = spec(Type.TEXT)
NUMBER = spec(Type.NUMBER)


def mapping(*bindings: Binding, key: str | None = None) -> CollectionMapping:
    """A collection of key results."""
    return CollectionMapping("krs", "notion", None, Kind.KEY_RESULT, key, bindings, PLACE)


def schema(*fields: NativeField) -> Schema:
    """What the tool offers now."""
    return Schema("Notion › Key results", fields)


def record(**cells: Native) -> Record:
    """A record with these cells, by native id."""
    return Record("r1", "One", "row 1", {f"id-{name}": Cell(value, "there") for name, value in cells.items()})


def bound(one: CollectionMapping, *fields: NativeField) -> BoundMapping:
    """Bind, expecting no complaint."""
    result, findings = bind(one, schema(*fields))
    assert findings == ()
    return result


def complaint(one: Binding, *fields: NativeField) -> tuple[BoundMapping, Finding]:
    """Bind, expecting exactly one finding."""
    result, findings = bind(mapping(one), schema(*fields))
    assert len(findings) == 1
    return result, findings[0]


def test_a_field_is_found_by_id_then_name_then_loosely() -> None:
    """An id wins over a name, an exact name over one that differs in case and blanks."""
    by_id = NativeField("Thing", "Other", "text", True)
    exact = NativeField("2", "Thing", "text", True)
    loose = NativeField("3", "t hing", "text", True)
    one = mapping(binding(TEXT))
    assert bound(one, loose, exact, by_id).bindings[0].native is by_id
    assert bound(one, loose, exact).bindings[0].native is exact
    assert bound(one, loose).bindings[0].native is loose


def test_a_missing_field_names_line_place_and_nearest_name() -> None:
    """Only that binding is dropped; the others go on (I22)."""
    good, bad = binding(TEXT, "Name"), binding(NUMBER, "Progres")
    result, findings = bind(
        mapping(good, bad), schema(column("text", name="Name"), column("number", name="Progress"))
    )
    assert [found.binding.native for found in result.bindings] == ["Name"]
    assert findings == (
        Finding(
            "FIELD_MISSING",
            "okrsync.yaml:12:7",
            "collections.krs.fields.thing: Notion › Key results has no field “Progres”",
            "did you mean Progress?",
            Severity.ERROR,
        ),
    )


def test_a_name_two_fields_share_is_not_guessed() -> None:
    """Jira allows two custom fields of one name; the ids are offered instead."""
    twins = (NativeField("cf1", "Thing", "text", True), NativeField("cf2", "Thing", "text", True))
    result, found = complaint(binding(TEXT), *twins)
    assert (found.code, found.advice, result.bindings) == (
        "FIELD_AMBIGUOUS",
        "use one of the ids cf1, cf2",
        (),
    )


def test_a_field_that_cannot_be_written_is_still_read() -> None:
    """The binding stops writing and says why."""
    locked = NativeField("id-Thing", "Thing", "number", False, why_not="it is a formula")
    result, found = complaint(binding(NUMBER), locked)
    assert found.code == "FIELD_READ_ONLY"
    assert "it is a formula" in found.message
    assert result.bindings[0].binding.writes is False
    assert result.bindings[0].binding.reads is True


def test_a_field_only_written_and_not_writable_is_dropped() -> None:
    """Nothing of the binding is left."""
    result, found = complaint(binding(NUMBER, reads=False), NativeField("1", "Thing", "computed", False))
    assert (found.code, result.bindings) == ("FIELD_READ_ONLY", ())


def test_a_field_of_a_wrong_type_is_dropped() -> None:
    """A checkbox holds no number, whatever its cells say."""
    result, found = complaint(binding(NUMBER), column("bool"))
    assert (found.code, result.bindings) == ("FIELD_TYPE", ())
    assert "a number cannot be read from “Thing”" in found.message


def test_a_type_that_reads_but_cannot_be_written_stops_writing() -> None:
    """Labels read as text, but text is no list of labels."""
    result, found = complaint(binding(TEXT), column("labels"))
    assert found.code == "FIELD_TYPE"
    assert result.bindings[0].binding.writes is False


def test_a_number_for_a_field_of_text_alone_needs_a_locale() -> None:
    """Otherwise every write would be refused: the line of the file and the missing word are named at once."""
    alone = replace(column("text"), only_text=True)
    result, found = complaint(binding(NUMBER), alone)
    assert (found.code, found.place) == ("FIELD_TYPE", "okrsync.yaml:12:7")
    assert "holds text only" in found.message and "`locale`" in found.advice
    assert [(each.binding.reads, each.binding.writes) for each in result.bindings] == [(True, False)]


@pytest.mark.parametrize(
    "options", [{"locale": "de_DE"}, {"writes": False}, {"values": {"0.8": "Green"}}], ids=str
)
def test_a_number_has_its_place_in_a_field_of_text(options: dict[str, Any]) -> None:
    """Spelled by a locale, only read, or as a word."""
    alone = replace(column("text"), only_text=True)
    assert len(bound(mapping(binding(NUMBER, **options)), alone).bindings) == 1


def test_a_text_column_may_hold_numbers() -> None:
    """Its cells decide one by one."""
    assert len(bound(mapping(binding(NUMBER)), column("text")).bindings) == 1


def test_a_value_for_an_option_that_does_not_exist_is_found() -> None:
    """Before anything is written, with the nearest option."""
    health = spec(Type.CHOICE, choices=("on_track",))
    one = binding(health, values={"on_track": "On trak"})
    result, found = complaint(one, column("choice", "On track", "At risk"))
    assert (found.code, found.advice) == ("OPTION_MISSING", "did you mean On track?")
    assert len(result.bindings) == 1


def test_own_places_need_no_schema() -> None:
    """Results are okrsync's own; properties need a tool that keeps any."""
    assert bound(mapping(binding(NUMBER, "results:score"))).want == ("results:score",)
    held = mapping(binding(NUMBER, "property:okrsync.progress"))
    assert bound(held, NativeField("property:okrsync", "okrsync", "property", True)).bindings
    assert bind(held, schema())[1][0].code == "FIELD_MISSING"


def test_a_lookup_stands_in_a_column_of_peoples() -> None:
    """Found as the eye takes it; the look-up itself is no such column."""
    show = mapping(binding(NUMBER, "lookup:Our Score=score"))
    shown = NativeField("lookup:Our Score=score", "Our Score", "computed", True)
    assert bound(show, NativeField("our score", "our  ｓcore", "number", True), shown).want == (shown.id,)
    assert bind(show, schema(shown))[0].bindings == ()


def test_a_renamed_column_of_a_lookup_is_named_with_its_line() -> None:
    """Like any other renamed field: the line of the file and the nearest right name."""
    result, found = complaint(binding(NUMBER, "lookup:Score=score"), column("number", name="Scores"))
    assert (result.bindings, found.code, found.place) == ((), "FIELD_MISSING", str(PLACE))
    assert found.message == "collections.krs.results.show.Score: Notion › Key results has no field “Score”"
    assert found.advice == "did you mean Scores?"


def test_want_names_each_native_id_once_with_the_key() -> None:
    """What the connector is asked for."""
    one = mapping(binding(TEXT), binding(NUMBER), key="KR")
    assert bound(one, column("text"), column("text", name="KR")).want == ("id-KR", "id-Thing")


def test_keys_are_tidy_text() -> None:
    """A number typed as key is its plain digits; blank is no key."""
    keyed = bound(mapping(key="KR"), column("text", name="KR"))
    assert keyed.key_of(record(KR=Decimal("12.0"))) == "12"
    assert keyed.key_of(record(KR=" KR-1 ")) == "KR-1"
    assert keyed.key_of(record(KR=None)) is None
    assert bound(mapping()).key_of(record(KR="KR-1")) is None


def test_a_missing_key_field_hides_keys_rather_than_clearing_them() -> None:
    """Otherwise every record would look new."""
    result, findings = bind(mapping(key="KR"), schema())
    assert [found.code for found in findings] == ["FIELD_MISSING"]
    assert isinstance(result.key_of(record(KR="KR-1")), Unreadable)


def test_I9_a_cell_the_answer_lacks_is_not_blank() -> None:
    """Except in okrsync's own places, which are empty before the first write."""
    one = bound(mapping(binding(TEXT), binding(TEXT, "results:why")), column("text"))
    human, own = one.bindings
    assert isinstance(one.seen(human, record(), People()), Unreadable)
    assert one.seen(own, record(), People()) is None


@pytest.mark.parametrize(
    ("typed", "unit", "fits"),
    [
        ("$5", "EUR", False),
        ("€5", "EUR", True),
        ("5 EUR", "€", True),
        ("$5", "MQL", False),
        ("5", "EUR", True),
    ],
)
def test_money_typed_into_a_record_of_another_unit_is_no_number_of_it(
    typed: str, unit: str, fits: bool
) -> None:
    """S45: dollars are never read as euros."""
    amount, named = spec(Type.NUMBER), FieldSpec("unit", Type.TEXT, "what is counted")
    one = mapping(binding(amount, "Value"), binding(named, "Unit"))
    both = bound(one, column("text", name="Value"), column("text", name="Unit"))
    found = both.seen(both.bindings[0], record(Value=typed, Unit=unit), People())
    assert (found == Decimal(5)) is fits
    assert isinstance(found, Unreadable) is not fits


def test_values_go_both_ways() -> None:
    """`seen`, `native` and `shown` use the collection's own connection to resolve references."""
    refs = spec(Type.REFS, refers_to=(Kind.KEY_RESULT,))
    one = bound(mapping(binding(refs)), column("relation"))
    link, who = one.bindings[0], People()
    assert one.seen(link, record(Thing=("page-1",)), who) == frozenset({"e1"})
    assert one.native(link, frozenset({"e2", "e1"}), who) == ("page-1", "page-2")
    assert one.shown(link, frozenset({"e2"}), who) == frozenset({"e2"})


def test_values_of_an_option_field_are_checked_loosely() -> None:
    """Case and blanks of an option are no mistake."""
    health = spec(Type.CHOICE, choices=("on_track",))
    field = NativeField("1", "Thing", "choice", True, (Option("1", "On Track"),))
    assert bound(mapping(binding(health, values={"on_track": "on track"})), field).bindings
