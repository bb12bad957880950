"""`okrsync work`: work done beside what it moved."""

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
    today_option,
)


@click.command()
@config_option
@json_option
@today_option
@as_of_option
def command(config: Path | None, as_json: bool, today: datetime | None, as_of: datetime | None) -> None:
    """Show for every key result how much of its work is done and how far the result came.

    Work never counts as the result: all work done and nothing moved asks for another hypothesis.

    Example: okrsync work
    """
    from okrsync.okr.work_report import work_and_outcome
    from okrsync.reports.work import work_json, work_lines
    from okrsync.sync_engine.runner import view

    with open_workspace(read_settings(config), today) as workspace:
        seen = view(workspace, day_of(as_of))
    found = work_and_outcome(seen.entities, seen.computed)
    if as_json:
        print_json(work_json(found, names_of(seen)))
    else:
        print_lines(work_lines(seen, found))
