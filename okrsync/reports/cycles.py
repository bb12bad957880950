"""Cycles for people and for machines: dates, stage, until when values count, how a closed one ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from okrsync.okr.closing import Closing
from okrsync.okr.cycles import Calendar, find
from okrsync.okr.lifecycle import CycleState, Stage, open_cycles, rivals
from okrsync.okr.model import Kind
from okrsync.okr.reading import read_text
from okrsync.reports.data import FORMAT
from okrsync.reports.lines import alert, columns, dim, good
from okrsync.reports.words import clean, count
from okrsync.sync_engine.runner import View


def cycles_lines(
    known: Sequence[CycleState], frozen: Sequence[Closing], view: View, day: date, calendar: Calendar
) -> list[str]:
    """One line per cycle, in order of their first days."""
    rows = [
        (
            clean(state.cycle.name),
            f"{state.cycle.start} to {state.cycle.end}",
            _stage(state.stage(day)),
            count(_goals(state, view, calendar), "objective"),
            dim(_remark(state, frozen, day, calendar)),
        )
        for state in known
    ]
    return [*columns(rows, indent=0), *_warnings(known, day)]


def _stage(stage: Stage) -> str:
    return {Stage.ACTIVE: good(stage.value), Stage.REVIEW: alert(stage.value)}.get(stage, stage.value)


def _goals(state: CycleState, view: View, calendar: Calendar) -> int:
    dates = (state.cycle.start, state.cycle.end)
    named = [
        find(read_text(each, "cycle"), calendar)
        for each in view.entities.values()
        if each.kind is Kind.OBJECTIVE and each.get("state") != "cancelled"
    ]
    return sum(1 for cycle in named if cycle is not None and (cycle.start, cycle.end) == dates)


def _remark(state: CycleState, frozen: Sequence[Closing], day: date, calendar: Calendar) -> str:
    stage, last = state.stage(day), state.locked_from(calendar) - timedelta(days=1)
    if stage is Stage.REVIEW:
        counting = f"late values count until {last}" if day <= last else f"locked since {last}"
        return f"{counting}; okrsync cycle close {clean(state.cycle.name)}"
    if stage is Stage.CLOSED:
        ended = [each for each in frozen if each.cycle == state.cycle]
        reached = sum(1 for each in ended for goal in each.objectives if goal.achieved)
        return f"closed on {state.closed}, {count(reached, 'objective')} reached"
    if state.published is not None:
        return f"published on {state.published}"
    return "not published" if stage is Stage.DRAFT else ""


def _warnings(known: Sequence[CycleState], day: date) -> list[str]:
    return [
        alert(f"{clean(one)} and {clean(other)} run at the same time; see cycles in the admin's file")
        for one, other in rivals(known, day)
    ]


def opened_lines(
    published: CycleState, known: Sequence[CycleState], day: date, calendar: Calendar
) -> list[str]:
    """What was opened, what else is open, and what still waits to be closed."""
    lines = [f"{clean(published.cycle.name)} is published: from now on changed targets are told as changes."]
    for state in open_cycles(known, day):
        if state.stage(day) is Stage.REVIEW:
            name = clean(state.cycle.name)
            lines.append(alert(f"{name} waits for its review: okrsync cycle close {name}"))
        elif state.cycle != published.cycle and state.stage(day) is Stage.ACTIVE:
            lines.append(f"{clean(state.cycle.name)} runs beside it until {state.cycle.end}.")
    return [*lines, *_warnings(known, day)]


def cycles_json(
    known: Sequence[CycleState], frozen: Sequence[Closing], view: View, day: date, calendar: Calendar
) -> dict[str, Any]:
    """Every cycle for programs."""
    closed = {each.cycle: each for each in frozen}
    return {
        "format": FORMAT,
        "cycles": [
            {
                "name": state.cycle.name,
                "starts": state.cycle.start.isoformat(),
                "ends": state.cycle.end.isoformat(),
                "stage": state.stage(day).value,
                "published": state.published.isoformat() if state.published else None,
                "closed": state.closed.isoformat() if state.closed else None,
                "values_count_until": (state.locked_from(calendar) - timedelta(days=1)).isoformat(),
                "objectives": _goals(state, view, calendar),
                "reasons_asked": len(closed[state.cycle].reasons_asked) if state.cycle in closed else None,
            }
            for state in known
        ],
    }


def reopened_lines(closing: Closing, done: bool) -> list[str]:
    """What taking back a closing means, and whether it happened."""
    name, scores = clean(closing.cycle.name), count(len(closing.scores), "score")
    if not done:
        return [
            f"{name} was closed on {closing.on}. Its {scores} would follow the values again.",
            "Nothing was changed. --yes reopens it.",
        ]
    return [f"{name} is open again; its {scores} follow the values. What was frozen stays on record."]
