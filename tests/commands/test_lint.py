"""`okrsync lint`: what to mend, where, how much it matters here, and what people have accepted."""

from __future__ import annotations

from typing import Any

from okrsync.commands.exits import Exit
from tests.commands.conftest import Desk

_TASK = """
lint:
  accepted:
    - {rule: TASK_AS_KR, at: ACME-HR-O1-KR1, reason: it is the instrument, until: 2026-03-01, by: Ruth}
"""


def _of(findings: list[Any], code: str, entity: str) -> Any:
    return next(each for each in findings if (each["code"], each["entity"]) == (code, entity))


def test_a_finding_names_the_record_to_open(desk: Desk) -> None:
    """Connection, collection, place and address of the cell that has to be mended."""
    found = _of(desk.json("lint")["findings"], "BASELINE_MISSING", "ACME-CEO-O1-KR1")
    assert (found["connection"], found["collection"]) == ("notion", "key_results")
    assert found["place"].endswith("› Baseline")
    assert found["url"].startswith("https://www.notion.so/")


def test_findings_are_told_by_rule_with_what_to_do(desk: Desk) -> None:
    """One heading per rule, its advice once, and a count at the end."""
    out = desk.run("lint")
    assert out.count("TASK_AS_KR") == 1 and "say what it should change" in out
    warnings = [each for each in desk.json("lint")["findings"] if each["severity"] == "warning"]
    assert f"0 errors, {len(warnings)} warnings" in out.splitlines()[-1]


def test_notes_are_counted_and_shown_on_demand(desk: Desk) -> None:
    """A tired reader sees what matters; --full or --rule shows the rest."""
    assert "NUMBER_IN_OBJECTIVE" not in desk.run("lint")
    assert "NUMBER_IN_OBJECTIVE" in desk.run("lint", "--full")
    assert "Increase Q1 revenue to $500K" in desk.run("lint", "--rule", "number_in_objective")


def test_only_the_asked_rules_are_shown(desk: Desk) -> None:
    """--rule can be repeated."""
    found = desk.json("lint", "--rule", "COMPOSITE", "--rule", "DUE_AMBIGUOUS")["findings"]
    assert {each["code"] for each in found} == {"COMPOSITE", "DUE_AMBIGUOUS"}


def test_fail_on_tells_a_build(desk: Desk) -> None:
    """ACME has warnings and no error."""
    desk.run("lint", "--fail-on", "error")
    desk.run("lint", "--fail-on", "warning", code=Exit.FINDINGS)


def test_a_profile_and_own_severities_decide(desk: Desk) -> None:
    """The strict profile makes errors of tasks; a rule of the file overrides it, or is not checked."""
    desk.settings("\nlint: {profile: strict, rules: {COMPOSITE: error, TASK_AS_KR: ignore}}\n")
    found = desk.json("lint", "--fail-on", "error", code=Exit.FINDINGS)
    severities = {each["code"]: each["severity"] for each in found["findings"]}
    assert found["profile"] == "strict"
    assert severities["COMPOSITE"] == severities["BASELINE_MISSING"] == "error"
    assert "TASK_AS_KR" not in severities


def test_limits_of_the_file_hold(desk: Desk) -> None:
    """Two key results in one objective are too many where the file says so."""
    desk.settings("\nlint: {limits: {key_results_high: 3, key_results_low: 1}}\n")
    found = desk.json("lint", "--rule", "KR_COUNT_HIGH")["findings"]
    assert [each["entity"] for each in found] == ["ACME-RECR-O1"]


def test_an_accepted_finding_is_told_with_its_reason_and_fails_nothing(desk: Desk) -> None:
    """It stays visible in --full and in JSON."""
    desk.settings(_TASK)
    found = _of(desk.json("lint")["findings"], "TASK_AS_KR", "ACME-HR-O1-KR1")
    assert found["accepted"]["reason"] == "it is the instrument"
    assert "accepted until 2026-03-01, by Ruth: it is the instrument" in desk.run("lint", "--full")
    only = ("lint", "--rule", "TASK_AS_KR", "--fail-on", "warning")
    assert desk.json(*only, code=Exit.FINDINGS) != []


def test_an_acceptance_ends(desk: Desk) -> None:
    """After its last day the finding stands again, and says that it was accepted."""
    desk.settings(_TASK)
    found = _of(desk.json("lint", today="2026-03-02")["findings"], "TASK_AS_KR", "ACME-HR-O1-KR1")
    assert found["accepted"] is None and found["expired"]["until"] == "2026-03-01"
    assert "was accepted until 2026-03-01" in desk.run("lint", today="2026-03-02")


def test_an_acceptance_of_what_is_no_more_can_go(desk: Desk) -> None:
    """Lines of the file that do nothing are told."""
    desk.settings("\nlint: {accepted: [{rule: SILO, at: ACME-CEO-O1, reason: it is the top}]}\n")
    assert "SILO at ACME-CEO-O1: it is the top" in desk.run("lint")


def test_explain_tells_one_rule(desk: Desk) -> None:
    """Meaning, advice, and the severity in every profile."""
    rule = desk.json("lint", "--explain", "task_as_kr")
    assert rule["requirement"] == "S78"
    assert rule["severity"]["google"] == "info" and rule["severity"]["strict"] == "error"


def test_a_wrong_rule_names_the_nearest(desk: Desk) -> None:
    """On the command line and in the file, where the line is told."""
    assert "did you mean SILO?" in desk.run("lint", "--rule", "SILOS", code=Exit.USAGE)
    desk.settings("\nlint: {rules: {STAL: error}}\n")
    said = desk.run("lint", code=Exit.CONFIGURATION)
    assert "lint.rules.STAL: there is no rule STAL; did you mean STALE?" in said
