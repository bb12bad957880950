"""Checks of one objective and of one initiative: direction, owner, dates, links, number of key results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from okrsync.okr.alignment import links_outward
from okrsync.okr.cycles import Calendar, Cycle, find
from okrsync.okr.lint import wording
from okrsync.okr.lint.context import Bench, Hit, title_of
from okrsync.okr.model import Entity, Kind
from okrsync.okr.reading import name_of, read_refs, read_text


def text(objective: Entity, bench: Bench) -> Iterator[Hit]:
    """S79 to S82, S51: where to, in words that lead there."""
    title = title_of(objective)
    left = wording.placeholder(title)
    if left is not None:
        yield Hit("PLACEHOLDER", objective, detail=left)
    if wording.has_number(title):
        yield Hit("NUMBER_IN_OBJECTIVE", objective)
    if wording.is_binary(title):
        yield Hit("BINARY_OBJECTIVE", objective)
    if wording.is_bare_metric(title):
        yield Hit("OBJECTIVE_NOT_INSPIRING", objective)
    if wording.begins_without_verb(title):
        yield Hit("NO_ACTION_VERB", objective)
    if len(title) > bench.limits.length:
        yield Hit("OBJECTIVE_LONG", objective, limit=bench.limits.length)


def owner(objective: Entity, bench: Bench) -> Iterator[Hit]:
    """S83: one who answers for it; and, where people hold it so, never one person alone (C2)."""
    if not read_text(objective, "owner"):
        yield Hit("OWNER_MISSING", objective, "owner")
    if (read_text(objective, "level") or "").casefold() in ("individual", "personal", "person"):
        yield Hit("INDIVIDUAL_OBJECTIVE", objective, "level")


def dates(objective: Entity, bench: Bench) -> Iterator[Hit]:
    """S86, S18: time-bound, and within its cycle as far as its words say when it ends."""
    if read_text(objective, "cycle") is None and bench.due(objective) is None:
        yield Hit("CYCLE_MISSING", objective, "cycle")
    cycle = bench.cycle_of(objective)
    due = bench.due(objective) or _said(title_of(objective), cycle, bench.method.calendar)
    if due is not None and due > cycle.end:
        yield Hit("DUE_AFTER_CYCLE", objective, "due", f"{due}, while {cycle.name} ends {cycle.end}")


def _said(title: str, cycle: Cycle, calendar: Calendar) -> date | None:
    """The end of the year, where the title says so."""
    if not wording.says_year_end(title):
        return None
    early = cycle.start.month < calendar.fiscal_start
    year = find(str(cycle.start.year - (1 if early else 0)), calendar)
    return year.end if year else None


def key_results(objective: Entity, bench: Bench) -> Iterator[Hit]:
    """S75: enough of them to be believed, few enough to be remembered."""
    count = len(bench.links.key_results.get(objective.id, ()))
    limits = bench.limits
    if count < limits.key_results_low:
        yield Hit("KR_COUNT_LOW", objective, detail=f"{count}", limit=limits.key_results_low)
    if count > limits.key_results_high:
        yield Hit("KR_COUNT_HIGH", objective, detail=f"{count}", limit=limits.key_results_high)


def links(objective: Entity, bench: Bench) -> Iterator[Hit]:
    """S34, S84: it adds something to its parent, and it is linked to somebody else's goals at all."""
    above = read_refs(objective, "contributes_to")
    for parent in (bench.links.entities[each] for each in above if each in bench.links.entities):
        copied = wording.same_text(title_of(parent)) == wording.same_text(title_of(objective))
        if parent.kind is Kind.KEY_RESULT and copied:
            yield Hit("OBJECTIVE_COPIES_PARENT_KR", objective, detail=name_of(parent))
    if not links_outward(objective) and objective.id not in bench.linked_to:
        yield Hit("SILO", objective, "contributes_to")


def work(initiative: Entity, bench: Bench) -> Iterator[Hit]:
    """S3: work is linked to what it should move."""
    if not any(each in bench.links.entities for each in read_refs(initiative, "contributes_to")):
        yield Hit("EPIC_WITHOUT_KR", initiative, "contributes_to")


CHECKS: tuple[Callable[[Entity, Bench], Iterator[Hit]], ...] = (text, owner, dates, key_results, links)
"""Every check of one objective."""
