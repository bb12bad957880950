"""`okrsync alignment`: orphans, silos, shares and links sideways."""

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
    """Show which objectives stand alone, which serve others, who needs whom, and who began them.

    A list to talk about: alignment is no score and no mistake. No request is sent.

    Example: okrsync alignment
    """
    from okrsync.reports.alignment import alignment_json, alignment_lines, alignment_of
    from okrsync.sync_engine.runner import view

    with open_workspace(read_settings(config)) as workspace:
        seen = view(workspace, day_of(as_of))
    found = alignment_of(seen)
    if as_json:
        print_json(alignment_json(found, names_of(seen)))
    else:
        print_lines(alignment_lines(seen, found))
