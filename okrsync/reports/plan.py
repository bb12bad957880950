"""A plan for people: what would change where, before → after, why, and what it would cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from okrsync.mappings.binding import LOOKUP, PROPERTY
from okrsync.okr.findings import Finding, Severity
from okrsync.reports.lines import alert, bad, columns, dim, heading
from okrsync.reports.words import BLANK, Names, clean, count, shorten, show
from okrsync.sync_engine.merge import ABSENT, OKRSYNC, Agreed
from okrsync.sync_engine.plan import Adoption, Change, Dispute, Gone, Op, Plan
from okrsync.sync_engine.undo import UNDO

_TOLD = ("progress", "score", "status")
"""Computed fields a person looks at; the others are in plan --full and in JSON."""
_COMPUTED = "computed: "


def plan_text(plan: Plan, names: Names, limit: int | None = None) -> list[str]:
    """The plan: people's edits, conflicts, what to write and create. `limit` cuts each collection's list."""
    lines = [*_adoptions(plan.adoptions, names), *_disputes(plan.disputes, names), *_gone(plan.gone, limit)]
    for (creates, collection), group in groupby(plan.ops, key=lambda op: (op.creates, op.collection)):
        lines += _collection("New" if creates else "To write", collection, list(group), names, limit)
    return [*lines, "", summary(plan)] if lines else [summary(plan)]


def _collection(what: str, collection: str, ops: list[Op], names: Names, limit: int | None) -> list[str]:
    fields = sum(len(op.changes) for op in ops)
    size = dim(f"  {count(len(ops), 'record')}, {count(fields, 'field')}")
    lines = ["", heading(f"{what} · {collection}") + size]
    lines += [line for op in ops[:limit] for line in _op(op, names, brief=limit is not None)]
    if limit is not None and len(ops) > limit:
        lines.append(dim(f"  … and {len(ops) - limit} more; okrsync plan --full shows all"))
    return lines


def summary(plan: Plan) -> str:
    """The plan in one line."""
    if not plan.ops and not plan.adoptions and not plan.disputes and not plan.gone:
        blind = any(finding.severity is Severity.ERROR for finding in plan.findings)
        return "Nothing to do." if blind else "Nothing to do: every tool agrees with the model."
    where = Counter(op.collection for op in plan.ops)
    parts = [f"{name} {number}" for name, number in where.items()]
    to_write = f"{count(plan.changes, 'field')} to write" + (
        f" (records: {', '.join(parts)})" if parts else ""
    )
    creates = sum(1 for op in plan.ops if op.creates)
    new = f"{count(creates, 'record')} to create" if creates else ""
    people = [a for a in plan.adoptions if a.before is not ABSENT and a.origin != UNDO]
    edits = len(people)
    learnt = f"{count(edits, 'edit')} by people" if edits else ""
    disputed = alert(count(len(plan.disputes), "new conflict")) if plan.disputes else ""
    gone = alert(f"{count(len(plan.gone), 'record')} not there any more") if plan.gone else ""
    return ", ".join(part for part in (to_write, new, learnt, disputed, gone) if part) + "."


def _adoptions(adoptions: tuple[Adoption, ...], names: Names) -> list[str]:
    """People's edits the model takes over; values seen for the first time are only counted."""
    first = [a for a in adoptions if a.before is ABSENT]
    edits = [a for a in adoptions if a.before is not ABSENT]
    undone = any(a.origin == UNDO for a in edits)
    lines = ["", heading("Back in the model" if undone else "Edited by people")] if edits else []
    for edit in edits:
        lines += [f"  {shorten(edit.title, 60)}", *columns([_edit(edit, names)], indent=4)]
    if first:
        entities = count(len({a.entity for a in first}), "entity", "entities")
        lines += ["", dim(f"Read for the first time: {count(len(first), 'value')} of {entities}.")]
    return lines


def _edit(edit: Adoption, names: Names) -> tuple[str, str, str]:
    return (
        edit.field,
        f"{_agreed(edit.before, names)} → {show(edit.after, names)}",
        dim(clean(edit.place)),
    )


def _agreed(value: Agreed, names: Names) -> str:
    return BLANK if value is ABSENT else show(value, names)


def _disputes(disputes: tuple[Dispute, ...], names: Names) -> list[str]:
    lines = [
        "",
        heading(alert("In conflict")) + dim("  nothing is written for these fields until a person decides"),
    ]
    for dispute in disputes:
        lines.append(f"  {shorten(dispute.title, 60)} · {dispute.field}")
        rows = [
            (show(value, names), dim("the model's value" if name == OKRSYNC else clean(dispute.places[name])))
            for name, value in dispute.sides.items()
        ]
        lines += columns(rows, indent=4)
    return lines if disputes else []


def _gone(gone: tuple[Gone, ...], limit: int | None) -> list[str]:
    """Records a person may let go by applying just this plan."""
    what = dim("  let go only where this plan is saved and applied; nothing is deleted for it")
    lines = ["", heading(alert("Not there any more")) + what] if gone else []
    lines += columns([(shorten(each.title, 60), dim(clean(each.place))) for each in gone[:limit]], indent=2)
    if limit is not None and len(gone) > limit:
        lines.append(dim(f"  … and {len(gone) - limit} more; okrsync plan --full shows all"))
    return lines


def _op(op: Op, names: Names, brief: bool) -> list[str]:
    """One record: what people may edit line by line, what okrsync computed in one line; a new one in full."""
    spelled_out = [c for c in op.changes if c.human or not brief or op.creates]
    rows = [(shorten(c.name, 28), _change(c, names, 40), dim(shorten(c.reason, 90))) for c in spelled_out]
    why = [dim(f"    {clean(op.reason)}")] if op.creates else []
    lines = [f"  {shorten(op.title, 70)}", *why, *columns(rows, indent=4)]
    computed = [c for c in op.changes if c not in spelled_out]
    return [*lines, *_computed(computed, names)]


def _computed(changes: list[Change], names: Names) -> list[str]:
    """Computed values in short: the ones people look at, then the explanation they all share."""
    told = [c for c in changes if c.field in _TOLD and not c.native.startswith((LOOKUP, PROPERTY))]
    if any(c.field == "score" for c in told):
        told = [c for c in told if c.field != "progress"]
    parts = list(dict.fromkeys(f"{_label(c)} {_change(c, names, 24)}" for c in told))
    if any(c.native.startswith(LOOKUP) for c in changes):
        parts.append("look-up formulas")
    why = next((c.reason for c in changes if c.reason.startswith(_COMPUTED)), "")
    if not parts and changes:
        parts = [f"{_label(changes[0])} {_change(changes[0], names, 24)}"]
    if not parts:
        return []
    return [f"    {' · '.join(parts)}" + dim(f"   {shorten(why.removeprefix(_COMPUTED), 70)}")]


def _label(change: Change) -> str:
    return shorten(change.name.split(":")[-1], 28)


def _change(change: Change, names: Names, width: int) -> str:
    return f"{shorten(show(change.before, names), width)} → {shorten(show(change.after, names), width)}"


def finding_lines(findings: Sequence[Finding]) -> list[str]:
    """Findings, the serious ones first: what is wrong, then where and what to do."""
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    marks = {Severity.ERROR: bad("error"), Severity.WARNING: alert("warning"), Severity.INFO: dim("note")}
    lines = []
    for finding in sorted(findings, key=lambda f: (order[f.severity], f.code, f.place)):
        lines.append(f"  {marks[finding.severity]} {clean(finding.message)} {dim(f'[{finding.code}]')}")
        advice = f" · {clean(finding.advice)}" if finding.advice else ""
        lines.append(dim(f"      {clean(finding.place)}{advice}"))
    return lines


def to_look_at(findings: Sequence[Finding], full: bool) -> list[str]:
    """What a person should see to: errors always, warnings in full only when asked for."""
    errors = [f for f in findings if f.severity is Severity.ERROR]
    warnings = [f for f in findings if f.severity is Severity.WARNING]
    shown = [*errors, *warnings] if full else errors
    lines = ["", heading("To look at"), *finding_lines(shown)] if shown else []
    if warnings and not full:
        lines.append(alert(f"{count(len(warnings), 'warning')}: okrsync plan shows them"))
    return lines
