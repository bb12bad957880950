"""`okrsync export`: a table of goals, safe to open, without people."""

from __future__ import annotations

import csv
import io
from types import MappingProxyType

import pytest

from okrsync.okr.compute import compute
from okrsync.okr.method import Method
from okrsync.okr.model import Entity
from okrsync.okr.values import NOT_YET
from okrsync.reports.export import COLUMNS, export_csv
from okrsync.sync_engine.runner import View
from okrsync.sync_engine.state import State
from tests.commands.conftest import Desk
from tests.okr.make import TODAY, key_result, number, objective


def table(*entities: Entity) -> list[dict[str, str]]:
    """What a spreadsheet would read."""
    known = {each.id: each for each in entities}
    view = View(State("l", 1), MappingProxyType(known), compute(known, TODAY, Method()))
    return list(csv.DictReader(io.StringIO(export_csv(view, lambda each: each))))


def test_a_row_for_every_goal(desk: Desk) -> None:
    """In reading order, each key result below its objective, with its score cut and not rounded."""
    rows = list(csv.DictReader(io.StringIO(desk.run("export"))))
    assert (len(rows), tuple(rows[0])) == (37, COLUMNS)
    cmo = next(at for at, row in enumerate(rows) if row["key"] == "ACME-CMO-O1")
    assert [row["key"] for row in rows[cmo + 1 : cmo + 3]] == ["ACME-CMO-O1-KR1", "ACME-CMO-O1-KR2"]
    assert rows[cmo + 1]["belongs_to"] == "ACME-CMO-O1"
    assert len(desk.json("export")["rows"]) == 37


def test_nobody_is_named(desk: Desk) -> None:
    """S89: no owner, and no column a ranking of people could be made from."""
    assert "@" not in desk.run("export")
    assert not {"owner", "helper", "by"} & set(COLUMNS)


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1+1", "@SUM(A1)", "-2+3", "\t=1"])
def test_a_title_is_never_a_formula(title: str) -> None:
    """What a spreadsheet would run is text; a negative number stays a number."""
    rows = table(objective("O", title=title), key_result("A", start=number(-5), current=number(1)))
    assert rows[0]["title"] == f"'{title.strip()}"
    assert rows[1]["start"] == "-5"


def test_no_score_is_an_empty_cell() -> None:
    """Missing, not yet and 0 stay apart."""
    rows = table(objective("O"), key_result("A", current=NOT_YET), key_result("B", current=number(0)))
    assert [row["score"] for row in rows[1:]] == ["", "0"]


def test_what_is_private_is_left_out() -> None:
    """With all below it; a shared key result is there once."""
    rows = table(
        objective("O", private=True), objective("P"), objective("Q"),
        key_result("A"), key_result("B", ("P", "Q")),
    )  # fmt: skip
    assert [row["key"] for row in rows] == ["P", "B", "Q"]
