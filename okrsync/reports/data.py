"""Reports for machines: plain dicts and lists with numbers as decimal texts.

The format is versioned by `format`; within a major version fields are only added.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from okrsync.okr.findings import Finding
from okrsync.okr.values import NotYet, Seen, Unreadable
from okrsync.reports.status import LastRun
from okrsync.reports.words import Names, show
from okrsync.sync_engine.apply import Skipped
from okrsync.sync_engine.merge import ABSENT, Agreed
from okrsync.sync_engine.plan import Plan
from okrsync.sync_engine.runner import Report, View
from okrsync.sync_engine.state import LinkState, OpenConflict

FORMAT = "1.0"

Json = dict[str, Any]


def value_json(value: Seen | Agreed, names: Names) -> Any:
    """A value: text, truth and lists as they are, numbers and dates as text, the special ones as objects."""
    if value is ABSENT or value is None:
        return None
    if isinstance(value, NotYet):
        return {"not_yet": True}
    if isinstance(value, Unreadable):
        return {"unreadable": value.reason}
    if isinstance(value, frozenset):
        return sorted(names(each) for each in value)
    if isinstance(value, str | bool):
        return value
    return show(value, names)


def finding_json(finding: Finding) -> Json:
    """A finding."""
    return {**vars(finding), "severity": finding.severity.value}


def plan_json(plan: Plan, names: Names) -> Json:
    """A plan as people's programs read it."""
    return {
        "format": FORMAT,
        "lineage": plan.lineage,
        "serial": plan.serial,
        "today": plan.today,
        "adoptions": [
            {
                "entity": names(a.entity),
                "title": a.title,
                "field": a.field,
                "before": value_json(a.before, names),
                "after": value_json(a.after, names),
                "from": a.place,
            }
            for a in plan.adoptions
        ],
        "conflicts": [
            {
                "entity": names(d.entity),
                "title": d.title,
                "field": d.field,
                "values": {d.places[name]: value_json(value, names) for name, value in d.sides.items()},
            }
            for d in plan.disputes
        ],
        "writes": [
            {
                "collection": op.collection,
                "action": op.action,
                "record": None if op.creates else op.native_id,
                "title": op.title,
                "url": op.url,
                "reason": op.reason or None,
                "changes": [
                    {
                        "field": c.field,
                        "native": c.name,
                        "before": value_json(c.before, names),
                        "after": value_json(c.after, names),
                        "reason": c.reason,
                    }
                    for c in op.changes
                ],
            }
            for op in plan.ops
        ],
        "gone": [
            {"collection": g.collection, "record": g.native_id, "title": g.title, "place": g.place}
            for g in plan.gone
        ],
        "findings": [finding_json(f) for f in plan.findings],
    }


def report_json(report: Report, names: Names) -> Json:
    """A run."""
    applied = report.applied
    return {
        "format": FORMAT,
        "run": report.run,
        "plan": plan_json(report.plan, names),
        "guards": [vars(trip) for trip in report.trips],
        "written": applied.writes if applied else 0,
        "superseded": [_skipped(s) for s in applied.superseded] if applied else [],
        "refused": [_skipped(s) for s in applied.failed] if applied else [],
        "unconfirmed": [_skipped(s) for s in applied.unknown] if applied else [],
        "collections_failed": list(report.failed),
        "recovered": report.recovered,
        "open_conflicts": report.open_conflicts,
        "requests": {name: dict(counts) for name, counts in report.requests.items()},
    }


def _skipped(skipped: Skipped) -> Json:
    return {
        "collection": skipped.op.collection,
        "record": None if skipped.op.creates else skipped.op.native_id,
        "title": skipped.op.title,
        "fields": [change.field for change in skipped.changes],
        "why": skipped.why,
    }


def entities_json(view: View, names: Names) -> list[Json]:
    """Every entity with its agreed and its computed values."""
    return [
        {
            "id": entity.id,
            "kind": entity.kind.value,
            "key": entity.key,
            "fields": {name: value_json(value, names) for name, value in sorted(entity.fields.items())},
            "derived": _derived(view, entity.id, names),
        }
        for entity in sorted(view.entities.values(), key=lambda e: (e.kind, e.key or "~", e.id))
    ]


def _derived(view: View, entity: str, names: Names) -> Mapping[str, Any]:
    values = view.computed.derived.get(entity, {})
    return {name: value_json(value, names) for name, value in sorted(values.items())}


def status_json(view: View, last: LastRun | None, names: Names) -> Json:
    """The state of a workspace."""
    return {
        "format": FORMAT,
        "last_run": vars(last) if last else None,
        "conflicts": [conflict_json(view, c, names) for c in view.state.conflicts.values()],
        "missing": [link.place for link in view.state.links.values() if link.state is LinkState.MISSING],
    }


def conflict_json(view: View, conflict: OpenConflict, names: Names) -> Json:
    """One conflict with every value."""
    sides = []
    for side, value in sorted(conflict.sides.items()):
        link = view.state.links.get(side)
        look = view.state.observed.get((side, conflict.field))
        base = view.state.base.get((side, conflict.field))
        sides.append(
            {
                "collection": link.collection if link else side,
                "place": look.place if look else None,
                "url": link.url if link else None,
                "value": value_json(value, names),
                "agreed_before": value_json(base.shown, names) if base else None,
                "edited_at": link.edited_at if link else None,
                "edited_by": link.edited_by if link else None,
            }
        )
    return {
        "id": conflict.id,
        "entity": names(conflict.entity),
        "field": conflict.field,
        "opened_at": conflict.opened_at,
        "sides": sides,
        "resolution": value_json(conflict.resolution, names) if conflict.resolved else None,
    }
