"""Builds the sandbox's world: three services filled with the companies one asks for.

Arrives: names of companies and a clock. Leaves: a `World`: the services, what a client needs to get in, and
the admin's file of each company. Two worlds built at the same moment are equal except for the service
account's key pair, which is generated once per world, as Google does. What is where is looked up by title,
so it stays right after a saved state was loaded into the services.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from okrsync.sandbox.jira import JiraService
from okrsync.sandbox.notion import NotionService
from okrsync.sandbox.service import Clock, Service
from okrsync.sandbox.sheets import SheetsService
from okrsync.sandbox.world.companies import COMPANIES, Company, company
from okrsync.sandbox.world.config import GOOGLE_KEY, JIRA_TOKEN, NOTION_TOKEN, Places, config_text
from okrsync.sandbox.world.jira import add_project
from okrsync.sandbox.world.notion import KEY_RESULTS, OBJECTIVES, add_database
from okrsync.sandbox.world.seed import plan_of
from okrsync.sandbox.world.sheets import add_spreadsheet

JIRA_EMAIL = "okrsync@sandbox.example"
_JIRA_TOKEN = "jira-sandbox-token"
SERVICE_ACCOUNT = "okrsync@sandbox.iam.gserviceaccount.example"


@dataclass(frozen=True)
class Credentials:
    """What a client needs to get into the three services."""

    jira_email: str
    jira_token: str = field(repr=False)
    notion_token: str = field(repr=False)
    google_key: str = field(repr=False)
    """The service account's key file: JSON text that names the sandbox's token endpoint."""

    def files(self) -> dict[str, str]:
        """The secrets by the paths at which the admin's file looks for them."""
        return {
            JIRA_TOKEN: self.jira_token,
            NOTION_TOKEN: self.notion_token,
            GOOGLE_KEY: self.google_key,
        }


@dataclass(frozen=True)
class World:
    """The filled services and the companies in them."""

    jira: JiraService
    notion: NotionService
    sheets: SheetsService
    companies: tuple[Company, ...]

    @property
    def services(self) -> tuple[Service, ...]:
        """All three, for a `Sandbox`."""
        return self.jira, self.notion, self.sheets

    def credentials(self, urls: Mapping[str, str]) -> Credentials:
        """The way in; `urls` are the running sandbox's, since a key file names its token endpoint."""
        key = self.sheets.credentials(SERVICE_ACCOUNT, f"{urls['sheets']}/token")
        notion_token = self.notion.state.settings.token
        return Credentials(JIRA_EMAIL, _JIRA_TOKEN, notion_token, json.dumps(key, indent=2))

    def config(self, name: str, urls: Mapping[str, str]) -> str:
        """The text of a company's okrsync.yaml. Raises KeyError when the services do not hold the company."""
        wanted = company(name)
        return config_text(wanted, self._places(wanted), urls, JIRA_EMAIL)

    def _places(self, wanted: Company) -> Places:
        databases = self.notion.state.databases.values()
        database = next((each.id for each in databases if each.title == wanted.database), None)
        files = self.sheets.spreadsheets.values()
        spreadsheet = next((each.id for each in files if each.title == wanted.spreadsheet), None)
        if database is None or spreadsheet is None:
            raise KeyError(f"this sandbox does not hold {wanted.name}")
        return Places(
            self.notion.data_source_id(database, OBJECTIVES),
            self.notion.data_source_id(database, KEY_RESULTS),
            spreadsheet,
            any(each.parent_kr is not None for each in plan_of(wanted).objectives),
        )


def build(names: Iterable[str] | None, clock: Clock) -> World:
    """A world with the companies of these names or slugs; None means all. Raises KeyError on unknown ones."""
    companies = COMPANIES if names is None else tuple(company(name) for name in names)
    world = World(JiraService(clock=clock), NotionService(clock=clock), SheetsService(clock), companies)
    world.jira.add_user(JIRA_EMAIL, _JIRA_TOKEN, name="okrsync", admin=True)
    world.sheets.add_service_account(SERVICE_ACCOUNT)
    for each in companies:
        plan = plan_of(each)
        add_database(world.notion, each, plan)
        add_spreadsheet(world.sheets, each, plan, SERVICE_ACCOUNT)
        add_project(world.jira, each, plan)
    return world
