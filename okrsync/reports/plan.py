"""A plan for people: what would change where, before → after, why, and what it would cost."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from okrsync.okr.findings import Finding, Severity
from okrsync.reports.lines import alert, bad, columns, dim, heading
from okrsync.reports.words import BLANK, Names, clean, count, shorten, show
from okrsync.sync_engine.merge import ABSENT, OKRSYNC, Agreed
from okrsync.sync_engine.plan import Adoption, Dispute, Op, Plan


def plan_text(plan: Plan, names: Names, limit: int | None = None) -> list[str]:
    """The whole plan; `limit` cuts each collection's list of records to its first ones."""
    lines: list[str] = []
    lines += _adoptions(plan.adoptions, names)
    lines += _disputes(plan.disputes, names)
    for collection, group in groupby(plan.ops, key=lambda op: op.collection):
        ops = list(group)
        fields = sum(len(op.changes) for op in ops)
        lines += [
            "",
            heading(f"To write · {collection}")
            + dim(f"  {count(len(ops), 'record')}, {count(fields, 'field')}"),
        ]
        for op in ops[:limit]:
            lines += _op(op, names)
        if limit is not None and len(ops) > limit:
            lines.append(dim(f"  … and {len(ops) - limit} more; plan --full shows all"))
    lines += _findings(plan.findings)
    lines += ["", summary(plan)]
    return lines[1:] if lines and not lines[0] else lines


def summary(plan: Plan) -> str:
    """The plan in one line."""
    if not plan.ops and not plan.adoptions and not plan.disputes:
        return "Nothing to do: every tool agrees with the model."
    where = Counter(op.collection for op in plan.ops)
    parts = [f"{name} {number}" for name, number in where.items()]
    to_write = f"{count(plan.changes, 'field')} to write" + (
        f" (records: {', '.join(parts)})" if parts else ""
    )
    learnt = f"{count(len(plan.adoptions), 'edit')} by people" if plan.adoptions else ""
    disputed = alert(count(len(plan.disputes), "new conflict")) if plan.disputes else ""
    return ", ".join(part for part in (to_write, learnt, disputed) if part) + "."


def _adoptions(adoptions: tuple[Adoption, ...], names: Names) -> list[str]:
    """People's edits the model takes over; values seen for the first time are only counted."""
    first = [a for a in adoptions if a.before is ABSENT]
    edits = [a for a in adoptions if a.before is not ABSENT]
    lines = ["", heading("Edited by people")] if edits else []
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


def _op(op: Op, names: Names) -> list[str]:
    rows = [
        (
            shorten(change.name, 24),
            f"{shorten(show(change.before, names), 40)} → {shorten(show(change.after, names), 40)}",
            dim(shorten(change.reason, 90)),
        )
        for change in op.changes
    ]
    return [f"  {shorten(op.title, 70)}", *columns(rows, indent=4)]


def _findings(findings: tuple[Finding, ...]) -> list[str]:
    serious = [f for f in findings if f.severity is not Severity.INFO]
    return ["", heading("To look at"), *finding_lines(serious)] if serious else []


def finding_lines(findings: list[Finding]) -> list[str]:
    """Findings, the serious ones first, each with its place and what to do."""
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    lines = []
    for finding in sorted(findings, key=lambda f: (order[f.severity], f.place, f.code)):
        mark = bad("error  ") if finding.severity is Severity.ERROR else alert("warning")
        if finding.severity is Severity.INFO:
            mark = dim("info   ")
        lines.append(f"  {mark}  {clean(finding.place)}: {clean(finding.message)} {dim(f'[{finding.code}]')}")
        if finding.advice:
            lines.append(dim(f"           {clean(finding.advice)}"))
    return lines
