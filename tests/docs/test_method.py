"""docs/method.md against the code: every S-number has its line, and every line leads somewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.docs.markdown import ROOT, Row, codes, rows, text_of
from tests.docs.sources import PACKAGE

NAME = "docs/method.md"
_NUMBER = re.compile(r"\bS([1-9]\d{0,2})\b")


def _lines() -> dict[str, Row]:
    return {row[0]: row for row in rows(text_of(NAME))}


def _used() -> list[str]:
    texts = (path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    found = {int(number) for text in texts for number in _NUMBER.findall(text)}
    return [f"S{number}" for number in sorted(found)]


def test_every_number_has_one_line() -> None:
    """S1 to S108 stand in order, each once."""
    assert [row[0] for row in rows(text_of(NAME))] == [f"S{number}" for number in range(1, 109)]


@pytest.mark.parametrize("number", _used())
def test_every_number_in_the_code_is_listed(number: str) -> None:
    """A number that a comment or a message names can be looked up, and is not called missing."""
    row = _lines().get(number)
    assert row is not None, f"{NAME}: add a row `| {number} | what it asks for | module |`"
    assert row[2] != "not built yet", f"{NAME}: {number} is named in the code"


@pytest.mark.parametrize("row", rows(text_of(NAME)), ids=lambda row: row[0])
def test_every_line_leads_somewhere(row: Row) -> None:
    """A line names a module that exists; only of S89 there is none, on purpose."""
    modules = [each for each in codes(row[2]) if each.endswith(".py")]
    assert modules or row[2] == "on purpose nothing: no export ranks people"
    assert [each for each in modules if not (PACKAGE / each).is_file()] == []


@cache
def _tests() -> frozenset[str]:
    """Every test there is, as `folder/file.py::name`."""
    folder = ROOT / "tests"
    return frozenset(
        f"{path.relative_to(folder).as_posix()}::{node.name}"
        for path in folder.rglob("test_*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


@pytest.mark.parametrize("row", rows(text_of(NAME)), ids=lambda row: row[0])
def test_every_line_is_held_by_tests(row: Row) -> None:
    """Each line names at least one test, and every test it names exists."""
    named = codes(row[3])
    assert named != [], f"{NAME}, {row[0]}: name the test that holds it"
    assert [each for each in named if each not in _tests()] == []


def test_what_no_program_can_judge_is_said() -> None:
    """Inspiring words and balanced metrics are advice; everything else is held."""
    assert [row[0] for row in rows(text_of(NAME)) if "advice only" in row[1]] == ["S81", "S88"]


def _imported(path: Path) -> Iterator[str]:
    """The files, below the package, that a module may import."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            base = node.module.removeprefix("okrsync").lstrip(".").replace(".", "/")
            yield from (f"{base}.py", f"{base}/__init__.py")
            yield from (f"{base}/{alias.name}.py" for alias in node.names)


@cache
def _reached() -> frozenset[str]:
    """Every module that a command imports, itself or through others."""
    found: set[str] = set()
    todo = [f"commands/{path.name}" for path in (PACKAGE / "commands").glob("*.py")]
    while todo:
        name = todo.pop()
        if name not in found and (PACKAGE / name).is_file():
            found.add(name)
            todo += _imported(PACKAGE / name)
    return frozenset(found)


@pytest.mark.parametrize("row", rows(text_of(NAME)), ids=lambda row: row[0])
def test_a_command_reaches_every_module(row: Row) -> None:
    """What the method computes is worth nothing to anybody if no command uses it."""
    for module in re.findall(r"`(okr/[\w/]+\.py)`", row[2]):
        assert module in _reached(), f"{NAME}, {row[0]}: {module}"
