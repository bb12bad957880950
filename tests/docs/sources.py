"""What the source says: codes of findings, guards and paths of documents, read from the syntax trees.

Arrives: the modules of okrsync. Leaves: the codes a `Finding` can be made with. A code is written where the
finding is made, or handed to a function with a parameter named `code`; both are found, and a call that hides
its code is reported, so that no code can slip past the documents.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.docs.markdown import ROOT

PACKAGE = ROOT / "okrsync"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Call:
    """A call that makes a finding: where, and the codes its argument can be; none where it is hidden."""

    place: str
    codes: tuple[str, ...]


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module but the sandbox's, which makes no findings."""
    paths = (path for path in sorted(PACKAGE.rglob("*.py")) if PACKAGE / "sandbox" not in path.parents)
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def finding_calls() -> Iterator[Call]:
    """Every call that makes a finding, itself or through another function."""
    for path, tree in modules().items():
        makers = {"Finding": 0, **_makers(tree)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers:
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                yield Call(place, tuple(_codes(_argument(node, makers[node.func.id], "code"))))


def trip_codes() -> set[str]:
    """The names of the guards."""
    calls = (node for tree in modules().values() for node in ast.walk(tree) if isinstance(node, ast.Call))
    named = (node for node in calls if isinstance(node.func, ast.Name) and node.func.id == "Trip")
    return {code for node in named for code in _codes(_argument(node, 0, "guard"))}


@cache
def _constants() -> dict[str, str]:
    """Texts that a module gives a name in capitals, so that several places can tell the code apart."""
    tops = [node for tree in modules().values() for node in tree.body if isinstance(node, ast.Assign)]
    return {
        target.id: node.value.value
        for node in tops
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.isupper()
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }


def _makers(tree: ast.Module) -> dict[str, int]:
    """Functions that take a code, and at which position."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, Function):
            names = [argument.arg for argument in node.args.args]
            if "code" in names:
                found[node.name] = names.index("code")
    return found


def _argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    named = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    if named is not None:
        return named
    return call.args[position] if len(call.args) > position else None


def _codes(argument: ast.expr | None) -> Iterator[str]:
    """The constants an expression can be: itself, or the branches of a condition."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value
    elif isinstance(argument, ast.IfExp):
        yield from _codes(argument.body)
        yield from _codes(argument.orelse)
    elif isinstance(argument, ast.Name) and argument.id in _constants():
        yield _constants()[argument.id]
    elif isinstance(argument, ast.Name) and argument.id in ("code", "why"):
        yield ""  # handed on: `code` by such a function, `why` by the method, whose codes are an enumeration
    elif isinstance(argument, ast.Attribute) and argument.attr == "code":
        yield ""  # a rule of lint, whose codes are a catalogue
