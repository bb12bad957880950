"""The jobs that are measured: real syncs, one after another, on one world.

Arrives: the running tools. Leaves: for each job and service the requests and bytes the tools saw, beside the
minimum. The counter is the tools' own request log; a run that counted otherwise is an error. Each job is a
run of its own with connections of its own, as a scheduler starts it.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from benchmarks.requests.minimum import Least, first_pull, later_run
from benchmarks.requests.world import Bench
from okrsync.config.load import load
from okrsync.sync_engine.runner import Report, sync
from okrsync.sync_engine.store import Store
from okrsync.sync_engine.workspace import Workspace

FIRST, NOTHING = "first pull", "nothing changed"
SHARE = Decimal("0.01")
_QUIET = 120.0
"""Minutes of quiet before a job: longer than any connector looks back, so that none pays for another."""
_NEXT = 15.0
"""Minutes until a scheduler's next run."""


class BenchError(Exception):
    """The measurement is worth nothing: a run failed, or two counters differ."""


@dataclass(frozen=True)
class Line:
    """One job at one service."""

    job: str
    service: str
    ours: int
    least: Least
    size: int
    """Bytes of all bodies, both ways."""


@dataclass(frozen=True)
class _Seen:
    """One run, by what the tools saw of it."""

    report: Report
    counts: Mapping[str, Mapping[str, int]]

    @property
    def written(self) -> Mapping[str, int]:
        """Records written, by collection."""
        applied = self.report.applied
        return Counter() if applied is None else Counter(op.collection for op in applied.done)

    def lines(self, job: str, least: Mapping[str, Least]) -> Sequence[Line]:
        """The job's lines, one per service."""
        rows = [(service, self.counts[service], fewest) for service, fewest in least.items()]
        return [
            Line(job, service, row["requests"], fewest, row["bytes_in"] + row["bytes_out"])
            for service, row, fewest in rows
        ]


def measure(bench: Bench) -> Iterator[Sequence[Line]]:
    """All jobs in turn, each as its lines once it is done. Raises BenchError."""
    ids, size = itertools.count(), bench.size
    yield _run(bench, ids, approved=False).lines(FIRST, first_pull(size))
    bench.later(_QUIET)
    seen = _run(bench, ids)
    written = seen.written
    yield seen.lines(f"write-back of {sum(written.values())} records", later_run({}, written, size))
    bench.later(_NEXT)
    yield _run(bench, ids).lines("own writes seen again", later_run(written, {}, size))
    bench.later(_QUIET)
    _run(bench, ids)  # the last that meets okrsync's own writes again
    bench.later(_NEXT)
    yield _run(bench, ids).lines(NOTHING, later_run({}, {}, size))
    bench.later(_QUIET)
    edits = bench.people_edit(SHARE)
    bench.later(1)
    seen = _run(bench, ids)
    changed = {"epics": edits["jira"], "key_results": edits["notion"]}
    yield seen.lines("1 % changed", later_run(changed, seen.written, size))


def _run(bench: Bench, ids: Iterator[int], approved: bool = True) -> _Seen:
    bench.sandbox.call(bench.sandbox.log.clear)
    settings = load(bench.config, {})
    store = Store(settings.store)
    with Workspace(settings, store, bench.clock, lambda: f"id{next(ids):08d}") as workspace:
        report = sync(workspace, approved=approved)
    seen = _Seen(report, bench.sandbox.call(bench.sandbox.log.counts))
    _check(seen)
    return seen


def _check(seen: _Seen) -> None:
    """Everything was read and written, and okrsync counted what the tools counted."""
    report = seen.report
    if report.failed:
        raise BenchError(f"not read: {', '.join(report.failed)}: {report.errors[0]}")
    if report.applied is not None and (report.applied.failed or report.applied.unknown):
        raise BenchError(f"not written: {[*report.applied.failed, *report.applied.unknown][0].why}")
    ours = {name: sum(counts.values()) for name, counts in report.requests.items()}
    theirs = {name: counts["requests"] for name, counts in seen.counts.items()}
    if ours != theirs:
        raise BenchError(f"okrsync counted {ours}, the tools {theirs}")
