"""What a right file becomes: settings the engine can work with."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from okrsync.config import example
from okrsync.config.method import MethodShape
from okrsync.connectors.registry import KINDS, ConnectorKind
from okrsync.mappings.binding import Place
from okrsync.mappings.rules import OnConflict, OnDrift, Rule
from okrsync.okr.cycles import Calendar, Cycle
from okrsync.okr.method import Method
from okrsync.okr.model import Kind
from tests.config import faketool
from tests.config.bench import HEAD, epics, loaded, metrics, pages

DESIGN = (Path(__file__).parent / "design_example.yaml").read_text(encoding="utf-8")
"""The example the file's format was designed by, with ids filled in."""


def natives(folder: Path, text: str, collection: str) -> list[str]:
    """The native fields a collection binds, in order."""
    return [binding.native for binding in loaded(folder, text).collection(collection).bindings]


def test_the_designs_example_loads(tmp_path: Path) -> None:
    """As it stands, but for the ids."""
    found = loaded(tmp_path, DESIGN)
    assert [one.name for one in found.collections] == ["objectives", "metrics", "epics"]
    assert (found.workspace, found.timezone.key, found.warnings) == ("acme", "Europe/Paris", ())
    assert found.policies.max_missing == Decimal("0.1")
    assert (found.cycles.rhythm, found.cycles.fiscal_start) == ("quarter", 1)
    assert {name: one.kind for name, one in found.connections.items()} == {
        name: name for name in ("jira", "notion", "sheets")
    }


def test_the_example_file_loads(tmp_path: Path) -> None:
    """What `okrsync init` writes is right once its variables are set."""
    assert len(loaded(tmp_path, example.text()).collections) == 4


def test_the_shortest_file(tmp_path: Path) -> None:
    """Everything that has a default may be left out."""
    found = loaded(tmp_path, HEAD + epics("title: summary"))
    assert found.timezone.key == "UTC"
    assert found.policies.first_run == "plan_only"
    assert found.store == f"sqlite:///{tmp_path / 'okrsync.db'}"


def test_a_sqlite_store_is_beside_the_file_unless_absolute(tmp_path: Path) -> None:
    """Wherever okrsync is started."""
    text = HEAD + epics("title: summary")
    assert loaded(tmp_path, text + "store: sqlite:///x/y.db").store == f"sqlite:///{tmp_path}/x/y.db"
    assert loaded(tmp_path, text + "store: sqlite:////var/y.db").store == "sqlite:////var/y.db"


def test_a_short_entry_is_only_read(tmp_path: Path) -> None:
    """`title: summary` is `{from: summary}`; `sync: both` also writes; `to` only writes."""
    fields = "title: summary, note: {from: N, sync: both}, progress: {to: P}"
    found = loaded(tmp_path, HEAD + epics(fields)).collection("epics").bindings[:3]
    assert [(one.reads, one.writes) for one in found] == [(True, False), (True, True), (False, True)]
    assert found[0].place == Place("okrsync.yaml", 12, 14)


def test_the_options_of_an_entry(tmp_path: Path) -> None:
    """Each arrives in the binding, and `link` narrows the kinds."""
    refs = "objective: {from: O, link: objective}"
    number = "current: {from: C, scale: 0.5, locale: de-DE, not_yet: tbd, on_drift: report}"
    choice = "direction: {from: D, values: {increase: up, decrease: down}}"
    found = loaded(tmp_path, HEAD + metrics(f"{refs}, {number}, {choice}")).collection("metrics").bindings
    assert found[0].spec.refers_to == (Kind.OBJECTIVE,)
    assert (found[1].scale, found[1].locale, found[1].not_yet) == (Decimal("0.5"), "de_DE", ("tbd",))
    assert found[1].on_drift is OnDrift.REPORT
    assert found[2].values == {"increase": "up", "decrease": "down"}


def test_results_become_bindings(tmp_path: Path) -> None:
    """All computed fields by default, else those named; shown columns are watched, not reverted."""
    rest = "    results: {fields: [score, status], show: {Score: score}}\n"
    text = HEAD + metrics("current: C", rest=rest)
    assert natives(tmp_path, text, "metrics") == [
        "C",
        "results:score",
        "results:status",
        "lookup:Score=score",
    ]
    shown = loaded(tmp_path, text).collection("metrics").bindings[-1]
    assert (shown.constant, shown.on_drift, shown.writes, shown.reads) == (
        "shown",
        OnDrift.REPORT,
        True,
        False,
    )
    everything = natives(tmp_path, HEAD + metrics("current: C", rest="    results: {}\n"), "metrics")
    assert "results:explanation" in everything


def test_the_source_gets_the_key_and_the_results(tmp_path: Path) -> None:
    """They are written once, on the collection."""
    rest = "    results: {tab: Mine, show: {Score: score}}\n"
    source = loaded(tmp_path, HEAD + metrics("current: C", rest=rest)).collection("metrics").source
    assert source.key == "KR"
    assert source.results.model_dump() == {"tab": "Mine", "show": {"Score": "score"}}


def test_jira_initiatives_keep_properties_by_themselves(tmp_path: Path) -> None:
    """Without any setting up in Jira; other kinds have none."""
    text = HEAD + epics("title: summary") + pages("title: Name")
    own = ["property:okrsync.progress", "property:okrsync.explanation"]
    assert natives(tmp_path, text, "epics") == ["summary", *own]
    assert natives(tmp_path, text, "pages") == ["Name"]


def test_rules_come_from_the_entries(tmp_path: Path) -> None:
    """Asking is the default; an owner, a preference or a way to merge may be said on any one entry."""
    fields = (
        "target: {from: T, owner: true}, title: {from: N, prefer: true}, current: {from: C, on_conflict: max}"
    )
    found = loaded(tmp_path, HEAD + metrics(fields) + pages("title: Name, current: Now"))
    assert found.rule(Kind.KEY_RESULT, "target") == Rule(owner="metrics")
    assert found.rule(Kind.KEY_RESULT, "title") == Rule(OnConflict.PREFER, prefer="metrics")
    assert found.rule(Kind.KEY_RESULT, "current") == Rule(OnConflict.MAX)
    assert found.rule(Kind.KEY_RESULT, "note") == Rule()


def test_separate_scopes_without_keys_may_both_be_read(tmp_path: Path) -> None:
    """Two Jira projects with epics of their own are no mistake, also with computed progress written."""
    text = (
        HEAD + epics("title: summary, progress: {to: P}") + epics("title: summary, progress: {to: P}", "more")
    )
    assert len(loaded(tmp_path, text).collections) == 2


def test_the_methods_settings_reach_the_method(tmp_path: Path) -> None:
    """With the calendar that `cycles` describes; what is left out keeps the method's own default."""
    custom = "{name: Sprint, starts: 2026-01-05, ends: 2026-02-01}"
    cycles = f"cycles: {{rhythm: half, fiscal_start: 2, custom: [{custom}]}}\n"
    method = "method: {at_risk_gap: 0.3, cancelled: [Nope], phases: 50% = 20%}"
    found = loaded(tmp_path, HEAD + epics("title: summary") + cycles + method)
    sprint = Cycle("Sprint", date(2026, 1, 5), date(2026, 2, 1))
    assert found.method == Method(
        at_risk_gap=Decimal("0.3"),
        cancelled=frozenset({"nope"}),
        phases=((Fraction(1, 2), Fraction(1, 5)),),
        calendar=Calendar("half", 2, {"Sprint": sprint}),
    )


def test_the_files_defaults_are_the_methods(tmp_path: Path) -> None:
    """And every setting of the method can be written."""
    assert loaded(tmp_path, HEAD + epics("title: summary")).method == Method()
    assert set(MethodShape.model_fields) | {"calendar"} == {one.name for one in dataclasses.fields(Method)}


def test_a_connection_opens_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the registry: nothing of a service is imported before."""
    monkeypatch.setitem(KINDS, "faketool", ConnectorKind("faketool", faketool.__name__))
    text = HEAD.replace("collections:", "  mine: {kind: faketool, token: '${JIRA_TOKEN}'}\ncollections:")
    found = loaded(tmp_path, text + epics("title: summary"))
    opened = found.open("mine")
    assert opened.kind == "faketool"
    assert opened.account().name == "mine"
    with pytest.raises(KeyError):
        found.open("other")
    with pytest.raises(KeyError):
        found.collection("other")


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """Some editors write one."""
    assert loaded(tmp_path, "\ufeff" + HEAD + epics("title: summary")).workspace == "acme"


def test_the_rhythm_of_check_ins_reaches_the_calendar(tmp_path: Path) -> None:
    """S13, S18: days between check-ins, teams of their own, and the grace after a cycle."""
    settings = loaded(
        tmp_path,
        HEAD
        + epics("title: summary")
        + "cycles: {check_in_days: 10, team_days: {Sales: 5}, grace_days: 3}\n"
        + "method: {confidence_scale: 5}\n",
    )
    calendar = settings.method.calendar
    assert (calendar.interval("Sales"), calendar.interval("Product"), calendar.grace_days) == (5, 10, 3)
    assert settings.method.confidence_scale == 5


def test_kpis_and_check_ins_are_collections(tmp_path: Path) -> None:
    """S54, S66: their fields are checked like any others'."""
    kpis = metrics("current: Value, unit: Unit", name="kpis").replace("key_result", "metric")
    said = pages("key_result: {from: KR, link: key_result}, confidence: {from: C, values: {0.8: Green}}")
    settings = loaded(tmp_path, HEAD + kpis + said.replace("entity: key_result", "entity: check_in"))
    assert [one.entity for one in settings.collections] == [Kind.METRIC, Kind.CHECK_IN]
    assert settings.collections[1].bindings[1].values == {"0.8": "Green"}
