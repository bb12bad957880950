"""`lint:` and `digest:` of the admin's file: what they become, and what an admin sees of a mistake."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from okrsync.okr.findings import Severity
from okrsync.okr.lint import PROFILES
from tests.config.bench import ENVIRON, HEAD, complaints, epics, loaded
from tests.config.test_schema import errors

GOOD = HEAD + epics("title: summary")


def test_without_the_section_the_usual_rules_hold(tmp_path: Path) -> None:
    """The default profile, nothing accepted."""
    found = loaded(tmp_path, GOOD).hygiene
    assert (found.profile, found.accepted) == (PROFILES["default"], ())


def test_what_the_file_says_goes_before_the_profile(tmp_path: Path) -> None:
    """Single severities and limits; everything else stays the profile's."""
    section = "lint: {profile: strict, rules: {BINARY: ignore, SILO: error}, limits: {per_person: 9}}\n"
    profile = loaded(tmp_path, GOOD + section).hygiene.profile
    assert profile.severity("BINARY") is None and profile.severity("SILO") is Severity.ERROR
    assert profile.severity("TASK_AS_KR") is PROFILES["strict"].severity("TASK_AS_KR")
    assert (profile.limits.per_person, profile.limits.objectives) == (9, 4)


def test_an_acceptance_has_a_reason_and_a_last_day(tmp_path: Path) -> None:
    """Reviewed in Git beside the mapping."""
    section = "lint: {accepted: [{rule: SILO, at: O1, reason: it is the top, until: 2026-06-30, by: Ruth}]}\n"
    [found] = loaded(tmp_path, GOOD + section).hygiene.accepted
    assert (found.code, found.entity, found.reason) == ("SILO", "O1", "it is the top")
    assert (found.until, found.by) == (date(2026, 6, 30), "Ruth")


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("lint: {rules: {STAL: error}}", "lint.rules.STAL: there is no rule STAL; did you mean STALE?"),
        ("lint: {rules: {SILO: loud}}", "lint.rules.SILO: must be 'error', 'warning', 'info' or 'ignore'"),
        ("lint: {profile: lax}", "lint.profile: must be 'default', 'google', 'team-only' or 'strict'"),
        ("lint: {limits: {objectives: 0}}", "lint.limits.objectives: must be greater than or equal to 1"),
        ("lint: {accepted: [{rule: SILO, at: O1}]}", "lint.accepted.0.reason: is missing"),
        (
            "lint: {accepted: [{rule: SOLO, at: O1, reason: x}]}",
            "lint.accepted.0.rule: there is no rule SOLO",
        ),
        ("digest: {days: 0}", "digest.days: must be greater than or equal to 1"),
        ("digest: {notify: [ruth]}", "digest.notify.0: not an address"),
        ("digest: {notify: ['${NOWHERE}']}", "digest.notify.0: the environment variable NOWHERE is not set"),
    ],
)
def test_a_mistake_names_its_line(tmp_path: Path, section: str, said: str) -> None:
    """With the nearest right name where there is one."""
    [complaint] = complaints(tmp_path, f"{GOOD}{section}\n")
    assert complaint.startswith("okrsync.yaml:") and said in complaint


@pytest.mark.parametrize(
    ("section", "path"),
    [
        ("lint: {rules: {STAL: error}}", "$.lint.rules"),
        ("lint: {accepted: [{rule: SOLO, at: O1, reason: x}]}", "$.lint.accepted[0].rule"),
        ("digest: {days: soon}", "$.digest.days"),
    ],
)
def test_an_editor_sees_it_too(section: str, path: str) -> None:
    """The JSON Schema knows the rules."""
    assert path in errors(f"{GOOD}{section}\n")


def test_addresses_are_filled_in_and_never_shown(tmp_path: Path) -> None:
    """A team may have its own; the others get the usual ones."""
    section = "digest: {notify: ['slack://${A}'], teams: {Sales: ['mailto://${B}@x']}}\n"
    found = loaded(tmp_path, GOOD + section, {**ENVIRON, "A": "T0k3n", "B": "p4ss"}).digests
    assert found.addresses("Sales") == ("mailto://p4ss@x",)
    assert found.addresses("Ops") == ("slack://T0k3n",)
    assert "T0k3n" not in repr(found) and "p4ss" not in repr(found)


def test_an_address_written_out_is_a_warning_without_it(tmp_path: Path) -> None:
    """Except where it only leads to this machine."""
    section = "digest: {notify: ['slack://T0k3n', 'json://127.0.0.1:8080/']}\n"
    [warning] = loaded(tmp_path, GOOD + section).warnings
    assert warning.code == "SECRET_IN_FILE" and "T0k3n" not in warning.message
