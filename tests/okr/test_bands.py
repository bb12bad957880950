"""Red, amber and green of final scores."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from okrsync.okr.bands import BANDS, band
from okrsync.okr.closing import close
from okrsync.okr.cycles import Calendar, find
from okrsync.okr.method import Method
from tests.docs.markdown import codes, table
from tests.okr.make import key_result, number, objective


@pytest.mark.parametrize(
    ("score", "default", "google"),
    [
        ("0", "red", "red"),
        ("0.2999", "red", "red"),
        ("0.3", "amber", "red"),
        ("0.35", "amber", "red"),
        ("0.4", "amber", "amber"),
        ("0.65", "amber", "amber"),
        ("0.6999", "amber", "amber"),
        ("0.7", "green", "green"),
        ("1", "green", "green"),
    ],
)
def test_bands_leave_no_hole(score: str, default: str, google: str) -> None:
    """Half-open: red below 0.3 (google 0.4), amber from there, green from 0.7."""
    assert (band(Decimal(score), "default"), band(Decimal(score), "google")) == (default, google)


def test_the_uncut_value_decides() -> None:
    """A score that shows as 0.69 and is nearly 0.7 is not green; without a score there is no band."""
    assert band(Fraction(699_999, 1_000_000), "default") == "amber"
    assert band(None, "default") == ""


@pytest.mark.parametrize(("profile", "expected"), [("default", "amber"), ("google", "red")])
def test_a_closing_keeps_the_band_of_its_profile(profile: str, expected: str) -> None:
    """S55: the colour of the day it was closed stays with the score."""
    entities = (objective("O"), key_result("A", current=number(35)))
    cycle = find("2026-Q1", Calendar())
    assert cycle is not None
    method = replace(Method(), bands=profile)
    closing = close({each.id: each for each in entities}, cycle, date(2026, 4, 20), method)
    assert {each.band for each in closing.scores} == {expected}


def test_an_unknown_profile_is_refused() -> None:
    """The message names the choices."""
    with pytest.raises(ValueError, match="bands is 'blue'; it must be one of default, google"):
        Method(bands="blue")


def test_the_document_names_every_profile_with_its_lines() -> None:
    """docs/scoring.md shows the lines the code uses."""
    told = {codes(row[0])[0]: row[1:] for row in table("docs/scoring.md", "Bands of final scores")}
    assert told == {
        name: (f"below {amber}", f"from {amber}", f"from {green}") for name, (amber, green) in BANDS.items()
    }
