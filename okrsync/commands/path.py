"""`okrsync path`: the line of sight from strategy to daily work, through one goal, both ways."""

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
@click.argument("name")
@config_option
@json_option
@today_option
@as_of_option
def command(
    name: str, config: Path | None, as_json: bool, today: datetime | None, as_of: datetime | None
) -> None:
    """Show what a goal or a piece of work serves, up to the top, and everything below it.

    NAME is a key or a title. Links sideways (supports, needs) are shown too. No request is sent.

    Example: okrsync path ACME-PPC-O1-KR1
    """
    from okrsync.commands.find import entity_named
    from okrsync.okr.alignment import line_of_sight
    from okrsync.reports.alignment import path_json, path_lines
    from okrsync.sync_engine.runner import view

    with open_workspace(read_settings(config), today) as workspace:
        seen = view(workspace, day_of(as_of))
    sight = line_of_sight(seen.entities, entity_named(seen, name).id)
    if as_json:
        print_json(path_json(sight, names_of(seen)))
    else:
        print_lines(path_lines(seen, sight))
