"""The measurement as people and programs read it, and whether it keeps what is promised.

Arrives: lines. Leaves: a table with the sum behind every minimum, the same as JSON, and the promises broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from benchmarks.requests.jobs import FIRST, NOTHING, Line

MOST_FOR_NOTHING = 6
"""Requests of a run in which nothing changed, in all: one Jira scope, two data sources, one spreadsheet."""
MOST_FOR_FIRST = Decimal("1.10")
"""Times the minimum, for everything that is read the first time."""
_HEAD = ("job", "service", "ours", "minimum", "ratio", "bytes", "how the minimum is made up")


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


def text(lines: Sequence[Line]) -> Iterator[str]:
    """A table, with a line for all services below each job."""
    rows = [_HEAD, *(row for job in _jobs(lines) for row in _rows(lines, job))]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEAD) - 1)]
    for row in rows:
        cells = [
            cell.ljust(width) if at < 2 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=False))
        ]
        yield "  ".join([*cells, row[-1]]).rstrip()


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


def _jobs(lines: Sequence[Line]) -> list[str]:
    return list(dict.fromkeys(line.job for line in lines))


def _rows(lines: Sequence[Line], job: str) -> Iterator[tuple[str, ...]]:
    its = [line for line in lines if line.job == job]
    for line in its:
        yield _row(job, line.service, line.ours, line.least.requests, line.size, line.least.formula)
    ours, least = sum(line.ours for line in its), sum(line.least.requests for line in its)
    yield _row(job, "all", ours, least, sum(line.size for line in its), "")


def _row(job: str, service: str, ours: int, least: int, size: int, formula: str) -> tuple[str, ...]:
    return job, service, str(ours), str(least), _ratio(ours, least), f"{size:,}", formula


def _ratio(ours: int, least: int) -> str:
    return str((Decimal(ours) / Decimal(least)).quantize(Decimal("0.01")))
