"""An initiative's progress: the share of its own work that is done.

Work items of an initiative arrive, a share leaves, by count or by points. Work never scores a key
result (S2): this number stands beside the score so that people can see "work 90% done, result at 20%".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from okrsync.okr.method import Method
from okrsync.okr.model import Entity
from okrsync.okr.numbers import show_value, total
from okrsync.okr.reading import name_of, read_number, read_text
from okrsync.okr.reasons import REASONS, Why
from okrsync.okr.rollup import LeftOut


@dataclass(frozen=True)
class Work:
    """How far an initiative's work is. `share` None: the tool's own status does not say."""

    share: Fraction | None
    by: str
    """count, points, categories or own status."""
    done: Fraction = Fraction(0)
    of: Decimal = Decimal(0)
    counted: tuple[Entity, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[Why, ...] = ()
    notes: tuple[str, ...] = ()
    open: tuple[Entity, ...] = ()
    """Those counted that are not done."""
    nested: bool = False
    """Whether some of them count by their sub-tasks."""

    @property
    def unit(self) -> str:
        """What was counted."""
        return "points" if self.by == "points" else "work items"

    @property
    def line(self) -> str:
        """Such as `7 of 10 work items done`."""
        if self.by == "own status":
            return "no work items below it, taken from its own status"
        half = ", half for each under way" if self.by == "categories" else ""
        deep = ", items with sub-tasks by those" if self.nested else ""
        return f"{show_value(self.done)} of {show_value(self.of)} {self.unit} done{half}{deep}"


Below = Callable[[Entity], tuple[Entity, ...]]
"""The sub-tasks of a work item."""
Shares = Mapping[str, Fraction]
"""How much of each item is done, by its id."""
_OWN: Final = {"done": Fraction(1), "new": Fraction(0)}
"""A status of its own that says how much is done; under way does not."""
_HALF: Final = Fraction(1, 2)


def measure_work(
    initiative: Entity, items: tuple[Entity, ...], method: Method, below: Below = lambda item: ()
) -> Work:
    """Done ÷ all direct work items, given-up ones left out; its own status where there are none.

    An item with sub-tasks counts by the mean of them, so its depth does not change its weight.
    """
    counted, left = _sorted_out(items, method)
    if not counted:
        share = _OWN.get(read_text(initiative, "status_category") or "")
        return Work(share, "own status", left_out=left, warnings=(Why.NO_WORK,))
    shares = {item.id: _share(item, method, below) for item in counted}
    work = _WAYS[method.work](counted, shares)
    deeper = tuple(one for item in counted for one in _left_out_below(item, method, below))
    return replace(
        work,
        left_out=(*left, *deeper, *work.left_out),
        warnings=_contradiction(initiative, shares),
        open=tuple(item for item in counted if shares[item.id] < 1),
        nested=any(below(item) for item in counted),
    )


def _sorted_out(items: tuple[Entity, ...], method: Method) -> tuple[tuple[Entity, ...], tuple[LeftOut, ...]]:
    """The items that count, and those that do not."""
    reasons = [(item, _why_left_out(item, method)) for item in items]
    counted = tuple(item for item, reason in reasons if not reason)
    return counted, tuple(LeftOut(item, reason) for item, reason in reasons if reason)


def _why_left_out(item: Entity, method: Method) -> str:
    resolution = read_text(item, "resolution")
    if resolution is not None and resolution.casefold() in method.cancelled:
        return f"given up: {resolution}"
    return "" if read_text(item, "status_category") else "its status is not known"


def _share(item: Entity, method: Method, below: Below) -> Fraction:
    """Depth first: the mean of its sub-tasks, else its own status; under way is half where asked."""
    parts, _ = _sorted_out(below(item), method)
    if parts:
        return sum((_share(part, method, below) for part in parts), Fraction(0)) / len(parts)
    status = item.get("status_category")
    if status == "done":
        return Fraction(1)
    return _HALF if status == "indeterminate" and method.work == "categories" else Fraction(0)


def _left_out_below(item: Entity, method: Method, below: Below) -> tuple[LeftOut, ...]:
    """What does not count among an item's sub-tasks, at any depth."""
    parts, left = _sorted_out(below(item), method)
    return (*left, *(one for part in parts for one in _left_out_below(part, method, below)))


def _by_count(items: tuple[Entity, ...], shares: Shares) -> Work:
    done = sum((shares[item.id] for item in items), Fraction(0))
    return Work(done / len(items), "count", done, Decimal(len(items)), items)


def _by_category(items: tuple[Entity, ...], shares: Shares) -> Work:
    """Done counts whole, under way half, new not at all."""
    return replace(_by_count(items, shares), by="categories")


def _by_points(items: tuple[Entity, ...], shares: Shares) -> Work:
    """Done points ÷ all points; by count where no points are stated."""
    points = {item.id: read_number(item, "points").value for item in items}
    estimated = tuple(item for item in items if (points[item.id] or Decimal(-1)) > 0 or points[item.id] == 0)
    left = tuple(LeftOut(item, _bad_estimate(points[item.id])) for item in items if item not in estimated)
    of = total(points[item.id] or Decimal(0) for item in estimated)
    if of == 0:
        return replace(_by_count(items, shares), notes=("no points are stated: work items were counted",))
    done = sum((Fraction(points[item.id] or 0) * shares[item.id] for item in estimated), Fraction(0))
    return Work(done / Fraction(of), "points", done, of, estimated, left)


_WAYS: Final[Mapping[str, Callable[[tuple[Entity, ...], Shares], Work]]] = MappingProxyType(
    {"count": _by_count, "points": _by_points, "categories": _by_category}
)


def _bad_estimate(points: Decimal | None) -> str:
    return "it has no points" if points is None else "its points are negative"


def _contradiction(initiative: Entity, shares: Shares) -> tuple[Why, ...]:
    closed = initiative.get("status_category") == "done"
    return (Why.EPIC_DONE_CHILDREN_OPEN,) if closed and any(share < 1 for share in shares.values()) else ()


def open_items(work: Work) -> str:
    """The names of the work items that are not done, for a finding."""
    return ", ".join(name_of(item) for item in work.open)


def notes_of(work: Work) -> tuple[str, ...]:
    """What a reader should know about how the work was counted."""
    return (*work.notes, *(REASONS[why].text for why in work.warnings))
