"""`okrsync work`: work beside outcome, never mixed (S2, S72)."""

from __future__ import annotations

from tests.commands.conftest import Desk


def test_work_stands_beside_the_result(desk: Desk) -> None:
    """All the landing pages are built and little traffic came: the hypothesis is in question."""
    told = {each["entity"]: each for each in desk.json("work")["key_results"]}
    seo = told["ACME-SEO-O1-KR1"]
    assert (seo["work"], seo["score"], seo["verdict"]) == ("1", "0.59", "work_without_outcome")
    assert seo["initiatives"] == ["ACME-36"]


def test_what_has_no_number_is_not_compared(desk: Desk) -> None:
    """An unscored key result is neither ahead of nor behind its work."""
    told = {each["entity"]: each for each in desk.json("work")["key_results"]}
    assert told["ACME-CMO-O1-KR3"]["score"] is None
    assert told["ACME-CMO-O1-KR3"]["verdict"] == "not_known"


def test_the_question_comes_first(desk: Desk) -> None:
    """What asks for another hypothesis is at the top, with what it means."""
    lines = desk.run("work").splitlines()
    assert lines[0] == "work without outcome (1): the work is ahead of the result: was the hypothesis right?"
    assert lines[1].startswith("  work 1.00  result 0.59  ACME-SEO-O1-KR1")
