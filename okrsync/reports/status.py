"""The state of a workspace for people: the last run, what needs a person, how fresh each source is."""

from __future__ import annotations

from dataclasses import dataclass

from okrsync.okr.values import Unreadable
from okrsync.reports.lines import alert, columns, dim, good, heading
from okrsync.reports.words import Names, clean, count, shorten, show
from okrsync.sync_engine.merge import OKRSYNC
from okrsync.sync_engine.runner import View
from okrsync.sync_engine.state import LinkState, OpenConflict


@dataclass(frozen=True)
class LastRun:
    """How the latest run ended."""

    id: str
    command: str
    at: str
    outcome: str


def status_lines(view: View, last: LastRun | None, names: Names) -> list[str]:
    """The workspace in a few lines."""
    if last is None:
        return ["Nothing was synced yet. Try okrsync plan."]
    waiting = [c for c in view.state.conflicts.values() if not c.resolved]
    lines = [f"Last run: {last.command}, {last.outcome}, {last.at}"]
    lines += columns(_sources(view))
    lines += [good("No open conflicts.")] if not waiting else _conflicts(view, waiting, names)
    missing = [link for link in view.state.links.values() if link.state is LinkState.MISSING]
    if missing:
        lines.append(
            alert(f"{count(len(missing), 'record')} not seen any more (nothing was deleted for it):")
        )
        lines += [f"  {shorten(link.place, 90)}" for link in missing[:5]]
    if view.state.unsettled:
        lines.append(alert(f"{count(len(view.state.unsettled), 'write')} not confirmed yet"))
    return lines


def _sources(view: View) -> list[tuple[str, str]]:
    found = []
    for name in sorted(view.state.collections):
        links = [k for k in view.state.links.values() if k.collection == name and k.state is LinkState.LINKED]
        unreadable = sum(
            1
            for (link, _), look in view.state.observed.items()
            if view.state.links[link].collection == name and isinstance(look.seen, Unreadable)
        )
        remark = dim(f", {count(unreadable, 'value')} unreadable") if unreadable else ""
        found.append((name, f"{count(len(links), 'record')}{remark}"))
    return found


def _conflicts(view: View, waiting: list[OpenConflict], names: Names) -> list[str]:
    lines = [heading(alert(count(len(waiting), "open conflict")))]
    for conflict in sorted(waiting, key=lambda c: c.id):
        lines += conflict_lines(view, conflict, names)
    return lines


def conflict_lines(view: View, conflict: OpenConflict, names: Names) -> list[str]:
    """One conflict: whose field, and every value with its place."""
    entity = view.entities.get(conflict.entity)
    title = shorten(str(entity.get("title") or names(conflict.entity)), 60) if entity else conflict.entity
    rows = []
    for side, value in sorted(conflict.sides.items()):
        link = view.state.links.get(side)
        look = view.state.observed.get((side, conflict.field))
        place = _origin(view, conflict) if side == OKRSYNC else (look.place if look else side)
        word = "okrsync" if side == OKRSYNC else (link.collection if link else side)
        rows.append((word, show(value, names), dim(clean(place))))
    decided = (
        dim(f"  decided: {show(conflict.resolution, names)}, applied by the next sync")
        if conflict.resolved
        else ""
    )
    return [f"  {dim(conflict.id[:8])} {title} · {conflict.field}{decided}", *columns(rows, indent=4)]


def conflict_detail(view: View, conflict: OpenConflict, names: Names) -> list[str]:
    """One conflict with what was agreed before it, and who edited each side last."""
    lines = conflict_lines(view, conflict, names)
    lines.append(f"    open since {conflict.opened_at}")
    for side in sorted(conflict.sides):
        link = view.state.links.get(side)
        if link is None:
            continue
        base = view.state.base.get((side, conflict.field))
        before = f"agreed before: {show(base.shown, names)}" if base else "nothing was agreed before"
        who = f"last edited {link.edited_at or 'at an unknown time'} by {link.edited_by or 'somebody'}"
        lines.append(f"    {link.collection}: {before}; {dim(clean(who))}")
        if link.url:
            lines.append(dim(f"      {clean(link.url)}"))
    return lines


def _origin(view: View, conflict: OpenConflict) -> str:
    """The model's own value, with the place it was read from."""
    held = view.state.canonical.get((conflict.entity, conflict.field))
    look = view.state.observed.get((held.origin, conflict.field)) if held else None
    return f"the model's value, from {look.place}" if look else "the model's value"
