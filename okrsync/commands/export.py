"""`okrsync export`: the scores as a table, for a spreadsheet or another program."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from okrsync.commands.common import (
    as_of_option,
    config_option,
    day_of,
    json_option,
    names_of,
    open_workspace,
    print_json,
    read_settings,
    today_option,
)


@click.command()
@config_option
@json_option
@today_option
@as_of_option
def command(config: Path | None, as_json: bool, today: datetime | None, as_of: datetime | None) -> None:
    """Print objectives and key results with their scores as CSV, one row each; --json for programs.

    No people are in it, and what is private is left out. No request is sent.

    Example: okrsync export > okrs.csv
    """
    from okrsync.reports.export import export_csv, export_json
    from okrsync.sync_engine.runner import view

    with open_workspace(read_settings(config), today) as workspace:
        seen = view(workspace, day_of(as_of))
    if as_json:
        print_json(export_json(seen, names_of(seen)))
    else:
        click.echo(export_csv(seen, names_of(seen)), nl=False)
