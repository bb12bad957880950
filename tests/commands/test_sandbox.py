"""`okrsync sandbox` as a process of its own, and the other commands against it.

Arrives: the command line. Leaves: what a person or a program would see. One process serves the whole module,
because starting one is most of the work.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from okrsync import cli
from okrsync.commands.exits import Exit

# a test run in the background ignores Ctrl-C, and its children would inherit that
LISTENS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
COMMAND = f"{LISTENS}; from okrsync.cli import main; main()"
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class Running:
    """A started sandbox and the one line of JSON it printed."""

    process: subprocess.Popen[str]
    told: dict[str, Any]

    def get(self, path: str) -> Any:
        """An answer of the admin port."""
        with NO_PROXY.open(self.told["urls"]["admin"] + path, timeout=10) as answer:
            return json.load(answer)

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """Stop it and give its exit code."""
        self.process.send_signal(how)
        self.process.communicate(timeout=10)
        return self.process.returncode


def start(folder: Path, *options: str) -> Running:
    """Start the command on free ports and wait until it says where it listens."""
    arguments = ["sandbox", "--folder", str(folder), "--port", "0", "--json", *options]
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        pytest.fail(f"the sandbox did not start: {process.communicate(timeout=10)[1]}")
    return Running(process, json.loads(line))


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A running sandbox with ACME."""
    running = start(tmp_path_factory.mktemp("acme"))
    yield running
    running.end()


def run(capsys: pytest.CaptureFixture[str], arguments: Sequence[str]) -> tuple[int, str]:
    """A command of this process: its exit code and what it printed."""
    code = cli.run(list(arguments))
    return code, capsys.readouterr().out


def test_it_tells_where_everything_is(acme: Running) -> None:
    """Four addresses, the admin's file, and the day it is in the tools."""
    assert set(acme.told["urls"]) == {"jira", "notion", "sheets", "admin"}
    assert acme.told["today"] == "2026-02-09"
    assert Path(acme.told["configs"]["acme"]).is_file()
    assert acme.get("/")["urls"] == acme.told["urls"]


def test_the_clock_runs_from_the_given_day(acme: Running) -> None:
    """It is 9 February in the tools, and time passes."""
    clock = acme.get("/clock")
    assert clock["now"].startswith("2026-02-09T09:")
    assert clock["running"] is True


def test_check_finds_every_field(acme: Running, capsys: pytest.CaptureFixture[str]) -> None:
    """The written file fits the tools it was written for, by the real clients."""
    code, shown = run(capsys, ["check", "--config", acme.told["configs"]["acme"]])
    assert code == Exit.DONE, shown


def test_plan_shows_the_roll_ups(acme: Running, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole way, from the three tools to ACME's summed key results, with nothing exported before."""
    config = acme.told["configs"]["acme"]
    code, shown = run(capsys, ["plan", "--full", "--config", config, "--today", acme.told["today"]])
    assert code == Exit.DONE, shown
    for line in ("100 of 200 MQL", "195000 of 300000 USD", "50000 of 200000 USD"):
        assert f"{line}, summed from 2 key results" in shown
    assert "UNIT_MISMATCH_PARENT" in shown


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sandbox that has ended, with its state in state.json."""
    folder = tmp_path_factory.mktemp("saved")
    options = ["--company", "rising", "--today", "2026-03-02", "--state", str(folder / "state.json")]
    assert start(folder, *options).end() == Exit.DONE
    return folder


def test_it_goes_on_from_a_saved_state(saved: Path, tmp_path: Path) -> None:
    """The tools, the clock and the service account's key are as they were."""
    state = tmp_path / "state.json"
    state.write_text((saved / "state.json").read_text())
    again = start(tmp_path, "--company", "rising", "--state", str(state))
    assert again.told["today"] == "2026-03-02"
    again.end()
    keys = [json.loads((each / "secrets/google.json").read_text()) for each in (saved, tmp_path)]
    assert keys[0]["private_key"] == keys[1]["private_key"]


def test_it_saves_when_it_is_terminated(tmp_path: Path) -> None:
    """A service manager ends it with SIGTERM; the state is kept all the same."""
    state = tmp_path / "state.json"
    running = start(tmp_path / "here", "--company", "shopline", "--state", str(state))
    assert running.end(signal.SIGTERM) == Exit.TERMINATED
    assert "services" in json.loads(state.read_text())


def test_a_state_of_another_company_is_refused(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Instead of a file that points nowhere; the state stays as it was."""
    state = saved / "state.json"
    before = state.read_text()
    assert cli.run(["sandbox", "--folder", str(tmp_path), "--port", "0", "--state", str(state)]) == Exit.USAGE
    assert "does not hold ACME" in capsys.readouterr().err
    assert state.read_text() == before


def test_a_file_that_is_no_state_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named, and not overwritten."""
    state = tmp_path / "notes.json"
    state.write_text("[]")
    assert cli.run(["sandbox", "--folder", str(tmp_path), "--port", "0", "--state", str(state)]) == Exit.USAGE
    assert "is not a saved sandbox" in capsys.readouterr().err
    assert state.read_text() == "[]"


def test_a_taken_port_is_named(acme: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what to do about it."""
    port = acme.told["urls"]["jira"].rpartition(":")[2]
    assert cli.run(["sandbox", "--folder", str(tmp_path), "--port", port]) == Exit.USAGE
    message = capsys.readouterr().err
    assert f"port {port} on 127.0.0.1 cannot be used" in message
    assert "--port" in message


def test_all_companies_get_a_folder_each(tmp_path: Path) -> None:
    """Five files, each with its own secrets beside it."""
    running = start(tmp_path, "--company", "all")
    assert running.end() == Exit.DONE
    assert sorted(running.told["configs"]) == ["acme", "freelance", "meshworks", "rising", "shopline"]
    for path in running.told["configs"].values():
        assert (Path(path).parent / "secrets" / "google.json").is_file()
