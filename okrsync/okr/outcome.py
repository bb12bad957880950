"""What assessing one entity gives, and what assessors share: the settings, the links, the finished ones.

Assessors (key results, objectives, initiatives) take a Desk and an entity and return an Outcome;
`compute` lays the outcomes on the desk in an order in which everything needed is there already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from okrsync.okr.explain import Exclusion, Explanation, Input
from okrsync.okr.findings import Finding
from okrsync.okr.links import Links
from okrsync.okr.method import Method
from okrsync.okr.model import Entity
from okrsync.okr.numbers import SHOWN_PLACES, cut, show, show_value, total
from okrsync.okr.reading import name_of, read_date, read_number
from okrsync.okr.reasons import Why
from okrsync.okr.rollup import LeftOut, Part, Rolled
from okrsync.okr.series import Series
from okrsync.okr.values import Value


@dataclass(frozen=True)
class Outcome:
    """One entity's derived fields, its explanation, its findings and the exact numbers behind them."""

    entity: Entity
    derived: Mapping[str, Value]
    explanation: Explanation
    findings: tuple[Finding, ...] = ()
    value: Decimal | None = None
    score: Fraction | None = None
    why: Why | None = None
    expected: Fraction | None = None
    compared: Fraction | None = None
    """What the expectation is compared with: the score, or whether the latest value keeps the goal."""
    held: bool = False
    share: Fraction | None = None
    """How much of an initiative's work is done."""
    news: date | None = None
    """The last day on which there was a new value or a check-in."""
    forecast: Fraction | None = None
    """The score on the last day, if it goes on like this."""

    @property
    def part(self) -> Part:
        """The outcome as a roll-up above sees it."""
        return Part(self.entity, self.value, self.score, self.why)


@dataclass(frozen=True)
class Desk:
    """Everything an assessor may look at."""

    links: Links
    today: date
    method: Method
    series: Series = field(default_factory=dict)
    """What is known of the past; empty: nothing."""
    done: dict[str, Outcome] = field(default_factory=dict)
    """The outcomes so far, by entity id."""

    @property
    def knows_past(self) -> bool:
        """Whether anything at all is known of the past."""
        return bool(self.series) or bool(self.links.check_ins)

    def outcomes(self, ids: tuple[str, ...]) -> tuple[Outcome, ...]:
        """The finished ones among the ids; what a circle left unfinished is not among them."""
        return tuple(self.done[each] for each in ids if each in self.done)

    def parts(self, ids: tuple[str, ...]) -> tuple[Part, ...]:
        """The ids as parts of a roll-up."""
        return tuple(outcome.part for outcome in self.outcomes(ids))


def cut_short(number: Fraction | None) -> Decimal | None:
    """A number that moves every day, cut to two decimals so that write-back stays quiet."""
    return None if number is None else cut(number, SHOWN_PLACES)


def number_inputs(entity: Entity, *names: str) -> tuple[Input, ...]:
    """The named numbers an entity holds, with their cells."""
    readings = [(name, read_number(entity, name).value) for name in names]
    return tuple(
        Input(name, show_value(value), entity.sources.get(name), entity.id)
        for name, value in readings
        if value is not None
    )


def date_inputs(entity: Entity) -> tuple[Input, ...]:
    """The first and last day an entity states itself, with their cells."""
    days = [(name, read_date(entity, name)) for name in ("starts", "due")]
    return tuple(Input(name, str(day), entity.sources.get(name), entity.id) for name, day in days if day)


def exclusions(left_out: tuple[LeftOut, ...]) -> tuple[Exclusion, ...]:
    """What a roll-up left out, for the explanation."""
    return tuple(Exclusion(name_of(each.entity), each.reason) for each in left_out)


def plural(count: int, word: str) -> str:
    """`1 key result`, `2 key results`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def mean_text(mean: Rolled) -> str:
    """A roll-up of scores in numbers: `(2 × 0.50 + 1 × 0.40) ÷ 3 = 0.46`, or the scores chosen from."""
    terms = [(show_value(part.weight), show(part.score)) for part in mean.counted if part.score is not None]
    if mean.score is None or not terms:
        return ""
    if mean.how != "weighted_mean":
        return f"{mean.how} of {', '.join(points for _, points in terms)} = {show(mean.score)}"
    weights = show_value(total(part.weight for part in mean.counted))
    return (
        f"({' + '.join(f'{weight} × {points}' for weight, points in terms)}) ÷ {weights} = {show(mean.score)}"
    )


def work_below(desk: Desk, entity: Entity) -> tuple[Explanation, ...]:
    """The explanations of the initiatives meant to move an entity; they never enter its score (S2)."""
    return tuple(done.explanation for done in desk.outcomes(desk.links.initiatives.get(entity.id, ())))
