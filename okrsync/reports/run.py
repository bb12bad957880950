"""A run for people: what was written, what was not and why, and what it cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from okrsync.reports.lines import alert, bad, dim, good
from okrsync.reports.plan import to_look_at
from okrsync.reports.words import clean, count, shorten
from okrsync.sync_engine.apply import Applied, Skipped
from okrsync.sync_engine.runner import Report


def run_lines(report: Report) -> list[str]:
    """The outcome of one run."""
    lines = []
    if report.took_over:
        lines.append(alert(f"Took over from a run that ended without letting go: {clean(report.took_over)}."))
    if report.recovered:
        lines.append(f"Found done after an interruption: {count(report.recovered, 'write')}.")
    lines += _stopped(report) if report.trips else _done(report)
    lines += to_look_at(report.findings, full=False)
    lines.append(dim(cost(report.requests)))
    return lines


def _stopped(report: Report) -> list[str]:
    reasons = [f"  {trip.guard}: {trip.message}" for trip in report.trips]
    return [bad("Stopped before the first write:"), *reasons]


def _done(report: Report) -> list[str]:
    applied = report.applied or Applied()
    where = Counter(op.collection for op in applied.done)
    detail = ", ".join(f"{name} {number}" for name, number in sorted(where.items()))
    lines = [good(f"{count(applied.writes, 'write')}") + (dim(f" (records: {detail})") if detail else "")]
    made = Counter(op.collection for op in applied.done if op.creates)
    if made:
        lines.append(f"Created: {', '.join(f'{name} {number}' for name, number in sorted(made.items()))}")
    lines += _skipped("A person was faster; merged by the next run", applied.superseded)
    lines += _skipped("Not confirmed; checked before anything else by the next run", applied.unknown)
    lines += _skipped("Refused or postponed", applied.failed)
    if report.failed:
        lines.append(bad(f"Could not be read: {', '.join(report.failed)}; nothing of it was changed."))
    if report.open_conflicts:
        lines.append(alert(f"{count(report.open_conflicts, 'conflict')} open: okrsync conflicts"))
    return lines


def _skipped(what: str, skipped: list[Skipped]) -> list[str]:
    """What was not written, one line per reason."""
    by_reason: dict[str, list[str]] = {}
    for each in skipped:
        by_reason.setdefault(clean(each.why), []).append(shorten(each.op.title, 50))
    lines = [alert(f"{what}:")] if skipped else []
    for why, titles in by_reason.items():
        more = f" and {len(titles) - 2} more" if len(titles) > 2 else ""
        lines.append(f"  {', '.join(titles[:2])}{more}: {why}")
    return lines


def cost(requests: Mapping[str, Mapping[str, int]]) -> str:
    """Requests per connection in one line."""
    parts = []
    for name, counts in requests.items():
        detail = ", ".join(f"{number} {what}" for what, number in sorted(counts.items()) if number)
        parts.append(f"{name} {sum(counts.values())}" + (f" ({detail})" if detail else ""))
    return "Requests: " + ("; ".join(parts) if parts else "none")
