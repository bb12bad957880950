"""One KPI: its latest value with its cell, and the key results that refer to it.

A KPI is defined once and has no target of its own (S54), so it has no score and no status either. Its
explanation says where the number stands and what rests on it.
"""

from __future__ import annotations

from okrsync.okr.explain import Explanation
from okrsync.okr.model import Entity, Kind
from okrsync.okr.numbers import show_value
from okrsync.okr.outcome import Desk, Outcome, number_inputs, plural
from okrsync.okr.reading import Reading, name_of, read_number, read_refs, read_text
from okrsync.okr.reasons import REASONS, Why
from okrsync.okr.series import last_news
from okrsync.okr.units import with_unit


def assess(metric: Entity, desk: Desk) -> Outcome:
    """A KPI's outcome: its value, nothing scored."""
    reading = read_number(metric, "current")
    users = [kr for kr in desk.links.of_kind(Kind.KEY_RESULT) if metric.id in read_refs(kr, "metric")]
    shown = _shown(metric, reading)
    line = f"{shown}, used by {plural(len(users), 'key result')}"
    explanation = Explanation(
        metric.id,
        f"KPI {name_of(metric)}",
        shown,
        "a KPI has no target of its own; key results refer to it",
        inputs=number_inputs(metric, "current"),
        notes=tuple(note for note in (reading.note, *(f"used by {name_of(kr)}" for kr in users)) if note),
    )
    news = last_news(desk.series, metric.id, desk.today)
    return Outcome(metric, {"explanation": line}, explanation, value=reading.value, news=news)


def _shown(metric: Entity, reading: Reading) -> str:
    if reading.value is None:
        return REASONS[reading.why or Why.CURRENT_MISSING].text
    return with_unit(show_value(reading.value), read_text(metric, "unit") or "")
