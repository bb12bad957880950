"""What is typed into a check-in: whose field it is, and what it means."""

from __future__ import annotations

import click
import pytest

from okrsync.commands.said import Said, said_of
from okrsync.okr.method import Method
from okrsync.okr.model import Entity
from okrsync.okr.values import NOT_YET, Value
from tests.okr.make import SUM, key_result, metric, number, objective

PARTS = dict.fromkeys(("value", "confidence", "challenge", "help_from", "note", "target"))
USUAL = Method()
STAGED = key_result("A", measure="milestone", stages="Draft = 0.2; Live = 1")


def of(kr: Entity, parts: dict[str, str], *others: Entity, method: Method = USUAL) -> Said:
    """What the options mean for a key result among other things."""
    entities = {each.id: each for each in (objective("O"), kr, *others)}
    return said_of(kr, {**PARTS, **parts}, entities, method)


@pytest.mark.parametrize(
    ("part", "text", "field", "value"),
    [
        ("value", "42.5", "current", number("42.5")),
        ("value", "1.2K", "current", number(1200)),
        ("value", "96 MQLs", "current", number(96)),
        ("value", "not yet", "current", NOT_YET),
        ("confidence", "7", "confidence", number("0.7")),
        ("confidence", "Amber", "confidence", number("0.5")),
        ("target", "300", "target", number(300)),
        ("note", " late ", "note", "late"),
        ("note", "", "note", None),
        ("challenge", "no data", "challenges", "no data"),
    ],
)
def test_each_part_is_a_field(part: str, text: str, field: str, value: Value) -> None:
    """Numbers are decimals, confidence is between 0 and 1, an empty note clears it."""
    assert of(key_result("A"), {part: text}) == {("A", field): value}


def test_who_can_help_stands_with_the_challenge() -> None:
    """S68: one text, as the tools hold it."""
    told = of(key_result("A"), {"challenge": "no data", "help_from": "bo@acme.example"})
    assert told == {("A", "challenges"): "no data (can help: bo@acme.example)"}


def test_the_scale_of_confidence_is_the_workspaces() -> None:
    """4 of 5."""
    assert of(key_result("A"), {"confidence": "4"}, method=Method(confidence_scale=number(5))) == {
        ("A", "confidence"): number("0.8")
    }


def test_the_value_of_a_kpi_belongs_to_the_kpi() -> None:
    """S54: it is stated once for all key results that refer to it."""
    kr = key_result("A", metric=frozenset({"M"}))
    assert of(kr, {"value": "97"}, metric("M")) == {("M", "current"): number(97)}


def test_the_unit_of_a_kpi_counts() -> None:
    """S47: half an hour of a KPI in minutes."""
    kr = key_result("A", metric=frozenset({"M"}), unit=None)
    assert of(kr, {"value": "0.5 hours"}, metric("M", unit="minutes")) == {("M", "current"): number(30)}


def test_a_milestone_is_checked_in_by_stage() -> None:
    """S46: as the stages are spelled, however it is typed."""
    assert of(STAGED, {"value": "live"}) == {("A", "stage"): "Live"}


@pytest.mark.parametrize(
    ("kr", "parts", "words"),
    [
        (STAGED, {"value": "Beta"}, "Draft, Live"),
        (key_result("A"), {"value": "many"}, "not an amount"),
        (key_result("A"), {"value": "1.234"}, "1.234 or 1234"),
        (key_result("A", unit="EUR"), {"value": "$5"}, "in USD"),
        (key_result("A", unit="%", measure="delta"), {"target": "+15%"}, "15 % or 15 pp"),
        (key_result("A"), {"confidence": "11"}, "between 0 and 10"),
        (key_result("A"), {"confidence": "NaN"}, "between 0 and 10"),
        (key_result("A"), {"help_from": "bo"}, "--challenge"),
        (key_result("A", value_from="work"), {"value": "5"}, "close the work"),
    ],
)
def test_what_cannot_be_meant_is_refused(kr: Entity, parts: dict[str, str], words: str) -> None:
    """With what was expected instead."""
    with pytest.raises(click.UsageError, match=words):
        of(kr, parts)


def test_a_rolled_up_value_is_stated_below() -> None:
    """What is summed from others is not typed over."""
    above = key_result("A")
    below = (objective("C", contributes_to=frozenset({"A"})), key_result("K", "C"))
    with pytest.raises(click.UsageError, match="check in there"):
        of(above, {"value": "5"}, *below, method=SUM)
