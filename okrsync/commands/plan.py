"""`okrsync plan`: what a sync would change, before and after."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

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

_RECORDS = {"full": None, None: 10, "brief": 3}
"""How many records of each collection are shown."""


@click.command()
@config_option
@json_option
@today_option
@click.option("--full", "detail", flag_value="full", help="Show every record and every field.")
@click.option("--brief", "detail", flag_value="brief", help="Show three records of each collection.")
@click.option("--exit-code", "by_code", is_flag=True, help="Exit 10 when there is something to write.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Save it for okrsync apply.")
def command(
    config: Path | None,
    as_json: bool,
    today: datetime | None,
    detail: str | None,
    by_code: bool,
    out: Path | None,
) -> int:
    """Show what a sync would change, before and after. Writes nothing to any tool.

    Example: okrsync plan --full
    """
    from okrsync.okr.findings import Severity
    from okrsync.reports.data import plan_json
    from okrsync.reports.plan import plan_text, to_look_at
    from okrsync.reports.run import cost
    from okrsync.sync_engine.planfile import save
    from okrsync.sync_engine.runner import plan

    settings = read_settings(config)
    with open_workspace(settings, today) as workspace, progress() as hooks:
        report = plan(workspace, hooks)
    names = names_of(report.view)
    if out is not None:
        save(report.plan, plan_json(report.plan, names), out)
    if as_json:
        print_json(plan_json(report.plan, names))
    else:
        lines = plan_text(report.plan, names, _RECORDS[detail])
        lines += to_look_at(report.findings, full=detail != "brief")
        print_lines([*lines, "", click.style(cost(report.requests), dim=True)])
    if report.errors:
        whole = len(report.errors) == len(report.looked)
        return code_of(list(report.errors)) if whole else Exit.PARTIAL
    if any(finding.severity is Severity.ERROR for finding in report.findings):
        return Exit.PARTIAL
    return Exit.CHANGES if by_code and report.plan.ops else Exit.DONE
