"""Check-ins as records: what one says, and the last word on a key result.

Check-in entities arrive; typed check-ins, the numbers they add to a key result's past and the line a person
reads leave (S66, S67). A check-in never overrules a tool that measures: its value counts where the key
result has none of its own. Separate from `check_ins`, which asks who still owes one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from okrsync.okr.explain import Explanation, Input
from okrsync.okr.links import Links
from okrsync.okr.model import Entity, Source
from okrsync.okr.numbers import show_value, usable
from okrsync.okr.outcome import Desk, Outcome
from okrsync.okr.reading import name_of, read_date, read_refs, read_text
from okrsync.okr.series import Observed, Point, Series, news, points

SHOWN = 3
"""How many of a key result's check-ins its explanation shows."""


@dataclass(frozen=True)
class CheckIn:
    """One check-in. Its four parts are optional; confidence is 0 to 1."""

    key_result: str
    on: date
    by: str = ""
    value: Decimal | None = None
    confidence: Decimal | None = None
    challenges: str = ""
    helper: str = ""
    """Who can help with the challenges (S68)."""
    initiatives: str = ""
    """New work that is needed (S69)."""

    def line(self) -> str:
        """What it says, in one line, for people."""
        help_ = f" (can help: {self.helper})" if self.helper else ""
        parts = (
            "" if self.value is None else show_value(self.value),
            "" if self.confidence is None else f"confidence {show_value(self.confidence)}",
            f"in the way: {self.challenges}{help_}" if self.challenges else help_.strip(),
            f"to do: {self.initiatives}" if self.initiatives else "",
            f"by {self.by}" if self.by else "",
        )
        return ", ".join(part for part in parts if part) or "nothing new"


def check_in_of(entity: Entity) -> tuple[CheckIn, ...]:
    """A check-in entity as one check-in for each key result it is about; none without a day."""
    on = read_date(entity, "date")
    if on is None:
        return ()
    texts = {name: read_text(entity, name) or "" for name in ("challenges", "helper", "initiatives")}
    value, confidence = usable(entity.get("value")), usable(entity.get("confidence"))
    about = read_refs(entity, "key_result")
    return tuple(
        CheckIn(kr, on, read_text(entity, "owner") or "", value, confidence, **texts) for kr in about
    )


def told(links: Links, key_result: str, today: date) -> tuple[tuple[CheckIn, Entity], ...]:
    """A key result's check-ins until today with their entities, oldest first."""
    entities = links.get(links.check_ins.get(key_result, ()))
    found = [(each, entity) for entity in entities for each in check_in_of(entity)]
    own = [pair for pair in found if pair[0].key_result == key_result and pair[0].on <= today]
    return tuple(sorted(own, key=lambda pair: (pair[0].on, pair[1].id)))


def last_with(links: Links, key_result: str, today: date, part: str) -> Entity | None:
    """The last check-in that states a number in this field; None where none does."""
    entities = [entity for _, entity in told(links, key_result, today)]
    return next((each for each in reversed(entities) if usable(each.get(part)) is not None), None)


def values_told(links: Links, key_result: str, today: date) -> Observed:
    """The days and values of a key result's check-ins, oldest first."""
    return tuple(
        (each.on, each.value) for each, _ in told(links, key_result, today) if each.value is not None
    )


def inputs(links: Links, key_result: str, today: date) -> tuple[Input, ...]:
    """A key result's latest check-ins for its explanation, newest first, each with its place."""
    latest = list(reversed(told(links, key_result, today)))[:SHOWN]
    return tuple(Input(f"check-in {each.on}:", each.line(), _place(e), e.id) for each, e in latest)


def _place(entity: Entity) -> Source | None:
    names = ("value", "confidence", "challenges", "date", *sorted(entity.sources))
    return next((entity.sources[name] for name in names if name in entity.sources), None)


def assess(entity: Entity, desk: Desk) -> Outcome:
    """A check-in's outcome: the line for people; it has no score."""
    found = check_in_of(entity)
    line = found[0].line() if found else "no check-in: it has no day or is about no key result"
    about = desk.links.get(tuple(each.key_result for each in found if each.key_result in desk.links.entities))
    explanation = Explanation(
        entity.id,
        f"check-in: {name_of(entity)}",
        line,
        f"about {_names(about)}; its value counts where a key result has none of its own",
        inputs=_cells(entity),
    )
    return Outcome(entity, {"explanation": line}, explanation)


def _names(entities: Iterable[Entity]) -> str:
    return ", ".join(name_of(each) for each in entities) or "nothing that is there"


def _cells(entity: Entity) -> tuple[Input, ...]:
    """What the record holds, cell by cell."""
    numbers = {name: usable(entity.get(name)) for name in ("value", "confidence")}
    texts = {
        name: read_text(entity, name) for name in ("challenges", "helper", "initiatives", "owner", "note")
    }
    on = read_date(entity, "date")
    said = {
        "date": on and str(on),
        **{n: v if v is None else show_value(v) for n, v in numbers.items()},
        **texts,
    }
    return tuple(
        Input(name, text, entity.sources.get(name), entity.id) for name, text in said.items() if text
    )


def history(links: Links, series: Series, key_result: str, source: str, today: date) -> tuple[CheckIn, ...]:
    """A key result's check-ins, oldest first: those people wrote down, and those observed changes make (S66).

    `source` is the entity whose value counts: the key result, or its KPI. A day on which a tool showed a new
    value, confidence or challenge is a check-in, whether or not anybody called it one.
    """
    found: dict[date, CheckIn] = {}
    for entity, name in ((source, "current"), (key_result, "confidence"), (key_result, "challenges")):
        for point in news(points(series, entity, name, today)):
            before = found.get(point.at, CheckIn(key_result, point.at))
            found[point.at] = _with(before, name, point)
    said = [each for each, _ in told(links, key_result, today)]
    return tuple(sorted([*found.values(), *said], key=lambda each: each.on))


def _with(check_in: CheckIn, name: str, point: Point) -> CheckIn:
    """A check-in with one more part."""
    by = point.by or check_in.by
    if name == "challenges":
        return replace(check_in, challenges=point.value if isinstance(point.value, str) else "", by=by)
    number = usable(point.value)
    if name == "confidence":
        return replace(check_in, confidence=number, by=by)
    return replace(check_in, value=number, by=by)
