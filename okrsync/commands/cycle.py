"""`okrsync cycle`: the life of a cycle: opened, running, reviewed, closed with its scores frozen."""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Mapping
from datetime import date, datetime
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
    read_settings,
    today_option,
)

if TYPE_CHECKING:
    from okrsync.okr.closing import Closing
    from okrsync.okr.cycles import Calendar
    from okrsync.okr.lifecycle import CycleState
    from okrsync.sync_engine.runner import View
    from okrsync.sync_engine.workspace import Workspace


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
        known = _known(workspace, seen, day)
        frozen = _closings(workspace)
    calendar = settings.method.calendar
    if as_json:
        print_json(cycles_json(known, frozen, seen, day, calendar))
    else:
        print_lines(cycles_lines(known, frozen, seen, day, calendar))


@command.command("open")
@click.argument("name")
@config_option
@today_option
def open_(name: str, config: Path | None, today: datetime | None) -> None:
    """Publish a cycle: its goals are agreed, and changed targets are told from now on.

    Two cycles may be open at once, one running while the next is drafted and published.

    Example: okrsync cycle open 2026-Q2
    """
    from okrsync.okr.lifecycle import publish
    from okrsync.reports.cycles import opened_lines
    from okrsync.sync_engine import closings
    from okrsync.sync_engine.runner import view

    settings = read_settings(config)
    with open_workspace(settings, today) as workspace:
        day = workspace.today()
        state = _state(_known(workspace, view(workspace), day), name, settings.method.calendar)
        try:
            published = publish(state, day)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        with workspace.store.begin() as connection:
            closings.save(connection, published, getpass.getuser(), workspace.now())
        known = _known(workspace, view(workspace), day)
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
        desk = _Desk(workspace, name)
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
        desk = _Desk(workspace, name)
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
@today_option
def note(name: str, key: str, text: str, config: Path | None, today: datetime | None) -> None:
    """Add why a score was low, or what was learnt, to a closed cycle. Its scores stay as they are.

    KEY is a key result or an objective; a second note replaces the first.

    Example: okrsync cycle note 2026-Q1 ACME-HR-O1-KR1 "the tool came late"
    """
    from okrsync.commands.find import entity_named
    from okrsync.okr.closing import with_words

    with open_workspace(read_settings(config), today) as workspace:
        desk = _Desk(workspace, name)
        if desk.frozen is None:
            raise click.UsageError(f"{desk.state.cycle.name} is not closed yet; give reasons when closing it")
        entity = entity_named(desk.view, key)
        try:
            told = with_words(desk.frozen, {entity.id: text})
        except ValueError:
            raise click.UsageError(f"{key} took no part in {desk.state.cycle.name}") from None
        desk.keep(desk.state, told)
    left = len(told.reasons_asked)
    rest = f"; {left} low scores still have no reason" if left else ""
    print_lines([f"Noted{rest}. okrsync cycle report {desk.state.cycle.name} prints the retrospective."])


class _Desk:
    """One cycle of a workspace, about to be closed or looked at again."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        from okrsync.sync_engine.runner import view

        self.workspace = workspace
        self.view = view(workspace)
        self.day = workspace.today()
        self.method = workspace.settings.method
        known = _known(workspace, self.view, self.day)
        self.state = _state(known, name, self.method.calendar)
        self.earlier = _closings(workspace)
        call = names_of(self.view)
        self.keys = {each: call(each) for each in self.view.entities}

    @property
    def frozen(self) -> Closing | None:
        """Its closing, where it was closed."""
        same = [each for each in self.earlier if each.cycle == self.state.cycle]
        return same[0] if same else None

    def refuse_closed(self) -> None:
        """A closed cycle stays as it was frozen. Raises click.UsageError."""
        from okrsync.okr.lifecycle import close_state

        try:
            close_state(self.state, self.day)
        except ValueError as error:
            raise click.UsageError(str(error)) from None

    def words(self, reasons: Iterable[str], file: Path | None) -> dict[str, str]:
        """People's words by entity id. Raises click.UsageError or ConfigError."""
        from okrsync.commands.find import entity_named

        given = dict(_pairs(reasons))
        typed = {**(_read(file) if file is not None else {}), **given}
        return {entity_named(self.view, key).id: text for key, text in typed.items()}

    def close(self, words: Mapping[str, str]) -> Closing:
        """The closing as of today. Raises click.UsageError while the cycle runs."""
        from okrsync.okr.closing import close

        seen = self.view
        try:
            return close(
                seen.entities, self.state.cycle, self.day, self.method, seen.series, words, self.earlier
            )
        except ValueError as error:
            raise click.UsageError(f"{error}; okrsync tree shows where it stands") from None

    def save(self, closing: Closing) -> None:
        """Keep the scores for good."""
        from okrsync.okr.lifecycle import close_state

        self.keep(close_state(self.state, self.day), closing)

    def keep(self, state: CycleState, closing: Closing) -> None:
        """Store the cycle with its closing."""
        from okrsync.sync_engine import closings

        with self.workspace.store.begin() as connection:
            closings.save(connection, state, getpass.getuser(), self.workspace.now(), closing)


def _known(workspace: Workspace, view: View, day: date) -> tuple[CycleState, ...]:
    """Every cycle: those people decided about, and those that goals or the settings name."""
    from okrsync.okr.cycles import find, running
    from okrsync.okr.lifecycle import CycleState, following
    from okrsync.okr.reading import read_text
    from okrsync.sync_engine import closings

    with workspace.store.begin() as connection:
        states = closings.states(connection)
    calendar = workspace.settings.method.calendar
    names = sorted({name for each in view.entities.values() if (name := read_text(each, "cycle"))})
    now = running(day, calendar)
    cycles = [*calendar.named.values(), now, *(find(name, calendar) for name in names)]
    cycles.append(following(now, calendar))
    found = {(state.cycle.start, state.cycle.end): state for state in states}
    for cycle in cycles:
        if cycle is not None:
            found.setdefault((cycle.start, cycle.end), CycleState(cycle))
    return tuple(found[dates] for dates in sorted(found))


def _state(known: Iterable[CycleState], name: str, calendar: Calendar) -> CycleState:
    from okrsync.okr.cycles import find
    from okrsync.okr.lifecycle import CycleState

    cycle = find(name, calendar)
    if cycle is None:
        raise click.UsageError(
            f"{name!r} says no dates; write one such as 2026-Q1 or a name of cycles.custom"
        )
    same = [s for s in known if (s.cycle.start, s.cycle.end) == (cycle.start, cycle.end)]
    return same[0] if same else CycleState(cycle)


def _closings(workspace: Workspace) -> tuple[Closing, ...]:
    from okrsync.sync_engine import closings

    with workspace.store.begin() as connection:
        return closings.closings(connection)


def _pairs(reasons: Iterable[str]) -> Iterable[tuple[str, str]]:
    for each in reasons:
        key, sign, text = each.partition("=")
        if not (sign and key.strip() and text.strip()):
            raise click.UsageError(f"{each!r}: write --reason KEY=TEXT")
        yield key.strip(), text.strip()


def _read(file: Path) -> dict[str, str]:
    from okrsync.config.document import parse

    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{file} cannot be read: {error}") from None
    data = parse(text, file.name).data
    if not isinstance(data, dict):
        raise click.UsageError(f"{file.name}: write one line `KEY: text` for each reason")
    return {key: str(text) for key, text in data.items() if text is not None}


def _refuse_unexplained(desk: _Desk, closing: Closing, allowed: bool) -> None:
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

    return [*summary_lines(closing), f"Closed, its scores are frozen. The retrospective is in {path}."]


def _preview(desk: _Desk, closing: Closing) -> list[str]:
    from okrsync.reports.retrospective import closing_lines, reasons_lines

    late = desk.state.locked_from(desk.method.calendar)
    lines = [*closing_lines(closing), *reasons_lines(closing, desk.keys)]
    if desk.day < late:
        lines.append(f"Late values would count until {late}, exclusive: close it then, or now with --yes.")
    return [*lines, "Nothing was changed. --yes freezes these scores and writes the retrospective."]
