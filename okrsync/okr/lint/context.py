"""What a check may look at, and what it yields.

A bench holds the workspace as the method sees it: entities, links, today, settings and everything
computed. A hit names a rule and an entity; words, severity and place come later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from okrsync.okr import cycles
from okrsync.okr.alignment import linked_ids
from okrsync.okr.compute import Computed
from okrsync.okr.cycles import Cycle
from okrsync.okr.links import Ids, Links
from okrsync.okr.lint.profiles import Limits
from okrsync.okr.method import Method
from okrsync.okr.model import Entity
from okrsync.okr.pace import Window, window_of
from okrsync.okr.reading import read_date, read_refs, read_text


@dataclass(frozen=True)
class Hit:
    """One rule that an entity breaks."""

    code: str
    entity: Entity
    field: str = "title"
    """The field to look at."""
    detail: str = ""
    limit: int | None = None


@dataclass(frozen=True)
class Bench:
    """Everything a check may look at."""

    links: Links
    today: date
    method: Method
    computed: Computed
    limits: Limits

    def objectives_of(self, kr: Entity) -> tuple[Entity, ...]:
        """The objectives a key result measures."""
        return tuple(
            self.links.entities[each] for each in read_refs(kr, "objective") if each in self.links.entities
        )

    def parents(self, kr: Entity) -> tuple[Entity, ...]:
        """The key results that a key result contributes to."""
        return self.links.get(self._above.get(kr.id, ()))

    @cached_property
    def _above(self) -> Mapping[str, Ids]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for parent, ids in self.links.contributing.items():
            for each in ids:
                found[each].append(parent)
        return {each: tuple(parents) for each, parents in found.items()}

    def cycle_of(self, entity: Entity) -> Cycle:
        """Its cycle, else its objective's, else the one that is running."""
        for each in (entity, *self.objectives_of(entity)):
            found = cycles.find(read_text(each, "cycle"), self.method.calendar)
            if found is not None:
                return found
        return cycles.running(self.today, self.method.calendar)

    def window(self, kr: Entity) -> Window:
        """The days a key result runs."""
        return window_of(kr, self.objectives_of(kr)[:1], self.method)

    def is_open(self, entity: Entity) -> bool:
        """Whether an entity still counts: it, or one of its objectives, is neither closed nor cancelled."""
        above = self.objectives_of(entity) or (entity,)
        return any(read_text(each, "state") not in ("closed", "cancelled") for each in above)

    @cached_property
    def linked_to(self) -> frozenset[str]:
        """Every id that another objective links to."""
        return linked_ids(self.links)

    def due(self, entity: Entity) -> date | None:
        """The day an entity itself says it is due."""
        return read_date(entity, "due")


def title_of(entity: Entity) -> str:
    """The title, empty where there is none."""
    return read_text(entity, "title") or ""
