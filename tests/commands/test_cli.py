"""The command line itself: quick to start, clear when misused, one exit code per kind of trouble."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from okrsync.cli import COMMANDS, cli, run
from okrsync.commands.exits import Exit, code_of
from okrsync.connectors.errors import AuthFailed, NotFound, RateLimited, Transient

HEAVY = (
    "atlassian",
    "gspread",
    "notion_client",
    "sqlalchemy",
    "alembic",
    "rich",
    "babel",
    "uvicorn",
    "pydantic",
)


def test_version_imports_nothing_heavy() -> None:
    """Start-up: the libraries a command needs are imported by that command alone."""
    shown = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "okrsync", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in shown.stderr.splitlines()}
    assert imported.isdisjoint(HEAVY)
    assert shown.stdout.startswith("okrsync ")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Help tells what a command does and shows one use of it."""
    assert run([name, "--help"]) == Exit.DONE
    out = capsys.readouterr().out
    assert "Example: okrsync" in " ".join(out.split()) or name == "conflicts"


def test_an_unknown_command_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    """A typo is a usage error that says what there is."""
    assert run(["snyc"]) == Exit.USAGE
    assert "sync" in capsys.readouterr().err


def test_no_configuration_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without an admin's file the message names the command that prints one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OKRSYNC_CONFIG", raising=False)
    assert run(["plan"]) == Exit.CONFIGURATION
    assert "okrsync" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("errors", "code"),
    [
        ([AuthFailed("no")], Exit.CREDENTIALS),
        ([NotFound("no"), Transient("no")], Exit.CREDENTIALS),
        ([Transient("no"), RateLimited("no")], Exit.TEMPORARY),
        ([], Exit.FAILED),
    ],
)
def test_errors_lead_to_exit_codes(errors: list[Exception], code: Exit) -> None:
    """Schedulers can tell trouble that passes from trouble that needs a person."""
    assert code_of(errors) == code


def test_json_is_all_there_is_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON Schema can be piped as it is."""
    import json

    assert run(["config", "schema"]) == Exit.DONE
    assert json.loads(capsys.readouterr().out)["$schema"].startswith("https://json-schema.org/")


def test_the_group_knows_every_command_module() -> None:
    """No command is listed without code, no code is left unlisted."""
    import okrsync.commands as package

    folder = Path(package.__file__ or "").parent
    helpers = {"common", "cycle_desk", "exits", "find", "said", "__init__"}
    assert {path.stem for path in folder.glob("*.py")} - helpers == set(COMMANDS)
    assert cli.name == "cli"
