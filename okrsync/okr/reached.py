"""When a goal first reached its line: worth a word of recognition, in time and with specifics (S102).

The scores that were computed day by day arrive; for every goal the first day on its success line, and on the
whole way, leave. A goal that falls back later has still reached it once. Work that was finished counts too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from okrsync.okr.method import Method
from okrsync.okr.model import Entity, Kind
from okrsync.okr.numbers import show
from okrsync.okr.reading import name_of, read_refs, read_text

Scores = Mapping[str, Sequence[tuple[date, Decimal | None]]]
"""Per entity the scores (of work: the progress) computed on which day, oldest first."""


@dataclass(frozen=True)
class Reached:
    """One goal that reached a line for the first time."""

    entity: str
    name: str
    on: date
    line: Decimal
    score: Decimal
    """What it was on that day; may be more than the line."""
    work: bool = False
    """Whether it is work that was finished rather than a goal that was reached."""

    def message(self) -> str:
        """What to say, with specifics."""
        if self.work:
            return f"{self.name} is done (since {self.on})"
        how = "is reached in full" if self.line == 1 else f"reached its line of {show(self.line)}"
        beyond = f" with {show(self.score)}" if show(self.score) != show(self.line) else ""
        return f"{self.name} {how}{beyond} (since {self.on})"


def reached(entities: Mapping[str, Entity], method: Method, scores: Scores) -> tuple[Reached, ...]:
    """Every line that was ever reached, by day and then by name."""
    found = [each for entity in entities.values() for each in _of(entity, entities, method, scores)]
    return tuple(sorted(found, key=lambda each: (each.on, each.name, each.line)))


def _of(entity: Entity, entities: Mapping[str, Entity], method: Method, scores: Scores) -> Iterator[Reached]:
    work = entity.kind is Kind.INITIATIVE
    lines = {Decimal(1)} if work else {_line(entity, entities, method), Decimal(1)}
    days: set[date] = set()
    for line in sorted(lines, reverse=True):  # what was full on its first day has passed its line unsaid
        over = (
            (day, score) for day, score in scores.get(entity.id, ()) if score is not None and score >= line
        )
        first = next(over, None)
        if first is not None and first[0] not in days:
            days.add(first[0])
            yield Reached(entity.id, name_of(entity), first[0], line, first[1], work)


def _line(entity: Entity, entities: Mapping[str, Entity], method: Method) -> Decimal:
    """A goal's success line: by its own ambition, else its objective's."""
    above = [entities[each] for each in read_refs(entity, "objective") if each in entities]
    stated = (read_text(each, "ambition") for each in (entity, *above[:1]))
    return method.line(next((each for each in stated if each), None))
