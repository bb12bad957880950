"""One key result: its value (own or rolled up), its score, its pace and why.

The assessor of the middle layer: it decides where the value comes from, hands it to the measure, judges
the pace, and gathers every number and cell into the explanation. Children are on the desk already.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from okrsync.okr import checked, checks
from okrsync.okr.durations import factor
from okrsync.okr.expectation import expectation_of
from okrsync.okr.explain import Explanation, Input
from okrsync.okr.findings import Finding
from okrsync.okr.freshness import without_green
from okrsync.okr.measures import Goal, Score, goal_of, score, span_of, unscored
from okrsync.okr.model import Entity
from okrsync.okr.numbers import cut_or_none, show, show_value
from okrsync.okr.outcome import (
    Desk,
    Outcome,
    cut_short,
    date_inputs,
    exclusions,
    mean_text,
    number_inputs,
    plural,
    work_below,
)
from okrsync.okr.pace import Standing, Verdict, Window, judge, pace_text, window_of
from okrsync.okr.past import Past, kept_of, past_of
from okrsync.okr.periods import Kept
from okrsync.okr.phases import phases_of
from okrsync.okr.reading import Reading, finding, name_of, present, read_number, read_text
from okrsync.okr.reasons import REASONS, Why
from okrsync.okr.rollup import Part, Rolled, refused, roll_up, select, way_of
from okrsync.okr.sources import Sourced, source_of
from okrsync.okr.units import with_unit
from okrsync.okr.values import Value

_HOW = {
    "sum": "summed from {}",
    "latest": "the latest of {}",
    "weighted_mean": "weighted mean of the scores of {}",
    "min": "the lowest score of {}",
    "max": "the highest score of {}",
}
_MEAN_RULE = {
    "weighted_mean": "roll-up: weighted mean of the contributing key results' scores",
    "min": "roll-up: the lowest of the contributing key results' scores",
    "max": "roll-up: the highest of the contributing key results' scores",
}
_FIELD_OF = {
    Why.TARGET_MISSING: "target",
    Why.NOT_MEASURABLE: "measure",
    Why.BASELINE_MISSING: "baseline",
    Why.BASELINE_ZERO: "baseline",
    Why.START_MISSING: "start",
    Why.TARGET_EQUALS_START: "target",
    Why.DIRECTION_MISMATCH: "direction",
    Why.STAGES_UNREADABLE: "stages",
    Why.STAGE_UNKNOWN: "stage",
    Why.OUT_OF_SCALE: "current",
    Why.METRIC_AND_VALUE: "current",
    Why.METRIC_UNIT_MISMATCH: "unit",
    Why.EPIC_AS_KR: "value_from",
    Why.DUE_BEFORE_START: "due",
    Why.PHASES_UNREADABLE: "phases",
    Why.CHILD_DUE_AFTER_PARENT: "due",
    Why.ROLLUP_AND_VALUE: "current",
    Why.UNIT_MISMATCH_PARENT: "unit",
    Why.CURRENCY_MISMATCH: "unit",
}


@dataclass(frozen=True)
class _Case:
    """A key result while it is assessed."""

    kr: Entity
    goal: Goal
    value: Reading
    rolled: Rolled | None
    """The roll-up, also where the key result's own value was used instead of it."""
    score: Score
    warnings: tuple[Why, ...] = ()
    kept: Kept | None = None
    """The score over periods, where the past of a goal to keep is known."""
    source: Sourced | None = None
    """The value with whose cell it stands in: the key result, its KPI or a check-in; None: rolled up."""

    @property
    def from_below(self) -> Rolled | None:
        """The roll-up where the score comes from it."""
        return None if Why.ROLLUP_AND_VALUE in self.warnings else self.rolled


def assess(kr: Entity, desk: Desk) -> Outcome:
    """A key result's outcome. The key results that contribute to it must be on the desk."""
    window = window_of(kr, desk.links.get(_objectives(kr, desk)), desk.method)
    case = _case(kr, desk, window)
    source = case.source.entity if case.source else kr
    past = past_of(kr, source, case.goal, case.value, window, desk, _below(case, desk))
    standing = _standing(case, desk, window)
    verdict = without_green(judge(standing, desk.today, desk.method), past.fresh, desk.today)
    return Outcome(
        kr,
        {**_derived(case, verdict), **_moving(standing, past)},
        _explain(case, desk, past, pace_text(verdict, standing, desk.today)),
        _findings(case, desk, window),
        case.value.value,
        case.score.score,
        case.score.why,
        standing.expected,
        standing.compared,
        case.goal.held,
        news=past.fresh.since,
        forecast=past.forecast.score if past.forecast else None,
    )


def _objectives(kr: Entity, desk: Desk) -> tuple[str, ...]:
    """The first objective it belongs to: a shared key result takes its dates from one."""
    owners = kr.get("objective")
    known = sorted(owners & desk.links.entities.keys()) if isinstance(owners, frozenset) else []
    return tuple(known[:1])


def _below(case: _Case, desk: Desk) -> tuple[Outcome, ...]:
    """The outcomes the value was rolled up from."""
    rolled = case.from_below
    return () if rolled is None else desk.outcomes(tuple(part.entity.id for part in rolled.counted))


def _case(kr: Entity, desk: Desk, window: Window) -> _Case:
    goal, source = goal_of(kr), source_of(kr, desk)
    own, told = source.reading, source.warnings
    how = way_of(kr, desk.links, desk.method.rollup)
    if how == "none" or (own.value is not None and refused(kr, goal, desk.links) is Why.NOTHING_CONTRIBUTES):
        periods = kept_of(kr, source.entity, goal, window, desk)
        points = periods.score if periods else score(goal, own)
        return _Case(kr, goal, own, None, points, told, periods, source)
    rolled = _rolled(kr, how, desk)
    entered = own.value is not None and not source.checked_in
    if entered or own.why is Why.CURRENT_UNREADABLE:
        warned = (*told, Why.ROLLUP_AND_VALUE)
        return _Case(kr, goal, own, rolled, score(goal, own), warned, None, source)
    value = Reading(rolled.value, rolled.why)
    return _Case(kr, goal, value, rolled, _score_of(goal, value, rolled), told)


def _rolled(kr: Entity, how: str, desk: Desk) -> Rolled:
    children = desk.links.contributing.get(kr.id, ())
    return roll_up(how, select(kr, desk.links, by_unit=how in ("sum", "latest")), desk.parts(children))


def _score_of(goal: Goal, value: Reading, rolled: Rolled) -> Score:
    """The score of a rolled-up value; a mean of scores is a score already."""
    if rolled.score is not None:
        rule, formula = _MEAN_RULE[rolled.how], f"score = {rolled.how.replace('_', ' ')} of the scores below"
        return Score(rolled.score, rolled.score, None, rule, formula, mean_text(rolled))
    if rolled.why is not None:
        return unscored(rolled.why)
    return score(goal, value)


def _standing(case: _Case, desk: Desk, window: Window) -> Standing:
    due = expectation_of(case.kr, case.goal, window, desk)
    owners = desk.links.get(_objectives(case.kr, desk))
    ambitions = (read_text(each, "ambition") for each in (case.kr, *owners))
    line = desk.method.line(next((each for each in ambitions if each), None))
    compared = case.kept.latest if case.kept else case.score.score
    return Standing(case.score.score, due.share, compared, window, line, case.goal.held, due.plan)


def _moving(standing: Standing, past: Past) -> dict[str, Value]:
    """The derived fields that may change every day although nobody touched anything."""
    return {
        "expected": cut_or_none(standing.expected),
        "gap": cut_short(standing.gap),
        "pace": cut_short(standing.pace),
        "forecast": cut_short(past.forecast.score if past.forecast else None),
        "stale": past.fresh.stale,
    }


def _derived(case: _Case, verdict: Verdict) -> dict[str, Value]:
    points = cut_or_none(case.score.score)
    return {
        "progress": points,
        "score": points,
        "raw": cut_or_none(case.score.raw),
        "value": case.value.value,
        "status": verdict.status,
        "coverage": _coverage(case),
        "explanation": _line(case),
    }


def _coverage(case: _Case) -> str | None:
    """How many of its parts entered: contributing key results, or periods; None where it has none."""
    if case.kept is not None:
        return case.kept.coverage
    return case.from_below.coverage if case.from_below and case.from_below.of else None


def _line(case: _Case) -> str:
    """The number in one line, such as `0.50: 100 of 200 MQL, summed from 2 key results`."""
    if case.score.score is None:
        return f"not scored: {REASONS[case.score.why or Why.CURRENT_MISSING].text}"
    told = ", ".join(part for part in (_told(case), _how(case)) if part)
    return f"{show(case.score.score)}: {told}"


def _told(case: _Case) -> str:
    """The value against the target, for people; empty where only scores were rolled up."""
    value, span = case.value.value, span_of(case.goal)
    if value is None or span is None:
        return ""
    if case.kept is not None:
        return f"{case.score.numbers.partition(' = ')[0]} periods kept"
    if case.goal.measure == "binary":
        return "done" if case.score.score == 1 else "not done"
    x, t = show_value(value), show_value(span.target)
    if case.goal.held or span.start is None:
        return f"{_counted(case, x)}, target {t}"
    if span.start == 0:
        return _counted(case, f"{x} of {t}")
    return f"{_counted(case, x)}, from {show_value(span.start)} to {t}"


def _counted(case: _Case, text: str) -> str:
    """The text with the unit; a relative target's percent sign belongs to the change, not to the value."""
    unit = read_text(case.kr, "unit") or ""
    change = case.goal.measure == "relative" and unit.startswith("%")
    return text if change else with_unit(text, unit)


def _how(case: _Case) -> str:
    """How the roll-up was made; empty where the value is the key result's own."""
    rolled = case.from_below
    if rolled is None:
        return ""
    counted, of = len(rolled.counted), rolled.of
    parts = plural(of, "key result") if counted == of else f"{counted} of {plural(of, 'key result')}"
    return _HOW[rolled.how].format(parts)


def _explain(case: _Case, desk: Desk, past: Past, pace: str) -> Explanation:
    kr, points = case.kr, case.score
    below = () if kr.id in desk.links.circular else desk.links.contributing.get(kr.id, ())
    return Explanation(
        kr.id,
        name_of(kr),
        "not scored" if points.score is None else show(points.score),
        points.rule,
        _joined(_rolled_words(case), points.formula),
        _joined(_rolled_numbers(case), points.numbers),
        pace,
        _inputs(case, desk),
        (*(child.explanation for child in desk.outcomes(below)), *work_below(desk, kr)),
        exclusions(case.rolled.left_out) if case.rolled else (),
        (*_notes(case, desk), *past.notes(case.goal, case.value, desk.today)),
        past.forecast.outlook() if past.forecast else None,
        past.ledger.revisions(case.goal, case.value),
    )


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _rolled_words(case: _Case) -> str:
    rolled = case.from_below
    if rolled is None or rolled.value is None:
        return ""
    return f"value = {rolled.how} of the contributing key results' values"


def _rolled_numbers(case: _Case) -> str:
    rolled = case.from_below
    if rolled is None or rolled.value is None:
        return ""
    parts = [(part, show_value(part.value)) for part in rolled.counted if part.value is not None]
    values = [
        with_unit(text, part.entity.get("unit")) if _other_time(case, part) else text for part, text in parts
    ]
    return f"{' + '.join(values)} = {show_value(rolled.value)}" if len(values) > 1 else f"value = {values[0]}"


def _other_time(case: _Case, part: Part) -> bool:
    """Whether a part is a duration in another unit than the whole."""
    return factor(part.entity.get("unit"), case.kr.get("unit")) not in (None, 1)


def _inputs(case: _Case, desk: Desk) -> tuple[Input, ...]:
    names = ("start", "target", "upper", "baseline", "weight")
    own = () if case.from_below or case.source is None else _own_inputs(case.kr, case.source)
    said = (*number_inputs(case.kr, "confidence"), *checked.inputs(desk.links, case.kr.id, desk.today))
    return (*own, *number_inputs(case.kr, *names), *date_inputs(case.kr), *said)


def _own_inputs(kr: Entity, source: Sourced) -> tuple[Input, ...]:
    """The value with its cell; of a KPI with the KPI's name. A check-in stands among the check-ins."""
    if source.checked_in:
        return ()
    if source.entity.id == kr.id:
        return number_inputs(kr, "current")
    name = f"KPI {name_of(source.entity)}"
    return tuple(replace(each, label=name) for each in number_inputs(source.entity, "current"))


def _notes(case: _Case, desk: Desk) -> tuple[str, ...]:
    readings = [case.value, *(read_number(case.kr, name) for name in ("start", "target", "baseline"))]
    read = (reading.note for reading in readings)
    warned = (REASONS[why].text for why in (*case.warnings, *case.score.warnings))
    below = desk.links.contributing.get(case.kr.id)
    check = checks.target_sum_in(desk.links, case.kr).line() if below else ""
    told = (
        *read,
        *case.score.notes,
        *warned,
        _rival(case),
        _detail(case),
        f"check: {check}" if check else "",
    )
    return tuple(note for note in told if note)


def _rival(case: _Case) -> str:
    """What the roll-up would have given where the key result's own value was used."""
    if case.from_below or case.rolled is None or case.rolled.value is None:
        return ""
    return f"the roll-up would give {_counted(case, show_value(case.rolled.value))}"


def _detail(case: _Case) -> str:
    rolled = case.from_below
    return f"refused because of {rolled.detail}" if rolled is not None and rolled.detail else ""


def _findings(case: _Case, desk: Desk, window: Window) -> tuple[Finding, ...]:
    detail = case.from_below.detail if case.from_below else ""
    whys = [*case.warnings, *case.score.warnings, *([Why.DUE_BEFORE_START] if window.reversed else [])]
    phases = read_text(case.kr, "phases")
    whys += [Why.PHASES_UNREADABLE] if phases and phases_of(phases) is None else []
    found = [
        finding(why, case.kr, *_fields(why), detail=_rival(case) if why in case.warnings else "")
        for why in whys
    ]
    if (
        case.score.why is not None and case.score.why is not Why.LINK_CYCLE
    ):  # a circle is one finding of its own
        found.append(finding(case.score.why, case.kr, *_fields(case.score.why), detail=detail))
    return present([*found, *_late_children(case.kr, desk, window)])


def _fields(why: Why) -> tuple[str, ...]:
    return (_FIELD_OF[why],) if why in _FIELD_OF else ()


def _late_children(kr: Entity, desk: Desk, window: Window) -> list[Finding | None]:
    """One finding for each contributing key result that is due after this one (S17)."""
    found = []
    for child in desk.links.get(desk.links.contributing.get(kr.id, ())):
        due = window_of(child, desk.links.get(_objectives(child, desk)), desk.method).end
        if due is not None and window.end is not None and due > window.end:
            detail = f"{due}, while {name_of(kr)} is due {window.end}"
            found.append(finding(Why.CHILD_DUE_AFTER_PARENT, child, "due", detail=detail))
    return found
