"""`okrsync checkin`: where a key result stands, saying where it stands, and who still owes a look."""

from __future__ import annotations

import getpass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from okrsync.commands.common import (
    config_option,
    json_option,
    names_of,
    open_workspace,
    print_json,
    print_lines,
    progress,
    read_settings,
    today_option,
)
from okrsync.commands.exits import Exit

if TYPE_CHECKING:
    from okrsync.okr.model import Entity
    from okrsync.sync_engine.runner import Report, View
    from okrsync.sync_engine.workspace import Workspace


@click.command()
@click.argument("name", required=False)
@click.option(
    "--value", help="Where it stands, in its unit, or its stage; `not yet` where nothing is measured."
)
@click.option("--confidence", help="How sure, such as 7 (of 10), or green, amber, red.")
@click.option("--challenge", help="What is in the way.")
@click.option("--help-from", help="Who can help; goes with --challenge.")
@click.option("--note", help="Anything else.")
@click.option("--target", help="A new target; the old one stays on record.")
@click.option("--by", help="Who says so. Default: your login name.")
@click.option("--yes", is_flag=True, help="Do it; without this only the plan is shown.")
@click.option("--due", is_flag=True, help="Who still owes a check-in, by team.")
@click.option("--team", help="With --due: this team only.")
@config_option
@json_option
@today_option
def command(
    name: str | None,
    config: Path | None,
    as_json: bool,
    today: datetime | None,
    yes: bool,
    due: bool,
    team: str | None,
    by: str | None,
    **parts: str | None,
) -> int:
    """Say where a key result stands; written to the tools that hold it. Shows the plan first.

    NAME is a key or a title. Without anything to say it shows the latest check-ins; --due needs no name.

    Example: okrsync checkin ACME-PPC-O1-KR1 --value 96 --confidence 7 --yes
    """
    if due == (name is not None):
        raise click.UsageError("name a key result, or ask for --due")
    if team is not None and not due:
        raise click.UsageError("--team goes with --due")
    settings = read_settings(config)
    with open_workspace(settings, today) as workspace:
        if name is None:
            return _due(workspace, team, as_json)
        if all(part is None for part in parts.values()):
            return _show(workspace, name, as_json)
        return _say(workspace, name, parts, by or getpass.getuser(), yes, as_json)


def _due(workspace: Workspace, team: str | None, as_json: bool) -> int:
    from okrsync.okr.check_ins import care_by_team
    from okrsync.reports.checkin import due_json, due_lines
    from okrsync.sync_engine.runner import view

    seen, today = view(workspace), workspace.today()
    care = care_by_team(seen.entities, today, workspace.settings.method, seen.series)
    if team is not None and team not in {each.team for each in care}:
        known = ", ".join(each.team for each in care if each.team) or "none"
        raise click.UsageError(f"no running key result belongs to a team {team!r}; there is {known}")
    kept = [each for each in care if team in (None, each.team)]
    if as_json:
        print_json(due_json(seen, kept, today, names_of(seen)))
    else:
        print_lines(due_lines(seen, kept, today))
    return Exit.DONE


def _show(workspace: Workspace, name: str, as_json: bool) -> int:
    from okrsync.reports.checkin import key_result_json, key_result_lines
    from okrsync.sync_engine.runner import view

    seen, today = view(workspace), workspace.today()
    kr = _key_result(seen, name)
    if as_json:
        print_json(key_result_json(seen, kr, today, names_of(seen)))
    else:
        print_lines(key_result_lines(seen, kr, today, names_of(seen)))
    return Exit.DONE


def _say(
    workspace: Workspace, name: str, parts: dict[str, str | None], by: str, yes: bool, as_json: bool
) -> int:
    from okrsync.commands.said import said_of
    from okrsync.sync_engine.runner import check_in, view

    seen = view(workspace)
    said = said_of(_key_result(seen, name), parts, seen.entities, workspace.settings.method)
    with progress() as hooks:
        report = check_in(workspace, said, by, dry=not yes, hooks=hooks)
    return _told(report, yes, as_json)


def _told(report: Report, yes: bool, as_json: bool) -> int:
    from okrsync.commands.sync import exit_code
    from okrsync.reports.data import report_json
    from okrsync.reports.plan import finding_lines, plan_text
    from okrsync.reports.run import run_lines

    names = names_of(report.view)
    if as_json:
        print_json(report_json(report, names))
    else:
        lines = plan_text(report.plan, names)
        if report.plan.findings:
            lines = ["Nothing was written:", *finding_lines(list(report.plan.findings))]
        print_lines([*lines, "", *run_lines(report)] if yes and not report.plan.findings else lines)
        if not yes and not report.plan.findings:
            click.echo("Do it with the same command and --yes")
    return Exit.SAFETY_STOP if report.plan.findings else exit_code(report, None)


def _key_result(view: View, name: str) -> Entity:
    from okrsync.commands.find import entity_named
    from okrsync.okr.model import Kind

    found = entity_named(view, name)
    if found.kind is not Kind.KEY_RESULT:
        raise click.UsageError(f"{name!r} is of kind {found.kind.value}; check-ins are about key results")
    return found
