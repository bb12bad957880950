"""One objective: the weighted mean of its items, its pace and why.

The outcomes of its key results, and of the objectives below it, are on the desk already. What could not be
scored is left out and listed, never counted as 0; the coverage says how many could.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from okrsync.okr import checks
from okrsync.okr.explain import Explanation
from okrsync.okr.findings import Finding
from okrsync.okr.freshness import freshness, without_green
from okrsync.okr.items import Items, items_of
from okrsync.okr.model import Entity
from okrsync.okr.numbers import cut_or_none, show
from okrsync.okr.outcome import (
    Desk,
    Outcome,
    cut_short,
    date_inputs,
    exclusions,
    mean_text,
    number_inputs,
    work_below,
)
from okrsync.okr.pace import Standing, Window, judge, pace_text, window_of
from okrsync.okr.reading import finding, name_of, present, read_text
from okrsync.okr.reasons import REASONS, Why
from okrsync.okr.rollup import Rolled, mean_of, weighted_mean


def assess(objective: Entity, desk: Desk) -> Outcome:
    """An objective's outcome. Its key results and the objectives below it must be on the desk."""
    items = items_of(objective, desk)
    mean = weighted_mean(desk.parts(items.ids))
    mean = replace(mean, left_out=(*mean.left_out, *items.left_out))
    window = window_of(objective, (), desk.method)
    standing = _standing(objective, mean, desk, window)
    counted = desk.outcomes(tuple(part.entity.id for part in mean.counted))
    news = max((each.news for each in counted if each.news), default=None)
    fresh = freshness(news, window, read_text(objective, "team"), desk.today, desk.method, desk.knows_past)
    verdict = without_green(judge(standing, desk.today, desk.method), fresh, desk.today)
    ahead = None if fresh.stale else _forecast(counted)
    points = cut_or_none(mean.score)
    return Outcome(
        objective,
        {
            "progress": points,
            "score": points,
            "expected": cut_or_none(standing.expected),
            "status": verdict.status,
            "coverage": mean.coverage,
            "explanation": _line(mean, items),
            "gap": cut_short(standing.gap),
            "pace": cut_short(standing.pace),
            "forecast": cut_short(ahead),
            "stale": fresh.stale,
        },
        _explain(objective, mean, items, desk, pace_text(verdict, standing, desk.today)),
        _findings(objective, mean, window),
        score=mean.score,
        why=mean.why,
        expected=standing.expected,
        compared=standing.compared,
        held=standing.held,
        news=news,
        forecast=ahead,
    )


def _standing(objective: Entity, mean: Rolled, desk: Desk, window: Window) -> Standing:
    """Expected and compared are means over the same key results: those with a score and an expectation.

    A key result that is done or not done has no expectation; counting its 0 against the others'
    expectation would call an objective late that is not.
    """
    counted = desk.outcomes(tuple(part.entity.id for part in mean.counted))
    both = [(each.part.weight, each.compared, each.expected) for each in counted]
    expected = mean_of(
        (weight, due) for weight, points, due in both if points is not None and due is not None
    )
    compared = mean_of(
        (weight, points) for weight, points, due in both if points is not None and due is not None
    )
    line = desk.method.line(read_text(objective, "ambition"))
    held = bool(counted) and all(each.held for each in counted)
    return Standing(mean.score, expected, compared, window, line, held)


def _forecast(counted: tuple[Outcome, ...]) -> Fraction | None:
    """The weighted mean of the key results' forecasts; None unless every scored one has a forecast."""
    pairs = [(each.part.weight, each.forecast) for each in counted]
    known = [(weight, ahead) for weight, ahead in pairs if ahead is not None]
    return mean_of(known) if len(known) == len(pairs) else None


def _line(mean: Rolled, items: Items) -> str:
    if mean.score is None:
        return f"not scored: {REASONS[mean.why or Why.ALL_UNSCORED].text}"
    return f"{show(mean.score)}: weighted mean of {items.counted(mean)}"


def _explain(objective: Entity, mean: Rolled, items: Items, desk: Desk, pace: str) -> Explanation:
    children = desk.outcomes(items.ids)
    check = checks.title_check_in(desk.links, objective)
    return Explanation(
        objective.id,
        name_of(objective),
        "not scored" if mean.score is None else show(mean.score),
        f"{items.rule} ({mean.coverage})",
        "score = Σ (weight × score) ÷ Σ weight" if mean.score is not None else "",
        mean_text(mean),
        pace,
        (*number_inputs(objective, "weight"), *date_inputs(objective)),
        (*(child.explanation for child in children), *work_below(desk, objective)),
        exclusions(mean.left_out),
        _notes(mean, check.line() if check else ""),
    )


def _notes(mean: Rolled, check: str) -> tuple[str, ...]:
    why = REASONS[mean.why].text if mean.why else ""
    return tuple(note for note in (why, f"check: {check}" if check else "") if note)


def _findings(objective: Entity, mean: Rolled, window: Window) -> tuple[Finding, ...]:
    found = [
        finding(Why.NEGATIVE_WEIGHT, each.entity, "weight")
        for each in mean.left_out
        if each.reason == REASONS[Why.NEGATIVE_WEIGHT].text
    ]
    if mean.why is not None:
        found.append(finding(mean.why, objective))
    if window.reversed:
        found.append(finding(Why.DUE_BEFORE_START, objective, "due"))
    return present(found)
