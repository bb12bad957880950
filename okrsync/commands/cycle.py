"""`okrsync cycle`: the life of a cycle: opened, running, reviewed, closed with its scores frozen."""

from __future__ import annotations

import getpass
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from okrsync.commands.common import (
    config_option,
    json_option,
    open_workspace,
    print_json,
    print_lines,
    read_settings,
    today_option,
)
from okrsync.commands.cycle_desk import Desk, cycle_named, frozen_cycles, known_cycles

if TYPE_CHECKING:
    from okrsync.okr.closing import Closing


@click.group()
def command() -> None:
    """Open, list and close cycles. Closing freezes the scores and writes a retrospective.

    Example: okrsync cycle list
    """


@command.command("list")
@config_option
@json_option
@today_option
def list_(config: Path | None, as_json: bool, today: datetime | None) -> None:
    """Show every cycle that goals name, with its dates, its stage and until when late values count.

    Example: okrsync cycle list
    """
    from okrsync.reports.cycles import cycles_json, cycles_lines
    from okrsync.sync_engine.runner import view

    settings = read_settings(config)
    with open_workspace(settings, today) as workspace:
        seen, day = view(workspace), workspace.today()
        known = known_cycles(workspace, seen, day)
        frozen = frozen_cycles(workspace)
    calendar = settings.method.calendar
    if as_json:
        print_json(cycles_json(known, frozen, seen, day, calendar))
    else:
        print_lines(cycles_lines(known, frozen, seen, day, calendar))


@command.command("open")
@click.argument("name")
@config_option
@json_option
@today_option
def open_(name: str, config: Path | None, as_json: bool, today: datetime | None) -> None:
    """Publish a cycle: its goals are agreed, and changed targets are told from now on.

    Two cycles may be open at once, one running while the next is drafted and published.

    Example: okrsync cycle open 2026-Q2
    """
    from okrsync.okr.lifecycle import publish
    from okrsync.reports.cycles import cycles_json, opened_lines
    from okrsync.sync_engine import closings
    from okrsync.sync_engine.runner import view

    settings = read_settings(config)
    with open_workspace(settings, today) as workspace:
        day = workspace.today()
        state = cycle_named(known_cycles(workspace, view(workspace), day), name, settings.method.calendar)
        try:
            published = publish(state, day)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        with workspace.store.begin() as connection:
            closings.save(connection, published, getpass.getuser(), workspace.now())
        seen = view(workspace)
        known, frozen = known_cycles(workspace, seen, day), frozen_cycles(workspace)
    if as_json:
        print_json(cycles_json(known, frozen, seen, day, settings.method.calendar))
    else:
        print_lines(opened_lines(published, known, day, settings.method.calendar))


@command.command()
@click.argument("name")
@config_option
@json_option
@today_option
@click.option(
    "--reason", "reasons", multiple=True, metavar="KEY=TEXT",
    help="Why a score is low, or what was learnt at an objective; can be repeated.",
)  # fmt: skip
@click.option(
    "--reasons", "file", type=click.Path(path_type=Path, dir_okay=False),
    help="The same from a YAML file: KEY: text.",
)  # fmt: skip
@click.option("--without-reasons", is_flag=True, help="Close although low scores have no reason.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False),
    help="The retrospective's file; default retrospective-NAME.md beside the admin's file.",
)  # fmt: skip
@click.option("--yes", is_flag=True, help="Do it; without it only show what would be frozen.")
def close(
    name: str,
    config: Path | None,
    as_json: bool,
    today: datetime | None,
    reasons: tuple[str, ...],
    file: Path | None,
    without_reasons: bool,
    out: Path | None,
    yes: bool,
) -> None:
    """Freeze a cycle's scores and write its retrospective; without --yes only show them.

    Scores below 0.40 ask for a reason. What was not reached is proposed for the next cycle, never created.

    Example: okrsync cycle close 2026-Q1 --reason ACME-HR-O1-KR1="the tool came late" --yes
    """
    from okrsync.reports.retrospective import closing_json, retrospective

    settings = read_settings(config)
    with open_workspace(settings, today) as workspace:
        desk = Desk(workspace, name)
        desk.refuse_closed()
        closing = desk.close(desk.words(reasons, file))
        if yes:
            _refuse_unexplained(desk, closing, without_reasons)
            path = out or settings.path.with_name(f"retrospective-{_file_name(closing.cycle.name)}.md")
            _write(path, retrospective(closing))
            desk.save(closing)
    if as_json:
        print_json(closing_json(closing, desk.keys, final=yes))
    elif yes:
        print_lines(_done(closing, path))
    else:
        print_lines(_preview(desk, closing))


@command.command()
@click.argument("name")
@config_option
@json_option
@today_option
def report(name: str, config: Path | None, as_json: bool, today: datetime | None) -> None:
    """Print a cycle's retrospective as Markdown: frozen, or as it would be if it were closed today.

    Example: okrsync cycle report 2026-Q1 > retrospective.md
    """
    from okrsync.reports.retrospective import closing_json, retrospective

    with open_workspace(read_settings(config), today) as workspace:
        desk = Desk(workspace, name)
        frozen = desk.frozen
        closing = frozen or desk.close({})
    if as_json:
        print_json(closing_json(closing, desk.keys, final=frozen is not None))
    else:
        print_lines(retrospective(closing, final=frozen is not None))


@command.command()
@click.argument("name")
@click.argument("key")
@click.argument("text")
@config_option
@json_option
@today_option
def note(name: str, key: str, text: str, config: Path | None, as_json: bool, today: datetime | None) -> None:
    """Add why a score was low, or what was learnt, to a closed cycle. Its scores stay as they are.

    KEY is a key result or an objective; a second note replaces the first.

    Example: okrsync cycle note 2026-Q1 ACME-HR-O1-KR1 "the tool came late"
    """
    from okrsync.commands.find import entity_named
    from okrsync.okr.closing import with_words
    from okrsync.reports.retrospective import closing_json

    with open_workspace(read_settings(config), today) as workspace:
        desk = Desk(workspace, name)
        if desk.frozen is None:
            raise click.UsageError(f"{desk.state.cycle.name} is not closed yet; give reasons when closing it")
        entity = entity_named(desk.view, key)
        try:
            told = with_words(desk.frozen, {entity.id: text})
        except ValueError:
            raise click.UsageError(f"{key} took no part in {desk.state.cycle.name}") from None
        desk.keep(desk.state, told, "cycle note", why=text)
    if as_json:
        print_json(closing_json(told, desk.keys, final=True))
        return
    left = len(told.reasons_asked)
    rest = f"; {left} low scores still have no reason" if left else ""
    print_lines([f"Noted{rest}. okrsync cycle report {desk.state.cycle.name} prints the retrospective."])


@command.command()
@click.argument("name")
@click.option("--reason", required=True, help="Why; kept with the scores that were frozen.")
@click.option("--yes", is_flag=True, help="Do it; without it only say what would happen.")
@config_option
@json_option
@today_option
def reopen(
    name: str, reason: str, yes: bool, config: Path | None, as_json: bool, today: datetime | None
) -> None:
    """Take back that a cycle was closed: its scores follow the values again until it is closed anew.

    The frozen scores, who took them back and why stay on record; okrsync runs lists it.

    Example: okrsync cycle reopen 2026-Q1 --reason "the wrong sheet was mapped" --yes
    """
    from okrsync.reports.cycles import reopened_lines
    from okrsync.reports.retrospective import closing_json

    with open_workspace(read_settings(config), today) as workspace:
        desk = Desk(workspace, name)
        closing = desk.frozen
        if closing is None:
            raise click.UsageError(f"{desk.state.cycle.name} is not closed")
        if not reason.strip():
            raise click.UsageError("--reason is empty: say why")
        if yes:
            desk.reopen(closing, reason.strip())
    if as_json:
        print_json(closing_json(closing, desk.keys, final=not yes))
    else:
        print_lines(reopened_lines(closing, yes))


_NEXT = "Edits from now on change no score of it; the next sync tells so in the tools."


def _refuse_unexplained(desk: Desk, closing: Closing, allowed: bool) -> None:
    from okrsync.reports.retrospective import reasons_lines

    if closing.reasons_asked and not allowed:
        asked = "\n".join(reasons_lines(closing, desk.keys))
        raise click.UsageError(f"{click.unstyle(asked)}\nGive the reasons, or --without-reasons.")


def _file_name(cycle: str) -> str:
    return "".join(each if each.isalnum() or each in "-_." else "-" for each in cycle)


def _write(path: Path, lines: Iterable[str]) -> None:
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror}") from None


def _done(closing: Closing, path: Path) -> list[str]:
    from okrsync.reports.retrospective import summary_lines

    return [*summary_lines(closing), f"Closed, its scores are frozen. The retrospective is in {path}.", _NEXT]


def _preview(desk: Desk, closing: Closing) -> list[str]:
    from okrsync.reports.retrospective import closing_lines, reasons_lines

    late = desk.state.locked_from(desk.method.calendar)
    lines = [*closing_lines(closing), *reasons_lines(closing, desk.keys)]
    if desk.day < late:
        lines.append(f"Late values would count until {late}, exclusive: close it then, or now with --yes.")
    return [*lines, "Nothing was changed. --yes freezes these scores and writes the retrospective."]
