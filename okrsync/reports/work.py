"""Work beside outcome for people and for machines: did the initiatives move what they were meant to (S72)?

What the method compared arrives; lines by verdict leave, the one that asks for another hypothesis first.
Work and outcome stand side by side and are never mixed (S2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from okrsync.okr.numbers import show
from okrsync.okr.reading import name_of
from okrsync.okr.work_report import WorkAndOutcome
from okrsync.reports.data import FORMAT, value_json
from okrsync.reports.lines import alert, dim, good, heading
from okrsync.reports.words import BLANK, Names, shorten
from okrsync.sync_engine.runner import View

_VERDICTS = {
    "work without outcome": (alert, "the work is ahead of the result: was the hypothesis right?"),
    "outcome without work": (heading, "the result moves without the work: what else moves it?"),
    "in step": (good, "work and result go together"),
    "not known": (dim, "the work or the result has no number yet"),
}


def work_lines(view: View, found: Sequence[WorkAndOutcome]) -> list[str]:
    """Every key result that initiatives are for, by verdict."""
    if not found:
        return ["No initiative is linked to a key result; okrsync lint --rule EPIC_WITHOUT_KR shows them."]
    lines: list[str] = []
    for verdict, (style, means) in _VERDICTS.items():
        group = [each for each in found if each.verdict == verdict]
        if group:
            lines += ["", f"{style(verdict)} {dim(f'({len(group)}): {means}')}"]
            lines += [line for each in group for line in _one(view, each)]
    return lines[1:]


def _one(view: View, each: WorkAndOutcome) -> Iterator[str]:
    yield f"  work {_share(each.work)}  result {_share(each.score)}  {_name(view, each.key_result, 70)}"
    for initiative in each.initiatives:
        done = view.computed.derived[initiative].get("progress")
        share = _share(done if isinstance(done, Decimal) else None)
        yield dim(f"       {share}  {_name(view, initiative, 70)}")


def _share(number: Decimal | None) -> str:
    return f"{BLANK if number is None else show(number):>4}"


def _name(view: View, entity: str, width: int) -> str:
    return shorten(name_of(view.entities[entity]), width)


def work_json(found: Sequence[WorkAndOutcome], names: Names) -> dict[str, Any]:
    """The same for programs."""
    return {
        "format": FORMAT,
        "key_results": [
            {
                "entity": names(each.key_result),
                "initiatives": [names(one) for one in each.initiatives],
                "work": value_json(each.work, names),
                "score": value_json(each.score, names),
                "verdict": each.verdict.replace(" ", "_"),
            }
            for each in found
        ],
    }
