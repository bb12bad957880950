"""No secret leaves: not in output, not in the store, not in plan files (I26).

Every test of this folder ends with the same check; here it is shown to find what it looks for, and held
against the commands and failures that come nearest to a secret.
"""

from __future__ import annotations

from okrsync.commands.exits import Exit
from tests.e2e.stage import Stage


def test_the_check_finds_every_secret(stage: Stage) -> None:
    """Each of them, in any file beside the admin's."""
    file = stage.folder / "notes.txt"
    for name, secret in stage.secrets.items():
        file.write_text(f"see {secret} there")
        assert f"{name} in notes.txt" in stage.leaks()
    file.unlink()


def test_a_day_of_work_shows_none(stage: Stage) -> None:
    """check, a saved plan, apply, undo, JSON and text: the files are there and hold no secret."""
    stage.act("sheets", "set_cell", key="ACME-PPC-O1-KR1", column="Current", value=90)
    path = stage.folder / "plan.json"
    for command in (("check",), ("check", "--json"), ("plan", "--out", str(path)), ("apply", str(path))):
        assert stage.run(*command).code == Exit.DONE
    assert stage.run("runs", "--json").code == Exit.DONE
    assert path.exists() and (stage.folder / "okrsync.db").stat().st_size > 10_000
    assert stage.leaks() == []


def test_broken_answers_show_none(stage: Stage) -> None:
    """Half an answer every time: no traceback and no secret, and nothing is changed."""
    text = stage.config.read_text("utf-8")
    stage.config.write_text(text[: text.index("  metrics:")] + text[text.index("policies:") :], "utf-8")
    before = stage.truth()
    stage.fault("truncated", times=None)
    ran = stage.run("sync")
    stage.forget()
    assert ran.code in (Exit.TEMPORARY, Exit.FAILED) and "Traceback" not in ran.said
    assert stage.leaks() == []
    assert stage.truth() == before


def test_a_secret_in_the_file_itself_is_not_repeated(stage: Stage) -> None:
    """A mistake on the secret's own line is told without the secret."""
    stage.edit_config(
        "    token: ${file:secrets/notion_token}", f"    tokn: {stage.secrets['the Notion token']}"
    )
    ran = stage.run("sync")
    stage.config.unlink()
    assert ran.code == Exit.CONFIGURATION and "tokn" in ran.err
    assert stage.leaks() == []
