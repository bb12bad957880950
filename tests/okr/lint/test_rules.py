"""Every rule finds its planted fault, and a sound workspace has none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from okrsync.okr.lint import PROFILES, RULES, Limits, Profile, lint
from okrsync.okr.lint.profiles import DEFAULT
from okrsync.okr.method import Method
from okrsync.okr.model import Entity
from okrsync.okr.series import Point, Series
from okrsync.okr.values import Value
from tests.okr.make import at, initiative, key_result, number, objective

EARLY, LATE = date(2026, 2, 10), date(2026, 2, 20)
REFS = frozenset
TITLES = (
    "Raise monthly sign-ups from 200 to 900",
    "Lift the reply rate from 5% to 9%",
    "Sign 40 new schools",
)


def sound_objective(key: str, **fields: Value) -> Entity:
    base: dict[str, Value] = {"title": "Be the first choice of schools", "owner": "ana@acme.example"}
    return objective(key, **{**base, "depends_on": REFS({"P"}), **fields})


def sound(key: str, under: str = "O", /, **fields: Value) -> Entity:
    """A key result without fault."""
    return key_result(key, under, **{"title": TITLES[0], **fields})


def workspace(*changed: Entity, without: str = "") -> dict[str, Entity]:
    """Two objectives with three key results each and an epic; the given entities replace or join them."""
    partner = sound_objective("P", title="Keep schools happy", depends_on=REFS({"O"}))
    krs = [sound(f"K{n}", title=title) for n, title in enumerate(TITLES, 1)]
    krs += [sound(f"L{n}", "P", title=f"{title} abroad") for n, title in enumerate(TITLES, 1)]
    epics = [initiative("E", contributes_to=REFS({"O"})), initiative("F", contributes_to=REFS({"P"}))]
    each = {e.id: e for e in (sound_objective("O"), partner, *krs, *epics, *changed) if e.id != without}
    return each


def many(count: int, **fields: Value) -> list[Entity]:
    return [sound(f"M{n}", title=f"Sign {n + 50} schools", **fields) for n in range(count)]


def crowd(count: int) -> list[Entity]:
    return [sound_objective(f"Q{n}", team="Sales", cycle="2026-Q1") for n in range(count)]


BELOW = sound_objective("C", contributes_to=REFS({"K1"}))
FAULTS: dict[str, list[Entity]] = {
    "OBJECTIVES_MANY": crowd(6),
    "KR_COUNT_HIGH": many(3),
    "KR_PER_PERSON": [sound(f"M{n}", f"Q{n}", owner="bo@acme.example") for n in range(9)],
    "NOT_MEASURABLE": [sound("K1", measure="none", target=None)],
    "TARGET_MISSING": [sound("K1", target=None)],
    "PLACEHOLDER": [
        sound("K1", title="Raise monthly sign-ups from 200 to XXX", target=number(9), start=None)
    ],
    "TASK_AS_KR": [sound("K1", title="Write 10 letters")],
    "BINARY": [sound("K1", measure="binary", title="Be certified for 3 countries")],
    "BINARY_OBJECTIVE": [sound_objective("O", title="Launch the new shop")],
    "COMPOSITE": [sound("K1", title="Sign 40 schools and use 30 tablets")],
    "METRIC_UNNAMED": [sound("K1", title="Achieve 10% growth by end of Q1")],
    "NUMBER_IN_OBJECTIVE": [sound_objective("O", title="Win three towns")],
    "NO_ACTION_VERB": [sound_objective("O", title="Happiness for schools")],
    "OBJECTIVE_LONG": [
        sound_objective("O", title="Be the first choice of " + "very " * 25 + "happy schools")
    ],
    "OBJECTIVE_NOT_INSPIRING": [sound_objective("O", title="Increase sales")],
    "OBJECTIVE_COPIES_PARENT_KR": [
        sound_objective("O", title=f"{TITLES[0]} abroad", contributes_to=REFS({"L1"}))
    ],
    "OWNER_MISSING": [sound_objective("O", owner=None)],
    "SILO": [sound_objective("O", depends_on=None), sound_objective("P", depends_on=None)],
    "CYCLE_MISSING": [sound_objective("O", cycle=None)],
    "DUE_AFTER_CYCLE": [sound("K1", due=date(2026, 4, 1))],
    "DUE_AMBIGUOUS": [sound("K1", title="Raise monthly sign-ups from 200 to 900 next quarter")],
    "CHILD_DUE_AFTER_PARENT": [
        BELOW,
        sound("D1", "C", due=date(2026, 3, 2)),
        sound("K1", due=date(2026, 3, 1)),
    ],
    "EPIC_AS_KR": [sound("K1", value_from="work")],
    "EPIC_WITHOUT_KR": [initiative("G")],
    "REACHED_EARLY": [sound("K1", current=number(100))],
    "NO_INITIATIVE": [initiative("E", contributes_to=REFS({"P"}))],
    "BASELINE_MISSING": [sound("K1", measure="delta")],
    "START_MISSING": [sound("K1", start=None)],
    "UNIT_MISSING": [sound("K1", title="Reach revenue of 300K", unit=None)],
    "DIRECTION_MISMATCH": [sound("K1", direction="decrease")],
    "UNIT_SUSPECT": [sound("K1", title="Lift the NPS from 45% to 55%")],
    "UNIT_MISMATCH_PARENT": [BELOW, sound("D1", "C", unit="hires")],
    "PERCENT_AMBIGUOUS": [sound("K1", title="Lift the reply rate by 15%", measure="relative")],
    "STOCK_OR_FLOW": [sound("K1", title="Attain 15 enterprise clients", start=None)],
    "RATE": [sound("K1", measure="rate", title="Greet 5 schools per week")],
    "DENOMINATOR_MOVES": [sound("K1", title="100% of new lessons are seen", start=None)],
    "AGGREGATE_UNSTATED": [sound("K1", title="Answer any question within 2 hours")],
    "SHARED_CANDIDATE": [sound("K1", title=f"{TITLES[0]} abroad")],
}
OFTEN = {"KR_COUNT_LOW", "STALE", "INDIVIDUAL_OBJECTIVE"}
"""Planted in tests of their own."""


def codes(entities: dict[str, Entity], today: date = EARLY, profile: Profile = DEFAULT) -> set[str]:
    return {found.code for found in lint(entities, today, Method(), profile)}


def test_a_sound_workspace_has_no_findings() -> None:
    """What follows is found because of the planted fault, and of nothing else."""
    assert codes(workspace()) == set()
    assert codes(workspace(), LATE) == set()


@pytest.mark.parametrize("code", FAULTS)
def test_a_planted_fault_is_found(code: str) -> None:
    """Each rule of the catalogue can fire."""
    today = LATE if code == "NO_INITIATIVE" else EARLY
    assert code in codes(workspace(*FAULTS[code]), today)


def test_missing_work_is_told_from_half_time_on() -> None:
    """S91: in the first weeks there is still time to plan."""
    assert "NO_INITIATIVE" not in codes(workspace(*FAULTS["NO_INITIATIVE"]), EARLY)


def test_every_rule_has_its_fault() -> None:
    """No rule without a proof that it works."""
    assert set(FAULTS) | OFTEN == set(RULES)


@pytest.mark.parametrize(("count", "found"), [(1, True), (2, True), (3, False), (5, False)])
def test_too_few_key_results(count: int, found: bool) -> None:
    """S75: three to five."""
    krs = [sound(f"K{n}", title=f"Sign {n + 50} schools") for n in range(count)]
    assert ("KR_COUNT_LOW" in codes({e.id: e for e in (sound_objective("O"), *krs)})) is found


def test_stale_needs_a_past() -> None:
    """S85: with observations a forgotten key result is found, without any nobody can know."""
    days = {"K1": EARLY - timedelta(days=30)} | dict.fromkeys(("K2", "K3", "L1", "L2", "L3"), EARLY)
    series: Series = {(key, "current"): [Point(number(5), day)] for key, day in days.items()}
    found = lint(workspace(), EARLY, Method(), series=series)
    assert [(each.code, each.entity) for each in found] == [("STALE", "K1")]


def test_one_persons_objective_is_found_by_teams_that_hold_it_so() -> None:
    """C2: allowed by default, told by the profile team-only."""
    entities = workspace(sound_objective("O", level="Individual"))
    assert codes(entities) == set()
    assert codes(entities, profile=PROFILES["team-only"]) == {"INDIVIDUAL_OBJECTIVE"}


def test_profiles_change_how_much_a_rule_matters() -> None:
    """BINARY: information by default, off for google, a warning where people are strict."""
    entities = workspace(*FAULTS["BINARY"])
    told = {
        name: [f.severity.value for f in lint(entities, EARLY, Method(), p)] for name, p in PROFILES.items()
    }
    assert told == {"default": ["info"], "google": [], "team-only": ["info"], "strict": ["warning"]}


def test_limits_belong_to_the_profile() -> None:
    """Five objectives are too many where four are the limit; the message says the number."""
    few = replace(DEFAULT, limits=Limits(objectives=4))
    found = [f for f in lint(workspace(*crowd(5)), EARLY, Method(), few) if f.code == "OBJECTIVES_MANY"]
    assert [f.message.partition(": ")[2] for f in found] == ["more than 4 objectives (Sales, 2026-Q1: 5)"]


def test_a_profile_cannot_name_a_rule_that_does_not_exist() -> None:
    """A typing error would switch nothing off, silently."""
    with pytest.raises(ValueError, match="TYPO"):
        Profile("mine", {"TYPO": None})


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_what_is_over_is_left_in_peace(state: str) -> None:
    """Nobody improves the wording of last year."""
    assert codes(workspace(*FAULTS["TASK_AS_KR"], sound_objective("O", state=state))) == set()


def test_a_finding_points_at_its_cell() -> None:
    """The place is the cell of the field to correct."""
    broken = at(sound("K1", target=None), target="KRs!D9", title="KRs!B9")
    found = [f for f in lint(workspace(broken), EARLY, Method()) if f.code == "TARGET_MISSING"]
    assert [f.place for f in found] == ["KRs!D9"]
    assert found[0].finding.message == f"K1 · {TITLES[0]}: no target number"


def test_the_order_of_loading_changes_nothing() -> None:
    """Most severe first, then by place."""
    entities = workspace(*FAULTS["OWNER_MISSING"], *FAULTS["BINARY"], *FAULTS["UNIT_MISSING"])
    backwards = dict(list(entities.items())[::-1])
    found = lint(entities, EARLY, Method())
    assert found == lint(backwards, EARLY, Method())
    assert [f.severity.value for f in found] == sorted(
        (f.severity.value for f in found), key=["error", "warning", "info"].index
    )


def test_any_value_can_be_linted() -> None:
    """Numbers of any size, texts where references belong, nothing at all: findings, never an error."""
    odd = Entity("K1", "key_result", None, {"target": Decimal("NaN"), "objective": "O", "due": "soon"})  # type: ignore[arg-type]  # as a damaged store might hold it
    assert "START_MISSING" in codes(workspace(sound("K1", start=Decimal("1E+999"))))
    assert codes(workspace(odd)) is not None
