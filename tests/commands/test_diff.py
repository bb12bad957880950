"""`okrsync diff` for people: what moved, and not a wall of what was only seen for the first time."""

from __future__ import annotations

from tests.commands.conftest import Desk


def test_what_is_new_is_counted_not_listed(desk: Desk) -> None:
    """A first sync is one line; --json has every value."""
    said = desk.run("diff", "2026-02-08")
    assert "52 entities seen for the first time" in said
    assert " → " not in said
    assert len(desk.json("diff", "2026-02-08")["changes"]) > 52


def test_nothing_new_and_nothing_moved_is_said(desk: Desk) -> None:
    """Between today and today."""
    assert "Nothing changed" in desk.run("diff", "2026-02-09")
