"""What the linter finds, shown in a tool: only where it is mapped, quiet while nothing changes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from okrsync.config.settings import Hygiene, Settings
from okrsync.okr.findings import Severity
from okrsync.okr.lint import RULES, Acknowledgement
from okrsync.okr.lint.profiles import DEFAULT
from okrsync.okr.model import FIELDS, Kind
from tests.engine.world import World, settings, writes

ONLY = ("TASK_AS_KR",)
TASK = "Launch the new website"


def _mapped(hygiene: Hygiene | None = None) -> Settings:
    """The notes' column `owner` shows the note; one rule holds."""
    base = settings()
    tracker, notes, numbers = base.collections
    binding = replace(
        notes.bindings[-1], field="hygiene", spec=FIELDS[Kind.KEY_RESULT]["hygiene"], native="owner"
    )
    severities = {code: Severity.WARNING if code in ONLY else None for code in RULES}
    rules = hygiene or Hygiene(replace(DEFAULT, severities=severities))
    shown = replace(notes, bindings=(*notes.bindings, binding))
    return replace(base, collections=(tracker, shown, numbers), hygiene=rules)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A key result that is a task."""
    made = World(f"sqlite:///{tmp_path / 'okrsync.db'}", _mapped())
    made.add("KR1", notes={"title": TASK, "target": Decimal(1)}, numbers={"current": Decimal(0)})
    made.sync()
    return made


def test_the_tool_shows_what_to_mend(world: World) -> None:
    """With what to do and the rule's code, which `lint --explain` tells more about."""
    shown = world.see("notes", "KR1", "owner")
    assert isinstance(shown, str)
    assert shown.endswith("(TASK_AS_KR)")
    assert writes(world.sync()) == 0


def test_a_mended_title_empties_the_note(world: World) -> None:
    """No note is better than one that praises."""
    world.edit("notes", "KR1", "title", "Win 100 customers")
    world.sync()
    assert world.see("notes", "KR1", "owner") is None


def test_an_accepted_finding_is_not_noted(world: World) -> None:
    """People have looked at it; lint --full still tells."""
    rules = world.settings.hygiene
    accepted = (Acknowledgement("TASK_AS_KR", "KR1", "the site itself is the goal"),)
    world.settings = _mapped(replace(rules, accepted=accepted))
    world.sync()
    assert world.see("notes", "KR1", "owner") is None


def test_the_plan_says_where_the_note_comes_from(world: World) -> None:
    """Not from the score."""
    world.edit("notes", "KR1", "title", "Write the manual")
    world.edit("notes", "KR1", "owner", None)
    report = world.sync()
    reasons = {change.field: change.reason for op in report.plan.ops for change in op.changes}
    assert reasons["hygiene"] == "what okrsync lint finds"


def test_nothing_is_linted_where_no_binding_asks(tmp_path: Path) -> None:
    """The field is not even computed, and no results tab gets a new column by itself."""
    other = World(f"sqlite:///{tmp_path / 'other.db'}")
    other.seed()
    (values,) = other.sync().view.computed.derived.values()
    assert "hygiene" not in values
