"""One key result's number: its raw progress and its score, or why there is none.

A goal (what the target means) and a value arrive; raw, score, the rule used and the arithmetic in words
and in numbers leave. Raw is unclamped and kept (S59); the score is clamped to 0..1 here, before any
roll-up can see it. Separate because every measure kind is one small rule (S35 to S50).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from okrsync.okr.model import Entity
from okrsync.okr.numbers import clamp, show, show_value
from okrsync.okr.reading import Reading, read_number, read_text
from okrsync.okr.reasons import REASONS, Why

_LOWER = frozenset({"decrease", "at_most", "maintain_at_most"})
_BOUNDS = frozenset({"at_least", "at_most", "complete"})
_HELD = frozenset({"maintain_at_least", "maintain_at_most"})
_CHANGES = frozenset({"relative", "delta"})
_ALMOST: Final = Fraction(9999, 10000)
"""What a strict target counts as long as it is reached but not passed: shown as 0.99, never as achieved."""


@dataclass(frozen=True)
class Goal:
    """What a key result's target means. A missing measure is a level; a missing number is None."""

    measure: str
    direction: str | None = None
    start: Decimal | None = None
    target: Decimal | None = None
    baseline: Decimal | None = None
    strict: bool = False
    upper: Decimal | None = None
    """The upper end of a range; the target is the lower."""
    scale: tuple[Decimal | None, Decimal | None] = (None, None)
    """The lowest and highest value a rating can have."""

    @property
    def lower(self) -> bool | None:
        """Whether smaller is better; None where neither the direction nor the numbers say."""
        if self.direction is not None:
            return self.direction in _LOWER
        if self.start is None or self.target is None or self.start == self.target:
            return None
        return self.target < self.start

    @property
    def held(self) -> bool:
        """Whether the target is to be kept all along, rather than reached at the end (S40, S49)."""
        return self.measure in ("maintain", "rate") or self.upper is not None or self.direction in _HELD

    @property
    def stepless(self) -> bool:
        """Whether progress between start and target can be expected: not for done or not done."""
        return self.measure not in ("binary", "milestone")


def goal_of(entity: Entity) -> Goal:
    """A key result's goal as its fields say it."""
    return Goal(
        measure=read_text(entity, "measure") or "level",
        direction=read_text(entity, "direction"),
        start=read_number(entity, "start").value,
        target=None if read_text(entity, "stages") else read_number(entity, "target").value,
        baseline=read_number(entity, "baseline").value,
        strict=entity.get("strict") is True,
        upper=read_number(entity, "upper").value,
        scale=(read_number(entity, "scale_min").value, read_number(entity, "scale_max").value),
    )


@dataclass(frozen=True)
class Score:
    """Raw and clamped progress, exact, with the arithmetic for people; or why there is none."""

    raw: Fraction | None
    score: Fraction | None
    why: Why | None = None
    rule: str = ""
    formula: str = ""
    numbers: str = ""
    notes: tuple[str, ...] = ()
    warnings: tuple[Why, ...] = ()


@dataclass(frozen=True)
class Span:
    """From where to where: the two ends the level formula runs between."""

    start: Fraction | None
    target: Fraction
    words: str = ""
    """How the target came about, where it is not stated: baseline and change."""


def unscored(why: Why, *notes: str) -> Score:
    """No score, and the reason."""
    return Score(None, None, why, rule=REASONS[why].text, notes=notes)


def lacking(goal: Goal) -> Why | None:
    """What a goal lacks before any value of it can be scored."""
    if goal.measure == "none":
        return Why.NOT_MEASURABLE
    if goal.target is None and goal.stepless:
        return Why.TARGET_MISSING
    if goal.measure in _CHANGES and goal.baseline is None:
        return Why.BASELINE_MISSING
    if goal.measure == "relative" and goal.baseline == 0:
        return Why.BASELINE_ZERO
    return None


def span_of(goal: Goal) -> Span | None:
    """The two ends of a goal's way, None where it lacks one; a change is turned into a target (S41, S42)."""
    if lacking(goal) is not None:
        return None
    target = Fraction(1) if goal.target is None else Fraction(goal.target)
    if goal.measure not in _CHANGES or goal.baseline is None:
        return Span(None if goal.start is None else Fraction(goal.start), target)
    return _change(goal, Fraction(goal.baseline), target)


def _change(goal: Goal, baseline: Fraction, by: Fraction) -> Span:
    signed = -abs(by) if goal.direction in _LOWER else by
    base, sign, size = show_value(baseline), "−" if signed < 0 else "+", show_value(abs(signed))
    if goal.measure == "delta":
        return Span(baseline, baseline + signed, f"target = baseline {sign} change = {base} {sign} {size}")
    words = f"target = baseline × (1 {sign} change) = {base} × (1 {sign} {size}%)"
    return Span(baseline, baseline * (1 + signed / 100), words)


def score(goal: Goal, value: Reading) -> Score:
    """The score of one value against one goal. Never raises; never makes a missing value 0."""
    span = span_of(goal)
    if span is None:
        return unscored(lacking(goal) or Why.TARGET_MISSING)
    if value.value is None:
        return unscored(value.why or Why.CURRENT_MISSING)
    if _off_scale(goal, value.value):
        return unscored(Why.OUT_OF_SCALE, f"{show_value(value.value)} is outside {_scale_text(goal)}")
    usual = _maintain if goal.direction in _HELD else _from_to
    rule = _range if goal.upper is not None else _RULES.get(goal.measure, usual)
    return rule(goal, span, Fraction(value.value))


def _off_scale(goal: Goal, value: Decimal) -> bool:
    low, high = goal.scale
    return (low is not None and value < low) or (high is not None and value > high)


def _scale_text(goal: Goal) -> str:
    low, high = ("…" if end is None else show_value(end) for end in goal.scale)
    return f"{low} to {high}"


def _from_to(goal: Goal, span: Span, value: Fraction) -> Score:
    """Level: the way from start to target, or met and not met where there is no such way."""
    if span.start is None:
        return _without_start(goal, span, value)
    if span.start == span.target:
        rule = "the target equals the start: met is 1, not met is 0"
        return _met(goal, span, value, rule, warnings=(Why.TARGET_EQUALS_START,))
    if goal.direction in _BOUNDS and _reaches(goal, span.target, span.start, strict=False):
        return _met(goal, span, value, "the start is on the right side already: met is 1, not met is 0")
    return _linear(goal, span.start, span, value)


def _without_start(goal: Goal, span: Span, value: Fraction) -> Score:
    if goal.direction in _BOUNDS:
        return _met(goal, span, value, "no start: met is 1, not met is 0", warnings=(Why.START_MISSING,))
    if goal.direction is None:
        return unscored(Why.START_MISSING)
    state = "met" if _reaches(goal, span.target, value, goal.strict) else "not met"
    return unscored(Why.START_MISSING, f"{show_value(value)} is {state}: {_aim(goal, span.target)}")


def _linear(goal: Goal, start: Fraction, span: Span, value: Fraction) -> Score:
    raw = (value - start) / (span.target - start)
    reached_only = goal.strict and raw <= 1
    points = min(clamp(raw), _ALMOST) if reached_only else clamp(raw)
    x, s, t = show_value(value), show_value(start), show_value(span.target)
    wrong = goal.direction is not None and (goal.direction in _LOWER) != (span.target < start)
    return Score(
        raw,
        points,
        rule=_level_rule(goal),
        formula=" and ".join(filter(None, ("score = (current − start) ÷ (target − start)", span.words))),
        numbers=f"({x} − {s}) ÷ ({t} − {s}) = {show(raw)}",
        notes=_edges(raw, points),
        warnings=(Why.DIRECTION_MISMATCH,) if wrong else (),
    )


def _level_rule(goal: Goal) -> str:
    words = {"relative": "change in percent of the baseline", "delta": "change from the baseline"}
    strictly = "; the target itself does not count" if goal.strict else ""
    return words.get(goal.measure, "level from start to target") + strictly


def _edges(raw: Fraction, points: Fraction) -> tuple[str, ...]:
    if raw < 0:
        return (f"below start: raw {show(raw)} counts as 0",)
    if raw > 1:
        return (f"beyond the target: raw {show(raw)} counts as 1",)
    if raw == 1 and points < 1:
        return ("the target is reached and must be passed",)
    return ()


def _met(goal: Goal, span: Span, value: Fraction, rule: str, warnings: tuple[Why, ...] = ()) -> Score:
    reached = _reaches(goal, span.target, value, goal.strict)
    points = Fraction(1 if reached else 0)
    numbers = f"{show_value(value)} is {_aim(goal, span.target)}: {'yes' if reached else 'no'}"
    return Score(points, points, None, rule, "score = 1 if the target is met, else 0", numbers, (), warnings)


def _reaches(goal: Goal, target: Fraction, value: Fraction, strict: bool) -> bool:
    if value == target:
        return not strict
    return goal.lower is not None and (value < target if goal.lower else value > target)


def _aim(goal: Goal, target: Fraction) -> str:
    if goal.lower is None:
        return f"exactly {show_value(target)}"
    strict, inclusive = ("below", "at most") if goal.lower else ("above", "at least")
    return f"{strict if goal.strict else inclusive} {show_value(target)}"


def _maintain(goal: Goal, span: Span, value: Fraction) -> Score:
    """Kept or not kept by the latest value (S40): no start is needed."""
    return _met(_upward(goal), span, value, "maintained, by the latest value: 1 if kept, else 0")


def _range(goal: Goal, span: Span, value: Fraction) -> Score:
    """Kept or not kept between two ends, both included unless strict (S40)."""
    low, high = span.target, Fraction(goal.upper or 0)
    inside = low < value < high if goal.strict else low <= value <= high
    points = Fraction(1 if inside else 0)
    numbers = (
        f"{show_value(value)} is from {show_value(low)} to {show_value(high)}: {'yes' if inside else 'no'}"
    )
    rule = "kept in its range, by the latest value: 1 if kept, else 0"
    return Score(points, points, None, rule, "score = 1 if inside the range, else 0", numbers)


def _rate(goal: Goal, span: Span, value: Fraction) -> Score:
    """The latest period's rate (S49)."""
    return _met(_upward(goal), span, value, "rate, by the latest period: 1 if reached, else 0")


def _binary(goal: Goal, span: Span, value: Fraction) -> Score:
    """Done or not done (S46): there is nothing in between."""
    return _met(Goal("binary", "at_least"), span, value, "done is 1, not done is 0")


def _milestone(goal: Goal, span: Span, value: Fraction) -> Score:
    """The stated value of the stage that is reached, as a share of the last one (S46)."""
    last = span if span.target != 0 else Span(None, Fraction(1))
    staged = _linear(Goal("milestone"), Fraction(0), last, value)
    numbers = f"{show_value(value)} ÷ {show_value(last.target)} = {show(staged.raw or Fraction(0))}"
    return Score(
        staged.raw, staged.score, None, "stages with stated values", "score = stage ÷ last stage", numbers
    )


def _upward(goal: Goal) -> Goal:
    """A target to keep without a direction is one to stay at or above."""
    return goal if goal.direction is not None else Goal(goal.measure, "at_least", strict=goal.strict)


_RULES: Mapping[str, Callable[[Goal, Span, Fraction], Score]] = MappingProxyType(
    {"binary": _binary, "milestone": _milestone, "maintain": _maintain, "rate": _rate}
)
"""Measures that are not a way from start to target; every other measure is."""
