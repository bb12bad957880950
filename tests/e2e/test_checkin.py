"""Check-ins from the command line: seen in the tools, on record, and who owes one; what changed since."""

from __future__ import annotations

import pytest

from okrsync.commands.exits import Exit
from tests.e2e.stage import Ran, Stage

KEY = "ACME-PPC-O1-KR1"
ROLLED_UP = "ACME-CMO-O1-KR1"
DAY = ("--today", "2026-02-10")
SAID = ("--value", "106", "--confidence", "8", "--note", "two weeks left", "--by", "lena")


def checkin(stage: Stage, *arguments: str) -> Ran:
    """The command, a day after the first sync."""
    return stage.run("checkin", *arguments, *DAY)


def test_a_check_in_is_shown_first_and_done_when_asked(stage: Stage) -> None:
    """The preview names cell contents before and after and writes nothing; --yes is seen in the sheet."""
    stage.forget()
    shown = checkin(stage, KEY, *SAID)
    assert (shown.code, stage.writes()) == (Exit.DONE, 0)
    assert "75 → 106" in shown.out and "check-in by lena" in shown.out
    assert checkin(stage, KEY, *SAID, "--yes").code == Exit.DONE
    cells = [stage.cell(KEY, column) for column in ("Current", "Confidence", "Notes")]
    assert cells == [106, 0.8, "two weeks left"]


def test_the_next_sync_carries_the_score_and_takes_nothing_for_an_edit(stage: Stage) -> None:
    """What was said is the model's value; only what follows from it is written."""
    checkin(stage, KEY, *SAID, "--yes")
    report = stage.run("sync", "--json", *DAY).json
    assert report["plan"]["adoptions"] == []
    assert "106 of 150" in stage.notion(KEY)["Why"]


def test_a_check_in_can_be_undone(stage: Stage) -> None:
    """The run stands among the runs; undoing it empties what it filled."""
    run = stage.run("checkin", KEY, *SAID, "--yes", "--json", *DAY).json["run"]
    assert stage.run("undo", run, "--yes").code == Exit.DONE
    assert (stage.cell(KEY, "Current"), stage.cell(KEY, "Notes")) == (75, None)


def test_a_check_in_without_a_place_says_where_to_make_one(stage: Stage) -> None:
    """Nothing of it is written, not even the value that has a place."""
    ran = checkin(stage, KEY, "--value", "106", "--challenge", "no data", "--yes")
    assert ran.code == Exit.SAFETY_STOP
    assert "challenges" in ran.out and "sync: both" in ran.out
    assert stage.cell(KEY, "Current") == 75


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((KEY, "--value", "many"), "not an amount"),
        ((KEY, "--confidence", "11"), "between 0 and 10"),
        ((KEY, "--help-from", "omar"), "--challenge"),
        ((ROLLED_UP, "--value", "5"), "check in there"),
        (("ACME-CMO-O1", "--value", "5"), "about key results"),
        ((KEY, "--due"), "name a key result, or ask for --due"),
        (("--due", "--team", "Nobody"), "no running key result belongs"),
        ((), "name a key result"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_read(
    stage: Stage, arguments: tuple[str, ...], words: str
) -> None:
    """Exit 2 with what was expected; no request is sent."""
    stage.forget()
    ran = checkin(stage, *arguments)
    assert ran.code == Exit.USAGE and words in ran.err
    assert stage.seen() == 0


def test_colours_are_a_confidence(stage: Stage) -> None:
    """Amber is 0.5."""
    checkin(stage, KEY, "--confidence", "amber", "--yes")
    assert stage.cell(KEY, "Confidence") == 0.5


def test_changes_in_a_tool_are_check_ins_too(stage: Stage) -> None:
    """What Ines typed into the sheet and what Lena said by command stand in one list."""
    stage.act("sheets", "set_cell", key=KEY, column="Current", value="90")
    stage.run("sync")
    checkin(stage, KEY, *SAID, "--yes")
    told = stage.json("checkin", KEY, *DAY)["check_ins"]
    assert [(each["value"], each["by"]) for each in told][-2:] == [("90", None), ("106", "lena")]


def test_who_owes_a_check_in(stage: Stage) -> None:
    """Nobody on the day of the first look, the running ones a fortnight later; who checked in does not."""
    assert "No check-in is due" in stage.run("checkin", "--due", "--today", "2026-02-10").out
    late = ("--due", "--today", "2026-02-24", "--json")
    (before,) = stage.run("checkin", *late).json["teams"]
    due = {each["key_result"]: each for each in before["due"]}
    assert due["ACME-CHRO-O1-KR1"]["stale"] and due["ACME-CHRO-O1-KR1"]["owner"] == "klein@acme.example"
    stage.run("checkin", "ACME-CHRO-O1-KR1", "--confidence", "5", "--yes", "--today", "2026-02-23")
    (after,) = stage.run("checkin", *late).json["teams"]
    assert "ACME-CHRO-O1-KR1" not in {each["key_result"] for each in after["due"]}


def test_a_team_rhythm_of_its_own(stage: Stage) -> None:
    """With a month between check-ins nothing is due after a fortnight."""
    stage.edit_config("strategic: year", "strategic: year, check_in_days: 30")
    assert "No check-in is due" in stage.run("checkin", "--due", "--today", "2026-02-24").out


def test_what_changed_since_a_day(stage: Stage) -> None:
    """S64: the value, what follows from it above, and that a line was reached; before that day, nothing."""
    checkin(stage, KEY, *SAID, "--yes")
    stage.run("sync", *DAY)
    told = stage.json("diff", "2026-02-09", *DAY)
    changes = {(each["entity"], each["field"]): (each["before"], each["after"]) for each in told["changes"]}
    assert changes[KEY, "value"] == ("75", "106")
    assert changes[ROLLED_UP, "value"] == ("100", "131")
    assert [(each["entity"], each["line"], each["on"]) for each in told["reached"]] == [
        (KEY, "0.7", "2026-02-10")
    ]
    assert "reached its line of 0.70" in stage.run("explain", KEY, *DAY).out
    assert stage.json("diff", "2026-02-10", *DAY)["changes"] == []


def test_a_changed_target_is_told_against_both(stage: Stage) -> None:
    """S63: who changed it and when, and the score against the target of the first day."""
    checkin(stage, KEY, "--target", "300", "--by", "lena", "--yes")
    told = stage.run("explain", KEY, *DAY).out
    assert "target changed on 2026-02-10 from 150 to 300, by lena" in told
    assert "against the original target of 150 the score is 0.50" in told
    assert (stage.notion(KEY)["Target"], stage.cell(KEY, "Target")) == (300, 300)


def test_news_from_below_are_told_as_such(stage: Stage) -> None:
    """A rolled-up key result has no check-ins of its own, and is not called neglected for it."""
    assert "Last news from below it: 2026-02-09" in checkin(stage, ROLLED_UP).out
