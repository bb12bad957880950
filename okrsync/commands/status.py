"""`okrsync status`: what was last synced and what needs a person, or what matters to one kind of reader."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from okrsync.reports.pages import Page
    from okrsync.reports.status import LastRun
    from okrsync.sync_engine.runner import View

_ROLES = ("executive", "leader", "manager", "member", "everyone")


@click.command()
@click.argument("name", required=False)
@config_option
@json_option
@today_option
@as_of_option
@click.option("--for", "role", type=click.Choice(_ROLES), help="What matters to one kind of reader.")
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "html", "slack"]), default="text",
    show_default=True, help="How the page of --for is printed.",
)  # fmt: skip
def command(
    name: str | None,
    config: Path | None,
    as_json: bool,
    today: datetime | None,
    as_of: datetime | None,
    role: str | None,
    form: str,
) -> None:
    """Show the last run, open conflicts and records that went missing. No request is sent.

    With --for: the company and one level down (executive), a team's goals up, down and sideways (leader),
    its key results and the ones worth a talk (manager), what is one person's own (member), or a page that
    everybody may read (everyone). NAME is the team or the person.

    Example: okrsync status --for manager Marketing
    """
    if role is None and (name is not None or form != "text"):
        raise click.UsageError("NAME and --format go with --for")
    seen, last = _look(config, today, as_of)
    if role is not None:
        _show_page(_page(seen, role, name), form, as_json)
        return
    from okrsync.reports.data import status_json
    from okrsync.reports.status import status_lines

    if as_json:
        print_json(status_json(seen, last, names_of(seen)))
    else:
        print_lines(status_lines(seen, last, names_of(seen)))


def _look(config: Path | None, today: datetime | None, as_of: datetime | None) -> tuple[View, LastRun | None]:
    from okrsync.reports.status import LastRun
    from okrsync.sync_engine import rows
    from okrsync.sync_engine.runner import view

    with open_workspace(read_settings(config), today) as workspace:
        day = day_of(as_of)
        seen = view(workspace, day)
        with workspace.store.begin() as connection:
            latest = rows.last_run(connection, workspace.end_of(day) if day else None)
    return seen, LastRun(*latest) if latest else None


def _page(view: View, role: str, name: str | None) -> Page:
    from okrsync.mappings.names import suggestion
    from okrsync.reports.personas import NAMED, ROLES, names_for

    if role not in NAMED:
        if name is not None:
            raise click.UsageError(f"--for {role} takes no name")
        return ROLES[role](view, "")
    known = names_for(view, role)
    own = [each for each in known if name is not None and each.casefold() == name.casefold()]
    if not own:
        hint = (
            suggestion(name or "", known) or f"no field `{'owner' if role == 'member' else 'team'}` is mapped"
        )
        raise click.UsageError(f"--for {role} needs {NAMED[role]} with goals; {hint}")
    return ROLES[role](view, own[0])


def _show_page(page: Page, form: str, as_json: bool) -> None:
    from okrsync.reports.pages import FORMATS, page_json

    if as_json:
        print_json(page_json(page))
    else:
        click.echo(FORMATS[form]([page]))
