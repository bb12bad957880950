"""`okrsync history`: every value a field had, from where, by which run."""

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
    read_settings,
)


@click.command()
@click.argument("name")
@click.argument("field", required=False)
@config_option
@json_option
def command(name: str, field: str | None, config: Path | None, as_json: bool) -> None:
    """Show every value a field had, since when, from where and by which run.

    Example: okrsync history ACME-PPC-O1-KR1 current
    """
    from okrsync.commands.find import entity_named
    from okrsync.reports.history import history_json, history_lines
    from okrsync.sync_engine import rows
    from okrsync.sync_engine.runner import view

    with open_workspace(read_settings(config)) as workspace:
        seen = view(workspace)
        entity = entity_named(seen, name)
        with workspace.store.begin() as connection:
            past = rows.history(connection, entity.id, field)
    names = names_of(seen)
    if as_json:
        print_json(history_json(seen, past, names))
    else:
        print_lines(history_lines(seen, past, names) or [f"No value was ever seen for {field or name}."])
