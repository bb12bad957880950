"""`okrsync conflicts`: edits that contradict each other, and deciding them."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
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
)

if TYPE_CHECKING:
    from okrsync.okr.values import Value
    from okrsync.sync_engine.runner import View
    from okrsync.sync_engine.state import Link, OpenConflict
    from okrsync.sync_engine.workspace import Workspace


@click.group(invoke_without_command=True)
@click.pass_context
@config_option
@json_option
def command(ctx: click.Context, config: Path | None, as_json: bool) -> None:
    """List conflicts: every value with its place. Nothing of a contested field is written meanwhile.

    Example: okrsync conflicts resolve 3f2a91c0 --take notion
    """
    if ctx.invoked_subcommand is not None:
        return
    from okrsync.reports.data import conflict_json
    from okrsync.reports.status import conflict_lines
    from okrsync.sync_engine.runner import view

    with open_workspace(read_settings(config)) as workspace:
        seen = view(workspace)
    names = names_of(seen)
    found = _in_order(seen)
    if as_json:
        print_json([conflict_json(seen, each, names) for each in found])
        return
    lines = [line for each in found for line in conflict_lines(seen, each, names)]
    hint = "Decide with: okrsync conflicts resolve ID --take COLLECTION, or --value VALUE"
    print_lines([*lines, click.style(hint, dim=True)] if lines else ["No conflicts."])


@command.command()
@click.argument("conflict")
@config_option
@json_option
def show(conflict: str, config: Path | None, as_json: bool) -> None:
    """Show one conflict: what was agreed before, every side's value, who edited it last and when.

    Example: okrsync conflicts show 3f2a91c0
    """
    from okrsync.reports.data import conflict_json
    from okrsync.reports.status import conflict_detail
    from okrsync.sync_engine.runner import view

    with open_workspace(read_settings(config)) as workspace:
        seen = view(workspace)
    found, names = _find(seen, conflict), names_of(seen)
    if as_json:
        print_json(conflict_json(seen, found, names))
    else:
        print_lines(conflict_detail(seen, found, names))


@command.command()
@click.argument("ids", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All open ones that the taken side takes part in.")
@click.option("--field", metavar="FIELD", help="With --all: only conflicts of this field.")
@click.option(
    "--take",
    metavar="COLLECTION",
    help="Take this tool's value; `okrsync` is the model's.",
)
@click.option("--value", help="Take this value instead.")
@config_option
@json_option
def resolve(
    ids: tuple[str, ...],
    every: bool,
    field: str | None,
    take: str | None,
    value: str | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """Decide conflicts. The next sync writes the decision; if somebody edits before, it asks again.

    Example: okrsync conflicts resolve --all --field title --take notion
    """
    from okrsync.reports.data import conflict_json
    from okrsync.sync_engine.runner import view

    _check_call(ids, every, field, take, value)
    with open_workspace(read_settings(config)) as workspace:
        seen = view(workspace)
        picked = _picked(seen, field, take) if every else [_find(seen, each) for each in ids]
        _decide(workspace, [(each, _chosen(seen, each, take, value)) for each in picked])
        after = view(workspace)
    if as_json:
        decided = [after.state.conflicts[each.entity, each.field] for each in picked]
        print_json([conflict_json(after, each, names_of(after)) for each in decided])
        return
    left = sum(not each.resolved for each in after.state.conflicts.values())
    print_lines([f"Decided {len(picked)}, {left} left. Run okrsync plan to see what the next sync writes."])


def _check_call(
    ids: tuple[str, ...], every: bool, field: str | None, take: str | None, value: str | None
) -> None:
    """Raises UsageError for options that do not belong together."""
    if (take is None) == (value is None):
        raise click.UsageError("give --take COLLECTION or --value VALUE, one of the two")
    if every == bool(ids):
        raise click.UsageError("give the ids of conflicts, or --all")
    if every and take is None:
        raise click.UsageError("--all takes a side with --take; one --value would hardly suit all")
    if field is not None and not every:
        raise click.UsageError("--field belongs to --all")


def _decide(workspace: Workspace, decisions: Sequence[tuple[OpenConflict, Value]]) -> None:
    """Note all decisions, or none; a saved plan is out of date from then on."""
    from okrsync.sync_engine import conflicts, rows
    from okrsync.sync_engine import lease as leases

    lease = leases.take(workspace.store, workspace.wall())
    with leases.ending(lease), lease.begin(workspace.wall()) as connection:
        for found, decision in decisions:
            conflicts.resolve(connection, found.id, decision, getpass.getuser())
        rows.bump_serial(connection)


def _in_order(view: View) -> list[OpenConflict]:
    """By what people call the entity, then by field."""
    names = names_of(view)
    return sorted(view.state.conflicts.values(), key=lambda each: (names(each.entity), each.field, each.id))


def _picked(view: View, field: str | None, take: str | None) -> list[OpenConflict]:
    """The undecided conflicts in which the taken side takes part."""
    return [
        each
        for each in _in_order(view)
        if not each.resolved and field in (None, each.field) and take in _by_word(view, each)
    ]


def _find(view: View, prefix: str) -> OpenConflict:
    found = [c for c in view.state.conflicts.values() if c.id.startswith(prefix)]
    if len(found) != 1:
        raise click.UsageError(f"{'no' if not found else 'more than one'} conflict begins with {prefix!r}")
    return found[0]


def _chosen(view: View, conflict: OpenConflict, take: str | None, value: str | None) -> Value:
    if value is not None:
        return _typed(view, conflict, value)
    by_word = _by_word(view, conflict)
    if take is None or take not in by_word:
        raise click.UsageError(f"{take!r} takes no part in it; it is between {', '.join(sorted(by_word))}")
    return by_word[take]


def _by_word(view: View, conflict: OpenConflict) -> dict[str, Value]:
    """Each value by the collection it stands in, and by the connection where only one value stands there."""
    found: dict[str, Value] = {}
    connections: dict[str, list[Value]] = {}
    for side, held in conflict.sides.items():
        link = view.state.links.get(side) or _origin(view, conflict)
        if link is not None:
            connections.setdefault(link.connection, []).append(held)
            found[link.collection] = held
        if side not in view.state.links:
            found[side] = held
    return {name: values[0] for name, values in connections.items() if len(values) == 1} | found


def _origin(view: View, conflict: OpenConflict) -> Link | None:
    """Where the model's own value came from."""
    held = view.state.canonical.get((conflict.entity, conflict.field))
    return view.state.links.get(held.origin) if held else None


def _typed(view: View, conflict: OpenConflict, value: str) -> Value:
    """A value typed on the command line, as the field's normal form."""
    from okrsync.mappings.typed import from_text
    from okrsync.okr.model import FIELDS

    spec = FIELDS[view.state.entities[conflict.entity].kind][conflict.field]
    try:
        return from_text(spec, value)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
