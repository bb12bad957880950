"""Data validation rules: they stay as people made them, and what they refuse is not written past them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from okrsync.connectors.base import Native
from okrsync.connectors.errors import Rejected
from okrsync.connectors.sheets.validation import why_refused
from okrsync.sandbox.service import PersonError
from okrsync.sandbox.sheets.grid import Rule
from tests.connectors.sheets.world import TAB, World

WORDS = ("On track", "At risk")


def rules(world: World) -> dict[tuple[int, int], Rule]:
    """The rules the tab truly has, by row and column."""
    tab = world.sandbox.call(lambda: world.sheets.spreadsheets[world.file].copy().tab_titled(TAB))
    assert tab is not None
    return {at: cell.rule for at, cell in tab.cells.items() if cell.rule is not None}


@pytest.fixture
def ruled(world: World) -> World:
    """A drop-down for each status and a check box for each strict, before anything is read."""
    world.want = ("status", "strict", "notes")
    for key in ("KR-1", "KR-2", "KR-3", "1001"):
        world.do("validate", key=key, column="Status", values=WORDS)
        world.do("validate", key=key, column="Strict")
    return world


def test_our_writes_leave_rules_as_they_were(ruled: World) -> None:
    """An offered word, a tick and a blank are written; not one rule changes."""
    before, found = rules(ruled), ruled.fetch()
    cells: list[dict[str, Native]] = [
        {"status": "At risk", "strict": False},
        {"status": None, "strict": True},
    ]
    written = ruled.write((found["KR-1"], cells[0]), (found["KR-3"], cells[1]))
    assert [each.error for each in written] == [None, None]
    assert ruled.column("Status")["KR-1"] == "At risk" and ruled.column("Strict")["KR-3"] is True
    assert rules(ruled) == before and len(before) == 8


@pytest.mark.parametrize(("name", "value"), [("status", "Green"), ("strict", "yes"), ("strict", Decimal(1))])
def test_what_a_strict_rule_refuses_is_not_sent(ruled: World, name: str, value: Native) -> None:
    """Google would take it from us; the person who made the rule would not."""
    record, before = ruled.fetch()["KR-1"], ruled.column(name.title())
    sent = ruled.sent()["write"]
    (written,) = ruled.write((record, {name: value}))
    assert isinstance(written.error, Rejected) and list(written.error.fields) == [name]
    assert ruled.column(name.title()) == before and ruled.sent()["write"] == sent


def test_people_are_refused_the_same(ruled: World) -> None:
    """The editor rejects what a strict rule does not take."""
    with pytest.raises(PersonError, match="refuses"):
        ruled.do("set_cell", key="KR-1", column="Status", value="Green")


@pytest.mark.parametrize(
    ("kind", "strict", "value"),
    [
        ("ONE_OF_LIST", False, "Green"),
        ("ONE_OF_LIST", True, "on track"),
        ("ONE_OF_LIST", True, Decimal(1)),
        ("ONE_OF_LIST", True, None),
        ("NUMBER_GREATER", True, "Green"),
    ],
)
def test_what_cannot_be_judged_for_certain_is_left_to_google(kind: str, strict: bool, value: Native) -> None:
    """A rule that only warns, another letter case, another type, a blank, a rule of another kind."""
    offered = [{"userEnteredValue": word} for word in WORDS]
    rule = {"condition": {"type": kind, "values": offered}, "strict": strict}
    assert why_refused(value, {"dataValidation": rule}) is None
