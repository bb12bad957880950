"""What stays out of everything that is published (S104).

OKRs are open inside the company; `private` marks the exceptions. Entities arrive; the ones everybody may see
leave. What belongs to a private objective or key result is private with it, and no link to it is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from okrsync.okr.model import FIELDS, Entity

_ABOVE = ("objective", "contributes_to", "parent", "key_result")
"""Fields that say what an entity belongs to."""


def public(entities: Mapping[str, Entity]) -> dict[str, Entity]:
    """The entities that are not private, without links to those that are.

    A thing that belongs to several is private only when all of them are.
    """
    hidden = {each.id for each in entities.values() if each.get("private") is True}
    more = True
    while more:
        below = {e.id for e in entities.values() if e.id not in hidden and _belongs_to(e, hidden)}
        hidden |= below
        more = bool(below)
    return {each.id: _without(each, hidden) for each in entities.values() if each.id not in hidden}


def _belongs_to(entity: Entity, hidden: set[str]) -> bool:
    above = {other for name in _ABOVE for other in _refs(entity, name)}
    return bool(above) and above <= hidden


def _refs(entity: Entity, name: str) -> frozenset[str]:
    value = entity.get(name)
    return value if isinstance(value, frozenset) else frozenset()


def _without(entity: Entity, hidden: set[str]) -> Entity:
    names = [name for name, spec in FIELDS[entity.kind].items() if spec.refers_to]
    kept = {name: _refs(entity, name) - hidden for name in names if _refs(entity, name) & hidden}
    return replace(entity, fields={**entity.fields, **kept}) if kept else entity
