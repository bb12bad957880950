"""`okrsync runs`: what was done when."""

from __future__ import annotations

from pathlib import Path

import click

from okrsync.commands.common import (
    config_option,
    json_option,
    open_workspace,
    print_json,
    print_lines,
    read_settings,
)


@click.command()
@config_option
@json_option
@click.option("--last", default=20, show_default=True, help="How many.")
def command(config: Path | None, as_json: bool, last: int) -> None:
    """List the latest runs: when, what, how it ended, how many fields it wrote.

    Example: okrsync runs --last 5
    """
    from okrsync.reports.runs import runs_lines
    from okrsync.sync_engine import rows

    with open_workspace(read_settings(config)) as workspace, workspace.store.begin() as connection:
        found = rows.latest_runs(connection, last)
    if as_json:
        print_json(found)
    else:
        print_lines(runs_lines(found) or ["No runs yet."])
