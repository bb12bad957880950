"""The demo does the whole job by itself; its JSON says what happened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from okrsync.cli import run
from okrsync.commands.exits import Exit


def test_the_demo_syncs_three_times_and_ends_quiet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """First writes, then exactly the people's edits and one conflict, then nothing."""
    assert run(["demo", "--json", "--folder", str(tmp_path / "demo")]) == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    answers = [c["answer"] for step in told["steps"] for c in step["commands"] if c["command"] == "sync"]
    first, second, third = answers
    assert first["written"] > 0
    edits = [(a["field"], a["after"]) for a in second["plan"]["adoptions"] if a["before"] is not None]
    assert sorted(edits) == [("current", "96"), ("title", "Get 600 qualified leads")]
    assert second["open_conflicts"] == 1
    assert third["written"] == 0 and third["plan"]["writes"] == []
