"""docs/findings.md against the codes the source can make."""

from __future__ import annotations

import re

import pytest

from okrsync.okr.lint.catalogue import RULES
from okrsync.okr.reasons import REASONS
from tests.docs.markdown import codes, first_codes, table
from tests.docs.sources import finding_calls, trip_codes

NAME = "docs/findings.md"
_BY_HAND = (
    "The file and the tools do not fit",
    "Records and their keys",
    "Values that were left alone",
)
_METHOD, _FACTS, _GUARDS = "Goals, dates and links", "Facts in explanations", "Guards"
_LINT = "Rules of good OKRs"
_HOW = f"{NAME}: add a row `| `CODE` | what it means | what to do |` to one of its tables, or remove it"


def _made() -> set[str]:
    return {code for call in finding_calls() for code in call.codes if code}


def test_no_finding_hides_its_code() -> None:
    """Every call that makes a finding shows its code as a constant, a `code` handed on, or a reason."""
    hidden = [call.place for call in finding_calls() if not call.codes]
    assert hidden == [], (
        "write the code as a constant where the finding is made, or name the parameter `code`"
    )


@pytest.mark.parametrize("code", sorted(_made()))
def test_codes_are_spelled_alike(code: str) -> None:
    """A code says what is wrong, never in which tool: the same mistake has one code everywhere."""
    assert re.fullmatch(r"[A-Z]+(_[A-Z]+)*", code), "capitals and underscores, without the name of a tool"


@pytest.mark.parametrize("code", sorted(_made()))
def test_every_code_has_a_row(code: str) -> None:
    """A code that the source makes is documented."""
    assert code in [each for heading in _BY_HAND for each in first_codes(NAME, heading)], _HOW


def test_no_row_is_left_over() -> None:
    """A documented code is one the source makes, and stands in one table."""
    told = [each for heading in _BY_HAND for each in first_codes(NAME, heading)]
    assert sorted(told) == sorted(_made()), _HOW


def test_the_methods_codes_are_documented_with_their_severity() -> None:
    """Every reason that becomes a finding has a row with its severity."""
    told = {codes(row[0])[0]: row[1] for row in table(NAME, _METHOD)}
    made = {
        why.value: reason.severity.value for why, reason in REASONS.items() if reason.severity is not None
    }
    assert told == made, f"{NAME}, {_METHOD}: add `| `CODE` | severity | what it means | what to do |`"


def test_facts_are_documented() -> None:
    """Every reason that is no finding has a row among the facts."""
    facts = [why.value for why, reason in REASONS.items() if reason.severity is None]
    assert sorted(first_codes(NAME, _FACTS)) == sorted(facts), f"{NAME}, {_FACTS}: `| `CODE` | means |`"


def test_lint_rules_are_documented_with_their_severity() -> None:
    """Every rule of lint has a row with its usual severity."""
    told = {codes(row[0])[0]: row[1] for row in table(NAME, _LINT)}
    made = {code: rule.severity.value for code, rule in RULES.items()}
    assert told == made, f"{NAME}, {_LINT}: add `| `CODE` | severity | what it means | what to do |`"


def test_guards_are_documented() -> None:
    """Every guard has a row."""
    assert sorted(first_codes(NAME, _GUARDS)) == sorted(trip_codes()), _HOW


def test_every_row_says_what_to_do() -> None:
    """No cell of the tables is empty."""
    headings = (*_BY_HAND, _METHOD, _FACTS, _GUARDS, _LINT)
    assert all(all(row) for heading in headings for row in table(NAME, heading))
