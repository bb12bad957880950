"""Check-ins, what changed since, and who still owes one."""

from __future__ import annotations

from datetime import date, timedelta

from okrsync.okr.check_ins import CheckIn, TeamCare, care_by_team, check_in_of
from okrsync.okr.cycles import Calendar
from okrsync.okr.method import Method
from okrsync.okr.model import Entity, Kind
from okrsync.okr.moments import Change, changed_since, diff, moment_of
from okrsync.okr.series import Point, Series
from tests.okr.make import TODAY, check_in, initiative, item, key_result, metric, number, objective, run


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def by_id(*entities: Entity) -> dict[str, Entity]:
    return {each.id: each for each in entities}


def test_a_check_in_has_four_parts() -> None:
    """S66: progress, confidence, challenges, initiatives; the rest stays empty."""
    entity = check_in("C", "A", TODAY, value=number(5), confidence=number("0.6"), helper="bo@acme.example")
    assert check_in_of(entity) == (
        CheckIn("A", TODAY, value=number(5), confidence=number("0.6"), helper="bo@acme.example"),
    )


def test_one_check_in_can_be_about_several_key_results() -> None:
    """One meeting; without a day it is none."""
    both = Entity("C", Kind.CHECK_IN, None, {"key_result": frozenset("BA"), "date": TODAY})
    assert [each.key_result for each in check_in_of(both)] == ["A", "B"]
    assert check_in_of(Entity("C", Kind.CHECK_IN, None, {"key_result": frozenset("A")})) == ()


def test_what_changed_since_last_week() -> None:
    """S64: value, score and what follows from them, then and now; what stayed is not told."""
    kr = key_result("A", current=number(30), confidence=number("0.5"))
    series: Series = {
        ("A", "current"): [Point(number(10), ago(20)), Point(number(30), ago(2))],
        ("A", "confidence"): [Point(number("0.8"), ago(20)), Point(number("0.5"), ago(1))],
    }
    told = changed_since(by_id(objective("O"), kr), series, ago(7), TODAY, Method())
    assert [(each.entity, each.field, each.before, each.after) for each in told] == [
        ("A", "value", number(10), number(30)),
        ("A", "score", number("0.1"), number("0.3")),
        ("A", "status", "off_track", "at_risk"),
        ("A", "confidence", number("0.8"), number("0.5")),
        ("O", "score", number("0.1"), number("0.3")),
        ("O", "status", "off_track", "at_risk"),
    ]


def test_an_entity_that_is_new_was_missing_before() -> None:
    """New and gone are told as from and to nothing."""
    old = by_id(objective("O"))
    new = by_id(objective("O"), key_result("A", current=number(50)))
    changes = diff(moment_of(old, run(*old.values())), moment_of(new, run(*new.values())))
    assert Change("A", "A · Result A", "value", None, number(50)) in changes
    assert Change("O", "O · Objective O", "score", None, number("0.5")) in changes


def test_nothing_changed_is_nothing() -> None:
    """The same moment twice."""
    moment = moment_of(by_id(objective("O")), run(objective("O")))
    assert diff(moment, moment) == ()


def test_work_that_went_on_is_told_as_progress() -> None:
    """An initiative has no score, a goal's progress is its score: neither is told twice."""
    before = [initiative("E"), item("J", "E", "new")]
    after = [initiative("E"), item("J", "E", "done")]
    moments = [moment_of(by_id(*each), run(*each)) for each in (before, after)]
    assert [(c.field, c.before, c.after) for c in diff(*moments)] == [("progress", number(0), number(1))]


CARE = (
    objective("O", team="Sales"),
    key_result("A", current=number(40)),
    key_result("B", current=number(40)),
    key_result("C", current=number(40)),
    key_result("D"),
)
SEEN: Series = {
    ("A", "current"): [Point(number(40), ago(7))],
    ("B", "current"): [Point(number(40), ago(8))],
    ("C", "current"): [Point(number(40), ago(11))],
}


def test_who_waits_for_a_check_in() -> None:
    """S73: within the interval, missing, stale, never; a check-in settles it."""
    (care,) = care_by_team(by_id(*CARE), TODAY, Method(), SEEN)
    assert care == TeamCare("Sales", 7, ("D", "B", "C"), ("C", "D"), ("D",))
    (settled,) = care_by_team(by_id(*CARE, check_in("X", "C", ago(1))), TODAY, Method(), SEEN)
    assert settled.missing == ("D", "B")


def test_each_team_has_its_own_rhythm() -> None:
    """Every two weeks nothing is late yet."""
    method = Method(calendar=Calendar(team_days={"Sales": 14}))
    (care,) = care_by_team(by_id(*CARE), TODAY, method, SEEN)
    assert (care.every, care.missing) == (14, ("D",))


def test_a_kpis_news_count_for_its_key_results() -> None:
    """Who measures automatically owes nothing."""
    kr = key_result("A", metric=frozenset({"M"}))
    series: Series = {("M", "current"): [Point(number(4), ago(1))]}
    (care,) = care_by_team(by_id(objective("O"), kr, metric("M", current=number(4))), TODAY, Method(), series)
    assert care.missing == ()


def test_only_running_goals_wait() -> None:
    """Drafts, closed ones and next quarter's are not asked for."""
    others = [
        objective("O", state="draft"),
        objective("P", cycle="2026-Q2"),
        objective("R", state="closed"),
        *(key_result(f"{under}1", under) for under in "OPR"),
    ]
    assert care_by_team(by_id(*others), TODAY, Method(), SEEN) == ()
