"""One cycle of a workspace as `okrsync cycle` looks at it: its state, its closing, what is kept of both.

A workspace and a cycle's name arrive; closings and decisions leave, each decision on record. Separate from
the commands, which only say what is asked and what came of it.
"""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from okrsync.commands.common import names_of

if TYPE_CHECKING:
    from okrsync.okr.closing import Closing
    from okrsync.okr.cycles import Calendar
    from okrsync.okr.lifecycle import CycleState
    from okrsync.sync_engine.runner import View
    from okrsync.sync_engine.workspace import Workspace


class Desk:
    """One cycle of a workspace, about to be closed or looked at again."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        from okrsync.sync_engine.runner import view

        self.workspace = workspace
        self.view = view(workspace)
        self.day = workspace.today()
        self.method = workspace.settings.method
        known = known_cycles(workspace, self.view, self.day)
        self.state = cycle_named(known, name, self.method.calendar)
        self.earlier = frozen_cycles(workspace)
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

        self.keep(close_state(self.state, self.day), closing, "cycle close")

    def reopen(self, closing: Closing, why: str) -> None:
        """Let the scores follow the values again; the frozen ones stay on record."""
        from okrsync.okr.lifecycle import reopen_state
        from okrsync.sync_engine.closings import as_text

        self.keep(reopen_state(self.state), None, "cycle reopen", why=why, frozen=as_text(closing))

    def keep(self, state: CycleState, closing: Closing | None, decision: str, **told: str) -> None:
        """Store the cycle with its closing, and the decision among the runs."""
        from okrsync.sync_engine import closings

        by, now = getpass.getuser(), self.workspace.now()
        note = {"cycle": state.cycle.name, "by": by, "why": "", **told}
        with self.workspace.store.begin() as connection:
            closings.save(connection, state, by, now, closing)
            closings.note(connection, self.workspace.new_id(), decision, note, now)


def known_cycles(workspace: Workspace, view: View, day: date) -> tuple[CycleState, ...]:
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


def cycle_named(known: Iterable[CycleState], name: str, calendar: Calendar) -> CycleState:
    from okrsync.okr.cycles import find
    from okrsync.okr.lifecycle import CycleState

    cycle = find(name, calendar)
    if cycle is None:
        raise click.UsageError(
            f"{name!r} says no dates; write one such as 2026-Q1 or a name of cycles.custom"
        )
    same = [s for s in known if (s.cycle.start, s.cycle.end) == (cycle.start, cycle.end)]
    return same[0] if same else CycleState(cycle)


def frozen_cycles(workspace: Workspace) -> tuple[Closing, ...]:
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
