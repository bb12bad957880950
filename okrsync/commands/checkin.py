"""`okrsync checkin`: where a key result stands, saying where it stands, and who still owes a look."""

from __future__ import annotations

import getpass
from datetime import datetime
from decimal import Decimal, InvalidOperation
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
    from okrsync.okr.values import Value
    from okrsync.sync_engine.runner import Report, View
    from okrsync.sync_engine.workspace import Workspace

_LIGHTS = {"green": Decimal("0.8"), "amber": Decimal("0.5"), "red": Decimal("0.2")}
"""What the colours of a traffic light mean as a confidence (S62)."""
Said = dict[tuple[str, str], "Value"]


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
    from okrsync.sync_engine.runner import check_in, view

    seen = view(workspace)
    said = _said(workspace, seen, _key_result(seen, name), parts)
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


def _said(workspace: Workspace, view: View, kr: Entity, parts: dict[str, str | None]) -> Said:
    """What was typed as values of fields; a KPI's value belongs to the KPI. Raises click.UsageError."""
    said: Said = {}
    if (value := parts["value"]) is not None:
        stage = _stage(kr, value)
        if stage is None:
            said[_source(workspace, view, kr), "current"] = _number(value, "--value")
        else:
            said[kr.id, "stage"] = stage
    if (target := parts["target"]) is not None:
        said[kr.id, "target"] = _number(target, "--target")
    if (confidence := parts["confidence"]) is not None:
        said[kr.id, "confidence"] = _confidence(confidence, workspace.settings.method.confidence_scale)
    challenge, helper = parts["challenge"], parts["help_from"]
    if challenge is None and helper is not None:
        raise click.UsageError("--help-from goes with --challenge: with what?")
    if challenge is not None:
        said[kr.id, "challenges"] = (
            f"{challenge.strip()} (can help: {helper})" if helper else challenge.strip()
        )
    if (note := parts["note"]) is not None:
        said[kr.id, "note"] = note.strip() or None
    return said


def _stage(kr: Entity, value: str) -> str | None:
    """The stage that is meant; None where the key result has none. Raises click.UsageError."""
    from okrsync.okr.reading import read_text
    from okrsync.okr.stages import stages_of

    stages = stages_of(read_text(kr, "stages") or "")
    if stages is None:
        return None
    names = {each.name.casefold(): each.name for each in stages}
    if value.strip().casefold() not in names:
        raise click.UsageError(f"--value: {value!r} is none of its stages: {', '.join(names.values())}")
    return names[value.strip().casefold()]


def _source(workspace: Workspace, view: View, kr: Entity) -> str:
    """Whose `current` a stated value is. Raises click.UsageError where people do not state it."""
    from okrsync.okr.links import links_of
    from okrsync.okr.reading import read_refs, read_text
    from okrsync.okr.rollup import way_of

    links = links_of(view.entities)
    how = way_of(kr, links, workspace.settings.method.rollup)
    if how != "none" and links.contributing.get(kr.id):
        raise click.UsageError(f"its value is the {how} of key results below it: check in there")
    if read_text(kr, "value_from") == "work":
        raise click.UsageError("its value is the work done for it: close the work instead")
    known = [each for each in read_refs(kr, "metric") if each in view.entities]
    return known[0] if known else kr.id


def _number(text: str, option: str) -> Value:
    from okrsync.mappings.binding import NOT_YET_TEXTS
    from okrsync.mappings.typed import from_text
    from okrsync.okr.model import FIELDS, Kind
    from okrsync.okr.values import NOT_YET

    if text.strip() in NOT_YET_TEXTS:
        return NOT_YET
    try:
        return from_text(FIELDS[Kind.KEY_RESULT]["current"], text)
    except ValueError as error:
        raise click.UsageError(f"{option}: {error}") from None


def _confidence(text: str, scale: Decimal) -> Decimal:
    """Between 0 and 1, from a number on the workspace's scale or a colour."""
    from fractions import Fraction

    from okrsync.okr.numbers import cut

    if text.lower() in _LIGHTS:
        return _LIGHTS[text.lower()]
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number <= scale:
        raise click.UsageError(
            f"--confidence: {text!r} is not between 0 and {scale}, nor green, amber or red"
        )
    return cut(Fraction(number) / Fraction(scale))
