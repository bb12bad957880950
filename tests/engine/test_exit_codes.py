"""What a run's exit code says of data that only a person can mend: done in part, as for a refused record."""

from __future__ import annotations

import pytest

from okrsync.commands.exits import Exit
from okrsync.commands.sync import exit_code
from okrsync.connectors.base import NativeField
from okrsync.connectors.memory.settings import Source
from okrsync.mappings.binding import Binding, Place
from okrsync.mappings.collection import CollectionMapping
from okrsync.okr.model import FIELDS, Kind
from tests.engine.world import World, settings

HERE = Place("okrsync.yaml", 1, 1)
FIELDS_OF_A_GOAL = ("title", "contributes_to")


@pytest.fixture
def circle(world: World) -> World:
    """O1 contributes to O2, and O2 to O1; O3 stands alone."""
    bindings = tuple(
        Binding(tool, name, FIELDS[Kind.OBJECTIVE][name], name, reads=True, writes=True, place=HERE)
        for tool in ("notes", "tracker")
        for name in FIELDS_OF_A_GOAL
    )
    world.settings = settings(
        mappings=tuple(
            CollectionMapping(
                tool, tool, Source(table="goals"), Kind.OBJECTIVE, "key",
                tuple(one for one in bindings if one.collection == tool), HERE,
            )
            for tool in ("notes", "tracker")
        )
    )  # fmt: skip
    columns = [NativeField(name, name, "text", writable=True) for name in ("key", *FIELDS_OF_A_GOAL)]
    for tool in ("notes", "tracker"):
        world.services[tool].add_table("goals", columns)
        for key, parent in (("O1", "O2"), ("O2", "O1"), ("O3", None)):
            title = f"Goal {key}" if tool == "notes" else None
            world.services[tool].add("goals", {"key": key, "title": title, "contributes_to": parent})
    return world


def test_a_circle_of_links_is_done_in_part(circle: World) -> None:
    """The circle gets no number, all else is written, and the code stays 3 until somebody mends it."""
    report = circle.sync()
    assert "LINK_CYCLE" in {finding.code for finding in report.findings}
    assert circle.services["tracker"].get("goals", "tracker-3", "title") == "Goal O3"
    assert exit_code(report, None) == exit_code(circle.sync(), None) == Exit.PARTIAL


def test_a_mended_circle_is_done(circle: World) -> None:
    """One link taken away, and the code is 0 again."""
    circle.sync()
    circle.services["notes"].edit("goals", "notes-2", "contributes_to", None)
    assert exit_code(circle.sync(), None) == Exit.DONE
