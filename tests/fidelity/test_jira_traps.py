"""Every known trap of Jira has a test that exists, or a reason why it has none."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.fidelity.traps_jira import TRAPS

ROOT = Path(__file__).resolve().parents[2]
KNOWN = 33 + 15
"""How many are known: of the service, and of the client library."""


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_trap_is_listed() -> None:
    """None is left out silently."""
    assert sorted(TRAPS) == list(range(1, KNOWN + 1))


@pytest.mark.parametrize("number", sorted(TRAPS))
def test_the_named_tests_exist(number: int) -> None:
    """A renamed or deleted test is noticed here."""
    what, answer = TRAPS[number]
    assert what != ""
    if isinstance(answer, str):
        assert answer.startswith("not applicable: ")
        return
    assert answer != ()
    for test in answer:
        file, name = test.split("::")
        assert name.startswith("test_") and name in functions_of(file), test
