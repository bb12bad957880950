"""Titles that look like a fault and are none, and faults in other words than the examples'."""

from __future__ import annotations

import pytest

from okrsync.okr.lint import wording, wording_codes
from okrsync.okr.model import Kind


@pytest.mark.parametrize(
    "title",
    [
        "Reduce the time from order to delivery from 9 days to 5 days",
        "Raise conversion to paid plans from 2% to 4%",
        "Increase trial starts and sign-ups from 100 to 300",
        "Hire and on-board 5 engineers by March 31",
        "Cut support tickets per client from 8 to 5 by mid-February",
        "Grow recurring revenue from EUR 2 million to EUR 3 million in 2026",
        "Answer 90% of tickets within 24 hours",
        "Win 12 clients in Q3 2026",
        "Running costs below 40 EUR per order",
    ],
)
def test_good_key_results_are_left_in_peace(title: str) -> None:
    """False alarms are what makes people switch a linter off."""
    assert wording_codes(Kind.KEY_RESULT, title) == ()


@pytest.mark.parametrize(
    "title",
    ["Delight our customers", "Bring lessons to every village", "Become the market's favourite in 2027"],
)
def test_good_objectives_are_left_in_peace(title: str) -> None:
    """A year is no number, and an unusual verb is a verb."""
    assert wording_codes(Kind.OBJECTIVE, title) == ()


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Migrate 12 services to the cloud", "TASK_AS_KR"),
        ("100% rollout of the CRM", "TASK_AS_KR"),
        ("Raise sales to TBD", "PLACEHOLDER"),
        ("Raise sales to ??", "PLACEHOLDER"),
        ("Raise [metric] by 20", "PLACEHOLDER"),
        ("Be much better at support", "NOT_MEASURABLE"),
        ("Reach 40 schools and reduce churn to 3%", "COMPOSITE"),
        ("20% more by June", "METRIC_UNNAMED"),
        ("Response time under 2 s across all regions", "AGGREGATE_UNSTATED"),
    ],
)
def test_faults_in_other_words(title: str, code: str) -> None:
    """The rules are wider than the examples they were made from."""
    assert code in wording_codes(Kind.KEY_RESULT, title)


@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("Grow sales by 15% by end of Q1", "Grow sales by 15%"),
        ("200 MQLs from mass mail by Jan 30", "200 MQLs from mass mail"),
        ("Launch before end of Q2", "Launch"),
        ("Be ready by the end of the year", "Be ready"),
        ("Marketing in may 2026 counts", "Marketing counts"),
        ("Sign 3 partners by mid-February", "Sign 3 partners"),
        ("Improve March sales", "Improve March sales"),
    ],
)
def test_deadlines_are_taken_out(title: str, rest: str) -> None:
    """What only says when is neither a number nor a difference."""
    assert wording.without_deadline(title) == rest


def test_the_same_words_in_another_order_of_articles_are_the_same() -> None:
    """`Attain a user NPS` and `Attain user NPS`."""
    assert wording.same_text("Attain a user NPS of 85%, by June 30") == wording.same_text(
        "attain user NPS of 85%"
    )
