"""The `okrsync` command: finds the asked command, runs it, and turns what went wrong into an exit code.

Commands live in `okrsync.commands`, one file each, and are imported only when asked for, so that
`--version` and completion answer at once. Exit codes are part of the interface; docs/exit-codes.md lists
them and a test keeps the list true.
"""

from __future__ import annotations

import signal
import sys
from importlib import import_module
from types import FrameType

import click

from okrsync import __version__
from okrsync.commands.exits import Exit, Failure, failure_of

COMMANDS = {
    "demo": "the whole job on your machine, offline",
    "sandbox": "imitations of Jira, Notion and Google Sheets to practise on",
    "check": "is the file right, can every tool be reached, do the fields exist",
    "plan": "what a sync would change, before and after",
    "sync": "read every tool, merge, write what is missing",
    "apply": "apply a plan that was saved and read",
    "status": "what was last synced, what needs a person",
    "tree": "objectives and key results with their scores",
    "path": "one goal's line of sight, from strategy to daily work and back",
    "alignment": "objectives that stand alone, serve others or need them",
    "work": "work done beside what it moved",
    "explain": "where a number comes from, down to the cell and the issue",
    "export": "the scores as a table: CSV or JSON",
    "diff": "what changed between two days, and what was reached",
    "checkin": "say where a key result stands; who still owes a check-in",
    "digest": "a page per team: reached, changed, at risk, blocked; printed or sent",
    "cycle": "open, list and close cycles; frozen scores and the retrospective",
    "lint": "what to mend in the wording, structure and care of OKRs",
    "conflicts": "edits that contradict each other, and deciding them",
    "history": "every value a field had",
    "runs": "what was done when",
    "undo": "put back what a run changed",
    "audit": "evidence of everything that was written",
    "config": "print the JSON Schema of the admin's file, or an example",
}


class LazyGroup(click.Group):
    """Imports a command's module when it is asked for, not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"okrsync.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(f"{error.message} Commands: {', '.join(COMMANDS)}.", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="okrsync %(version)s")
def cli() -> None:
    """Keeps OKRs in Notion, Jira and Google Sheets consistent, and explains every number.

    Try `okrsync demo` first: it needs no account and touches nothing outside this machine.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    signal.signal(signal.SIGTERM, _terminated)
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code instead of exiting."""
    try:
        code = cli.main(arguments, prog_name="okrsync", standalone_mode=False)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.Abort:
        click.echo("interrupted; what was written is recorded, the next run goes on from there", err=True)
        return Exit.INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        return Exit.DONE
    except Exception as error:
        failure = failure_of(error)
        if failure is None:
            raise
        return _report(failure)
    return int(code or 0)


def _report(failure: Failure) -> int:
    click.echo(f"okrsync: {failure.message}", err=True)
    return failure.code


def _terminated(_signal: int, _frame: FrameType | None) -> None:
    click.echo("terminated; what was written is recorded, the next run goes on from there", err=True)
    raise SystemExit(Exit.TERMINATED)
