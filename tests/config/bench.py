"""What the tests of config build with: a file in a folder, and an environment that fills its secrets."""

from __future__ import annotations

from pathlib import Path

from okrsync.config.load import load
from okrsync.config.problems import ConfigError
from okrsync.config.settings import Settings

ENVIRON = {
    "JIRA_EMAIL": "bot@acme.com",
    "JIRA_TOKEN": "jira-s3cret",
    "NOTION_TOKEN": "ntn_s3cret",
    "GOOGLE_CREDENTIALS": "/run/secrets/google.json",
}
PAGES = "11111111-2222-4333-8444-555555555555"
HEAD = """\
version: 1
workspace: acme
connections:
  jira: {kind: jira, url: "https://acme.atlassian.net", email: "${JIRA_EMAIL}", token: "${JIRA_TOKEN}"}
  notion: {kind: notion, token: "${NOTION_TOKEN}"}
  sheets: {kind: sheets, credentials: "${GOOGLE_CREDENTIALS}"}
collections:
"""
"""Seven lines; collections begin on line 8."""


def epics(fields: str, name: str = "epics", rest: str = "") -> str:
    """A Jira collection of six lines, or more with `rest`; `fields` stands on its last line, column 13."""
    return f"""\
  {name}:
    connection: jira
    source: {{projects: [ACME], level: epic}}
    entity: initiative
{rest}    fields: {{{fields}}}
"""


def metrics(fields: str, name: str = "metrics", key: str = "KR", rest: str = "") -> str:
    """A Sheets collection of key results."""
    return f"""\
  {name}:
    connection: sheets
    source: {{spreadsheet: sheet1, tab: KRs}}
    entity: key_result
    key: {key}
{rest}    fields: {{{fields}}}
"""


def pages(fields: str, name: str = "pages", rest: str = "") -> str:
    """A Notion collection of key results."""
    return f"""\
  {name}:
    connection: notion
    source: {{data_source: {PAGES}}}
    entity: key_result
{rest}    fields: {{{fields}}}
"""


def loaded(folder: Path, text: str, environ: dict[str, str] | None = None) -> Settings:
    """The settings of a file with this text."""
    path = folder / "okrsync.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, ENVIRON if environ is None else environ)


def complaints(folder: Path, text: str, environ: dict[str, str] | None = None) -> list[str]:
    """The lines of the error a file with this text gives; empty if it loads."""
    try:
        loaded(folder, text, environ)
    except ConfigError as error:
        return str(error).splitlines()
    return []
