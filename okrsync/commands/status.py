"""`okrsync status`: what was last synced and what needs a person."""

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
    print_lines,
    read_settings,
)


@click.command()
@config_option
@json_option
@as_of_option
def command(config: Path | None, as_json: bool, as_of: datetime | None) -> None:
    """Show the last run, open conflicts and records that went missing. No request is sent.

    Example: okrsync status
    """
    from okrsync.reports.data import status_json
    from okrsync.reports.status import LastRun, status_lines
    from okrsync.sync_engine import rows
    from okrsync.sync_engine.runner import view

    with open_workspace(read_settings(config)) as workspace:
        day = day_of(as_of)
        seen = view(workspace, day)
        with workspace.store.begin() as connection:
            latest = rows.last_run(connection, workspace.end_of(day) if day else None)
    last = LastRun(*latest) if latest else None
    if as_json:
        print_json(status_json(seen, last, names_of(seen)))
    else:
        print_lines(status_lines(seen, last, names_of(seen)))
