"""`okrsync undo`: put back what a run changed."""

from __future__ import annotations

from pathlib import Path

import click

from okrsync.commands.common import (
    config_option,
    json_option,
    names_of,
    open_workspace,
    print_json,
    print_lines,
    progress,
    read_settings,
)
from okrsync.commands.sync import exit_code


@click.command()
@click.argument("run")
@config_option
@json_option
@click.option("--yes", is_flag=True, help="Do it; without this only the plan is shown.")
def command(run: str, config: Path | None, as_json: bool, yes: bool) -> int:
    """Put back what RUN changed, wherever nobody changed it since. Shows the plan first.

    People's own edits stay; an edit the run had carried to other tools becomes a conflict to decide.
    Computed values are written again by the next sync. okrsync runs lists the runs.

    Example: okrsync undo 3f2a91c0 --yes
    """
    from okrsync.reports.data import report_json
    from okrsync.reports.plan import finding_lines, plan_text
    from okrsync.reports.run import run_lines
    from okrsync.sync_engine import rows
    from okrsync.sync_engine.runner import undo

    with open_workspace(read_settings(config)) as workspace, progress() as hooks:
        with workspace.store.begin() as connection:
            found = rows.runs_named(connection, run)
        if len(found) != 1:
            raise click.UsageError(f"{'no run begins' if not found else 'several runs begin'} with {run!r}")
        report = undo(workspace, found[0], dry=not yes, hooks=hooks)
    names = names_of(report.view)
    if as_json:
        print_json(report_json(report, names))
        return exit_code(report, None)
    lines = [*plan_text(report.plan, names), *finding_lines(list(report.plan.findings))]
    print_lines([*lines, "", *run_lines(report)] if yes else lines)
    if not yes and report.plan.ops:
        click.echo(f"Do it with: okrsync undo {run} --yes")
    return exit_code(report, None)
