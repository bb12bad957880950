"""Texts that people, or attackers, type into titles: carried as they are, never executed, never printed raw.

Terminal escapes could rewrite an admin's screen, formulas could run in a sheet, overrides could turn names
around, HTML could run in a report.
"""

from __future__ import annotations

import unicodedata

import pytest

from okrsync.commands.exits import Exit
from tests.e2e.stage import Stage

KEY, EPIC = "ACME-PPC-O1-KR1", "ACME-9"
ESCAPES = "\x1b[2J\x1b]0;owned\x07 red \x1b[31malert\x9b0m"
HTML = '<script>alert(1)</script><img src=x onerror="alert(2)">'
FORMULA = '=HYPERLINK("http://evil.example";"click")'
OVERRIDE = "safe \u202egnp.exe\u202c \u2066name\u2069 \u200bend"
MARKUP = "[bold red]not markup[/] {0} %s ${HOME} `id`"
TEXTS = {"escapes": ESCAPES, "html": HTML, "formula": FORMULA, "override": OVERRIDE, "markup": MARKUP}
COMMANDS = (
    ("plan", "--full"),
    ("sync",),
    ("tree",),
    ("explain", KEY),
    ("history", KEY),
    ("status",),
    ("conflicts",),
)


def raw(text: str) -> list[str]:
    """Characters that a terminal would act on, or that reorder what is read."""
    return [f"U+{ord(c):04X}" for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf")]


@pytest.mark.parametrize("name", TEXTS)
def test_a_title_from_notion_arrives_in_the_sheet_as_text(stage: Stage, name: str) -> None:
    """What a person sees in the cell is what was typed: no formula ran; later runs write nothing."""
    stage.act("notion", "edit", page=stage.page(KEY), property="Name", value=TEXTS[name])
    assert stage.run("sync").code == Exit.DONE
    assert stage.shown(KEY, "Title") == stage.notion(KEY)["Name"]
    assert stage.cell(KEY, "Title") == stage.notion(KEY)["Name"]
    stage.forget()
    assert stage.run("sync").code == Exit.DONE and stage.writes() == 0


@pytest.mark.parametrize("name", TEXTS)
def test_no_command_prints_it_raw(stage: Stage, name: str) -> None:
    """Typed in all three tools at once, through every command that shows titles."""
    stage.act("notion", "edit", page=stage.page(KEY), property="Name", value=f"n {TEXTS[name]}")
    stage.act("sheets", "type_over", key="ACME-PPC-O1-KR2", values={"Title": f"s {TEXTS[name]}"})
    stage.act("jira", "edit", issue=EPIC, fields={"Summary": f"j {TEXTS[name]}"})
    for command in COMMANDS:
        ran = stage.run(*command)
        assert ran.code == Exit.DONE
        assert raw(ran.said) == [], command


def test_escapes_in_a_conflict_are_not_printed_raw(stage: Stage) -> None:
    """Both values are shown, harmlessly."""
    stage.act("notion", "edit", page=stage.page(KEY), property="Name", value=f"n {ESCAPES}")
    stage.act("sheets", "set_cell", key=KEY, column="Title", value=f"s {OVERRIDE}")
    stage.run("sync")
    ran = stage.run("conflicts")
    assert raw(ran.out) == [] and "key_results" in ran.out and "metrics" in ran.out


def test_a_title_that_begins_like_a_formula_in_the_sheet(stage: Stage) -> None:
    """Typed with an apostrophe it is text; Notion gets the text, and the sheet keeps it."""
    stage.act("sheets", "set_cell", key=KEY, column="Title", value="'" + FORMULA)
    assert stage.run("sync").code == Exit.DONE
    assert stage.notion(KEY)["Name"] == FORMULA
    assert stage.shown(KEY, "Title") == FORMULA


def test_a_formula_of_a_person_is_never_overwritten(stage: Stage) -> None:
    """A title made by a formula is read; a new title from Notion does not replace the formula."""
    stage.act(
        "sheets", "set_formula", key=KEY, column="Title", formula='="150 MQLs via AdWords search by Feb 10"'
    )
    stage.act("notion", "edit", page=stage.page(KEY), property="Name", value="From Notion")
    stage.run("sync")
    assert str(stage.cell(KEY, "Title")).startswith("=")
    assert stage.notion(KEY)["Name"] == "From Notion"
