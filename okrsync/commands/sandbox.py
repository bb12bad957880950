"""`okrsync sandbox`: imitations of Jira, Notion and Google Sheets to practise on, until Ctrl-C.

Arrives: which companies, where to put the admin's file, which ports. Leaves: a folder from which every other
command works at once, and running services. The state can be kept in a file from one time to the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from okrsync.commands.common import print_lines
from okrsync.sandbox.world.companies import COMPANIES

if TYPE_CHECKING:
    from okrsync.sandbox.server import Sandbox
    from okrsync.sandbox.world import World

ALL = "all"
_SERVICES = ("jira", "notion", "sheets", "admin")
_OPENS = time(9)
"""The time of day the sandbox's clock starts at, UTC."""
_README = """\
okrsync.yaml and the credentials of a sandbox: imitated tools on this machine, no real accounts.
Written anew whenever `okrsync sandbox` starts. While it runs, in this folder: okrsync plan --today {day}
Without --state the tools start afresh each time: then delete okrsync.db too, it remembers the former ones.
"""


@click.command()
@click.option(
    "--company",
    type=click.Choice([*(each.slug for each in COMPANIES), ALL], case_sensitive=False),
    default="acme",
    show_default=True,
    help="Whose OKRs the tools hold.",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("okrsync-sandbox"),
    show_default=True,
    help="Where okrsync.yaml and its secrets are written.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_532),
    default=8730,
    show_default=True,
    help="The first of four ports in a row; 0 takes free ones.",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Go on from this file if it exists, and save to it at the end.",
)
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    default="2026-02-09",
    show_default=True,
    help="The day it is in the tools at the start; a saved state knows its own.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON once everything listens.")
def command(
    company: str, folder: Path, port: int, state: Path | None, today: datetime, as_json: bool
) -> None:
    """Run imitations of Jira, Notion and Google Sheets on this machine, filled with example OKRs.

    Real clients can talk to them. Ends with Ctrl-C.

    Example: okrsync sandbox --company meshworks --state sandbox.json
    """
    from okrsync.sandbox.clock import VirtualClock
    from okrsync.sandbox.server import Sandbox
    from okrsync.sandbox.world import build

    clock = VirtualClock(datetime.combine(today, _OPENS, UTC), running=True)
    world = build(None if company == ALL else [company], clock)
    sandbox = Sandbox(world.services, clock=clock, ports=_ports(port))
    _go_on_from(state, sandbox)
    with _listening(sandbox):
        configs = write_folder(folder, world, sandbox.urls, clock())
        with _saved(sandbox, state), suppress(KeyboardInterrupt):
            if as_json:
                click.echo(json.dumps(_as_json(sandbox.urls, configs, clock())))
            else:
                print_lines(_as_text(sandbox.urls, configs, clock()))
            sandbox.wait()


def write_folder(folder: Path, world: World, urls: Mapping[str, str], now: datetime) -> dict[str, Path]:
    """Write okrsync.yaml, its secrets and a README; gives the path of each company's okrsync.yaml.

    Several companies get a folder each. Raises click.UsageError when the world lacks a company or the folder
    cannot be written.
    """
    several = len(world.companies) > 1
    try:
        return {
            each.slug: _write_company(folder / each.slug if several else folder, world, each.slug, urls, now)
            for each in world.companies
        }
    except KeyError as error:
        raise click.UsageError(f"{error.args[0]}; the state was saved for another --company") from None
    except OSError as error:
        raise click.UsageError(f"{error.filename} cannot be written: {error.strerror}") from None


def _write_company(folder: Path, world: World, name: str, urls: Mapping[str, str], now: datetime) -> Path:
    config = folder / "okrsync.yaml"
    text = world.config(name, urls)
    (folder / "secrets").mkdir(parents=True, exist_ok=True)
    for path, secret in world.credentials(urls).files().items():
        (folder / path).write_text(secret + "\n", encoding="utf-8")
    config.write_text(text, encoding="utf-8")
    (folder / "README").write_text(_README.format(day=now.date()), encoding="utf-8")
    return config


def _ports(first: int) -> dict[str, int]:
    return {} if first == 0 else {name: first + at for at, name in enumerate(_SERVICES)}


def _go_on_from(state: Path | None, sandbox: Sandbox) -> None:
    if state is None or not state.exists():
        return
    try:
        sandbox.load(json.loads(state.read_text("utf-8")))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise click.UsageError(f"{state} is not a saved sandbox: {error}") from None


@contextmanager
def _saved(sandbox: Sandbox, state: Path | None) -> Iterator[None]:
    """Save the state however the sandbox ends; the file is whole at any moment."""
    try:
        yield
    finally:
        if state is not None:
            unfinished = state.with_name(f"{state.name}.part")
            unfinished.write_text(json.dumps(sandbox.call(sandbox.dump)), encoding="utf-8")
            unfinished.replace(state)


@contextmanager
def _listening(sandbox: Sandbox) -> Iterator[None]:
    try:
        sandbox.start()
    except OSError as error:
        raise click.UsageError(f"{error.strerror}; name another --port, or 0 for free ones") from None
    try:
        yield
    finally:
        sandbox.stop()


def _as_json(urls: Mapping[str, str], configs: Mapping[str, Path], now: datetime) -> dict[str, object]:
    files = {name: str(path.resolve()) for name, path in configs.items()}
    return {"urls": dict(urls), "configs": files, "today": now.date().isoformat()}


def _as_text(urls: Mapping[str, str], configs: Mapping[str, Path], now: datetime) -> Iterator[str]:
    for name in ("jira", "notion", "sheets"):
        yield f"{name:<7} {urls[name]}"
    yield f"{'admin':<7} {urls['admin']}  (people's edits, faults, the clock, the request log)"
    yield f"In the tools it is {now.date()}. Beside this, run:"
    for path in configs.values():
        yield f"  okrsync plan --config {path} --today {now.date()}"
    yield "Ctrl-C ends the sandbox."
