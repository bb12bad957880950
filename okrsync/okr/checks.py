"""Checks of targets: do the parts add up to what the parent, or the title, promises?

Only targets are compared, never values, so the checks can be made before anything is measured. They
never refuse or change a number: explanations show them beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from okrsync.okr import units
from okrsync.okr.durations import total_in
from okrsync.okr.links import Links, links_of
from okrsync.okr.measures import goal_of, span_of
from okrsync.okr.model import Entity
from okrsync.okr.numbers import cut, show_value
from okrsync.okr.reading import read_text
from okrsync.okr.reasons import REASONS, Why
from okrsync.okr.rollup import LeftOut, select
from okrsync.okr.values import Value


@dataclass(frozen=True)
class TargetSum:
    """A parent's target and its children's, added where they may be."""

    parent_target: Decimal | None
    child_sum: Decimal | None
    """None where the children's targets have no common unit or one is missing."""
    adds_up: bool | None
    """None where nothing can be said, because of `why` or a missing number."""
    used: tuple[str, ...] = ()
    """The ids whose targets were added."""
    left_out: tuple[LeftOut, ...] = ()
    why: Why | None = None
    unit: str = ""

    def line(self) -> str:
        """The check in one line; empty where there is nothing to say."""
        if self.child_sum is None or self.parent_target is None:
            return ""
        if self.why is not None:
            return f"targets cannot be compared: {REASONS[self.why].text}"
        verdict = "add up to" if self.adds_up else "do not add up to"
        parts, whole = (
            units.with_unit(show_value(n), self.unit) for n in (self.child_sum, self.parent_target)
        )
        return f"the targets below give {parts}: they {verdict} the target of {whole}"


@dataclass(frozen=True)
class TitleCheck:
    """The number in an objective's title against its own key results and against the lowest ones."""

    amount: units.Amount
    own_sum: Decimal | None
    own: tuple[str, ...]
    leaf_sum: Decimal | None
    leaves: tuple[str, ...]

    @property
    def adds_up(self) -> bool:
        """Whether either sum gives the title's number."""
        return self.amount.number in (self.own_sum, self.leaf_sum)

    def line(self) -> str:
        """The check in one line."""
        named, own, leaf = (
            "nothing" if number is None else units.with_unit(show_value(number), self.amount.unit)
            for number in (self.amount.number, self.own_sum, self.leaf_sum)
        )
        verdict = "adds up" if self.adds_up else "does not add up"
        return f"the title says {named}: {verdict}; its own key results give {own}, the lowest ones {leaf}"


def target_sum(entities: Mapping[str, Entity], kr_id: str) -> TargetSum:
    """Whether the targets of a key result's contributing key results add up to its own (S23).

    Raises KeyError where there is no entity `kr_id`.
    """
    return target_sum_in(links_of(entities), entities[kr_id])


def target_sum_in(links: Links, parent: Entity) -> TargetSum:
    """`target_sum` on links that are known already."""
    selection = select(parent, links)
    whole = _target(parent)
    if selection.why is Why.UNIT_MISMATCH_PARENT:
        added = _in_one_unit(links.get(links.contributing[parent.id]))
        return TargetSum(whole, added, False, (), selection.left_out, selection.why)
    if selection.why is not None:
        return TargetSum(whole, None, None, (), selection.left_out, selection.why)
    added = _sum(selection.used, parent.get("unit"))
    fits = None if added is None or whole is None else added == whole
    used = tuple(child.id for child in selection.used)
    return TargetSum(whole, added, fits, used, selection.left_out, None, read_text(parent, "unit") or "")


def _target(kr: Entity) -> Decimal | None:
    span = span_of(goal_of(kr))
    return None if span is None else cut(span.target, 12)


def _sum(krs: Iterable[Entity], unit: Value = None) -> Decimal | None:
    """The sum of the targets, durations in the given unit; None where one is missing."""
    targets = [(_target(kr), kr.get("unit")) for kr in krs]
    known = [(target, own) for target, own in targets if target is not None]
    return total_in(known, unit) if known and len(known) == len(targets) else None


def _in_one_unit(krs: tuple[Entity, ...]) -> Decimal | None:
    counted = [kr for kr in krs if kr.get("contributes") is not False]
    one = bool(counted) and all(units.same(kr.get("unit"), counted[0].get("unit")) for kr in counted)
    return _sum(counted) if one else None


def title_number_check(entities: Mapping[str, Entity], objective_id: str) -> TitleCheck | None:
    """The number in an objective's title against the targets below it, in the title's own unit.

    None where the title names no amount that any key result below could add up to; percentages do not.
    Raises KeyError where there is no entity `objective_id`.
    """
    return title_check_in(links_of(entities), entities[objective_id])


def title_check_in(links: Links, objective: Entity) -> TitleCheck | None:
    """`title_number_check` on links that are known already."""
    own = links.get(links.key_results.get(objective.id, ()))
    for amount in units.amounts(read_text(objective, "title") or ""):
        mine = _of_unit(own, amount)
        lowest = _of_unit(links.get(_leaves(links, own)), amount)
        if amount.unit != "%" and (mine or lowest):
            ids = tuple(kr.id for kr in mine), tuple(kr.id for kr in lowest)
            return TitleCheck(amount, _sum(mine), ids[0], _sum(lowest), ids[1])
    return None


def _of_unit(krs: Iterable[Entity], amount: units.Amount) -> tuple[Entity, ...]:
    return tuple(kr for kr in krs if units.same(kr.get("unit"), amount.unit))


def _leaves(links: Links, krs: Iterable[Entity]) -> tuple[str, ...]:
    """The key results below that nothing contributes to, each once; a circle is walked once."""
    seen: dict[str, None] = {}
    ahead = [kr.id for kr in krs][::-1]
    while ahead:
        each = ahead.pop()
        if each not in seen:
            seen[each] = None
            ahead.extend(links.contributing.get(each, ())[::-1])
    return tuple(each for each in seen if not links.contributing.get(each))
