"""Texts that people, or attackers, type into titles: carried as they are, never executed, never printed raw.

Terminal escapes could rewrite an admin's screen, formulas could run in a sheet, overrides could turn names
around, HTML could run in a report.
"""

from __future__ import annotations

import unicodedata

from okrsync.commands.exits import Exit
from tests.e2e.stage import Stage

KEY = "ACME-PPC-O1-KR1"
KEYS = (KEY, "ACME-PPC-O1-KR2", "ACME-SASALES-O1-KR1", "ACME-SASALES-O1-KR2", "ACME-EUSALES-O1-KR1")
ISSUES = ("ACME-9", "ACME-14", "ACME-38", "ACME-40", "ACME-41")
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


def test_titles_from_notion_arrive_in_the_sheet_as_text(stage: Stage) -> None:
    """What a person sees in the cell is what was typed: no formula ran; later runs write nothing."""
    for key, text in zip(KEYS, TEXTS.values(), strict=True):
        stage.act("notion", "edit", page=stage.page(key), property="Name", value=text)
    assert stage.run("sync").code == Exit.DONE
    for key in KEYS:
        assert stage.shown(key, "Title") == stage.notion(key)["Name"] == stage.cell(key, "Title")
    stage.forget()
    assert stage.run("sync").code == Exit.DONE and stage.writes() == 0


def test_no_command_prints_them_raw(stage: Stage) -> None:
    """Typed in all three tools at once, through every command that shows titles."""
    for key, issue, text in zip(KEYS, ISSUES, TEXTS.values(), strict=True):
        stage.act("notion", "edit", page=stage.page(key), property="Name", value=f"n {text}")
        stage.act("sheets", "set_cell", key=key, column="Notes", value=f"s {text}")
        stage.act("jira", "edit", issue=issue, fields={"Summary": f"j {text}"})
    stage.act("sheets", "type_over", key="ACME-EMAIL-O1-KR1", values={"Title": f"s {ESCAPES}{OVERRIDE}"})
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
