"""`okrsync cycle`: its stages, frozen scores, reasons that are asked for, proposals that are never made."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from okrsync.commands.exits import Exit
from tests.commands.conftest import Desk

_AFTER = "2026-04-20"
_LOW = (
    "ACME-EUSALES-O1-KR1",
    "ACME-HR-O1-KR1",
    "ACME-HR-O1-KR2",
    "ACME-RECR-O1-KR3",
    "ACME-SALES-O1-KR2",
    "ACME-SASALES-O1-KR2",
)


def _stages(desk: Desk, today: str) -> dict[str, str]:
    return {each["name"]: each["stage"] for each in desk.json("cycle", "list", today=today)["cycles"]}


def _close(desk: Desk, *words: str) -> str:
    return desk.run("cycle", "close", "2026-Q1", "--yes", "--without-reasons", *words, today=_AFTER)


def _entity(scores: list[dict[str, str]], key: str) -> dict[str, str]:
    return next(each for each in scores if each["entity"] == key)


def test_two_cycles_are_open_at_once(desk: Desk) -> None:
    """One runs while the next one is published, and opening says so."""
    assert _stages(desk, "2026-03-09") == {"2026-Q1": "active", "2026-Q2": "draft"}
    assert "2026-Q1 runs beside it until 2026-03-31" in desk.run(
        "cycle", "open", "2026-Q2", today="2026-03-09"
    )
    assert _stages(desk, "2026-03-10") == {"2026-Q1": "active", "2026-Q2": "published"}


def test_a_cycle_is_opened_once(desk: Desk) -> None:
    """The second time is refused, with the reason."""
    desk.run("cycle", "open", "Q2 2026")
    assert "is published already" in desk.run("cycle", "open", "2026-Q2", code=Exit.USAGE)


def test_a_name_without_dates_is_refused(desk: Desk) -> None:
    """Nothing guesses the year."""
    assert "'Q2' says no dates" in desk.run("cycle", "open", "Q2", code=Exit.USAGE)


def test_the_grace_is_told(desk: Desk) -> None:
    """After its last day a cycle is in review; until when late values count stands beside it."""
    listed = desk.run("cycle", "list", today="2026-04-03")
    assert "review" in listed and "late values count until 2026-04-14; okrsync cycle close 2026-Q1" in listed
    assert "locked since 2026-04-14" in desk.run("cycle", "list", today=_AFTER)
    assert "Late values would count until 2026-04-15" in desk.run(
        "cycle", "close", "2026-Q1", today="2026-04-03"
    )


def test_a_running_cycle_is_not_closed(desk: Desk) -> None:
    """Its scores are not final."""
    said = desk.run("cycle", "close", "2026-Q1", "--yes", code=Exit.USAGE)
    assert "2026-Q1 runs until 2026-03-31" in said


def test_without_yes_nothing_changes(desk: Desk) -> None:
    """The scores are shown, and neither the store nor the folder knows of it."""
    shown = desk.run("cycle", "close", "2026-Q1", today=_AFTER)
    assert "ACME-CMO-O1 · Get 600 MQLs" in shown and "Nothing was changed" in shown
    assert _stages(desk, _AFTER)["2026-Q1"] == "review"
    assert list(desk.config.parent.glob("*.md")) == []


def test_low_scores_ask_for_a_reason(desk: Desk) -> None:
    """Closing waits until every score below 0.40 is explained."""
    said = desk.run("cycle", "close", "2026-Q1", "--yes", today=_AFTER, code=Exit.USAGE)
    assert "6 scores below 0.40" in said and all(f"--reason {key}=" in said for key in _LOW)
    given = [word for key in _LOW for word in ("--reason", f"{key}=the tool came late")]
    assert "Closed" in desk.run("cycle", "close", "2026-Q1", "--yes", *given, today=_AFTER)


def test_reasons_may_come_from_a_file(desk: Desk, tmp_path: Path) -> None:
    """One line per key; a reason on the command line goes before it; objectives take learnings."""
    file = tmp_path / "why.yaml"
    lines = [*(f"{key}: from the file" for key in _LOW), "ACME-CMO-O1: mail works better than we thought"]
    file.write_text("\n".join(lines), encoding="utf-8")
    words = ("--reasons", str(file), "--reason", f"{_LOW[0]}=from the command line", "--yes")
    closed = desk.json("cycle", "close", "2026-Q1", *words, today=_AFTER)
    assert _entity(closed["scores"], _LOW[0])["reason"] == "from the command line"
    assert _entity(closed["scores"], _LOW[1])["reason"] == "from the file"
    assert closed["learnings"]["ACME-CMO-O1"] == "mail works better than we thought"
    assert closed["reasons_asked"] == []


def test_a_reason_must_name_something(desk: Desk) -> None:
    """A typing error in a key names the nearest one."""
    words = ("cycle", "close", "2026-Q1", "--reason", "ACME-HR-O1-KR9=late")
    assert "Did you mean ACME-HR-O1-KR" in desk.run(*words, today=_AFTER, code=Exit.USAGE)


def test_closing_freezes_the_scores(desk: Desk) -> None:
    """What was frozen is what a later report says, whatever the model says by then."""
    before = desk.json("cycle", "report", "2026-Q1", today=_AFTER)
    assert before["final"] is False
    _close(desk)
    desk.settings("\nmethod: {aspirational_line: 0.5}\n")
    after = desk.json("cycle", "report", "2026-Q1", today="2026-07-01")
    assert after["final"] is True
    assert (after["scores"], after["on"]) == (before["scores"], _AFTER)
    assert Decimal(_entity(after["scores"], "ACME-EMAIL-O1-KR1")["score"]) == Decimal("0.84")


def test_a_closed_cycle_stays_closed(desk: Desk) -> None:
    """The frozen scores are never replaced."""
    _close(desk)
    words = ("cycle", "close", "2026-Q1", "--yes", "--without-reasons")
    assert "was closed on 2026-04-20" in desk.run(*words, today="2026-05-01", code=Exit.USAGE)
    assert _stages(desk, "2026-05-01")["2026-Q1"] == "closed"


def test_the_retrospective_is_a_file_of_markdown(desk: Desk, tmp_path: Path) -> None:
    """Scores with how they came about, gaps with their reasons, proposals, room for learnings."""
    _close(desk, "--out", str(tmp_path / "q1.md"), "--reason", "ACME-HR-O1-KR1=the *tool* came late | twice")
    text = (tmp_path / "q1.md").read_text(encoding="utf-8")
    assert text.startswith("# Retrospective of 2026-Q1\n")
    assert "| 0.84 green (reached) | ACME-EMAIL-O1-KR1 · 100 MQLs via offering mass mail" in text
    assert r"the \*tool\* came late \| twice" in text
    assert "## Proposed for 2026-Q2" in text and "| 2 hires | 5 hires |" in text
    assert "a change of 15 %" in text
    assert text == desk.run("cycle", "report", "2026-Q1", today="2026-06-01")


def test_proposals_are_only_proposals(desk: Desk) -> None:
    """No entity is made by closing: carrying over is people's decision."""
    before = desk.json("tree", today=_AFTER)
    _close(desk)
    assert [each["key"] for each in desk.json("tree", today=_AFTER)] == [each["key"] for each in before]


def test_opening_the_next_reminds_of_the_one_in_review(desk: Desk) -> None:
    """A new cycle starts from what was learnt in the last one."""
    said = desk.run("cycle", "open", "2026-Q2", today=_AFTER)
    assert "2026-Q1 waits for its review: okrsync cycle close 2026-Q1" in said


def test_every_step_is_told_as_data_too(desk: Desk) -> None:
    """Opening, a note and taking a closing back, as `cycle list` and `cycle report` have it."""
    opened = desk.json("cycle", "open", "2026-Q2", today=_AFTER)
    assert {each["name"]: each["published"] for each in opened["cycles"]}["2026-Q2"] == _AFTER
    _close(desk)
    noted = desk.json("cycle", "note", "2026-Q1", _LOW[0], "two people left", today=_AFTER)
    assert _entity(noted["scores"], _LOW[0])["reason"] == "two people left" and noted["final"]
    back = desk.json("cycle", "reopen", "2026-Q1", "--reason", "the wrong sheet", "--yes", today=_AFTER)
    assert not back["final"] and _stages(desk, _AFTER)["2026-Q1"] == "review"


def test_words_may_come_after_the_close(desk: Desk) -> None:
    """A reason that is found later is added; the frozen scores stay, and what is still asked for is told."""
    _close(desk)
    before = desk.json("cycle", "report", "2026-Q1", today=_AFTER)
    said = desk.run("cycle", "note", "2026-Q1", _LOW[0], "two people left", today="2026-05-04")
    after = desk.json("cycle", "report", "2026-Q1", today="2026-05-04")
    assert "5 low scores still have no reason" in said
    assert _entity(after["scores"], _LOW[0])["reason"] == "two people left"
    assert [each["score"] for each in after["scores"]] == [each["score"] for each in before["scores"]]
    assert (after["on"], after["final"]) == (_AFTER, True)


def test_words_need_a_closed_cycle(desk: Desk) -> None:
    """Before that they are given when closing."""
    said = desk.run("cycle", "note", "2026-Q1", _LOW[0], "late", today=_AFTER, code=Exit.USAGE)
    assert "2026-Q1 is not closed yet" in said


def test_words_are_about_the_cycles_own_goals(desk: Desk) -> None:
    """An initiative has no frozen score."""
    _close(desk)
    said = desk.run("cycle", "note", "2026-Q1", "ACME-9", "done early", today=_AFTER, code=Exit.USAGE)
    assert "ACME-9 took no part in 2026-Q1" in said


def test_explain_tells_the_frozen_score(desk: Desk) -> None:
    """S20: where it was frozen, and until when values counted."""
    _close(desk)
    said = desk.run("explain", "ACME-EMAIL-O1-KR1", today="2026-05-04")
    assert "= 0.84" in said
    assert "rule: final: 2026-Q1 was closed on 2026-04-20; values until 2026-04-14 counted" in said


def test_a_closing_can_be_taken_back_and_stays_on_record(desk: Desk) -> None:
    """Without --yes nothing changes; with it who, why and what was frozen are kept among the runs."""
    _close(desk)
    words = ("cycle", "reopen", "2026-Q1", "--reason", "the wrong sheet")
    assert "Nothing was changed" in desk.run(*words, today="2026-05-04")
    assert _stages(desk, "2026-05-04")["2026-Q1"] == "closed"
    assert "2026-Q1 is open again" in desk.run(*words, "--yes", today="2026-05-04")
    assert _stages(desk, "2026-05-04")["2026-Q1"] == "review"
    assert "final:" not in desk.run("explain", "ACME-EMAIL-O1-KR1", today="2026-05-04")
    latest = desk.json("runs", today=None)[0]
    assert latest["command"] == "cycle reopen"
    assert (latest["note"]["cycle"], latest["note"]["why"]) == ("2026-Q1", "the wrong sheet")
    assert "ACME-EMAIL-O1-KR1" not in latest["note"]["why"] and "0.84" in latest["note"]["frozen"]


def test_a_decision_is_no_sync(desk: Desk) -> None:
    """status goes on telling when the tools were last looked at; runs lists both."""
    before = desk.json("status")["last_run"]
    _close(desk)
    assert desk.json("status")["last_run"] == before
    assert "cycle close" in desk.run("runs", today=None)


def test_only_a_closed_cycle_is_reopened(desk: Desk) -> None:
    """And never without a reason."""
    words = ("cycle", "reopen", "2026-Q1", "--reason")
    assert "2026-Q1 is not closed" in desk.run(*words, "late", today=_AFTER, code=Exit.USAGE)
    _close(desk)
    assert "say why" in desk.run(*words, " ", today=_AFTER, code=Exit.USAGE)
