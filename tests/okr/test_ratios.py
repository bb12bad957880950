"""A running goal's status by score ÷ expected, as a setting."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from okrsync.okr.compute import Computed
from okrsync.okr.method import RATIOS, Method
from okrsync.okr.phases import shares_of
from tests.docs.markdown import codes, rows, sections, table, text_of
from tests.okr.make import key_result, objective, run

DAY0 = date(2026, 1, 1)
PART = "Status by a ratio"


def on_day(day: int, score: str, method: Method) -> Computed:
    """An objective with one key result that runs from day 0 to day 100."""
    span = {"starts": DAY0, "due": DAY0 + timedelta(days=100)}
    kr = key_result("A", current=Decimal(score) * 100, **span)
    return run(objective("O", **span), kr, method=method, today=DAY0 + timedelta(days=day))


@pytest.mark.parametrize(
    ("rule", "statuses"),
    [
        ("gap", ("at_risk", "at_risk", "on_track")),
        ("oboard", ("off_track", "at_risk", "on_track")),
        ("upraise", ("off_track", "off_track", "on_track")),
    ],
)
def test_day_40_of_100(rule: str, statuses: tuple[str, ...]) -> None:
    """The vector: 0.15, 0.20 and 0.50; Oboard calls them at risk, behind and on track."""
    method = Method(status=rule)
    assert (
        tuple(on_day(40, score, method).derived["A"]["status"] for score in ("0.15", "0.2", "0.5"))
        == statuses
    )


@pytest.mark.parametrize(
    ("rule", "score", "status"),
    [
        ("upraise", "0.38", "on_track"),
        ("upraise", "0.3799", "at_risk"),
        ("upraise", "0.3", "at_risk"),
        ("upraise", "0.2999", "off_track"),
        ("oboard", "0.28", "on_track"),
        ("oboard", "0.2799", "at_risk"),
        ("oboard", "0.16", "at_risk"),
        ("oboard", "0.1599", "off_track"),
    ],
)
def test_a_ratio_that_is_reached_counts(rule: str, score: str, status: str) -> None:
    """The edges of each band, where 0.4 is expected; the objective is judged by the same rule."""
    derived = on_day(40, score, Method(status=rule)).derived
    assert (derived["A"]["status"], derived["O"]["status"]) == (status, status)


def test_the_rules_name_is_printed() -> None:
    """S65: explain names the rule, the ratio and the line."""
    told = on_day(40, "0.15", Method(status="oboard")).explanations["A"].pace
    assert told == (
        "off_track: oboard: score ÷ expected is 0.37, less than 0.40; "
        "expected 0.40 on 2026-02-10 (2026-01-01 to 2026-04-11)"
    )


def test_while_nothing_is_expected_there_is_no_ratio() -> None:
    """Phases may expect nothing long after the first day; that is too early to say, not a division by 0."""
    phases = shares_of("50% = 0%; 75% = 50%")
    assert phases is not None
    computed = on_day(40, "0", Method(status="upraise", phases=phases))
    assert computed.derived["A"]["status"] == "too_early"
    assert "nothing is expected yet" in computed.explanations["A"].pace


def test_the_first_days_stay_too_early() -> None:
    """The share of the time that must pass first holds for every rule."""
    assert on_day(5, "0", Method(status="oboard")).derived["A"]["status"] == "too_early"


def test_an_unknown_rule_is_refused() -> None:
    """The message names the choices."""
    with pytest.raises(ValueError, match="status is 'mood'; it must be one of gap, upraise, oboard"):
        Method(status="mood")


def test_the_document_names_every_rule_with_its_lines() -> None:
    """docs/scoring.md shows the ratios the code uses."""
    told = {codes(row[0])[0]: row[1:] for row in table("docs/scoring.md", PART) if len(row) == 4}
    assert told == {
        name: (f"from {on_track}", f"from {at_risk}", f"below {at_risk}")
        for name, (on_track, at_risk) in RATIOS.items()
    }


def test_the_documents_examples_are_computed() -> None:
    """Each row of the example on day 40."""
    found = [row for row in rows(sections(text_of("docs/scoring.md"))[PART]) if len(row) == 5]
    assert len(found) == 4
    for score, ratio, *statuses in found:
        derived = [
            on_day(40, score, Method(status=rule)).derived["A"] for rule in ("gap", "upraise", "oboard")
        ]
        assert [each["status"] for each in derived] == statuses
        assert {each["pace"] for each in derived} == {Decimal(ratio)}
