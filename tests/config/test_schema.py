"""The published JSON Schema says of single parts what `load` says, so that editors can."""

from __future__ import annotations

import json

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest

from okrsync.config import example
from okrsync.config.document import parse
from okrsync.config.schema import DIALECT, ENTITIES, schema
from okrsync.okr.model import FIELDS, Kind
from tests.config.bench import HEAD, epics, metrics
from tests.config.test_load import DESIGN

FIELDS_PATH = "$.collections.epics.fields"


def errors(text: str) -> list[str]:
    """The paths a validator complains about."""
    validator = jsonschema.Draft202012Validator(schema())
    found = validator.iter_errors(parse(text, "f").data)
    return [error.json_path for error in found]


def test_it_is_a_schema_of_its_dialect() -> None:
    """Valid by the dialect's own rules, and plain JSON."""
    jsonschema.Draft202012Validator.check_schema(schema())
    assert json.loads(json.dumps(schema()))["$schema"] == DIALECT


@pytest.mark.parametrize(
    "text", [DESIGN, example.text(), HEAD + metrics("current: C", rest="    results: {}\n")]
)
def test_right_files_validate(text: str) -> None:
    """The design's example, the shipped one and a short one."""
    assert errors(text) == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (HEAD.replace("version: 1", "version: 2") + epics("title: T"), "$.version"),
        (HEAD.replace("workspace: acme", "") + epics("title: T"), "$"),
        (HEAD.replace("kind: jira", "kind: jirra") + epics("title: T"), "$.connections.jira.kind"),
        (HEAD.replace('url: "https', 'urll: "https') + epics("title: T"), "$.connections.jira"),
        (
            HEAD + epics("title: T").replace("entity: initiative", "entity: epic"),
            "$.collections.epics.entity",
        ),
        (HEAD + epics("titel: T"), FIELDS_PATH),
        (HEAD + epics("title: {fro: T}"), f"{FIELDS_PATH}.title"),
        (HEAD + epics("title: {from: T, to: T}"), f"{FIELDS_PATH}.title"),
        (HEAD + epics("progress: Done"), f"{FIELDS_PATH}.progress"),
        (HEAD + epics("progress: {from: Done}"), f"{FIELDS_PATH}.progress"),
        (
            HEAD + epics("status_category: {from: S, values: {nw: N}}"),
            f"{FIELDS_PATH}.status_category",
        ),
        (HEAD + epics("title: T").replace("[ACME]", "[]"), "$.collections.epics.source"),
        (HEAD + epics("title: T") + "policies: {max_missing: 10}", "$.policies.max_missing"),
        (HEAD + epics("title: T") + "polices: {}", "$"),
    ],
)
def test_typical_mistakes_do_not_validate(text: str, path: str) -> None:
    """Each is found where it is."""
    assert path in errors(text)


def test_every_entity_and_field_of_the_model_is_in_it() -> None:
    """A new canonical field needs no line here; a new entity kind must be let in."""
    branches = schema()["properties"]["collections"]["additionalProperties"]["allOf"]
    by_kind = {branch["if"]["properties"]["entity"]["const"]: branch["then"] for branch in branches}
    assert set(ENTITIES) == set(FIELDS) - {Kind.WORK_ITEM}
    for kind in ENTITIES:
        assert set(by_kind[kind.value]["properties"]["fields"]["properties"]) == set(FIELDS[kind])
