"""Secrets come from outside the file and never show, in no message, warning or repr."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okrsync.connectors.registry import KINDS, ConnectorKind
from tests.config import faketool
from tests.config.bench import ENVIRON, HEAD, complaints, epics, loaded

UNKNOWN = "is not a reference okrsync knows; write ${NAME}, ${env:NAME} or ${file:/path}"
GOOD = HEAD + epics("title: summary")


def token(folder: Path, spelling: str, environ: dict[str, str] | None = None) -> str:
    """What the Jira token becomes."""
    found = loaded(folder, GOOD.replace("${JIRA_TOKEN}", spelling), environ).connections["jira"].model
    secret: str = found.model_dump()["token"].get_secret_value()
    return secret


def test_a_secret_comes_from_the_environment(tmp_path: Path) -> None:
    """In both spellings, whole or as part of a text."""
    assert token(tmp_path, "${JIRA_TOKEN}") == "jira-s3cret"
    assert token(tmp_path, "${env:JIRA_TOKEN}") == "jira-s3cret"
    assert token(tmp_path, "a-${JIRA_TOKEN}-b") == "a-jira-s3cret-b"


def test_a_secret_comes_from_a_file(tmp_path: Path) -> None:
    """Without the line end editors add; relative names count from the admin's file."""
    (tmp_path / "jira.txt").write_text("from-file\n", encoding="utf-8")
    assert token(tmp_path, "${file:jira.txt}") == "from-file"
    assert token(tmp_path, f"${{file:{tmp_path / 'jira.txt'}}}") == "from-file"


def test_a_secret_is_not_read_as_yaml_or_reference(tmp_path: Path) -> None:
    """What is filled in is text, whatever it looks like."""
    assert token(tmp_path, "${JIRA_TOKEN}", {**ENVIRON, "JIRA_TOKEN": "${NOTION_TOKEN}"}) == "${NOTION_TOKEN}"


@pytest.mark.parametrize(
    ("spelling", "message"),
    [
        ("${NOPE}", "the environment variable NOPE is not set; set NOPE where okrsync runs"),
        ("${EMPTY}", "the environment variable EMPTY is empty; set EMPTY where okrsync runs"),
        (
            "${file:nope.txt}",
            "the file nope.txt cannot be read: No such file or directory; check the path and who may read it",
        ),
        (
            "${cmd:op read x}",
            "${cmd:op read x} is not a reference okrsync knows; write ${NAME}, ${env:NAME} or ${file:/path}",
        ),
        ("${}", "${} is not a reference okrsync knows; write ${NAME}, ${env:NAME} or ${file:/path}"),
        ("${a b}", "${a b} is not a reference okrsync knows; write ${NAME}, ${env:NAME} or ${file:/path}"),
    ],
)
def test_a_reference_that_leads_nowhere_names_its_line(tmp_path: Path, spelling: str, message: str) -> None:
    """And the name, never a value."""
    found = complaints(tmp_path, GOOD.replace("${JIRA_TOKEN}", spelling), {**ENVIRON, "EMPTY": " "})
    assert found == [f"okrsync.yaml:4:88: connections.jira.token: {message}"]


def test_references_outside_connections_are_plain_text(tmp_path: Path) -> None:
    """Only connections and the store may name secrets."""
    found = loaded(tmp_path, HEAD + epics("title: '${JIRA_TOKEN}'"))
    assert found.collections[0].bindings[0].native == "${JIRA_TOKEN}"


def test_a_secret_in_the_file_is_a_warning_without_the_secret(tmp_path: Path) -> None:
    """It still loads: renewing the secret is the admin's decision."""
    found = loaded(tmp_path, GOOD.replace("${JIRA_TOKEN}", "literal-s3cret")).warnings
    assert [(one.code, one.place) for one in found] == [("SECRET_IN_FILE", "okrsync.yaml:4:88")]
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:9"])
def test_a_literal_secret_for_a_loopback_address_is_fine(tmp_path: Path, address: str) -> None:
    """The sandbox's secrets open nothing else."""
    text = GOOD.replace('"${JIRA_TOKEN}"', f'sandbox, api_url: "{address}"')
    assert loaded(tmp_path, text).warnings == ()


@pytest.mark.parametrize("address", ["https://127.0.0.1.acme.com", "https://api.acme.com", "http://10.0.0.1"])
def test_any_other_address_is_no_excuse(tmp_path: Path, address: str) -> None:
    """Looking like a loopback address is not being one."""
    text = GOOD.replace('"${JIRA_TOKEN}"', f'real, api_url: "{address}"')
    assert [one.code for one in loaded(tmp_path, text).warnings] == ["SECRET_IN_FILE"]


def test_the_path_of_a_key_file_is_no_secret(tmp_path: Path) -> None:
    """Google's credentials are often given by the name of their file."""
    assert loaded(tmp_path, GOOD.replace("${GOOGLE_CREDENTIALS}", "/etc/okrsync/google.json")).warnings == ()


def test_references_are_filled_in_inside_lists_and_mappings(tmp_path: Path) -> None:
    """Wherever a connector's settings have their texts; the problem names the very item."""
    text = GOOD.replace('"${NOTION_TOKEN}"', '["${NOPE}"]')
    found = complaints(tmp_path, text)
    assert any(line.startswith("okrsync.yaml:5:34: connections.notion.token.0: the env") for line in found)


def test_a_password_in_the_store_address_is_a_warning(tmp_path: Path) -> None:
    """It belongs into a variable, and shows in no repr."""
    found = loaded(tmp_path, GOOD + "store: postgresql+psycopg://okr:s3cret@db/okr")
    assert [one.code for one in found.warnings] == ["SECRET_IN_FILE"]
    assert "s3cret" not in repr(found)


def test_the_store_may_come_from_the_environment(tmp_path: Path) -> None:
    """A database address holds a password."""
    environ = {**ENVIRON, "STORE": "postgresql+psycopg://okr:s3cret@db/okr"}
    found = loaded(tmp_path, GOOD + "store: ${STORE}", environ)
    assert found.store == environ["STORE"]
    assert found.warnings == ()
    assert "s3cret" not in repr(found)


def test_a_bad_secret_is_not_shown_by_the_problem_it_causes(tmp_path: Path) -> None:
    """Not where the connector refuses it, and not where it lands in another setting."""
    environ = {**ENVIRON, "JIRA_TOKEN": "s3 cret\x07", "JIRA_EMAIL": ""}
    text = GOOD.replace("https://acme.atlassian.net", "${JIRA_TOKEN}")
    found = "\n".join(complaints(tmp_path, text, environ))
    assert "connections.jira.token" in found
    assert "connections.jira.url" in found
    assert "s3" not in found


@pytest.mark.parametrize("spelling", ["${JIRA_TOKEN}", "bad-s3cret"])
def test_a_careless_connector_cannot_leak(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spelling: str
) -> None:
    """A connector's own message that quotes the secret shows the reference, or dots, in its place."""
    monkeypatch.setitem(KINDS, "faketool", ConnectorKind("faketool", faketool.__name__))
    text = HEAD.replace("collections:", f"  mine: {{kind: faketool, token: '{spelling}'}}\ncollections:")
    found = complaints(tmp_path, text + epics("title: summary"), {**ENVIRON, "JIRA_TOKEN": "bad-s3cret"})
    shown = spelling if spelling.startswith("$") else "…"
    assert found == [f"okrsync.yaml:7:33: connections.mine.token: {shown} is refused"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    secret=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=6),
    setting=st.sampled_from(["${JIRA_TOKEN}", "${NOTION_TOKEN}", "kind: notion", "sheets, credentials"]),
)
def test_no_secret_ever_shows(tmp_path: Path, secret: str, setting: str) -> None:
    """Whatever it is and whichever setting it was put into, neither settings nor problems show it."""
    text = GOOD.replace(setting, setting.split("$")[0] + "${WHERE}")
    environ = {**ENVIRON, "WHERE": f"s3cret{secret}"}
    found = complaints(tmp_path, text, environ)
    shown = "\n".join(found) if found else repr(loaded(tmp_path, text, environ))
    assert "s3cret" not in shown
