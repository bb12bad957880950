"""`okrsync sync`: read every tool, merge, write what is missing."""

from __future__ import annotations

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
from okrsync.commands.exits import Exit, code_of

if TYPE_CHECKING:
    from okrsync.sync_engine.runner import Report


@click.command()
@config_option
@json_option
@today_option
@click.option("--approve", is_flag=True, help="Pass the guards, whatever the plan is by now.")
@click.option("--whole", is_flag=True, help="Read everything again, not only what changed.")
@click.option("--quiet", is_flag=True, help="Leave out the plan; say only what was done.")
@click.option("--fail-on", type=click.Choice(["conflicts"]), help="Exit 7 when conflicts are open.")
def command(
    config: Path | None,
    as_json: bool,
    today: datetime | None,
    approve: bool,
    whole: bool,
    quiet: bool,
    fail_on: str | None,
) -> int:
    """Read every tool, merge, and write what is missing.

    The first run writes nothing: it saves its plan for you to read and to apply.

    Example: okrsync sync --json | jq .written
    """
    from okrsync.reports.data import plan_json, report_json
    from okrsync.reports.plan import plan_text
    from okrsync.reports.run import run_lines
    from okrsync.sync_engine.planfile import save
    from okrsync.sync_engine.runner import sync

    settings = read_settings(config)
    with open_workspace(settings, today) as workspace, progress() as hooks:
        if whole:
            hooks.whole = frozenset(one.name for one in settings.collections)
        report = sync(workspace, hooks, approved=approve)
    names = names_of(report.view)
    saved = settings.path.parent / "okrsync.plan.json"
    if report.trips:
        save(report.plan, plan_json(report.plan, names), saved)
    if as_json:
        print_json(report_json(report, names))
    else:
        plan = [] if quiet else [*plan_text(report.plan, names, limit=10), ""]
        print_lines([*plan, *run_lines(report)])
        if report.trips:
            click.echo(f"The plan is saved. When you have read it: okrsync apply {saved}")
    return exit_code(report, fail_on)


def exit_code(report: Report, fail_on: str | None) -> int:
    """The exit code of a run; see docs/exit-codes.md."""
    from okrsync.okr.findings import Severity

    if report.trips:
        return Exit.SAFETY_STOP
    if report.errors and len(report.errors) == len(report.looked):
        return code_of(list(report.errors))
    applied = report.applied
    if report.failed or (applied is not None and (applied.failed or applied.unknown)):
        return Exit.PARTIAL
    if any(finding.severity is Severity.ERROR for finding in report.findings):
        return Exit.PARTIAL
    if fail_on == "conflicts" and report.open_conflicts:
        return Exit.CONFLICTS
    return Exit.DONE
