"""Line of sight both ways, orphans, silos and shares."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.okr.alignment import (
    Branch,
    Sideways,
    aligned_share,
    by_origin,
    line_of_sight,
    orphans,
    silos,
)
from okrsync.okr.model import Entity
from tests.okr.make import initiative, item, key_result, objective
from tests.okr.seed import world


def by_id(*entities: Entity) -> dict[str, Entity]:
    return {each.id: each for each in entities}


def refs(*ids: str) -> frozenset[str]:
    return frozenset(ids)


TREE = by_id(
    objective("TOP", level="Company"),
    key_result("K1", "TOP"),
    key_result("K2", "TOP"),
    objective("MID", contributes_to=refs("K1", "K2"), team="Sales"),
    key_result("K3", "MID"),
    objective("SIDE", supports=refs("K3"), team="Marketing"),
    objective("NEED", depends_on=refs("MID"), team="Marketing"),
    objective("ALONE", team="Ops"),
    initiative("E", contributes_to=refs("K3")),
    item("J", "E"),
)


def test_from_an_issue_up_to_the_company() -> None:
    """S33: daily work sees why; a goal with two parents has two ways up."""
    assert line_of_sight(TREE, "J").above == (
        ("J", "E", "K3", "MID", "K1", "TOP"),
        ("J", "E", "K3", "MID", "K2", "TOP"),
    )


def test_from_a_goal_down_to_the_issue() -> None:
    """S33: strategy sees what is done for it."""
    work = Branch("K3", (Branch("E", (Branch("J"),)),))
    assert line_of_sight(TREE, "K1").below == Branch("K1", (Branch("MID", (work,)),))


def test_sideways_links_stand_beside_both_ends() -> None:
    """S28, S29: who supports it and who needs it, from either side."""
    support, need = Sideways("supports", "SIDE", "K3"), Sideways("depends_on", "NEED", "MID")
    assert line_of_sight(TREE, "K3").sideways == (need, support)
    assert line_of_sight(TREE, "MID").sideways == (need,)
    assert line_of_sight(TREE, "SIDE").sideways == (support,)


def test_the_examples_lead_from_the_recruiter_to_the_ceo() -> None:
    """The cascade of ACME, four levels in one line."""
    (way,) = line_of_sight(world(), "ACME-RECR-O1-KR4").above
    assert way == (
        "ACME-RECR-O1-KR4",
        "ACME-RECR-O1",
        "ACME-CHRO-O1-KR1",
        "ACME-CHRO-O1",
        "ACME-CEO-O1-KR3",
        "ACME-CEO-O1",
    )


def test_an_unknown_entity_is_refused() -> None:
    """Nothing is not a short line."""
    with pytest.raises(KeyError):
        line_of_sight(TREE, "nobody")


@given(st.dictionaries(st.sampled_from("ABCD"), st.frozensets(st.sampled_from("ABCDX"))))
def test_any_links_end(parents: dict[str, frozenset[str]]) -> None:
    """Circles, links to oneself and to nothing: every walk comes to an end, and visits nothing twice."""
    entities = by_id(*(objective(each, contributes_to=parents.get(each, refs())) for each in "ABCD"))
    for each in "ABCD":
        assert all(len(set(way)) == len(way) for way in line_of_sight(entities, each).above)


def test_orphans_contribute_to_nothing() -> None:
    """S32: below the company level; supporting sideways is no way up."""
    assert orphans(TREE) == ("ALONE", "NEED", "SIDE")
    assert orphans(TREE, frozenset()) == ("ALONE", "NEED", "SIDE", "TOP")


def test_silos_have_no_link_in_or_out() -> None:
    """S84: being needed, or measured by somebody's key result, is a link."""
    assert silos(TREE) == ("ALONE",)


def test_the_aligned_share_of_each_team() -> None:
    """S32: contributing or supporting, of all its objectives; dependence alone is not alignment."""
    assert aligned_share(TREE) == {"Marketing": Fraction(1, 2), "Ops": Fraction(0), "Sales": Fraction(1)}


def test_shares_by_origin() -> None:
    """S31: as stated; only supporting is sideways; nothing is guessed from a link upward."""
    entities = {**TREE, "BELOW": objective("BELOW", contributes_to=refs("K1"), origin="bottom_up")}
    assert by_origin(entities) == {
        "top_down": (),
        "bottom_up": ("BELOW",),
        "sideways": ("SIDE",),
        "": ("ALONE", "MID", "NEED", "TOP"),
    }
