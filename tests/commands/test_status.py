"""`okrsync status --for`: each kind of reader sees what is theirs, and nobody is ranked."""

from __future__ import annotations

import pytest

from okrsync.commands.exits import Exit
from okrsync.okr.compute import compute
from okrsync.okr.method import Method
from okrsync.okr.model import Entity
from okrsync.reports.pages import Page
from okrsync.reports.personas import ROLES, names_for
from okrsync.sync_engine.runner import View
from okrsync.sync_engine.state import State
from tests.commands.conftest import Desk
from tests.okr.make import TODAY, initiative, key_result, number, objective


def _view(*entities: Entity) -> View:
    known = {each.id: each for each in entities}
    return View(State("test", 0), known, compute(known, TODAY, Method()))


def _shown(page: Page) -> dict[str, list[str]]:
    return {section.title: [item.name.split(" ")[0] for item in section.items] for section in page.shown}


_COMPANY = _view(
    objective("C", level="company"),
    key_result("C1", "C", current=number(90)),
    objective("S", team="Sales", contributes_to=frozenset({"C1"}), depends_on=frozenset({"M"})),
    key_result("S1", "S", owner="ann@x", current=number(10), challenges="no budget"),
    key_result("S2", "S", owner="bob@x", current=number(99)),
    objective("M", team="Marketing", state="draft"),
    objective("H", team="Sales", private=True),
    initiative("E", contributes_to=frozenset({"S1"}), owner="cy@x"),
)


def test_executives_see_the_top_and_one_level_down() -> None:
    """S92."""
    shown = _shown(ROLES["executive"](_COMPANY, ""))
    assert shown == {"Objectives": ["C"], "Key results": ["C1"], "One level down": ["S"]}


def test_leaders_see_up_down_and_sideways() -> None:
    """S93."""
    shown = _shown(ROLES["leader"](_COMPANY, "Sales"))
    assert (shown["They serve"], shown["It needs"]) == (["C1"], ["M"])
    assert _shown(ROLES["leader"](_COMPANY, "Marketing"))["Needed by"] == ["S"]


def test_managers_see_what_is_worth_a_talk_in_neutral_words() -> None:
    """S94: a key result and what is in its way, in reading order; no word about a person."""
    page = ROLES["manager"](_COMPANY, "Sales")
    shown = _shown(page)
    assert (shown["Worth a talk"], shown["Something is in the way"]) == (["S1"], ["S1"])
    assert shown["Key results"] == ["S1", "S2"]
    assert all("@x" not in item.text for section in page.shown for item in section.items)


def test_members_see_what_is_theirs() -> None:
    """S95: own key results with the work for them, whoever does it."""
    assert _shown(ROLES["member"](_COMPANY, "ann@x")) == {"Key results": ["S1"], "Initiatives": ["E"]}


def test_everyone_sees_what_is_published_and_not_private() -> None:
    """S98, S104: drafts and private goals are left out."""
    page = ROLES["everyone"](_COMPANY, "")
    assert [section.title.split(" ")[0] for section in page.sections] == ["C", "S"]


def test_names_are_those_of_the_workspace() -> None:
    """Teams for a team's pages, owners for a person's."""
    assert names_for(_COMPANY, "manager") == ["Marketing", "Sales"]
    assert names_for(_COMPANY, "member") == ["ann@x", "bob@x", "cy@x"]


def test_a_page_can_be_published_as_html(desk: Desk) -> None:
    """All key results are on it, not only the first twelve of anything."""
    text = desk.run("status", "--for", "everyone", "--format", "html")
    assert text.startswith("<!doctype html>") and text.count("<h2") == 11 and text.count("<li>") == 26
    standing = "ACME-SALES-O1 · Increase Q1 revenue to $500K <small>0.45, on track</small>"
    assert f'<h2 class="good">{standing}</h2>' in text


def test_a_persons_page_is_found_by_the_owners_name(desk: Desk) -> None:
    """Letters' case does not matter; a wrong name lists the right ones."""
    sections = desk.json("status", "Smith@ACME.example", "--for", "member")["sections"]
    assert [len(each["items"]) for each in sections] == [3, 1]
    assert "smith@acme.example" in desk.run("status", "smit", "--for", "member", code=Exit.USAGE)


@pytest.mark.parametrize("words", [("Sales",), ("--format", "html"), ("--for", "executive", "Sales")])
def test_options_that_do_not_fit_are_told(desk: Desk, words: tuple[str, ...]) -> None:
    """A name without a role, a format without a page, a name for the whole company."""
    assert "--for" in desk.run("status", *words, code=Exit.USAGE)
