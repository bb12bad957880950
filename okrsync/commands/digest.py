"""`okrsync digest`: the page per team for a short meeting, printed or sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from okrsync.commands.common import (
    config_option,
    json_option,
    names_of,
    open_workspace,
    print_json,
    read_settings,
    today_option,
)
from okrsync.commands.exits import Exit

if TYPE_CHECKING:
    from okrsync.config.settings import Settings
    from okrsync.okr.digest import TeamPage
    from okrsync.reports.pages import Page

Notify = Callable[[str, "Page"], bool]
"""Sends a page to an address; whether it went through."""
_MAIL = ("mailto", "mailtos")


@click.command()
@config_option
@json_option
@today_option
@click.option("--team", help="Only this team's page.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]),
    help="The last day that counts as before; default `digest.days` days ago.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "html", "slack"]), default="text",
    show_default=True, help="How it is printed.",
)  # fmt: skip
@click.option(
    "--send", is_flag=True, help="Send each page to its addresses under `digest:` in the admin's file."
)
def command(
    config: Path | None,
    as_json: bool,
    today: datetime | None,
    team: str | None,
    since: datetime | None,
    form: str,
    send: bool,
) -> int:
    """Show for each team what was reached, what changed, what is at risk, blocked or waits for news.

    One page per team, from the last sync. No request is sent to the tools.

    Example: okrsync digest --team Marketing --format markdown
    """
    from okrsync.okr.digest import digest
    from okrsync.reports.digest import digest_json, pages_of
    from okrsync.reports.pages import FORMATS
    from okrsync.sync_engine.runner import view

    settings = read_settings(config)
    with open_workspace(settings, today) as workspace:
        seen, day = view(workspace), workspace.today()
    first = since.date() if since else day - timedelta(days=settings.digests.days)
    if first >= day:
        raise click.UsageError(f"--since {first} is not before {day}")
    found = _of_team(digest(seen.entities, first, day, settings.method, seen.series, seen.frozen), team)
    pages = pages_of(seen, found, first, day, settings.workspace)
    if send:
        return _send(settings, found, pages, _apprise())
    if as_json:
        print_json(digest_json(found, first, day, names_of(seen)))
    else:
        click.echo(FORMATS[form](pages) if pages else "No goals yet. Run okrsync sync first.")
    return Exit.DONE


def _of_team(found: Sequence[TeamPage], team: str | None) -> Sequence[TeamPage]:
    if team is None:
        return found
    from okrsync.mappings.names import suggestion

    own = [each for each in found if each.team.casefold() == team.casefold()]
    if not own:
        hint = suggestion(team, [each.team for each in found if each.team])
        raise click.UsageError(f"no goals belong to a team {team!r}; {hint or 'no field `team` is mapped'}")
    return own


def _send(settings: Settings, found: Sequence[TeamPage], pages: Sequence[Page], notify: Notify) -> int:
    """Every page to its team's addresses. Addresses are secrets: messages tell only their kind."""
    letters = [
        (address, page)
        for each, page in zip(found, pages, strict=True)
        for address in settings.digests.addresses(each.team)
    ]
    if not letters:
        raise click.UsageError("nowhere to send it: give digest.notify or digest.teams in the admin's file")
    lost = 0
    for address, page in letters:
        sent = notify(address, page)
        lost += not sent
        click.echo(f"{'sent' if sent else 'not sent'}: {page.title} to {address.partition(':')[0]}://…")
    return Exit.DONE if not lost else Exit.PARTIAL if lost < len(letters) else Exit.FAILED


def _apprise() -> Notify:
    """Apprise sends HTML by mail, and turns Markdown into what a chat takes. Raises click.UsageError."""
    from okrsync.reports.pages import as_html, as_markdown

    try:
        apprise = import_module("apprise")
    except ImportError:
        advice = "pip install 'okrsync[notify]'"
        raise click.UsageError(f"sending needs Apprise, which is not installed: {advice}") from None
    logging.getLogger("apprise").disabled = True  # it logs addresses, which are secrets

    def notify(address: str, page: Page) -> bool:
        mail = address.partition("://")[0].lower() in _MAIL
        body = as_html([page], page.title) if mail else as_markdown([page])
        form = apprise.NotifyFormat.HTML if mail else apprise.NotifyFormat.MARKDOWN
        sender = apprise.Apprise()
        return bool(sender.add(address) and sender.notify(body=body, title=page.title, body_format=form))

    return notify
