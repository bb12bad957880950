"""Explanations: why a number is what it is, down to the cell and the issue.

The method fills these values while it computes; people read them as plain text, machines as JSON.
The same inputs give the same bytes: nothing here depends on order of loading, time or place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from okrsync.okr.model import Source


@dataclass(frozen=True)
class Input:
    """One value that entered, with where it was read and whose it is."""

    label: str
    value: str
    source: Source | None
    entity: str
    """The id of the entity that holds it."""

    def as_json(self) -> dict[str, object]:
        """For machines."""
        source = self.source
        where = None
        if source is not None:
            where = {"tool": source.tool, "place": source.place, "url": source.url, "at": source.at}
        return {"label": self.label, "value": self.value, "entity": self.entity, "source": where}


@dataclass(frozen=True)
class Exclusion:
    """Something that could have entered and did not, and why."""

    name: str
    reason: str

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return {"name": self.name, "reason": self.reason}


@dataclass(frozen=True)
class Outlook:
    """A forecast as programs read it: numbers as decimal texts."""

    value: str
    score: str | None
    method: str
    """`least squares` or `start to now`."""
    n: int
    """How many observations it rests on."""
    on: str

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return dict(vars(self))


@dataclass(frozen=True)
class Revision:
    """One change of a target (S21): a side is None where there was no number."""

    on: str
    before: str | None
    after: str | None
    by: str
    why: str

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return dict(vars(self))


@dataclass(frozen=True)
class Revisions:
    """A target's past; `original` None where it was never seen."""

    original: str | None
    changes: tuple[Revision, ...]
    score_against_original: str | None
    """None where the target is the one it began with."""

    def as_json(self) -> dict[str, object]:
        """For machines."""
        changes = [each.as_json() for each in self.changes]
        return {**vars(self), "changes": changes}


@dataclass(frozen=True)
class Explanation:
    """One number: the formula in names and in numbers, the rule used, what entered and what did not."""

    entity: str
    """The id of the entity it explains."""
    title: str
    result: str
    """The number as people see it, or `not scored`."""
    rule: str
    formula: str = ""
    numbers: str = ""
    pace: str = ""
    """The status, the rule that gave it and the dates; empty where there is no status."""
    inputs: tuple[Input, ...] = ()
    children: tuple[Explanation, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    notes: tuple[str, ...] = ()
    forecast: Outlook | None = None
    targets: Revisions | None = None
    """What its target was and became; None for what has no target."""

    def as_json(self) -> dict[str, object]:
        """For machines: plain lists, texts and nulls, in a fixed order."""
        return {
            "entity": self.entity,
            "title": self.title,
            "result": self.result,
            "rule": self.rule,
            "formula": self.formula,
            "numbers": self.numbers,
            "pace": self.pace,
            "inputs": [each.as_json() for each in self.inputs],
            "exclusions": [each.as_json() for each in self.exclusions],
            "notes": list(self.notes),
            "forecast": self.forecast.as_json() if self.forecast else None,
            "targets": self.targets.as_json() if self.targets else None,
            "children": [each.as_json() for each in self.children],
        }


def render(explanation: Explanation) -> list[str]:
    """The explanation and everything below it as lines of plain text, indented by two spaces a level."""
    return list(_lines(explanation, ""))


def _lines(explanation: Explanation, indent: str) -> Iterator[str]:
    yield f"{indent}{explanation.title} = {explanation.result}"
    inner = indent + "  "
    for label in ("rule", "formula", "numbers", "pace"):
        text = getattr(explanation, label)
        if text:
            yield f"{inner}{label}: {text}"
    yield from (f"{inner}{_input_line(each)}" for each in explanation.inputs)
    yield from (f"{inner}left out: {each.name}: {each.reason}" for each in explanation.exclusions)
    yield from (f"{inner}note: {note}" for note in explanation.notes)
    for child in explanation.children:
        yield from _lines(child, inner)


def _input_line(entered: Input) -> str:
    return f"{entered.label} {entered.value}{_where(entered.source)}"


def _where(source: Source | None) -> str:
    """The cell, and the day since when it shows that."""
    if source is None:
        return ""
    since = f", since {source.at[:10]}" if source.at else ""
    return f"  [{source.tool}: {source.place}{since}]"
