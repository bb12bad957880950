"""`okrsync lint`: are objectives and key results written so that the method can work with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from okrsync.commands.common import (
    as_of_option,
    config_option,
    day_of,
    json_option,
    open_workspace,
    print_json,
    print_lines,
    read_settings,
    today_option,
)
from okrsync.commands.exits import Exit

if TYPE_CHECKING:
    from okrsync.config.settings import Settings
    from okrsync.okr.lint import Acknowledgement, Profile
    from okrsync.reports.lint import Located


@click.command()
@config_option
@json_option
@today_option
@as_of_option
@click.option("--rule", "rules", multiple=True, metavar="CODE", help="Only this rule; can be repeated.")
@click.option("--full", is_flag=True, help="Show notes and accepted findings too.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info"]),
    help="Exit 8 when a finding is at least that severe and not accepted.",
)
@click.option("--explain", metavar="CODE", help="Tell what one rule means and what to do; looks at nothing.")
def command(
    config: Path | None,
    as_json: bool,
    today: datetime | None,
    as_of: datetime | None,
    rules: tuple[str, ...],
    full: bool,
    fail_on: str | None,
    explain: str | None,
) -> int:
    """Show what to mend in the wording, structure and care of OKRs, each with the record to open.

    Profile, severities and accepted findings stand under `lint:` in the admin's file. No request is sent.

    Example: okrsync lint --fail-on error
    """
    from okrsync.reports.lint import lint_json, lint_lines, unused_lines

    if explain is not None:
        _explain(_known(explain), as_json)
        return Exit.DONE
    looked = _look(read_settings(config), today, day_of(as_of))
    wanted = {_known(each) for each in rules}
    found = [each for each in looked.found if not wanted or each.finding.code in wanted]
    old = () if wanted else looked.unused
    if as_json:
        print_json(lint_json(found, looked.profile, old))
    else:
        shown = lint_lines(found, looked.profile, full or bool(wanted))
        print_lines([*shown, *unused_lines(old)])
    return Exit.FINDINGS if fail_on and _severe(found, fail_on) else Exit.DONE


def _explain(rule: str, as_json: bool) -> None:
    from okrsync.reports.lint import rule_json, rule_lines

    if as_json:
        print_json(rule_json(rule))
    else:
        print_lines(rule_lines(rule))


@dataclass(frozen=True)
class _Looked:
    """A workspace with everything the linter says about it."""

    profile: Profile
    found: Sequence[Located]
    unused: Sequence[Acknowledgement]


def _look(settings: Settings, today: datetime | None, past: date | None) -> _Looked:
    from okrsync.okr.lint import lint
    from okrsync.reports.lint import locate, unused
    from okrsync.sync_engine.runner import view

    with open_workspace(settings, today) as workspace:
        seen, day = view(workspace, past), past or workspace.today()
    hygiene = settings.hygiene
    found = lint(seen.entities, day, settings.method, hygiene.profile, hygiene.accepted, seen.series)
    located = locate(seen, settings.collections, found)
    return _Looked(hygiene.profile, located, unused(hygiene.accepted, found))


def _known(typed: str) -> str:
    from okrsync.mappings.names import suggestion
    from okrsync.okr.lint import RULES

    name = typed.upper()
    if name not in RULES:
        raise click.UsageError(f"there is no rule {typed}; {suggestion(name, RULES)}")
    return name


def _severe(found: Sequence[Located], fail_on: str) -> bool:
    """Whether anything that was not accepted is at least that severe."""
    severities = ("error", "warning", "info")
    failing = severities[: severities.index(fail_on) + 1]
    return any(each.counts and each.finding.severity.value in failing for each in found)
