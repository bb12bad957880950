"""The measurement as people and programs read it, and whether it keeps what is promised.

Arrives: lines. Leaves: a table with the sum behind every minimum, the same as JSON, and the promises broken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from benchmarks.requests.jobs import FIRST, NOTHING, Line

MOST_FOR_NOTHING = 6
"""Requests of a run in which nothing changed, in all: one Jira scope, two data sources, one spreadsheet."""
MOST_FOR_FIRST = Decimal("1.10")
"""Times the minimum, for everything that is read the first time."""
_HEAD = ("job", "service", "ours", "minimum", "ratio", "bytes", "how the minimum is made up")
_WIDTHS = (-28, -7, 6, 7, 5, 13, -1)
"""Of the columns; those of words begin at the left."""


def broken(lines: Sequence[Line]) -> list[str]:
    """The promises that do not hold, in words."""
    found = []
    nothing = sum(line.ours for line in lines if line.job == NOTHING)
    if nothing > MOST_FOR_NOTHING:
        found.append(f"{NOTHING}: {nothing} requests, promised are at most {MOST_FOR_NOTHING}")
    first = [line for line in lines if line.job == FIRST]
    ours, least = sum(line.ours for line in first), sum(line.least.requests for line in first)
    if ours > MOST_FOR_FIRST * least:
        found.append(f"{FIRST}: {ours} requests, promised are at most {MOST_FOR_FIRST} times {least}")
    return found


def text(jobs: Iterable[Sequence[Line]]) -> Iterator[str]:
    """A table that grows with the jobs, with a line for all services below each."""
    yield _shown(_HEAD)
    for lines in jobs:
        for line in lines:
            least = line.least
            yield _shown(_row(line.job, line.service, line.ours, least.requests, line.size, least.formula))
        ours, fewest = sum(line.ours for line in lines), sum(line.least.requests for line in lines)
        yield _shown(_row(lines[0].job, "all", ours, fewest, sum(line.size for line in lines), ""))


def as_json(lines: Sequence[Line]) -> dict[str, Any]:
    """The lines and the broken promises for programs."""
    shown = [
        {
            "job": line.job,
            "service": line.service,
            "ours": line.ours,
            "minimum": line.least.requests,
            "ratio": _ratio(line.ours, line.least.requests),
            "bytes": line.size,
            "formula": line.least.formula,
        }
        for line in lines
    ]
    return {"lines": shown, "broken": broken(lines)}


def _shown(row: Sequence[str]) -> str:
    cells = [
        cell.rjust(width) if width > 0 else cell.ljust(-width)
        for cell, width in zip(row, _WIDTHS, strict=True)
    ]
    return "  ".join(cells).rstrip()


def _row(job: str, service: str, ours: int, least: int, size: int, formula: str) -> tuple[str, ...]:
    return job, service, str(ours), str(least), _ratio(ours, least), f"{size:,}", formula


def _ratio(ours: int, least: int) -> str:
    return str((Decimal(ours) / Decimal(least)).quantize(Decimal("0.01")))
