"""What is private stays out of everything that is published (S104)."""

from __future__ import annotations

from okrsync.okr.privacy import public
from tests.okr.make import initiative, item, key_result, objective

ALL = {
    each.id: each
    for each in (
        objective("O"),
        key_result("A"),
        objective("P", private=True, contributes_to=frozenset({"A"})),
        key_result("B", "P"),
        key_result("S", ("O", "P")),
        initiative("E", contributes_to=frozenset({"B"})),
        item("J", "E"),
        initiative("F", contributes_to=frozenset({"A", "B"})),
    )
}


def test_what_belongs_to_a_private_objective_is_private() -> None:
    """Its key results, the work for them and the issues below; what also belongs elsewhere stays."""
    assert sorted(public(ALL)) == ["A", "F", "O", "S"]


def test_no_link_to_it_is_left() -> None:
    """A shared key result and shared work do not give it away."""
    seen = public(ALL)
    assert seen["S"].get("objective") == frozenset({"O"})
    assert seen["F"].get("contributes_to") == frozenset({"A"})


def test_open_is_the_default() -> None:
    """Without a flag nothing is hidden, and nothing is changed."""
    opened = {id_: each for id_, each in ALL.items() if id_ in "OA"}
    assert public(opened) == opened
