"""`okrsync diff`: what changed between two days, from what was seen."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from okrsync.commands.common import (
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

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("since", type=_DAY, metavar="SINCE")
@click.argument("until", type=_DAY, required=False, metavar="[UNTIL]")
@config_option
@json_option
@today_option
def command(
    since: datetime, until: datetime | None, config: Path | None, as_json: bool, today: datetime | None
) -> None:
    """Show what changed from the end of the day SINCE to the end of the day UNTIL, or to now.

    Values, targets, scores, statuses, confidence and challenges, and which lines were reached for the first
    time. Computed from stored observations; no request is sent.

    Example: okrsync diff 2026-02-08
    """
    from okrsync.okr.moments import diff, moment_of
    from okrsync.reports.diff import diff_json, diff_lines
    from okrsync.sync_engine.looks import lines_reached
    from okrsync.sync_engine.runner import view

    with open_workspace(read_settings(config), today) as workspace:
        first, last = since.date(), day_of(until) or workspace.today()
        if last < first:
            raise click.UsageError(f"{last} is before {first}")
        before = view(workspace, first)
        after = view(workspace, last) if until is not None else view(workspace)
        reached = [each for each in lines_reached(workspace, after.entities, last) if each.on > first]
    changes = diff(moment_of(before.entities, before.computed), moment_of(after.entities, after.computed))
    if as_json:
        print_json(diff_json(changes, reached, first, last, names_of(after)))
    else:
        print_lines(diff_lines(changes, reached, first, last, before.entities))
