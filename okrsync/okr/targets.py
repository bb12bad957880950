"""The ledger of a target: what it was when the goal began, and every change since.

Observations of the target arrive; the original and the changes with who, when and why leave (S21, S63).
A target may change in a cycle, but never silently: the score is told against both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from okrsync.okr.explain import Revision, Revisions
from okrsync.okr.measures import Goal, Score, score
from okrsync.okr.numbers import cut, show, show_value, usable
from okrsync.okr.reading import Reading
from okrsync.okr.series import Point, Series, points
from okrsync.okr.values import plain


@dataclass(frozen=True)
class TargetChange:
    """One change of a target. A side is None where there was no number."""

    at: date
    before: Decimal | None
    after: Decimal | None
    by: str = ""
    why: str = ""

    def line(self) -> str:
        """The change in one line, for people."""
        before, after = ("none" if each is None else show_value(each) for each in (self.before, self.after))
        told = "".join(f", {part}" for part in (self.by and f"by {self.by}", self.why) if part)
        return f"target changed on {self.at} from {before} to {after}{told}"


@dataclass(frozen=True)
class Ledger:
    """A target's past. `original` None: it was never seen."""

    original: Decimal | None
    changes: tuple[TargetChange, ...] = ()

    def against_original(self, goal: Goal, value: Reading) -> Score | None:
        """The score the value would have against the original target; None where it never changed."""
        if not self.changes or self.original is None or self.original == goal.target:
            return None
        return score(replace(goal, target=self.original), value)

    def revisions(self, goal: Goal, value: Reading) -> Revisions:
        """The ledger for programs."""
        old = self.against_original(goal, value)
        score = None if old is None or old.score is None else plain(cut(old.score))
        changes = tuple(
            Revision(each.at.isoformat(), _text(each.before), _text(each.after), each.by, each.why)
            for each in self.changes
        )
        return Revisions(_text(self.original), changes, score)

    def notes(self, goal: Goal, value: Reading) -> tuple[str, ...]:
        """The changes and the score against the original target, for an explanation."""
        told = tuple(change.line() for change in self.changes)
        old = self.against_original(goal, value)
        if old is None or old.score is None or self.original is None:
            return told
        words = f"against the original target of {show_value(self.original)} the score is {show(old.score)}"
        return (*told, words)


def ledger(series: Series, key_result: str, begins: date | None, today: date) -> Ledger:
    """A key result's target ledger: the target on its first day, and what changed after it.

    What changed before the first day was drafting. Where the target was first seen later, or no first
    day is known, the first one seen is the original. A note of the same day by the same person is the reason.
    """
    seen = points(series, key_result, "target", today)
    if not seen:
        return Ledger(None)
    drafts = [each for each in seen if begins is None or each.at <= begins]
    first = drafts[-1] if drafts and begins is not None else seen[0]
    changes, before = [], usable(first.value)
    for point in seen[seen.index(first) + 1 :]:
        if usable(point.value) != before:
            changes.append(_change(before, point, points(series, key_result, "note", point.at)))
            before = usable(point.value)
    return Ledger(usable(first.value), tuple(changes))


def _change(before: Decimal | None, point: Point, notes: Sequence[Point]) -> TargetChange:
    reasons = [note.value for note in notes if (note.at, note.by) == (point.at, point.by)]
    why = next((text for text in reversed(reasons) if isinstance(text, str)), "")
    return TargetChange(point.at, before, usable(point.value), point.by, why)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)
