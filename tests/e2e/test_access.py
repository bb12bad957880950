"""Tools that cannot be entered: what is said, how it ends, and that the others go on (I22, I26).

In every case a person has typed a new number, so the run has something to write. What cannot be read is not
overwritten, and no message shows a secret, not even a wrong one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from okrsync.commands.exits import Exit
from tests.e2e.stage import Stage
from tests.e2e.truth import changed

ACCOUNT = "okrsync@sandbox.iam.gserviceaccount.example"
WRONG = "wrong-secret-of-a-person"
Json = Any


def wrong_token(stage: Stage, tool: str) -> None:
    """The secret of one tool is wrong."""
    if tool != "sheets":
        (stage.folder / f"secrets/{tool}_token").write_text(WRONG)
        return
    key = json.loads((stage.folder / "secrets/google.json").read_text())
    key["client_email"] = f"{WRONG}@sandbox.iam.gserviceaccount.example"
    (stage.folder / "secrets/google.json").write_text(json.dumps(key))


def errors(report: Json) -> list[str]:
    """All errors of a run, each as one text."""
    found = report["plan"]["findings"]
    return [f"{e['place']} {e['message']} {e['advice']}" for e in found if e["severity"] == "error"]


def type_a_number(stage: Stage) -> None:
    """A person has news."""
    stage.act("sheets", "set_cell", key="ACME-PPC-O1-KR1", column="Current", value=90)
    stage.act("jira", "transition", issue="ACME-11", to="new")


@pytest.mark.parametrize(
    ("tool", "advice"), [("jira", "API token"), ("notion", "create a new one"), ("sheets", "key file")]
)
def test_one_wrong_token(stage: Stage, tool: str, advice: str) -> None:
    """Exit 3; the tool and what to do are named, the token is not; that tool stays, the others go on."""
    type_a_number(stage)
    wrong_token(stage, tool)
    before = stage.truth()
    ran = stage.run("sync", "--json")
    assert ran.code == Exit.PARTIAL
    assert all(f"({tool})" in error and advice in error for error in errors(ran.json))
    assert len(errors(ran.json)) == (2 if tool == "notion" else 1)
    assert tool == "sheets" or WRONG not in ran.said
    touched = {place[0] for place in changed(before, stage.truth())}
    assert tool not in touched and touched


def test_all_tokens_wrong(stage: Stage) -> None:
    """Exit 4, every tool named, nothing written."""
    for tool in ("jira", "notion", "sheets"):
        wrong_token(stage, tool)
    before = stage.truth()
    ran = stage.run("sync")
    assert ran.code == Exit.CREDENTIALS
    assert all(f"({tool})" in ran.out for tool in ("jira", "notion", "sheets"))
    assert stage.truth() == before


def test_check_tells_the_same_before_any_sync(stage: Stage) -> None:
    """`okrsync check` ends with 4 and names the tool; it asks the others all the same."""
    wrong_token(stage, "notion")
    ran = stage.run("check", "--json")
    assert ran.code == Exit.CREDENTIALS
    assert set(ran.json["connections"]) == {"jira", "sheets"}
    assert any("notion" in each["place"] for each in ran.json["findings"])


def test_a_key_file_that_is_damaged(stage: Stage) -> None:
    """The message says so without quoting the key."""
    key = json.loads((stage.folder / "secrets/google.json").read_text())
    key["private_key"] = key["private_key"].replace("A", "B", 3)
    (stage.folder / "secrets/google.json").write_text(json.dumps(key))
    ran = stage.run("sync", "--json")
    assert ran.code == Exit.PARTIAL
    assert "private key" in errors(ran.json)[0]


def unshare_database(stage: Stage) -> None:
    """Notion shows none of it any more."""
    stage.act("notion", "unshare", id=next(iter(stage.world.notion.state.databases)))


@dataclass(frozen=True)
class Closed:
    """Something that was taken away from okrsync's account."""

    tool: str
    act: Callable[[Stage], object]
    words: tuple[str, ...]


CLOSED = {
    "notion database": Closed("notion", unshare_database, ("Share the page or database",)),
    "spreadsheet": Closed(
        "sheets",
        lambda stage: stage.act("sheets", "unshare", email=ACCOUNT),
        (f"Share the spreadsheet with {ACCOUNT}",),
    ),
    "tab renamed": Closed(
        "sheets",
        lambda stage: stage.act("sheets", "rename_tab", tab="KRs", to="KRs 2026"),
        ("no tab 'KRs'", "'KRs 2026'"),
    ),
    "key column renamed": Closed(
        "sheets",
        lambda stage: stage.act("sheets", "rename_header", column="KR", to="KR id"),
        ("'KR'", "'KR id'"),
    ),
    "jira project": Closed(
        "jira",
        lambda stage: stage.act(
            "jira", "restrict", project="ACME", email="okrsync@sandbox.example", browse=False
        ),
        ("ACME",),
    ),
}


@pytest.mark.parametrize("name", CLOSED)
def test_something_is_not_shared_any_more(stage: Stage, name: str) -> None:
    """Exit 3, the reason and the remedy are told, nothing of it changes; opened again, all is quiet."""
    closed = CLOSED[name]
    type_a_number(stage)
    closed.act(stage)
    before = stage.truth()
    ran = stage.run("sync", "--json")
    assert ran.code == Exit.PARTIAL
    assert any(all(word in error for word in closed.words) for error in errors(ran.json)), errors(ran.json)
    assert closed.tool not in {place[0] for place in changed(before, stage.truth())}


def test_a_table_that_objectives_point_to_is_not_shared(stage: Stage) -> None:
    """Notion then leaves its rows out of relations without a word: no objective loses its parent or score."""
    tables = stage.world.notion.state.data_sources
    table = next(number for number, each in tables.items() if each.title == "Key results")
    stage.act("notion", "unshare", id=table)
    before = stage.truth()
    ran = stage.run("sync", "--json")
    assert ran.code == Exit.PARTIAL
    assert any("Share the page or database" in error for error in errors(ran.json))
    assert stage.truth() == before


def test_a_spreadsheet_shared_for_reading_only(stage: Stage) -> None:
    """Read, and the other tools are written; the refusal names the account to make an editor."""
    type_a_number(stage)
    stage.act("sheets", "unshare", email=ACCOUNT)
    stage.act("sheets", "share", email=ACCOUNT, role="reader")
    ran = stage.run("sync", "--json")
    assert ran.code == Exit.PARTIAL
    assert all(ACCOUNT in each["why"] and "editor" in each["why"] for each in ran.json["refused"])
    assert stage.notion("ACME-PPC-O1-KR1")["Progress"] == 0.6


def test_a_jira_project_that_may_not_be_edited(stage: Stage) -> None:
    """The field, the issue and the remedy are named; other tools are written."""
    type_a_number(stage)
    stage.act("jira", "restrict", project="ACME", email="okrsync@sandbox.example", edit=False)
    ran = stage.run("sync", "--json")
    assert ran.code == Exit.PARTIAL
    assert all("OKR progress" in each["why"] and "ACME-9" in each["why"] for each in ran.json["refused"])
    assert len(ran.json["refused"]) == 1
    assert stage.issue("ACME-9")["OKR progress"] == 0.75
    assert stage.notion("ACME-PPC-O1-KR1")["Progress"] == 0.6


def test_nothing_disappears_while_a_tool_is_closed(stage: Stage) -> None:
    """I6: after two runs without Jira its epics are still there, and so are their numbers."""
    wrong_token(stage, "jira")
    before = stage.json("tree")
    for _ in range(2):
        stage.run("sync")
    assert stage.json("tree") == before


def test_a_tool_that_asks_for_a_long_pause(stage: Stage) -> None:
    """It is not waited for: the others are written, and the pause is told."""
    type_a_number(stage)
    stage.fault("status", service="notion", status=429, retry_after=3600, times=None)
    ran = stage.run("sync", "--json")
    assert ran.code == Exit.PARTIAL
    assert any("3600 s" in error for error in errors(ran.json))
    assert stage.shown("ACME-PPC-O1-KR1", "Score") == "60%"
    stage.forget()
    assert stage.run("sync").code == Exit.DONE
    assert stage.notion("ACME-PPC-O1-KR1")["Progress"] == 0.6


def test_when_every_tool_asks_for_a_pause(stage: Stage) -> None:
    """Exit 5, which schedulers retry; nothing was changed."""
    text = stage.config.read_text("utf-8")
    stage.config.write_text(text[: text.index("  metrics:")] + text[text.index("policies:") :], "utf-8")
    before = stage.truth()
    stage.fault("status", status=429, retry_after=3600, times=None)
    assert stage.run("sync").code == Exit.TEMPORARY
    assert stage.truth() == before
