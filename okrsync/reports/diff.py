"""What changed between two days, for people and programs (S64): values, scores, statuses, lines reached.

What arrives: the changes between two moments of the model and the lines reached between them. What leaves:
what deserves a word of recognition first (S102), then one part for every entity that changed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from itertools import groupby

from okrsync.okr.moments import Change
from okrsync.okr.reached import Reached
from okrsync.reports.data import FORMAT, Json, value_json
from okrsync.reports.lines import columns, dim, good, heading
from okrsync.reports.words import Names, clean, count, shorten, show


def diff_lines(
    changes: Sequence[Change], reached: Sequence[Reached], since: date, until: date, known: Collection[str]
) -> list[str]:
    """The difference, entity by entity; of what was not `known` before only how much there is."""
    told = f"between the end of {since} and the end of {until}"
    if not changes and not reached:
        return [f"Nothing changed {told}."]
    lines = [heading(good("Reached")), *(f"  {clean(each.message())}" for each in reached)] if reached else []
    new = {each.entity for each in changes if each.entity not in known}
    moved = [each for each in changes if each.entity in known]
    parts = [(name, list(group)) for name, group in groupby(moved, key=lambda each: each.name)]
    if new:
        lines += [dim(f"{count(len(new), 'entity', 'entities')} seen for the first time {told}")]
    lines += [dim(f"{count(len(parts), 'entity', 'entities')} changed {told}:")] if parts else []
    for name, found in parts:
        lines += [heading(shorten(name, 90)), *columns((each.field, _change(each)) for each in found)]
    return lines


def _change(change: Change) -> str:
    return f"{shorten(show(change.before), 50)} → {shorten(show(change.after), 50)}"


def diff_json(
    changes: Sequence[Change], reached: Sequence[Reached], since: date, until: date, names: Names
) -> Json:
    """The same for programs."""
    return {
        "format": FORMAT,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "reached": [reached_json(each, names) for each in reached],
        "changes": [
            {
                "entity": names(each.entity),
                "field": each.field,
                "before": value_json(each.before, names),
                "after": value_json(each.after, names),
            }
            for each in changes
        ],
    }


def reached_json(reached: Reached, names: Names) -> Json:
    """One line that was reached."""
    return {
        "entity": names(reached.entity),
        "on": reached.on.isoformat(),
        "line": value_json(reached.line, names),
        "score": value_json(reached.score, names),
        "work": reached.work,
        "message": clean(reached.message()),
    }
