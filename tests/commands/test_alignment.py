"""`okrsync path` and `okrsync alignment`: the line of sight both ways, and who stands alone."""

from __future__ import annotations

from okrsync.commands.exits import Exit
from tests.commands.conftest import Desk


def test_a_path_leads_from_strategy_to_daily_work(desk: Desk) -> None:
    """Every goal above is named, the top first; below stands the work down to its items (S33)."""
    lines = desk.run("path", "ACME-PPC-O1-KR1").splitlines()
    above, below = lines[: lines.index("To daily work")], lines[lines.index("To daily work") :]
    keys = ["ACME-CEO-O1]", "ACME-CEO-O1-KR1]", "ACME-CMO-O1]", "ACME-CMO-O1-KR1]", "ACME-PPC-O1]"]
    found = [next(at for at, line in enumerate(above) if key in line) for key in keys]
    assert found == sorted(found)
    assert above[-2].endswith("← here") and "[ACME-PPC-O1-KR1]" in above[-2]
    assert any("[ACME-9]" in line for line in below) and any("item:" in line for line in below)


def test_a_path_is_data_too(desk: Desk) -> None:
    """Every way up, nearest first, and the tree below, by keys."""
    told = desk.json("path", "ACME-PPC-O1-KR1")
    assert told["above"] == [
        ["ACME-PPC-O1", "ACME-CMO-O1-KR1", "ACME-CMO-O1", "ACME-CEO-O1-KR1", "ACME-CEO-O1"]
    ]
    assert told["below"]["below"][0]["entity"] == "ACME-9"
    assert told["sideways"] == []


def test_a_path_of_nothing_names_the_nearest(desk: Desk) -> None:
    """A typing error in a key."""
    assert "Did you mean ACME-" in desk.run("path", "ACME-PPC-O1-KR7", code=Exit.USAGE)


def test_alignment_tells_where_objectives_came_from(desk: Desk) -> None:
    """Shares of objectives by origin; what nobody said is not guessed (S31)."""
    told = desk.json("alignment", today=None)
    assert len(told["origins"]["not_said"]) == 11
    assert "nobody said       11 objectives  1.00" in desk.run("alignment", today=None)


def test_alignment_lists_who_stands_alone(desk: Desk) -> None:
    """ACME hangs together: neither an orphan nor a silo, and that is said (S32, S84)."""
    told = desk.json("alignment", today=None)
    assert (told["orphans"], told["silos"]) == ([], [])
    assert "contributing to nothing: none" in desk.run("alignment", today=None)
