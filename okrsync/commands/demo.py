"""`okrsync demo`: the whole job on this machine, offline, told step by step.

It starts the sandbox, writes an admin's file, and then runs the ordinary commands a person would run;
between them it acts as people do in the three tools. Nothing in it is staged: what is printed is what
the commands print.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from okrsync.commands import conflicts, explain, plan, sync, tree
from okrsync.commands.common import json_option, print_json
from okrsync.commands.sandbox import write_folder

if TYPE_CHECKING:
    from okrsync.sandbox.server import Sandbox

TODAY = date(2026, 2, 9)
_EXPLAINED = "ACME-CMO-O1-KR1"
_RETARGETED = "ACME-SALES-O1-KR1"


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("okrsync-demo"),
    show_default=True,
    help="Where the admin's file and the store are written; a former demo there is replaced.",
)
@json_option
def command(folder: Path, as_json: bool) -> int:
    """Show the whole job on this machine: no account, no network, about ten seconds.

    Example: okrsync demo
    """
    began = time.monotonic()
    with _stage(folder, as_json) as demo:
        for step in (_look, _first_sync, _people, _second_sync, _third_sync, _explain):
            step(demo)
    seconds = time.monotonic() - began
    if as_json:
        print_json({"folder": str(folder), "seconds": round(seconds, 1), "steps": demo.told})
    else:
        _what_next(folder, seconds)
    return 0


@dataclass
class _Demo:
    """The running sandbox and the file that points at it."""

    sandbox: Sandbox
    config: Path
    as_json: bool
    told: list[dict[str, Any]] = field(default_factory=list)
    """For programs: each step with what was done in it and what the commands answered."""

    def title(self, text: str) -> None:
        """Begin a step."""
        self.told.append({"step": text, "people": [], "commands": []})
        self.say("")
        self.say(click.style(f"{len(self.told)}. {text}", bold=True, fg="cyan"))

    def say(self, line: str) -> None:
        """A line for people."""
        if not self.as_json:
            click.echo(line)

    def run(self, name: str, told: click.Command, *arguments: str, day: bool = True) -> int:
        """Run an ordinary command as a person would type it, on the day it is in the tools."""
        typed = [name, *arguments, "--config", str(self.config)]
        typed += ["--today", TODAY.isoformat()] if day else []
        self.say(click.style(f"$ okrsync {' '.join(typed)}", dim=True))
        if not self.as_json:
            return int(told.main(typed[1:], prog_name=f"okrsync {name}", standalone_mode=False) or 0)
        with redirect_stdout(StringIO()) as out:
            code = int(told.main([*typed[1:], "--json"], standalone_mode=False) or 0)
        answer = {"command": name, "exit": code, "answer": json.loads(out.getvalue())}
        self.told[-1]["commands"].append(answer)
        return code

    def act(self, who: str, service: str, action: str, **arguments: object) -> None:
        """Do what a person would do in a tool."""
        self.sandbox.act(service, action, arguments)
        self.told[-1]["people"].append(who)
        self.say(f"  {who}")

    def writes(self) -> int:
        """How many write requests the three services have received."""
        return sum(self.sandbox.log.count(name, "write") for name in ("jira", "notion", "sheets"))


@contextmanager
def _stage(folder: Path, as_json: bool) -> Iterator[_Demo]:
    from okrsync.sandbox.clock import VirtualClock
    from okrsync.sandbox.server import Sandbox
    from okrsync.sandbox.world import build

    clock = VirtualClock(datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC), running=True)
    world = build(["acme"], clock)
    with Sandbox(world.services, clock=clock) as sandbox:
        for old in folder.glob("okrsync.db*"):
            old.unlink()
        config = write_folder(folder, world, sandbox.urls, clock())["acme"]
        yield _Demo(sandbox, config, as_json)


def _look(demo: _Demo) -> None:
    demo.title("A company keeps objectives in Notion, work in Jira, numbers in Google Sheets")
    demo.say(f"  Imitations of all three run on this machine; {demo.config} maps them:")
    lines = demo.config.read_text(encoding="utf-8").splitlines()
    for line in _excerpt(lines, "  metrics:"):
        demo.say(click.style(f"    {line}", dim=True))
    demo.say("  What would a first sync change?")
    demo.run("plan", plan.command, "--brief")


def _excerpt(lines: Sequence[str], start: str) -> list[str]:
    """One collection of the admin's file, as an example."""
    begin = next(at for at, line in enumerate(lines) if line.startswith(start))
    end = next(at for at in range(begin, len(lines)) if not lines[at].strip())
    return list(lines[begin:end])


def _first_sync(demo: _Demo) -> None:
    demo.title("Read it, approve it, and see the scores")
    demo.run("sync", sync.command, "--approve", "--quiet")
    demo.run("tree", tree.command, "--no-work")


def _people(demo: _Demo) -> None:
    demo.title("Meanwhile, people work in their own tools")
    demo.act(
        "Ines types 96 into a cell of the sheet: MQLs via AdWords search (was 75)",
        "sheets", "set_cell", key="ACME-PPC-O1-KR1", column="Current", value="96",
    )  # fmt: skip
    for story in ("ACME-12", "ACME-19"):
        demo.act(f"Omar closes {story} in Jira", "jira", "transition", issue=story, to="done")
    demo.act(
        "Ruth renames an objective in Notion: Get 600 MQLs → Get 600 qualified leads",
        "notion", "edit", page="Get 600 MQLs", property="Name", value="Get 600 qualified leads",
    )  # fmt: skip
    demo.act(
        "Ms. Perkins lowers a target to 280000 in Notion …",
        "notion", "edit", page="300K revenue in the South American market by March 31",
        property="Target", value=280000,
    )  # fmt: skip
    demo.act(
        "… while her analyst raises the same target to 320000 in the sheet",
        "sheets", "set_cell", key=_RETARGETED, column="Target", value="320000",
    )  # fmt: skip


def _second_sync(demo: _Demo) -> None:
    demo.title("The next sync carries exactly that, and asks where two people disagree")
    demo.run("sync", sync.command)
    demo.run("conflicts", conflicts.command, day=False)


def _third_sync(demo: _Demo) -> None:
    demo.title("Nobody edits; nothing is written")
    before = demo.writes()
    demo.run("sync", sync.command)
    demo.say(f"  Write requests the three tools received: {demo.writes() - before}")


def _explain(demo: _Demo) -> None:
    demo.title("Why is that number what it is?")
    demo.run("explain", explain.command, _EXPLAINED)


def _what_next(folder: Path, seconds: float) -> None:
    click.echo()
    click.echo(click.style("That was it", bold=True, fg="cyan") + f" ({seconds:.1f} s). With your own tools:")
    for line in (
        "1. okrsync config example > okrsync.yaml     then name your sites, tables and columns in it",
        "2. okrsync check                             says what is missing, with file and line",
        "3. okrsync plan                              shows every write before it happens",
        "4. okrsync sync --approve                    and from then on: okrsync sync, from cron or CI",
        f"To play on: okrsync sandbox, or look into {folder}/.",
    ):
        click.echo(f"  {line}")
