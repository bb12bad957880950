"""`okrsync explain`: where a number comes from, down to the cell and the issue."""

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
    name: str,
    config: Path | None,
    as_json: bool,
    today: datetime | None,
    as_of: datetime | None,
) -> None:
    """Show where a number comes from: formula, inputs with their cells, rule, what was left out.

    NAME is a key or a title. No request is sent.

    Example: okrsync explain ACME-CMO-O1-KR1
    """
    from okrsync.commands.find import entity_named
    from okrsync.okr.explain import render
    from okrsync.reports.diff import reached_json
    from okrsync.reports.words import indented
    from okrsync.sync_engine.looks import lines_reached
    from okrsync.sync_engine.runner import view

    with open_workspace(read_settings(config), today) as workspace:
        seen = view(workspace, day_of(as_of))
        entity = entity_named(seen, name)
        known = lines_reached(workspace, seen.entities, day_of(as_of))
    reached = [each for each in known if each.entity == entity.id]
    explanation = seen.computed.explanations.get(entity.id)
    if explanation is None:
        raise click.UsageError(f"{name!r} is a {entity.kind.value}; it has no computed number of its own")
    if as_json:
        names = names_of(seen)
        print_json({**explanation.as_json(), "reached": [reached_json(each, names) for each in reached]})
    else:
        first, *rest = render(explanation)
        lines = [first, *(f"  reached: {each.message()}" for each in reached), *rest]
        print_lines(indented(line) for line in lines)
