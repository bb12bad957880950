"""When a number that was not sent is still taken for the tool's own form of it: only from experience (I1)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from okrsync.okr.values import Value
from okrsync.sync_engine.merge import ABSENT, Agreed
from okrsync.sync_engine.rounding import would_show

Pairs = list[tuple[Agreed, Value]]
ONE_DECIMAL: Pairs = [(Decimal("12.36"), Decimal("12.4")), (Decimal(10), Decimal(10))]


@pytest.mark.parametrize(
    ("sent", "seen"), [("20.56", "20.6"), ("20.51", "20.5"), ("20.96", "21"), ("-0.04", "0"), ("7", "7")]
)
def test_a_field_that_rounds_is_known_by_it(sent: str, seen: str) -> None:
    """What it would make of the number, to the digits it showed before."""
    assert would_show(Decimal(sent), Decimal(seen), ONE_DECIMAL)


@pytest.mark.parametrize(("sent", "seen"), [("20.56", "20.5"), ("20.56", "21"), ("20.56", "20.7")])
def test_another_number_is_a_persons(sent: str, seen: str) -> None:
    """A field that was seen to round to the nearest neither cuts nor goes to whole numbers."""
    assert not would_show(Decimal(sent), Decimal(seen), ONE_DECIMAL)


def test_a_field_that_cuts_is_known_by_it() -> None:
    """The way it goes is learnt too."""
    known: Pairs = [(Decimal("3.19"), Decimal("3.1"))]
    assert would_show(Decimal("20.56"), Decimal("20.5"), known)
    assert not would_show(Decimal("20.56"), Decimal("20.6"), known)


@pytest.mark.parametrize(
    "known",
    [
        [],
        [(Decimal(10), Decimal(10))],
        [(ABSENT, Decimal("12.3"))],
        [(Decimal("12.36"), Decimal("12.4")), (Decimal("7.25"), Decimal("7.25"))],
        [(Decimal("12.34"), Decimal("12.3"))],
        [(Decimal("12.34"), Decimal(99))],
        [("12.34", "12.3")],
    ],
    ids=[
        "nothing",
        "nothing rounded",
        "an edit that lost",
        "not always",
        "cut or rounded",
        "no rounding",
        "texts",
    ],
)
def test_without_experience_it_is_an_edit(known: Pairs) -> None:
    """Never guessed: 20.6 for 20.56 may well be a person's correction."""
    assert not would_show(Decimal("20.56"), Decimal("20.6"), known)


def test_only_numbers_are_rounded() -> None:
    """A shortened title is an edit, whatever the field did to numbers."""
    assert not would_show("Win customers", "Win", ONE_DECIMAL)
    assert not would_show(Decimal("20.56"), None, ONE_DECIMAL)


def test_a_number_of_any_length_can_be_compared() -> None:
    """A long number is no reason to fail."""
    long = Decimal("1" * 60 + ".26")
    assert would_show(long, Decimal("1" * 60 + ".3"), [(Decimal("0.16"), Decimal("0.2"))])
