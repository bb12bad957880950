"""Roll-up: from contributing key results to their parent, and from key results to their objective.

Values are summed only where units match, scores are averaged by weight, and what must not be added is
refused with a reason (S22 to S29). Missing parts never count as 0: they are left out, and the coverage
says so. Pure arithmetic over parts that others have read and scored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from okrsync.okr.durations import factor, total_in
from okrsync.okr.links import Links
from okrsync.okr.measures import Goal, goal_of
from okrsync.okr.model import Entity
from okrsync.okr.reading import name_of, read_number, read_text
from okrsync.okr.reasons import REASONS, Why
from okrsync.okr.units import currency, same
from okrsync.okr.values import Value

_CANCELLED = "its objective is cancelled"


@dataclass(frozen=True)
class Part:
    """One child as a roll-up sees it."""

    entity: Entity
    value: Decimal | None = None
    score: Fraction | None = None
    why: Why | None = None

    @property
    def weight(self) -> Decimal:
        """Its share in a mean: 1 unless it says otherwise."""
        stated = read_number(self.entity, "weight").value
        return Decimal(1) if stated is None else stated

    @property
    def seen(self) -> str:
        """When its current value was first seen, empty where nobody knows."""
        source = self.entity.sources.get("current")
        return (source.at if source else None) or ""


@dataclass(frozen=True)
class LeftOut:
    """A child that does not enter, and why."""

    entity: Entity
    reason: str


@dataclass(frozen=True)
class Selection:
    """Which children enter a parent's roll-up; `why` refuses the roll-up as a whole."""

    used: tuple[Entity, ...]
    left_out: tuple[LeftOut, ...] = ()
    why: Why | None = None
    detail: str = ""
    unit: Value = None
    """The parent's, into which durations are converted."""


@dataclass(frozen=True)
class Rolled:
    """A parent's value (sum, latest) or score (mean, min, max), or why there is neither."""

    how: str
    value: Decimal | None = None
    score: Fraction | None = None
    why: Why | None = None
    counted: tuple[Part, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    of: int = 0
    """How many children could have entered."""
    detail: str = ""

    @property
    def coverage(self) -> str:
        """How many of them did, such as `2/3`."""
        return f"{len(self.counted)}/{self.of}"


def way_of(parent: Entity, links: Links, default: str) -> str:
    """How a key result is rolled up: as it says; by the default where it has no value of its own (S27)."""
    stated = read_text(parent, "rollup")
    if stated is not None:
        return stated
    sourced = parent.get("metric") is not None or parent.get("value_from") == "work"
    own = sourced or read_number(parent, "current").why is not Why.CURRENT_MISSING
    return "none" if own or parent.id not in links.contributing else default


def refused(parent: Entity, goal: Goal, links: Links) -> Why | None:
    """Why a key result can have no roll-up at all, whatever its children hold (S26)."""
    if parent.id in links.circular:
        return Why.LINK_CYCLE
    if goal.measure in ("relative", "delta") and goal.baseline is None:
        return Why.BASELINE_MISSING
    if not links.contributing.get(parent.id):
        return Why.NOTHING_CONTRIBUTES
    return None


def select(parent: Entity, links: Links, by_unit: bool = True) -> Selection:
    """The children that enter: their own word first, otherwise the same unit (S24, S25, S45)."""
    withdrawn = [LeftOut(each, _CANCELLED) for each in links.get(links.withdrawn.get(parent.id, ()))]
    why = refused(parent, goal_of(parent), links)
    if why is not None:
        return Selection((), tuple(withdrawn), why)
    children = links.get(links.contributing[parent.id])
    reasons = [(child, _reason(parent, child, by_unit)) for child in children]
    used = tuple(child for child, reason in reasons if not reason)
    left = (*(LeftOut(child, reason) for child, reason in reasons if reason), *withdrawn)
    foreign = [child for child in used if by_unit and _foreign(parent, child)]
    if foreign:
        return Selection((), left, Why.CURRENCY_MISMATCH, _named(foreign))
    return Selection(used, left, unit=parent.get("unit")) if used else _none_used(children, left)


def _none_used(children: Iterable[Entity], left: tuple[LeftOut, ...]) -> Selection:
    """Refused: by the units of those that could contribute, or because none wants to."""
    asked = [child for child in children if child.get("contributes") is not False]
    return Selection((), left, Why.UNIT_MISMATCH_PARENT if asked else Why.NOTHING_CONTRIBUTES, _named(asked))


def _reason(parent: Entity, child: Entity, by_unit: bool) -> str:
    """Why a child does not enter, empty where it does; a foreign currency passes, to refuse the whole."""
    if child.get("contributes") is False:
        return "it says it does not contribute"
    units = child.get("unit"), parent.get("unit")
    if not by_unit or child.get("contributes") is True or _foreign(parent, child):
        return ""
    if same(*units) or factor(*units) is not None:
        return ""
    return f"its unit is {units[0] or 'not stated'}, the parent's is {units[1] or 'not stated'}"


def _foreign(parent: Entity, child: Entity) -> bool:
    theirs, ours = currency(child.get("unit")), currency(parent.get("unit"))
    return theirs is not None and ours is not None and theirs != ours


def _named(entities: Iterable[Entity]) -> str:
    return ", ".join(name_of(entity) for entity in entities)


def roll_up(how: str, selection: Selection, parts: Iterable[Part]) -> Rolled:
    """The parent's value or score from the selected children's. No part counts twice, none missing as 0."""
    known = {part.entity.id: part for part in parts}
    chosen = tuple(known[each.id] for each in selection.used)
    if selection.why is not None:
        return Rolled(how, why=selection.why, left_out=selection.left_out, detail=selection.detail)
    if how in ("sum", "latest"):
        return _by_value(how, chosen, selection)
    return _by_score(how, chosen, selection)


def _by_value(how: str, chosen: tuple[Part, ...], selection: Selection) -> Rolled:
    valued = tuple(part for part in chosen if part.value is not None)
    if how == "latest":
        valued = tuple(sorted((part for part in valued if part.seen), key=lambda part: part.seen)[-1:])
    values = [(part.value, part.entity.get("unit")) for part in valued if part.value is not None]
    left = (*selection.left_out, *_missing(chosen, valued))
    why = None if values else Why.CHILDREN_WITHOUT_VALUE
    value = total_in(values, selection.unit) if values else None
    return Rolled(how, value, None, why, valued, left, len(chosen))


def _by_score(how: str, chosen: tuple[Part, ...], selection: Selection) -> Rolled:
    mean = weighted_mean(chosen)
    scores = [part.score for part in mean.counted if part.score is not None]
    left = (*selection.left_out, *mean.left_out)
    value = mean.score
    if scores and how in ("min", "max"):
        value = min(scores) if how == "min" else max(scores)
    why = mean.why if value is None else None
    return Rolled(how, None, value, why, mean.counted, left, len(chosen))


def _missing(chosen: Iterable[Part], counted: tuple[Part, ...]) -> list[LeftOut]:
    ids = {part.entity.id for part in counted}
    return [LeftOut(part.entity, _absence(part)) for part in chosen if part.entity.id not in ids]


def _absence(part: Part) -> str:
    if part.value is not None:
        return "a later value was used"
    return REASONS[part.why or Why.CURRENT_MISSING].text


def weighted_mean(parts: tuple[Part, ...]) -> Rolled:
    """Σ weight × score ÷ Σ weight over the parts that have a score; negative weights are left out."""
    usable = tuple(part for part in parts if part.weight >= 0)
    scored = tuple(part for part in usable if part.score is not None)
    negative = [LeftOut(part.entity, REASONS[Why.NEGATIVE_WEIGHT].text) for part in parts if part.weight < 0]
    blank = [
        LeftOut(part.entity, REASONS[part.why or Why.CURRENT_MISSING].text)
        for part in usable
        if part.score is None
    ]
    left = tuple(negative + blank)
    why = _no_mean(parts, scored)
    score = None if why else mean_of([(part.weight, part.score) for part in scored if part.score is not None])
    return Rolled("weighted_mean", None, score, why, scored, left, len(parts))


def _no_mean(parts: tuple[Part, ...], scored: tuple[Part, ...]) -> Why | None:
    if not parts:
        return Why.NO_KEY_RESULTS
    if not scored:
        return Why.ALL_UNSCORED
    return None if any(part.weight > 0 for part in scored) else Why.WEIGHTS_ALL_ZERO


def mean_of(pairs: Iterable[tuple[Decimal, Fraction]]) -> Fraction | None:
    """The weighted mean of (weight, number); None where the weights add up to nothing."""
    taken = [(Fraction(weight), number) for weight, number in pairs]
    weights = sum((weight for weight, _ in taken), Fraction(0))
    if weights == 0:
        return None
    return sum((weight * number for weight, number in taken), Fraction(0)) / weights
