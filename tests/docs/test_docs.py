"""The documents as a whole: the map is complete, links lead somewhere, lists equal what the code has."""

from __future__ import annotations

import re
import tomllib
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from okrsync.commands.exits import Exit
from okrsync.connectors import errors
from okrsync.connectors.base import Connector, Features
from okrsync.connectors.registry import KINDS
from okrsync.sync_engine.schema import metadata
from tests.docs.markdown import (
    DOCS,
    ROOT,
    anchors,
    codes,
    documents,
    first_codes,
    links,
    sections,
    table,
    text_of,
)

PACKAGE = ROOT / "okrsync"
EVERY = pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)


def test_the_map_lists_every_document() -> None:
    """docs/README.md names every document once, and nothing else."""
    listed = re.findall(r"^- \[([^\]]+)\]\(([^)]+)\): .+", text_of("docs/README.md"), flags=re.MULTILINE)
    assert all(name == target for name, target in listed)
    there = {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")} - {"README.md"}
    assert sorted(target for _, target in listed) == sorted(there)


@EVERY
def test_every_link_leads_somewhere(path: Path) -> None:
    """Files that links name exist, and so do the headings after a `#`."""
    for target in links(path.read_text(encoding="utf-8")):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        file = path.parent / name if name else path
        assert file.is_file(), f"{path.name} links to {target}"
        assert not anchor or anchor in anchors(file.read_text(encoding="utf-8")), f"{path.name}: {target}"


@EVERY
def test_lines_are_short_enough_to_review(path: Path) -> None:
    """Prose is at most 115 characters wide; tables and code may be wider."""
    prose = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    wide = [line for line in prose.splitlines() if len(line) > 115 and not line.startswith(("|", "- ["))]
    assert wide == []


def test_documents_that_the_code_names_exist() -> None:
    """A comment that points to a document points to one that is there."""
    named = {
        found
        for path in (*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py"))
        for found in re.findall(r"docs/[\w/-]*\w(?:\.md)?", path.read_text(encoding="utf-8"))
    }
    missing = [name for name in named if not any(ROOT.glob(f"{name}*"))]
    assert sorted(missing) == []


@EVERY
def test_invariants_are_those_of_the_list(path: Path) -> None:
    """A document that names an invariant names one that docs/sync.md explains."""
    known = {row[0] for row in table("docs/sync.md", "The invariants")}
    assert set(re.findall(r"\bI\d+\b", path.read_text(encoding="utf-8"))) <= known


def test_invariants_are_numbered_without_a_gap() -> None:
    """I1 to I26, each once."""
    assert [row[0] for row in table("docs/sync.md", "The invariants")] == [f"I{n}" for n in range(1, 27)]


def test_invariants_in_the_code_are_those_of_the_list() -> None:
    """A comment that names an invariant names one that docs/sync.md explains."""
    known = {row[0] for row in table("docs/sync.md", "The invariants")}
    named = {
        found
        for path in PACKAGE.rglob("*.py")
        for found in re.findall(r"\(I(\d{1,2})\b", path.read_text(encoding="utf-8"))
    }
    assert {f"I{number}" for number in named} <= known


def test_the_stores_tables_are_documented() -> None:
    """docs/sync.md lists every table of the store, and no other."""
    assert sorted(first_codes("docs/sync.md", "The store")) == sorted(metadata.tables)


def test_exit_codes_are_documented() -> None:
    """docs/exit-codes.md has a row for every exit code, with its name."""
    told = [(row[0], codes(row[1])[0]) for row in table("docs/exit-codes.md", "Exit codes")]
    assert told == [(str(int(code)), code.name) for code in Exit]


def test_the_house_lists_every_folder() -> None:
    """docs/design.md has a row for every package of okrsync, and for no other."""
    there = {f"{path.parent.relative_to(ROOT)}/" for path in PACKAGE.rglob("__init__.py")} - {"okrsync/"}
    listed = first_codes("docs/design.md", "The house")
    assert sorted(listed) == sorted(there), "docs/design.md, The house: add or remove `| folder | holds |`"


def test_the_layers_are_those_the_import_contract_holds() -> None:
    """docs/design.md shows the layers in the order that pyproject.toml enforces."""
    contracts = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each["type"] == "layers")
    line = " > ".join(layer.removeprefix("okrsync.") for layer in layers)
    assert line in sections(text_of("docs/design.md"))["Imports go one way"]


def test_the_ports_calls_are_documented() -> None:
    """docs/connectors.md lists every call of the port, and no other."""
    calls = [name for name in vars(Connector) if callable(getattr(Connector, name)) and name[0] != "_"]
    assert sorted(first_codes("docs/connectors.md", "The calls")) == sorted(calls)


def test_errors_of_connectors_are_documented() -> None:
    """docs/connectors.md lists every type of error, and no other."""
    kinds = [each for each in vars(errors).values() if isinstance(each, type)]
    types = [each.__name__ for each in kinds if issubclass(each, errors.ConnectorError)]
    listed = [*first_codes("docs/connectors.md", "Errors"), "ConnectorError"]
    assert sorted(listed) == sorted(types)


def test_features_are_those_the_connectors_declare() -> None:
    """docs/connectors.md says of every kind what its connector declares."""
    told = {codes(row[0])[0]: row[2:] for row in table("docs/connectors.md", "Features")}
    assert sorted(told) == sorted(Features.__dataclass_fields__), "docs/connectors.md, Features: add a row"
    for position, kind in enumerate(KINDS.values()):
        declared = _declared(import_module(f"{kind.package}.connector"))
        words = {name: _word(getattr(declared, name)) for name in Features.__dataclass_fields__}
        assert {name: row[position] for name, row in told.items()} == words, kind.kind


def _declared(module: ModuleType) -> Features:
    """The features of a connector's class, which it declares as data."""
    found = (getattr(each, "features", None) for each in vars(module).values() if isinstance(each, type))
    return next(each for each in found if isinstance(each, Features))


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def test_the_changelog_knows_the_version() -> None:
    """The version of pyproject.toml stands in the changelog."""
    version = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]
    assert re.search(rf"^## .*\b{re.escape(version)}$", text_of("CHANGELOG.md"), flags=re.MULTILINE)
