"""The page per team: what changed, who needs help, what was reached, and nothing about who is best."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from okrsync.okr.digest import TeamPage, digest
from okrsync.okr.method import Method
from okrsync.okr.model import Entity
from okrsync.okr.series import Point, Series
from okrsync.okr.values import Value
from tests.okr.make import check_in, initiative, key_result, number, objective

SINCE, TODAY = date(2026, 2, 9), date(2026, 2, 16)
BEFORE, LATER = date(2026, 1, 5), date(2026, 2, 12)
Past = dict[tuple[str, str], tuple[Point, ...]]


def _pages(*entities: Entity, past: Series | None = None) -> dict[str, TeamPage]:
    found = digest({each.id: each for each in entities}, SINCE, TODAY, Method(), past or {})
    return {page.team: page for page in found}


def _went(entity: str, before: Value, after: Value, name: str = "current") -> Past:
    return {(entity, name): (Point(before, BEFORE), Point(after, LATER))}


def _goal(team: str = "Sales", key: str = "O") -> Entity:
    return objective(key, team=team)


def test_every_team_has_a_page_and_goals_of_none_come_last() -> None:
    """A key result belongs to its own team, else to its objective's."""
    pages = _pages(
        _goal("Sales", "A"), key_result("A1", "A", current=number(5)), key_result("A2", "A", team="Ops"),
        objective("B"), key_result("B1", "B"),
    )  # fmt: skip
    assert list(pages) == ["Ops", "Sales", ""]
    assert [page.goals for page in pages.values()] == [1, 1, 1]


def test_a_change_is_told_with_both_values() -> None:
    """Value and score, before and after; what only time moved is not called a change (S64)."""
    page = _pages(_goal(), key_result("K", current=number(40)), past=_went("K", number(10), number(40)))[
        "Sales"
    ]
    [news] = [each for each in page.changed if each.entity == "K"]
    told = {each.field: (each.before, each.after) for each in news.changes}
    assert told == {"value": (10, 40), "score": (Decimal("0.1"), Decimal("0.4"))}


def test_time_alone_is_no_change() -> None:
    """A status that turned because days passed stands under at risk, as newly so."""
    past = {("K", "current"): (Point(number(35), BEFORE),)}
    page = _pages(_goal(), key_result("K", current=number(35)), past=past)["Sales"]
    assert page.changed == ()
    assert [(each.entity, each.status, each.new) for each in page.at_risk] == [("K", "at_risk", True)]


def test_what_was_never_seen_before_has_not_changed() -> None:
    """A first look is no news: it is counted, not told as growth from nothing."""
    past = {("K", "current"): (Point(number(90), LATER),)}
    page = _pages(_goal(), key_result("K", current=number(90)), past=past)["Sales"]
    assert (page.changed, page.reached, page.first_seen) == ((), (), 1)


def test_passing_the_success_line_is_reached() -> None:
    """0.7 of an aspirational goal is a reason to say thank you; 0.6 is not (S101, S102)."""
    krs = key_result("K", current=number(70)), key_result("L", current=number(60))
    past = {**_went("K", number(60), number(70)), **_went("L", number(10), number(60))}
    page = _pages(_goal(), *krs, past=past)["Sales"]
    assert [each.entity for each in page.reached] == ["K"]
    assert page.largest_gain is not None and page.largest_gain.entity == "L"


def test_a_full_score_is_reached_again() -> None:
    """Who passed the line before and is now at the target has reached something new (S102)."""
    past = _went("K", number(80), number(100))
    page = _pages(_goal(), key_result("K", current=number(100)), past=past)["Sales"]
    assert [each.entity for each in page.reached] == ["K"]


def test_nothing_gained_is_no_largest_gain() -> None:
    """A page does not celebrate that everything fell."""
    page = _pages(_goal(), key_result("K", current=number(5)), past=_went("K", number(9), number(5)))["Sales"]
    assert page.largest_gain is None


def test_finished_work_is_reached() -> None:
    """An initiative that turned done in these days, at the team whose key result it is for."""
    work = initiative("E", contributes_to=frozenset({"K"}), status_category="done")
    old = initiative("F", contributes_to=frozenset({"K"}), status_category="done")
    past = {
        **_went("E", "indeterminate", "done", "status_category"),
        ("F", "status_category"): (Point("new", BEFORE), Point("done", date(2026, 1, 20))),
    }
    page = _pages(_goal(), key_result("K"), work, old, past=past)["Sales"]
    assert [each.entity for each in page.reached] == ["E"]


def test_nobody_looked_after_it() -> None:
    """A stale key result is told with the last day that brought news (S71)."""
    past = {("K", "current"): (Point(number(5), BEFORE),)}
    page = _pages(_goal(), key_result("K", current=number(5)), past=past)["Sales"]
    assert [(each.entity, each.since) for each in page.stale] == [("K", BEFORE)]


def test_a_blocker_names_who_can_help_and_reaches_the_helpers_team() -> None:
    """The team that could help finds it on its own page (S68)."""
    told = check_in("C", "K", date(2026, 2, 10), challenges="no budget", helper="Ruth@acme.example")
    pages = _pages(
        _goal(), key_result("K", current=number(5)), told,
        objective("M", team="Finance", owner="ruth@acme.example"), key_result("N", "M"),
    )  # fmt: skip
    [own], [help_] = pages["Sales"].blocked, pages["Finance"].can_help
    assert own == help_ and (own.challenges, own.helper, own.since) == (
        "no budget", "Ruth@acme.example", date(2026, 2, 10),
    )  # fmt: skip
    assert pages["Sales"].can_help == () and pages["Finance"].blocked == ()


def test_a_later_check_in_without_challenges_ends_the_blocker() -> None:
    """What is no longer in the way is not told."""
    said = check_in("C", "K", date(2026, 2, 10), challenges="no budget")
    later = check_in("D", "K", date(2026, 2, 12), value=number(9))
    assert _pages(_goal(), key_result("K"), said, later)["Sales"].blocked == ()


def test_challenges_of_the_key_result_itself_block_too() -> None:
    """Where nobody writes check-ins, the field beside the number speaks."""
    page = _pages(_goal(), key_result("K", challenges="two people left"))["Sales"]
    assert [each.challenges for each in page.blocked] == ["two people left"]


def test_private_goals_are_on_no_page() -> None:
    """S104: neither as a change nor as a team of its own."""
    private = objective("P", team="Secret", private=True)
    kr = key_result("K", "P", current=number(80), challenges="hush")
    pages = _pages(_goal(), key_result("L"), private, kr, past=_went("K", number(10), number(80)))
    assert list(pages) == ["Sales"]
    assert pages["Sales"].changed == () == pages["Sales"].blocked


def test_drafts_and_closed_goals_are_left_in_peace() -> None:
    """Only what is running is talked about."""
    pages = _pages(
        objective("O", team="Sales", state="closed"), key_result("K", challenges="x"),
        objective("D", team="Ops", state="draft"), key_result("L", "D", challenges="y"),
    )  # fmt: skip
    assert pages == {}


def test_the_order_is_that_of_keys_not_of_scores() -> None:
    """S89: nothing on the page ranks anybody; better scores do not come first."""
    krs = [key_result(f"K{n}", current=number(n)) for n in (10, 2, 1)]
    past: Past = {
        key: value for n in (10, 2, 1) for key, value in _went(f"K{n}", number(0), number(n)).items()
    }
    page = _pages(_goal(), *krs, past=past)["Sales"]
    assert [each.entity for each in page.changed if each.entity != "O"] == ["K1", "K2", "K10"]
    assert [each.entity for each in page.at_risk] == ["K1", "K2", "K10"]


def test_what_ended_short_of_its_line_is_told_once() -> None:
    """In the days it ended, with how far it came; what reached its line, or ended earlier, is not there."""
    page = _pages(
        _goal(),
        key_result("SHORT", current=number(40), due=date(2026, 2, 12)),
        key_result("REACHED", current=number(80), due=date(2026, 2, 12)),
        key_result("EARLIER", current=number(40), due=date(2026, 2, 8)),
        key_result("TODAY", current=number(40), due=TODAY),
        key_result("UNSEEN", due=date(2026, 2, 12)),
    )["Sales"]
    assert [(each.entity, each.on, each.score, each.band) for each in page.ended] == [
        ("SHORT", date(2026, 2, 12), Decimal("0.4"), "amber")
    ]
