"""Columns: their neutral types, ids that survive renames, and why some are read-only."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from okrsync.connectors.base import Option
from okrsync.connectors.notion import ids, pages, since
from okrsync.connectors.notion.properties import column_of, fields_of, is_end, with_halves
from tests.connectors.notion.samples import FIELDS, SCHEMA


def test_ids_are_decoded() -> None:
    """Answers encode column ids in some places only; ours are comparable."""
    assert FIELDS[":J{:"].name == "Progress"
    assert ids.wire_id(":J{:") == SCHEMA["Progress"]["id"]


def test_percent_is_told_by_the_format() -> None:
    """A column is a percentage when Notion formats it so, not by its name."""
    assert (FIELDS[":J{:"].type, FIELDS["st@t"].type) == ("percent", "number")


@pytest.mark.parametrize("kind", ["formula", "rollup", "unique_id", "created_time", "button", "hologram"])
def test_what_is_not_writable_says_why(kind: str) -> None:
    """Computed columns, and types that Notion adds tomorrow, can be read and explain themselves."""
    (field,) = fields_of({"X": {"id": "x", "type": kind, kind: {}}})
    assert (field.type, field.writable) == ("computed", False)
    assert field.why_not != ""


def test_options_come_with_their_ids() -> None:
    """Choices are written by id."""
    assert FIELDS["hlth"].options == (Option("opt1", "On track"), Option("opt2", "Off track"))


def test_a_date_column_is_two_fields() -> None:
    """A range's end has an id of its own beside its start."""
    assert is_end(FIELDS["due1#end"]) and not is_end(FIELDS["due1"])
    assert column_of(FIELDS["due1#end"]) == "due1"


def test_only_a_dates_second_half_is_one() -> None:
    """Four odd characters may spell anything, also what we end a date's second half with."""
    number, day, end = fields_of(
        {"A": {"id": "%23end", "type": "number"}, "B": {"id": "%23end", "type": "date"}}
    )
    assert [is_end(field) for field in (number, day, end)] == [False, False, True]
    assert {column_of(field) for field in (number, day, end)} == {"#end"}


@pytest.mark.parametrize("half", ["due1", "due1#end"])
def test_a_date_is_read_with_its_other_half(half: str) -> None:
    """Notion replaces both halves, so both are always read."""
    read = with_halves([FIELDS[half]], FIELDS)
    assert {field.id for field in read} == {"due1", "due1#end"}


def test_a_rename_keeps_the_id() -> None:
    """The same column under another name is the same field."""
    renamed = {"Old " + name: raw for name, raw in SCHEMA.items()}
    assert [field.id for field in fields_of(renamed)] == list(FIELDS)


@pytest.mark.parametrize(
    ("kind", "setting", "silent"),
    [
        ("formula", {}, True),
        ("rollup", {}, True),
        ("relation", {"type": "dual_property"}, True),
        ("relation", {"type": "single_property"}, False),
        ("number", {}, False),
    ],
)
def test_columns_that_change_without_an_edit_say_so(kind: str, setting: dict[str, str], silent: bool) -> None:
    """Results, and relations that may be set from the other row, move no edit time of their own row."""
    (field,) = fields_of({"X": {"id": "x", "type": kind, kind: setting}})
    assert field.silent is silent


@pytest.mark.parametrize("module", [ids, pages, since])
def test_examples_in_the_documentation_hold(module: ModuleType) -> None:
    """The doctests of the pure helpers."""
    results = doctest.testmod(module)
    assert results.attempted > 0 and results.failed == 0
