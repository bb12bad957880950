"""Checks of one key result: is it a number that shows an outcome, and is all there to score it?

Each check is one short rule of the method (S77 to S90) over a key result's fields and title.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from okrsync.okr.durations import factor
from okrsync.okr.lint import wording
from okrsync.okr.lint.context import Bench, Hit, title_of
from okrsync.okr.measures import goal_of, span_of
from okrsync.okr.model import Entity
from okrsync.okr.numbers import show_value
from okrsync.okr.reading import name_of, read_number, read_text
from okrsync.okr.units import normal, same

_CHANGES = ("relative", "delta")
_WITHOUT_STEPS = ("binary", "milestone")
_SMALL_NPS = 10


def _measure(kr: Entity) -> str:
    return read_text(kr, "measure") or "level"


def measurable(kr: Entity, bench: Bench) -> Iterator[Hit]:
    """S77, S51: its words name a metric and a number, no placeholder for them."""
    title = title_of(kr)
    left = wording.placeholder(title)
    if left is not None:
        yield Hit("PLACEHOLDER", kr, detail=left)
    if _says_nothing(kr):
        yield Hit("NOT_MEASURABLE", kr, "measure")
    if wording.metric_unnamed(title):
        yield Hit("METRIC_UNNAMED", kr)


def target(kr: Entity, bench: Bench) -> Iterator[Hit]:
    """S77: a number to reach; a placeholder in the words stands for it, unless both ends are missing."""
    title, goal = title_of(kr), goal_of(kr)
    said = wording.placeholder(title) is not None and not wording.from_to(title)
    if goal.target is None and goal.stepless and not said and not _says_nothing(kr):
        yield Hit("TARGET_MISSING", kr, "target")


def _says_nothing(kr: Entity) -> bool:
    if kr.get("measure") is not None:
        return _measure(kr) == "none"
    title = title_of(kr)
    known = wording.has_number(title) or wording.placeholder(title) or wording.is_task(title)
    return not known and read_number(kr, "target").value is None


def outcome(kr: Entity, bench: Bench) -> Iterator[Hit]:
    """S78, S46, S52: an outcome, not an activity; more than done or not done; one thing only."""
    title = title_of(kr)
    if wording.is_task(title):
        yield Hit("TASK_AS_KR", kr)
    if _measure(kr) == "binary":
        yield Hit("BINARY", kr, "measure")
    if kr.get("value_from") == "work":
        yield Hit("EPIC_AS_KR", kr, "value_from")
    if wording.is_composite(title):
        yield Hit("COMPOSITE", kr)


def complete(kr: Entity, bench: Bench) -> Iterator[Hit]:
    """S90: where it starts from. A start nobody can enter before the wording is clear is not asked for."""
    goal, title = goal_of(kr), title_of(kr)
    if goal.measure in _CHANGES and goal.baseline is None:
        yield Hit("BASELINE_MISSING", kr, "baseline")
    if goal.measure != "level" or goal.held or goal.start is not None:
        return
    if wording.of_the_unborn(title):
        yield Hit("DENOMINATOR_MOVES", kr)
    elif wording.stock_or_flow(title):
        yield Hit("STOCK_OR_FLOW", kr)
    elif kr.get("measure") is not None or goal.target is not None:
        yield Hit("START_MISSING", kr, "start")


def unit(kr: Entity, bench: Bench) -> Iterator[Hit]:
    """S45, S48: what the number counts, and on which scale."""
    title, goal = title_of(kr), goal_of(kr)
    counted = goal.stepless and goal.measure != "none"
    unclear = wording.money_without_currency(title) or not wording.says_unit(title)
    if counted and kr.get("measure") is not None and normal(kr.get("unit")) is None and unclear:
        yield Hit("UNIT_MISSING", kr, "unit")
    if wording.is_nps(title) and _odd_for_nps(kr, title):
        yield Hit("UNIT_SUSPECT", kr, "unit")


def _odd_for_nps(kr: Entity, title: str) -> bool:
    target = goal_of(kr).target
    percent = "%" in title or (read_text(kr, "unit") or "").startswith("%")
    return percent or (target is not None and 0 < target <= _SMALL_NPS)


def clear(kr: Entity, bench: Bench) -> Iterator[Hit]:
    """S43, S49: what can be read in two ways."""
    title = title_of(kr)
    if _measure(kr) == "relative" and goal_of(kr).baseline is None and wording.of_a_share(title):
        yield Hit("PERCENT_AMBIGUOUS", kr, "unit")
    if _measure(kr) == "rate":
        yield Hit("RATE", kr, "measure")
    if wording.aggregate_unstated(title):
        yield Hit("AGGREGATE_UNSTATED", kr)


def dates(kr: Entity, bench: Bench) -> Iterator[Hit]:
    """S17, S18, S86: due when it can still be used."""
    cycle, due = bench.cycle_of(kr), bench.due(kr)
    if due is not None and due > cycle.end:
        yield Hit("DUE_AFTER_CYCLE", kr, "due", f"{due}, while {cycle.name} ends {cycle.end}")
    if due is None and wording.deadline_ambiguous(title_of(kr)):
        yield Hit("DUE_AMBIGUOUS", kr)
    for parent in bench.parents(kr):
        ours, theirs = bench.window(kr).end, bench.window(parent).end
        if ours is not None and theirs is not None and ours > theirs:
            yield Hit("CHILD_DUE_AFTER_PARENT", kr, "due", f"{ours}; {name_of(parent)} is due {theirs}")


def parents(kr: Entity, bench: Bench) -> Iterator[Hit]:
    """S24: what must not be added is said where it stands; a change in percent is no sum anyway."""
    if _measure(kr) in _WITHOUT_STEPS or kr.get("contributes") is False:
        return
    for parent in bench.parents(kr):
        units = kr.get("unit"), parent.get("unit")
        told = None not in map(normal, units) and not same(*units) and factor(*units) is None
        if told and _measure(parent) not in _CHANGES and _measure(kr) not in _CHANGES:
            yield Hit("UNIT_MISMATCH_PARENT", kr, "unit", f"{units[0]}; {name_of(parent)} counts {units[1]}")


def numbers(kr: Entity, bench: Bench) -> Iterator[Hit]:
    """S90, S88: the direction against the numbers, and targets that were too near."""
    goal = goal_of(kr)
    span = span_of(goal)
    if goal.direction is not None and goal.measure == "level" and span is not None and span.start is not None:
        rising = goal.lower is False
        if (goal.direction in ("increase", "decrease")) and rising != (span.target > span.start):
            ends = f"{show_value(span.start)} to {show_value(span.target)}"
            yield Hit("DIRECTION_MISMATCH", kr, "direction", f"{goal.direction}, from {ends}")
    elapsed = bench.window(kr).elapsed(bench.today)
    full = bench.computed.derived[kr.id]["score"] == 1 and goal.stepless and not goal.held
    if full and elapsed is not None and 0 < elapsed * 2 < 1:
        yield Hit("REACHED_EARLY", kr, "current")


def care(kr: Entity, bench: Bench) -> Iterator[Hit]:
    """S85, S91: somebody looks after it, and somebody works on it."""
    if bench.computed.derived[kr.id]["stale"] is True:
        yield Hit("STALE", kr, "current")
    elapsed = bench.window(kr).elapsed(bench.today)
    half = elapsed is not None and elapsed * 2 >= 1
    over = (bench.window(kr).end or bench.today) < bench.today
    if half and not over and not _has_work(kr, bench):
        yield Hit("NO_INITIATIVE", kr)


def _has_work(kr: Entity, bench: Bench) -> bool:
    owners = [objective.id for objective in bench.objectives_of(kr)]
    below = bench.links.contributing.get(kr.id)
    return bool(below) or any(bench.links.initiatives.get(each) for each in (kr.id, *owners))


CHECKS: tuple[Callable[[Entity, Bench], Iterator[Hit]], ...] = (
    measurable,
    target,
    outcome,
    complete,
    unit,
    clear,
    dates,
    parents,
    numbers,
    care,
)
"""Every check of one key result."""
