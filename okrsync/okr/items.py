"""What an objective's score is the mean of: its key results, and where asked the objectives below it.

An objective and the desk arrive; the ids that enter leave, with those that do not and why. Key results alone
are the default. With `both` each key result and each contributing objective is one item (S27); what already
enters through a key result's roll-up does not count a second time (S29).
"""

from __future__ import annotations

from dataclasses import dataclass

from okrsync.okr.links import Ids
from okrsync.okr.model import Entity
from okrsync.okr.outcome import Desk, plural
from okrsync.okr.reading import name_of, read_refs
from okrsync.okr.rollup import LeftOut, Rolled, way_of


@dataclass(frozen=True)
class Items:
    """The children of an objective that enter its mean, each as one item."""

    key_results: Ids
    objectives: Ids = ()
    left_out: tuple[LeftOut, ...] = ()
    both: bool = False
    """Whether objectives below count at all."""

    @property
    def ids(self) -> Ids:
        """All of them, key results first."""
        return (*self.key_results, *self.objectives)

    @property
    def rule(self) -> str:
        """The rule for people, without its coverage."""
        if self.both:
            return (
                "weighted mean of the key results and the objectives below that have a score, each one item"
            )
        return "weighted mean of the key results that have a score"

    def counted(self, mean: Rolled) -> str:
        """How many entered, such as `2 of 3 key results`."""
        whole = plural(len(self.key_results), "key result")
        if not self.objectives:
            return whole if len(mean.counted) == mean.of else f"{len(mean.counted)} of {whole}"
        named = f"{whole} and {plural(len(self.objectives), 'objective')} below"
        return named if len(mean.counted) == mean.of else f"{len(mean.counted)} of {mean.of} items: {named}"


def items_of(objective: Entity, desk: Desk) -> Items:
    """What enters an objective's mean by the workspace's method."""
    key_results = desk.links.key_results.get(objective.id, ())
    if desk.method.objectives != "both":
        return Items(key_results)
    below = desk.links.get(desk.links.objectives.get(objective.id, ()))
    reasons = [(child, _why_not(objective, child, key_results, desk)) for child in below]
    return Items(
        key_results,
        tuple(child.id for child, reason in reasons if not reason),
        tuple(LeftOut(child, reason) for child, reason in reasons if reason),
        both=True,
    )


def _why_not(objective: Entity, child: Entity, key_results: Ids, desk: Desk) -> str:
    """Why an objective below does not enter; empty where it does."""
    if child.get("state") == "cancelled":
        return "it is cancelled"
    if {objective.id, child.id} <= desk.links.circular:
        return "its links lead in a circle"
    through = [each for each in key_results if each in read_refs(child, "contributes_to")]
    rolled = [kr for kr in desk.links.get(tuple(through)) if _rolls_up(kr, desk)]
    return f"it enters through {name_of(rolled[0])} already" if rolled else ""


def _rolls_up(kr: Entity, desk: Desk) -> bool:
    return way_of(kr, desk.links, desk.method.rollup) != "none"
