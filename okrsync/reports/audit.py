"""Evidence for people and for machines: what was written where, why, and what the tool answered."""

from __future__ import annotations

import json
from typing import Any

from okrsync.okr.values import Seen, Unreadable, decode
from okrsync.reports.data import value_json
from okrsync.reports.lines import dim
from okrsync.reports.words import Names, clean, shorten, show
from okrsync.sync_engine.journal import AuditRow
from okrsync.sync_engine.runner import View


def audit_lines(view: View, trail: list[AuditRow], names: Names) -> list[str]:
    """Two lines per effect, oldest first."""
    lines = []
    for row in trail:
        lines.append(f"{row.at}  {shorten(_place(view, row), 90)} {dim(f'run {row.run[:8]}')}")
        what = f"{_show(row.before, names)} → {_show(row.after, names)}   " if row.after else ""
        lines.append(f"    {what}{dim(clean(row.cause))} {dim(clean(row.answer))}")
    return lines


def audit_json(view: View, trail: list[AuditRow], names: Names) -> list[dict[str, Any]]:
    """One object per effect, oldest first."""
    return [
        {
            "at": row.at,
            "run": row.run,
            "place": _place(view, row),
            "field": row.field,
            "cause": row.cause,
            "before": value_json(_decoded(row.before), names),
            "after": value_json(_decoded(row.after), names),
            "answer": row.answer,
        }
        for row in trail
    ]


def _place(view: View, row: AuditRow) -> str:
    look = view.state.observed.get((row.link, row.field))
    link = view.state.links.get(row.link)
    return clean(look.place if look else link.place if link else row.link)


def _show(encoded: str | None, names: Names) -> str:
    return shorten(show(_decoded(encoded), names), 40)


def _decoded(encoded: str | None) -> Seen:
    if encoded is None:
        return None
    raw = json.loads(encoded)
    return Unreadable(raw["unreadable"]) if isinstance(raw, dict) and "unreadable" in raw else decode(encoded)
