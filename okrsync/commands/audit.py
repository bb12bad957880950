"""`okrsync audit`: evidence of everything okrsync wrote, and of what it accepted as gone."""

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
@click.argument("name", required=False)
@config_option
@json_option
@click.option("--run", help="Only this run (its id or the beginning of it).")
def command(name: str | None, config: Path | None, as_json: bool, run: str | None) -> None:
    """Show what was written where: before, after, why, and what the tool answered.

    NAME is a key or a title; without it everything is shown. Records accepted as gone carry their proof.

    Example: okrsync audit ACME-CMO-O1-KR1
    """
    from okrsync.commands.find import entity_named
    from okrsync.reports.audit import audit_json, audit_lines
    from okrsync.sync_engine import journal, rows
    from okrsync.sync_engine.runner import view

    with open_workspace(read_settings(config)) as workspace:
        seen = view(workspace)
        entity = entity_named(seen, name).id if name else None
        links = [k.id for k in seen.state.links.values() if k.entity == entity] if entity else None
        with workspace.store.begin() as connection:
            known = rows.runs_named(connection, run) if run else [None]
            if len(known) != 1:
                raise click.UsageError(
                    f"{'no run begins' if not known else 'several runs begin'} with {run!r}"
                )
            trail = journal.audit_trail(connection, known[0], links)
    names = names_of(seen)
    if as_json:
        print_json(audit_json(seen, trail, names))
    else:
        print_lines(audit_lines(seen, trail, names) or ["Nothing was written yet."])
