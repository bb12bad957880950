"""The work of a company: epics that are meant to move key results, and the issues below them.

Arrives: the company's plan. Leaves: plain descriptions of epics and their children, made from the keys and
therefore the same every time: finished, open and called-off children, estimates that are missing or 0,
epics without any child.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from okrsync.sandbox.world.dice import roll
from okrsync.sandbox.world.seed import KeyResult, Plan

CALLED_OFF = "Won't Do"
_ACME = {
    "ACME-CEO-O1-KR2": "Pricing review",
    "ACME-CMO-O1-KR3": "SEO strategy workshops",
    "ACME-PPC-O1-KR1": "Search campaigns for the spring offer",
    "ACME-PPC-O1-KR2": "Display campaign on partner sites",
    "ACME-EMAIL-O1-KR1": "January offer mailing",
    "ACME-EMAIL-O1-KR2": "Content newsletter",
    "ACME-SEO-O1-KR1": "Fast landing pages for organic search",
    "ACME-SASALES-O1-KR1": "Partner programme in Argentina",
    "ACME-SASALES-O1-KR2": "Sales office in São Paulo",
    "ACME-EUSALES-O1-KR1": "Resellers in Eastern Europe",
    "ACME-EUSALES-O1-KR2": "Trade fairs in Central Europe",
    "ACME-RECR-O1-KR1": "Sourcing of sales candidates",
    "ACME-RECR-O1-KR4": "Onboarding for new sales reps",
    "ACME-HR-O1-KR1": "Weekly pulse survey",
    "ACME-HR-O1-KR3": "Survey on free incentives",
}
_STAGES = ("Groundwork", "Pilot", "First wave", "Rollout")
_TASKS = (
    "Agree on scope and owner",
    "Collect what we know already",
    "Draft the plan",
    "Get the budget approved",
    "Prepare the material",
    "Set up the measuring",
    "Try it with one group",
    "Fix what the trial showed",
    "Go live everywhere",
    "Report the first results",
)
_STATUSES = ("done", "done", "done", "indeterminate", "indeterminate", "new", "new", "new")
_POINTS = (1, 2, 3, 5, 8, 0, None, None)


@dataclass(frozen=True)
class Child:
    """An issue below an epic: its status category, its resolution and its estimate."""

    title: str
    status: str
    resolution: str | None = None
    points: int | None = None
    is_elsewhere: bool = False
    """It has moved to another project."""


@dataclass(frozen=True)
class Epic:
    """An epic; labels name the keys it is meant to move."""

    title: str
    labels: tuple[str, ...]
    owner: str | None
    due: date | None
    status: str
    children: tuple[Child, ...]


def epics_of(plan: Plan) -> list[Epic]:
    """A company's epics: its initiatives, then one for every second key result or more."""
    made = [_initiative(each.key, each.title, each.parent, plan) for each in plan.initiatives]
    made += [_for_key_result(kr, title) for kr, title in _titles(plan)]
    return _one_moved_away(made)


def _titles(plan: Plan) -> Iterator[tuple[KeyResult, str]]:
    stated = [(kr, _ACME[kr.key]) for kr in plan.key_results if kr.key in _ACME]
    if stated:
        yield from stated
        return
    for kr in plan.key_results[::2]:
        yield kr, f"{_STAGES[roll(len(_STAGES), kr.key, 'stage')]}: {kr.title}"


def _initiative(key: str, title: str, parent: str, plan: Plan) -> Epic:
    kr = next((each for each in plan.key_results if each.key == parent), None)
    # one text hangs work on objectives that name no key result for it
    label = f"okr-{parent}" if kr is None else f"kr-{parent}"
    children = _children(key)
    owner, due = (None, None) if kr is None else (kr.owner, kr.due)
    return Epic(title, (label,), owner, due, _status(children), children)


def _for_key_result(kr: KeyResult, title: str) -> Epic:
    children = _children(kr.key)
    return Epic(title, (f"kr-{kr.key}",), kr.owner, kr.due, _status(children), children)


def _children(key: str) -> tuple[Child, ...]:
    first = roll(len(_TASKS), key, "first task")
    return tuple(_child(key, number, first) for number in range(roll(9, key, "children")))


def _child(key: str, number: int, first: int) -> Child:
    name = f"child {number}"
    title = _TASKS[(first + number) % len(_TASKS)]
    points = _POINTS[roll(len(_POINTS), key, name, "points")]
    if roll(12, key, name, "called off") == 0:
        return Child(title, "done", CALLED_OFF, points)
    return Child(title, _STATUSES[roll(len(_STATUSES), key, name, "status")], None, points)


def _status(children: tuple[Child, ...]) -> str:
    """Where a team would have put the epic: by what has happened below it."""
    found = {child.status for child in children}
    if not found or found == {"new"}:
        return "new"
    return "done" if found == {"done"} else "indeterminate"


def _one_moved_away(epics: list[Epic]) -> list[Epic]:
    """The last child of the first epic with several has moved to another project."""
    at = next((number for number, epic in enumerate(epics) if len(epic.children) > 1), None)
    if at is None:
        return epics
    epic = epics[at]
    last = epic.children[-1]
    moved = Child(last.title, last.status, last.resolution, last.points, is_elsewhere=True)
    children = (*epic.children[:-1], moved)
    changed = Epic(epic.title, epic.labels, epic.owner, epic.due, epic.status, children)
    return [*epics[:at], changed, *epics[at + 1 :]]
