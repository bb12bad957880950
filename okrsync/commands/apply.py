"""`okrsync apply`: apply a plan that was saved and read."""

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
from okrsync.commands.sync import exit_code


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@config_option
@json_option
@today_option
def command(file: Path, config: Path | None, as_json: bool, today: datetime | None) -> int:
    """Apply a saved plan, if every tool still is as the plan saw it; otherwise say what moved.

    Example: okrsync plan --out plan.json, read it, then okrsync apply plan.json
    """
    from okrsync.reports.data import report_json
    from okrsync.reports.run import run_lines
    from okrsync.sync_engine.planfile import load
    from okrsync.sync_engine.runner import apply_saved

    saved = load(file)
    with open_workspace(read_settings(config), today) as workspace, progress() as hooks:
        report = apply_saved(workspace, saved, hooks)
    if as_json:
        print_json(report_json(report, names_of(report.view)))
    else:
        print_lines(run_lines(report))
    return exit_code(report, None)
