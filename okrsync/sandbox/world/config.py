"""The admin's file for one company of the sandbox, ready to use.

Arrives: the addresses of the running sandbox and where the company's things are. Leaves: YAML text for
people. The text is a template beside this module, so that it can be read as the file it becomes. Secrets
are references to files in `secrets/` beside it: nothing has to be exported before the first command.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from string import Template

from okrsync.sandbox.world.companies import Company

JIRA_TOKEN, NOTION_TOKEN, GOOGLE_KEY = "secrets/jira_token", "secrets/notion_token", "secrets/google.json"
"""Where the file looks for its secrets, relative to itself."""


@dataclass(frozen=True)
class Places:
    """Where a company's things are: two data sources, a spreadsheet, and which relation names a parent."""

    objectives: str
    key_results: str
    spreadsheet: str
    has_parent_key_results: bool


class _AtTemplate(Template):
    """Fills in `@{name}` and leaves `${file:...}` alone."""

    delimiter = "@"


def config_text(company: Company, places: Places, urls: Mapping[str, str], email: str) -> str:
    """The text of okrsync.yaml; `urls` are the addresses of jira, notion and sheets."""
    text = files("okrsync.sandbox.world").joinpath("okrsync.template.yaml").read_text("utf-8")
    relation = ("Contributes to", "key_result") if places.has_parent_key_results else ("Part of", "objective")
    return _AtTemplate(text).substitute(
        workspace=company.slug,
        company=company.name,
        jira=urls["jira"],
        notion=urls["notion"],
        sheets=urls["sheets"],
        email=email,
        objectives=places.objectives,
        key_results=places.key_results,
        spreadsheet=places.spreadsheet,
        project=company.project,
        parents=relation[0],
        parent_kind=relation[1],
    )
