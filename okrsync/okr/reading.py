"""How the method reads an entity: names, places, numbers, dates and the findings about them.

An entity's fields arrive as normal values, some missing, some "not yet", some unreadable at the latest
look. What leaves is a reading that keeps these apart (a missing value is never 0) and says when an
older agreed value stands in for one that could not be read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from okrsync.okr.findings import Finding
from okrsync.okr.model import Entity
from okrsync.okr.numbers import usable
from okrsync.okr.reasons import REASONS, Why
from okrsync.okr.values import NOT_YET


@dataclass(frozen=True)
class Reading:
    """One number, or why there is none. `note` says where an older value stands in."""

    value: Decimal | None
    why: Why | None = None
    note: str = ""


def read_number(entity: Entity, name: str) -> Reading:
    """The number in a field: the agreed one even where the latest look could not be read."""
    value = entity.get(name)
    number = usable(value)
    unread = entity.unreadable.get(name)
    if number is not None:
        return Reading(number, note=_standing_in(name, unread))
    if unread is not None:
        return Reading(None, Why.CURRENT_UNREADABLE, f"{name} could not be read: {unread}")
    if value is NOT_YET:
        return Reading(None, Why.NOT_YET)
    if value is not None:
        return Reading(None, Why.CURRENT_UNREADABLE, f"{name} is not a number to calculate with")
    return Reading(None, Why.CURRENT_MISSING)


def _standing_in(name: str, unread: str | None) -> str:
    if unread is None:
        return ""
    return f"the latest {name} could not be read ({unread}); the last agreed value was used"


def read_date(entity: Entity, name: str) -> date | None:
    """The day in a field, None where there is none."""
    value = entity.get(name)
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def read_text(entity: Entity, name: str) -> str | None:
    """The text or choice in a field, None where there is none."""
    value = entity.get(name)
    return value if isinstance(value, str) and value else None


def read_refs(entity: Entity, name: str) -> tuple[str, ...]:
    """The entity ids in a field, sorted."""
    value = entity.get(name)
    return tuple(sorted(value)) if isinstance(value, frozenset) else ()


def name_of(entity: Entity) -> str:
    """What to call an entity in a message: its key and its title."""
    return " · ".join(part for part in (entity.key, read_text(entity, "title")) if part) or entity.id


def place_of(entity: Entity, *fields: str) -> str:
    """Where a person can look: the cell of the first named field that has one, the title's, or its name."""
    for field in (*fields, "title"):
        if field in entity.sources:
            return entity.sources[field].place
    return name_of(entity)


def finding(why: Why, entity: Entity, *fields: str, detail: str = "") -> Finding | None:
    """The finding a reason makes at an entity; None where the reason is only a fact."""
    reason = REASONS[why]
    if reason.severity is None:
        return None
    message = f"{name_of(entity)}: {reason.text}" + (f" ({detail})" if detail else "")
    return Finding(why, place_of(entity, *fields), message, reason.advice, reason.severity)


def present(findings: Iterable[Finding | None]) -> tuple[Finding, ...]:
    """The findings there are, each once, in a stable order."""
    return tuple(sorted({found for found in findings if found is not None}))
