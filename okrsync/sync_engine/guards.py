"""Guards: reasons to stop before the first write (I7). Pure: a plan and the policies in, trips out.

A tripped guard leaves the plan for a person to read and approve; nothing of it is applied, not even in
part, because a plan that surprises is most often a sign that the input was wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from okrsync.sync_engine.plan import Plan

EMPTIED = "MANY_MISSING"
"""The finding of a collection that suddenly lacks many records."""


@dataclass(frozen=True)
class Limits:
    """What a run may do unasked."""

    plan_only_first: bool = True
    stop_when_emptied: bool = True
    """A collection that suddenly lacks many records stops the whole run."""
    max_changes: int | None = 200
    """Remote fields per run; `None` when a person has seen the plan."""
    max_creates: int | None = 20
    """New records per run; `None` as above."""


SEEN = Limits(plan_only_first=False, stop_when_emptied=False, max_changes=None, max_creates=None)
"""For a plan that a person has seen."""


@dataclass(frozen=True)
class Trip:
    """One guard that says stop: which, why."""

    guard: str
    message: str


def guard(plan: Plan, limits: Limits, applied: Collection[str]) -> tuple[Trip, ...]:
    """Every reason not to apply this plan unasked. `applied`: collections that were written to before."""
    trips = []
    counts = Counter(op.collection for op in plan.ops)
    first = sorted(name for name in counts if name not in applied)
    if first and limits.plan_only_first:
        total = sum(len(op.changes) for op in plan.ops if op.collection in first)
        trips.append(
            Trip(
                "first_run",
                f"first writes to {', '.join(first)} ({total} fields): look at the plan before it is applied",
            )
        )
    emptied = [finding for finding in plan.findings if finding.code == EMPTIED]
    if emptied and limits.stop_when_emptied:
        trips.append(Trip("max_missing", f"{emptied[0].place}: {emptied[0].message}"))
    if limits.max_changes is not None and plan.changes > limits.max_changes:
        trips.append(
            Trip(
                "max_changes",
                f"{plan.changes} fields would change; policies.max_changes allows {limits.max_changes}",
            )
        )
    creates = sum(1 for op in plan.ops if op.creates)
    if limits.max_creates is not None and creates > limits.max_creates:
        what = f"{creates} records would be created; policies.max_creates allows {limits.max_creates}"
        trips.append(Trip("max_creates", what))
    return tuple(trips)
