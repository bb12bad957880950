"""The runner: one execution from refresh to report, in the order the design gives.

    lease → look → integrate → recover → confirm → merge → compute → plan → guards → apply → report

`plan` stops before guards and apply; `sync` is plan + guards + apply. Commands print the `Report`;
nothing here prints or decides an exit code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from okrsync.okr.compute import Computed, compute
from okrsync.okr.findings import Finding
from okrsync.okr.frozen import Frozen
from okrsync.okr.model import Entity
from okrsync.okr.series import Series
from okrsync.okr.values import Value
from okrsync.sync_engine import closings, journal, rows
from okrsync.sync_engine.absence import Parting, farewells, part_with, prove_absence, prove_return
from okrsync.sync_engine.apply import Applied, Crash, _no_crash, apply_plan
from okrsync.sync_engine.checking_in import make_check_in
from okrsync.sync_engine.confirm import confirm_changes, confirm_unlisted, mark_out_of_reach, recover
from okrsync.sync_engine.creating import grounds, to_read_whole
from okrsync.sync_engine.creation import add_creates
from okrsync.sync_engine.guards import EMPTIED, SEEN, Limits, Trip, guard
from okrsync.sync_engine.hygiene import is_mapped, with_hygiene
from okrsync.sync_engine.integrate import integrate
from okrsync.sync_engine.lease import Lease, take
from okrsync.sync_engine.looks import note_looks, sightings
from okrsync.sync_engine.missing import named
from okrsync.sync_engine.plan import Plan
from okrsync.sync_engine.planfile import SavedPlan, check
from okrsync.sync_engine.planning import make_plan
from okrsync.sync_engine.references import confirm_removals, unreadable
from okrsync.sync_engine.refresh import Asked, Progress, Refreshed, drifted, look_at_all
from okrsync.sync_engine.state import Canonical, Directory, EntityField, State
from okrsync.sync_engine.store import StoreError
from okrsync.sync_engine.undo import make_undo
from okrsync.sync_engine.unify import entities_for, merge_all, series_of, turn_back
from okrsync.sync_engine.workspace import Workspace

MEMORY = timedelta(days=400)
"""How far back computations look: more than a year, so that last year's same cycle is in it."""


Replan = Callable[[Refreshed], Plan]
"""Makes another plan than a sync's from what was seen."""


@dataclass(frozen=True)
class View:
    """The model at one moment: what reports, tree and explain read."""

    state: State
    entities: Mapping[str, Entity]
    computed: Computed
    series: Series = field(default_factory=dict)
    """What is known of the past, for whatever compares two days."""
    frozen: tuple[Frozen, ...] = ()
    """The scores of closed cycles."""


@dataclass
class Report:
    """What one run saw, planned and did."""

    run: str
    plan: Plan
    view: View
    findings: tuple[Finding, ...]
    failed: tuple[str, ...]
    """Collections that could not be read."""
    looked: tuple[str, ...] = ()
    """Collections that were asked for."""
    errors: tuple[Exception, ...] = ()
    """Why they could not be read: the typed errors, for the exit code."""
    trips: tuple[Trip, ...] = ()
    applied: Applied | None = None
    recovered: int = 0
    took_over: str | None = None
    requests: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    open_conflicts: int = 0


@dataclass
class Hooks:
    """How a run talks to its surroundings: progress for people, crash points for tests."""

    looking: Progress = lambda _: None
    writing: Callable[[int], None] = lambda _: None
    planned: Callable[[Plan], None] = lambda _: None
    crash: Crash = _no_crash
    whole: frozenset[str] = frozenset()
    """Collections to read whole, however recent their last whole look is."""


def plan(workspace: Workspace, hooks: Hooks | None = None) -> Report:
    """Look everywhere and say what a sync would do. Writes nothing remotely."""
    return _run(workspace, "plan", hooks or Hooks(), limits=None)


def sync(workspace: Workspace, hooks: Hooks | None = None, approved: bool = False) -> Report:
    """Plan, guard and apply. `approved` passes the guards: a person has seen what they protect."""
    return _run(workspace, "sync", hooks or Hooks(), SEEN if approved else _usual(workspace))


def _usual(workspace: Workspace) -> Limits:
    """The guards of a run nobody watches."""
    policies = workspace.settings.policies
    return Limits(
        plan_only_first=policies.first_run == "plan_only",
        max_changes=policies.max_changes,
        max_creates=policies.max_creates,
    )


def apply_saved(workspace: Workspace, saved: SavedPlan, hooks: Hooks | None = None) -> Report:
    """Apply a plan a person has read, if looking again gives the same plan. Raises PlanRefusedError.

    Records that are not there any more, too many for an unattended run, are let go where the plan names them.
    """
    hooks = hooks or Hooks()
    hooks.whole |= saved.emptied
    return _run(workspace, "apply", hooks, SEEN, saved)


def undo(workspace: Workspace, past: str, dry: bool, hooks: Hooks | None = None) -> Report:
    """Put back what a run changed, wherever the value is still ours; `dry` only says what it would do."""
    limits = None if dry else SEEN

    def replan(refreshed: Refreshed) -> Plan:
        return _undone(workspace, refreshed, past)

    return _run(workspace, "plan" if dry else "undo", hooks or Hooks(), limits, replan=replan)


def check_in(
    workspace: Workspace, said: Mapping[EntityField, Value], by: str, dry: bool, hooks: Hooks | None = None
) -> Report:
    """Carry what somebody said to the tools that hold it; `dry` only says what it would do."""

    def replan(refreshed: Refreshed) -> Plan:
        state, today = refreshed.state, workspace.today().isoformat()
        directory = Directory(state.entities.values(), state.links.values())
        merged = merge_all(state, refreshed.mappings, workspace.rules(), directory)
        return make_check_in(state, refreshed.mappings, directory, merged, said, by, today)

    limits = None if dry else _usual(workspace)
    return _run(workspace, "plan" if dry else "checkin", hooks or Hooks(), limits, replan=replan)


def view(workspace: Workspace, day: date | None = None) -> View:
    """The model as last agreed, or as it was at the end of a past day; no request is sent."""
    with workspace.store.begin() as connection:
        state = rows.load(connection)
        if day is not None:
            moment = workspace.end_of(day)
            state = turn_back(state, rows.as_of(connection, moment))
            state.conflicts = rows.conflicts_at(connection, moment)
    inputs = state.canonical_inputs()
    entities = entities_for(state, inputs)
    today = day or workspace.today()
    series = _past(workspace, inputs, today)
    closed = _closed(workspace)
    computed = compute(entities, today, workspace.settings.method, series, closed)
    return View(state, entities, computed, series, closed)


def _closed(workspace: Workspace) -> tuple[Frozen, ...]:
    """The scores of every closed cycle: they stand, whatever is edited afterwards (S20)."""
    with workspace.store.begin() as connection:
        return tuple(each for closing in closings.closings(connection) for each in closing.frozen())


def _past(workspace: Workspace, values: Mapping[EntityField, Canonical], day: date) -> Series:
    """What was observed until a day, as far back as computations look."""
    with workspace.store.begin() as connection:
        past = rows.past_inputs(connection, workspace.end_of(day - MEMORY))
        seen = sightings(connection, day - MEMORY)
    return series_of(past, values, workspace.day_of, seen)


def _run(
    workspace: Workspace,
    command: str,
    hooks: Hooks,
    limits: Limits | None,
    saved: SavedPlan | None = None,
    replan: Replan | None = None,
) -> Report:
    lease = take(workspace.store, workspace.wall())
    run = workspace.new_id()
    try:
        with lease.begin(workspace.wall()) as connection:
            rows.start_run(connection, run, command, workspace.now())
        report = _steps(workspace, lease, run, hooks, limits, saved, replan)
        with lease.begin(workspace.wall()) as connection:
            rows.finish_run(connection, run, _outcome(report), _summary(report), workspace.now())
        return report
    finally:
        # told to stop, a run may leave a transaction open: then the next run takes the lease over
        with suppress(StoreError):
            lease.release()


def _steps(
    workspace: Workspace,
    lease: Lease,
    run: str,
    hooks: Hooks,
    limits: Limits | None,
    saved: SavedPlan | None,
    replan: Replan | None,
) -> Report:
    refreshed, recovered = _look(workspace, lease, run, hooks, whole=hooks.whole)
    report = _planned(workspace, refreshed, run)
    moved = drifted(workspace, refreshed.looks, {op.collection for op in report.plan.ops})
    moved |= to_read_whole(refreshed, grounds(workspace, refreshed))
    if moved:
        rescoped = refreshed.rescoped
        refreshed, more = _look(workspace, lease, run, hooks, whole=hooks.whole | moved)
        refreshed.rescoped |= rescoped
        report, recovered = _planned(workspace, refreshed, run), recovered + more
    if replan is not None:
        report.plan = replan(refreshed)
        report.findings = report.plan.findings
    report.recovered, report.took_over = recovered, lease.took_over
    if saved is not None:
        check(saved, report.plan)
    hooks.planned(report.plan)
    if limits is not None:
        known = refreshed.state.collections
        applied = {name for name, state in known.items() if state.applied_run}
        report.trips = guard(report.plan, limits, applied)
        if not report.trips:
            gone = [] if saved is None else part_with(workspace, refreshed, report.plan.gone, run)
            report.applied = apply_plan(
                workspace, lease, refreshed, report.plan, run, gone, hooks.writing, hooks.crash
            )
            report.findings = _without_doubt(report.findings, gone)
            report.view = view(workspace)
    report.requests = workspace.requests()
    report.open_conflicts = _count_conflicts(report)
    return report


def _without_doubt(findings: Sequence[Finding], gone: Sequence[Parting]) -> tuple[Finding, ...]:
    """The findings once approved records were let go: nobody has to be warned of them any more."""
    settled = {parting.link.collection for parting in gone}
    kept = [f for f in findings if not (f.code == EMPTIED and f.place in settled)]
    return tuple(sorted([*kept, *farewells(gone)]))


def _look(
    workspace: Workspace, lease: Lease, run: str, hooks: Hooks, whole: frozenset[str]
) -> tuple[Refreshed, int]:
    """Everything as it is now, with earlier writes settled; how many of those were found done."""
    with workspace.store.begin() as connection:
        state = rows.load(connection)
    looks = look_at_all(workspace, Asked(dict(state.collections), whole, hooks.looking))
    refreshed = integrate(workspace, lease, state, looks, run)
    hooks.crash("integrated")
    recovered = recover(workspace, lease, refreshed)
    confirm_changes(workspace, lease, refreshed, run)
    confirm_unlisted(workspace, lease, refreshed, run)
    mark_out_of_reach(refreshed)
    confirm_removals(workspace, lease, refreshed, run)
    prove_absence(workspace, lease, refreshed, run)
    prove_return(workspace, lease, refreshed, run)
    note_looks(workspace, lease, refreshed)
    return refreshed, recovered


def _planned(workspace: Workspace, refreshed: Refreshed, run: str) -> Report:
    state = refreshed.state
    directory = Directory(state.entities.values(), state.links.values())
    merged = merge_all(state, refreshed.mappings, workspace.rules(), directory)
    entities = entities_for(state, merged.values)
    series = _past(workspace, merged.values, workspace.today())
    closed = _closed(workspace)
    computed = compute(entities, workspace.today(), workspace.settings.method, series, closed)
    if is_mapped(workspace.settings):
        computed = with_hygiene(computed, workspace.settings, entities, workspace.today(), series)
    with workspace.store.begin() as connection:
        written = journal.recent_writes(connection, workspace.a_day_ago())
    today = workspace.today().isoformat()
    found = [*refreshed.findings, *unreadable(state, refreshed.mappings.values())]
    made = make_plan(state, refreshed.mappings, merged, computed, directory, today, found, written)
    read = frozenset(refreshed.mappings)
    made = add_creates(made, state, grounds(workspace, refreshed), read, merged, computed)
    errors = tuple(refreshed.failed.values())
    made = replace(made, gone=named(refreshed.doubted))
    return Report(
        run,
        made,
        View(state, entities, computed, series, closed),
        made.findings,
        failed=tuple(refreshed.failed),
        looked=tuple(refreshed.looks),
        errors=errors,
    )


def _undone(workspace: Workspace, refreshed: Refreshed, past: str) -> Plan:
    """The plan that reverses a run."""
    state = refreshed.state
    with workspace.store.begin() as connection:
        effects = journal.effects_of(connection, past)
        turns = rows.turns_of(connection, past)
    directory = Directory(state.entities.values(), state.links.values())
    today = workspace.today().isoformat()
    return make_undo(past, state, refreshed.mappings, directory, effects, turns, today)


def _count_conflicts(report: Report) -> int:
    if report.applied is not None:
        return sum(1 for conflict in report.view.state.conflicts.values() if not conflict.resolved)
    known = set(report.view.state.conflicts) | {(d.entity, d.field) for d in report.plan.disputes}
    closed = {key for key, c in report.view.state.conflicts.items() if c.id in report.plan.closed}
    return len(known - closed)


def _outcome(report: Report) -> str:
    if report.trips:
        return "stopped"
    if report.failed or (report.applied and (report.applied.failed or report.applied.unknown)):
        return "partial"
    return "done"


def _summary(report: Report) -> str:
    """The run's record in the store."""
    applied = report.applied
    return json.dumps(
        {
            "adopted": len(report.plan.adoptions) if applied else 0,
            "written": applied.writes if applied else 0,
            "superseded": len(applied.superseded) if applied else 0,
            "failed": len(applied.failed) if applied else 0,
            "unknown": len(applied.unknown) if applied else 0,
            "collections_failed": list(report.failed),
            "guards": [trip.guard for trip in report.trips],
            "conflicts": report.open_conflicts,
            "requests": {name: dict(counts) for name, counts in report.requests.items()},
        },
        sort_keys=True,
    )
