"""What commands share: options, opening the workspace, progress for people, results on stdout."""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from okrsync.config.settings import Settings
    from okrsync.reports.words import Names
    from okrsync.sync_engine.plan import Plan
    from okrsync.sync_engine.runner import Hooks, View
    from okrsync.sync_engine.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])


def config_option(command: F) -> F:
    """`--config`: which admin's file."""
    return click.option(
        "--config",
        "config",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The admin's file. Default: $OKRSYNC_CONFIG, or okrsync.yaml here or in a folder above.",
    )(command)


def json_option(command: F) -> F:
    """`--json`: for programs."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")(command)


def today_option(command: F) -> F:
    """`--today`: which day expectations are computed for."""
    return click.option(
        "--today",
        type=click.DateTime(["%Y-%m-%d"]),
        help="Compute as if it were this day. For practice and tests.",
    )(command)


def as_of_option(command: F) -> F:
    """`--as-of`: the past."""
    return click.option(
        "--as-of",
        "as_of",
        type=click.DateTime(["%Y-%m-%d"]),
        help="As it was at the end of this past day, from what was seen.",
    )(command)


def day_of(moment: datetime | None) -> date | None:
    """The day an option names."""
    return moment.date() if moment is not None else None


def read_settings(config: Path | None) -> Settings:
    """The admin's file, found and checked. Raises ConfigError."""
    from okrsync.config.find import find
    from okrsync.config.load import load

    return load(find(Path.cwd(), os.environ, config), os.environ)


@contextmanager
def open_workspace(settings: Settings, today: datetime | None = None) -> Iterator[Workspace]:
    """A workspace on the real clock, or on a given day."""
    from okrsync.sync_engine.store import Store
    from okrsync.sync_engine.workspace import Workspace

    workspace = Workspace(settings, Store(settings.store), clock(today), lambda: uuid.uuid4().hex)
    with workspace:
        yield workspace


def clock(today: datetime | date | None) -> Callable[[], datetime]:
    """The real clock, or one whose day is fixed while its time of day is real."""
    if today is None:
        return lambda: datetime.now(UTC)
    return lambda: datetime.combine(today, datetime.now(UTC).time(), UTC)


def noon(day: date) -> datetime:
    """The middle of a day, in UTC."""
    return datetime.combine(day, time(12), UTC)


def names_of(view: View) -> Names:
    """Entity ids as people call them: the key, or the title."""

    def name(entity_id: str) -> str:
        entity = view.entities.get(entity_id)
        if entity is None:
            return entity_id
        return entity.key or str(entity.get("title") or entity_id)

    return name


def print_lines(lines: Iterable[str]) -> None:
    """The result, for people."""
    for line in lines:
        click.echo(line)


def print_json(data: object) -> None:
    """The result, for programs."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


@contextmanager
def progress() -> Iterator[Hooks]:
    """Progress on stderr while it is a terminal: a spinner while reading, a bar while writing."""
    from okrsync.sync_engine.runner import Hooks

    if not sys.stderr.isatty():
        yield Hooks()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def planned(plan: Plan) -> None:
            bar.update(task, description="writing", total=len(plan.ops), completed=0)

        yield Hooks(
            looking=lambda what: bar.update(task, description=what),
            writing=lambda number: bar.advance(task, number),
            planned=planned,
        )
