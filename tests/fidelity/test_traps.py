"""Every known trap of the three services has a test that exists, or a reason why it has none."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.fidelity import traps_jira, traps_notion, traps_sheets

ROOT = Path(__file__).resolve().parents[2]
LISTS = {"jira": traps_jira.TRAPS, "notion": traps_notion.TRAPS, "sheets": traps_sheets.TRAPS}
KNOWN = {"jira": 33 + 15, "notion": 32, "sheets": 32 + 15}
"""How many are known: of the service, and of its client library where that has a list of its own."""


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("service", LISTS)
def test_every_trap_is_listed(service: str) -> None:
    """None is left out silently."""
    assert sorted(LISTS[service]) == list(range(1, KNOWN[service] + 1))


@pytest.mark.parametrize(("service", "number"), [(s, n) for s, traps in LISTS.items() for n in sorted(traps)])
def test_the_named_tests_exist(service: str, number: int) -> None:
    """A renamed or deleted test is noticed here."""
    what, answer = LISTS[service][number]
    assert what != ""
    if isinstance(answer, str):
        assert answer.startswith("not applicable: ")
        return
    assert answer != ()
    for test in answer:
        file, name = test.split("::")
        assert name.startswith("test_") and name in functions_of(file), test
