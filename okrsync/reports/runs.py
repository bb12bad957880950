"""Past runs for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from okrsync.reports.lines import columns, dim
from okrsync.reports.words import clean


def runs_lines(runs: Sequence[Mapping[str, Any]]) -> list[str]:
    """One line per run, the latest first."""
    return columns(
        (
            (
                run["id"][:8],
                run["started_at"],
                run["command"],
                str(run["outcome"] or "did not end"),
                dim(_what(run)),
            )
            for run in runs
        ),
        indent=0,
    )


def _what(run: Mapping[str, Any]) -> str:
    """What a run came to, or what was decided, by whom and why."""
    note = run["note"]
    if note is None:
        return f"{run['written']} written, {run['adopted']} taken over, {run['requests']} requests"
    why = f": {clean(note['why'])}" if note["why"] else ""
    return f"{clean(note['cycle'])} by {clean(note['by'])}{why}"
