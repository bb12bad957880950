"""Past runs for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from okrsync.reports.lines import columns, dim


def runs_lines(runs: Sequence[Mapping[str, Any]]) -> list[str]:
    """One line per run, the latest first."""
    return columns(
        (
            (
                run["id"][:8],
                run["started_at"],
                run["command"],
                str(run["outcome"] or "did not end"),
                dim(f"{run['written']} written, {run['adopted']} taken over, {run['requests']} requests"),
            )
            for run in runs
        ),
        indent=0,
    )
