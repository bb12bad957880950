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
    done: Decimal = Decimal(0)
    of: Decimal = Decimal(0)
    counted: tuple[Entity, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[Why, ...] = ()
    notes: tuple[str, ...] = ()

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
        return f"{show_value(self.done)} of {show_value(self.of)} {self.unit} done{half}"


_OWN: Final = {"done": Fraction(1), "new": Fraction(0)}
"""A status of its own that says how much is done; under way does not."""
_CATEGORIES: Final = MappingProxyType({"done": Decimal(1), "indeterminate": Decimal("0.5")})


def measure_work(initiative: Entity, items: tuple[Entity, ...], method: Method) -> Work:
    """Done ÷ all direct work items, given-up ones left out; its own status where there are none."""
    reasons = [(item, _why_left_out(item, method)) for item in items]
    counted = tuple(item for item, reason in reasons if not reason)
    left = tuple(LeftOut(item, reason) for item, reason in reasons if reason)
    if not counted:
        share = _OWN.get(read_text(initiative, "status_category") or "")
        return Work(share, "own status", left_out=left, warnings=(Why.NO_WORK,))
    work = _WAYS[method.work](counted)
    return replace(work, left_out=(*left, *work.left_out), warnings=_contradiction(initiative, counted))


def _why_left_out(item: Entity, method: Method) -> str:
    resolution = read_text(item, "resolution")
    if resolution is not None and resolution.casefold() in method.cancelled:
        return f"given up: {resolution}"
    return "" if read_text(item, "status_category") else "its status is not known"


def _is_done(item: Entity) -> bool:
    return item.get("status_category") == "done"


def _by_count(items: tuple[Entity, ...]) -> Work:
    done = sum(1 for item in items if _is_done(item))
    return Work(Fraction(done, len(items)), "count", Decimal(done), Decimal(len(items)), items)


def _by_category(items: tuple[Entity, ...]) -> Work:
    """Done counts whole, under way half, new not at all."""
    weights = (_CATEGORIES.get(read_text(item, "status_category") or "", Decimal(0)) for item in items)
    done = total(weights)
    return Work(Fraction(done) / len(items), "categories", done, Decimal(len(items)), items)


def _by_points(items: tuple[Entity, ...]) -> Work:
    """Done points ÷ all points; by count where no points are stated."""
    points = {item.id: read_number(item, "points").value for item in items}
    estimated = tuple(item for item in items if (points[item.id] or Decimal(-1)) > 0 or points[item.id] == 0)
    left = tuple(LeftOut(item, _bad_estimate(points[item.id])) for item in items if item not in estimated)
    of = total(points[item.id] or Decimal(0) for item in estimated)
    if of == 0:
        return replace(_by_count(items), notes=("no points are stated: work items were counted",))
    done = total(points[item.id] or Decimal(0) for item in estimated if _is_done(item))
    return Work(Fraction(done) / Fraction(of), "points", done, of, estimated, left)


_WAYS: Final[Mapping[str, Callable[[tuple[Entity, ...]], Work]]] = MappingProxyType(
    {"count": _by_count, "points": _by_points, "categories": _by_category}
)


def _bad_estimate(points: Decimal | None) -> str:
    return "it has no points" if points is None else "its points are negative"


def _contradiction(initiative: Entity, items: tuple[Entity, ...]) -> tuple[Why, ...]:
    closed = initiative.get("status_category") == "done"
    return (Why.EPIC_DONE_CHILDREN_OPEN,) if closed and not all(map(_is_done, items)) else ()


def open_items(work: Work) -> str:
    """The names of the work items that are not done, for a finding."""
    return ", ".join(name_of(item) for item in work.counted if not _is_done(item))


def notes_of(work: Work) -> tuple[str, ...]:
    """What a reader should know about how the work was counted."""
    return (*work.notes, *(REASONS[why].text for why in work.warnings))
