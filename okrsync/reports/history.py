"""History: every value a field had, for people and for machines."""

from __future__ import annotations

from typing import Any

from okrsync.reports.data import value_json
from okrsync.reports.lines import columns, dim
from okrsync.reports.words import Names, clean, shorten, show
from okrsync.sync_engine.rows import Past
from okrsync.sync_engine.runner import View


def history_lines(view: View, past: list[Past], names: Names) -> list[str]:
    """One line per value, oldest first."""
    rows = [
        (each.valid_at, each.field, shorten(show(each.value, names), 50), dim(_where(view, each)))
        for each in past
    ]
    return columns(rows, indent=0)


def history_json(view: View, past: list[Past], names: Names) -> list[dict[str, Any]]:
    """One object per value, oldest first."""
    return [
        {
            "field": each.field,
            "value": value_json(each.value, names),
            "valid_at": each.valid_at,
            "seen_at": each.seen_at,
            "from": _where(view, each),
            "run": each.run,
        }
        for each in past
    ]


def _where(view: View, past: Past) -> str:
    look = view.state.observed.get((past.origin, past.field))
    return clean(look.place) if look else past.origin or "seen everywhere"
