"""`okrsync tree`: objectives and key results with their scores."""

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
@click.argument("root", required=False)
@config_option
@json_option
@today_option
@as_of_option
@click.option("--work/--no-work", default=True, help="Show initiatives too.")
def command(
    root: str | None,
    config: Path | None,
    as_json: bool,
    today: datetime | None,
    as_of: datetime | None,
    work: bool,
) -> None:
    """Show objectives, key results and the work with their scores, from the last sync.

    ROOT is a key or a title; without it the whole tree is shown. No request is sent.

    Example: okrsync tree ACME-CMO-O1
    """
    from okrsync.commands.find import entity_named
    from okrsync.reports.data import entities_json
    from okrsync.reports.tree import tree_lines
    from okrsync.sync_engine.runner import view

    with open_workspace(read_settings(config), today) as workspace:
        seen = view(workspace, day_of(as_of))
    if as_json:
        print_json(entities_json(seen, names_of(seen)))
    else:
        print_lines(tree_lines(seen, entity_named(seen, root).id if root else None, work))
