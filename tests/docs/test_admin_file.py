"""docs/admin-file.md against the models behind the admin's file, and its examples against `load`."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from okrsync.config.digest import DigestShape
from okrsync.config.example import text as example
from okrsync.config.lint import AcceptedShape, LimitsShape, LintShape
from okrsync.config.load import load
from okrsync.config.method import MethodShape
from okrsync.config.settings import CustomCycle, Cycles, Policies
from okrsync.config.shape import CollectionShape, FieldShape, ResultsShape, Top
from okrsync.connectors.registry import KINDS
from okrsync.okr.model import FIELDS as SPECS
from okrsync.okr.model import Kind
from tests.docs.markdown import blocks, codes, rows, sections, table, text_of

NAME = "docs/admin-file.md"
MODELS: dict[str, list[type[BaseModel]]] = {
    "Top level": [Top],
    "Collections": [CollectionShape],
    "Fields of a collection": [FieldShape],
    "Results in a spreadsheet": [ResultsShape],
    "Cycles": [Cycles, CustomCycle],
    "Policies": [Policies],
    "Method": [MethodShape],
    "Rules of good OKRs": [LintShape, LimitsShape, AcceptedShape],
    "Digest": [DigestShape],
    **{f"Connections of kind {name}": [kind.connection_model()] for name, kind in KINDS.items()},
    **{f"Sources of kind {name}": [kind.source_model()] for name, kind in KINDS.items()},
}
_CALLED = {kind: kind.value.replace("_", " ").replace("check in", "check-in") for kind in SPECS}
FIELDS = {f"Fields of {'an' if name[0] in 'aeiou' else 'a'} {name}": kind for kind, name in _CALLED.items()}
ENVIRON = dict.fromkeys(("JIRA_EMAIL", "JIRA_TOKEN", "NOTION_TOKEN", "GOOGLE_CREDENTIALS", "SLACK_URL"), "x")


def _keys(heading: str) -> dict[str, str]:
    """The documented keys under a heading, each with the cell after it."""
    return {codes(row[0])[0]: row[1] for row in table(NAME, heading)}


@pytest.mark.parametrize("heading", MODELS)
def test_every_key_has_a_row_with_its_default(heading: str) -> None:
    """The tables name exactly the keys the file may hold, with the defaults that hold."""
    made = {
        field.alias or name: _default(field)
        for model in MODELS[heading]
        for name, field in model.model_fields.items()
    }
    how = f"{NAME}, {heading}: add, correct or remove `| key | default | meaning |`"
    assert {key: _told(cell) for key, cell in _keys(heading).items()} == made, how


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value: Any = field.get_default(call_default_factory=True)
    if value is None or value in ((), [], {}):
        return ""
    if isinstance(value, timedelta):
        hours = value // timedelta(hours=1)
        return f"{hours}h" if hours % 24 else f"{hours // 24}d"
    if isinstance(value, dict):
        return yaml.safe_dump(value, default_flow_style=True).strip().lower()
    return ", ".join(value) if isinstance(value, tuple) else str(value).lower()


def _told(cell: str) -> str:
    word = cell.strip("`").lower() if cell != "–" else ""
    return str(Decimal(word.rstrip("%")) / 100) if word.endswith("%") else word


@pytest.mark.parametrize("heading", FIELDS)
def test_every_canonical_field_has_a_row_with_its_type(heading: str) -> None:
    """The tables name exactly the fields of each kind, and which of them are computed."""
    specs = SPECS[FIELDS[heading]]
    made = {name: f"{spec.type.value}{', computed' if spec.derived else ''}" for name, spec in specs.items()}
    assert _keys(heading) == made, f"{NAME}, {heading}: add or remove `| field | type | meaning |`"


@pytest.mark.parametrize("heading", FIELDS)
def test_every_choice_is_named(heading: str) -> None:
    """What a choice may hold stands in its row."""
    for row in table(NAME, heading):
        spec = SPECS[FIELDS[heading]][codes(row[0])[0]]
        assert set(spec.choices) <= set(codes(row[2])), spec.name


def test_every_kind_of_service_and_of_entity_has_its_tables() -> None:
    """A new kind of connection or of entity needs a section of its own."""
    headings = set(sections(text_of(NAME)))
    assert {*MODELS, *FIELDS} <= headings
    assert {each for each in headings if each.startswith("Fields of a") and " collection" not in each} == set(
        FIELDS
    )
    assert Kind.OBJECTIVE in SPECS


def test_the_examples_of_the_document_are_valid_together(tmp_path: Path) -> None:
    """Every YAML example, put over the printed example, gives a file that loads."""
    data = yaml.safe_load(example())
    for block in blocks(text_of(NAME), "yaml"):
        for key, value in yaml.safe_load(block).items():
            data[key] = {**data[key], **value} if isinstance(value, dict) and key in data else value
    file = tmp_path / "okrsync.yaml"
    file.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    settings = load(file, ENVIRON)
    names = ["objectives", "key_results", "metrics", "epics", "kpis", "check_ins"]
    assert [each.name for each in settings.collections] == names


def test_references_to_secrets_are_the_ones_that_work(tmp_path: Path) -> None:
    """Each documented spelling of a reference is filled in."""
    told = [codes(row[0])[0] for row in rows(sections(text_of(NAME))["Secrets"])]
    (tmp_path / "PATH").write_text("x")
    for reference in told:
        file = tmp_path / "okrsync.yaml"
        file.write_text(example().replace("${NOTION_TOKEN}", reference), encoding="utf-8")
        assert load(file, {**ENVIRON, "NAME": "x"}).connections["notion"].kind == "notion"
