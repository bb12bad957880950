"""Jira over the sandbox, as Cloud and as a Data Center: the epics of one project, with stories below them."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import SecretStr

from okrsync.connectors.base import Features, Native
from okrsync.connectors.jira.connector import JiraConnector
from okrsync.connectors.jira.settings import Connection, Source
from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.jira.service import JiraService
from okrsync.sandbox.jira.site import Deployment
from tests.contract.bench import Truth
from tests.contract.served import Sandboxed

ANN = "ann@acme.test"
TOKEN = "sesame-sesame"
POINTS = "customfield_10016"
PROPERTY = "property:okrsync"


class JiraCloud(Sandboxed):
    """A site with the projects ACME and BETA."""

    name = "jira cloud"
    deployment: Deployment = "cloud"
    features: Features = JiraConnector.features
    requests: Mapping[str, tuple[str, str]] = {
        "read": ("POST", "*/search/jql"),
        "write": ("PUT", "*/issue/*"),
        "create": ("POST", "*/api/3/issue"),
    }
    samples: Mapping[str, Sequence[Native]] = {
        "title": ("One", "Two"),
        "text": ("words", "other words", None),
        "number": (Decimal("0.1"), Decimal(0), Decimal("-1234567.89"), None),
        "day": (date(2026, 12, 31), None),
        "labels": (("a", "b"), ("b",), ()),
        "people": ((ANN,), ()),
        "status": ("indeterminate", "done", "new"),
        "status id": ("3", "10000"),
        "property": ("0.42", "steady", None),
    }
    roles = tuple(samples)
    by_hand = frozenset({"title", "text", "number", "day", "labels", "people", "status"})
    source: Any = Source(projects=["ACME"])

    def build(self, clock: VirtualClock) -> JiraService:
        jira = JiraService(clock=clock, deployment=self.deployment)
        jira.add_user(ANN, TOKEN, name="Ann")
        jira.add_project("ACME")
        jira.add_project("BETA")
        self.fields = {
            "title": "summary",
            "text": jira.add_field("Why", "text", projects=["ACME", "BETA"]),
            "number": "customfield_10050",
            "day": "duedate",
            "labels": "labels",
            "people": "assignee",
            "status": "status",
            "status id": "status_id",
            "property": f"{PROPERTY}.progress",
        }
        return jira

    def open(self, url: str, timeout: float, secret: str | None = None) -> JiraConnector:
        connection = Connection(
            url="https://acme.example",
            api_url=url,
            deployment=self.deployment,
            email=ANN,
            token=SecretStr(secret or TOKEN),
            timeout=timeout,
        )
        return JiraConnector(connection, self.running.policy())

    def add(self, **values: Native) -> str:
        rest = dict(values)
        made = self._create("ACME", "Epic", str(rest.pop("title", "An epic")))
        self.edit(made, **rest)
        return made

    def edit(self, record: str, **values: Native) -> None:
        for role, value in values.items():
            if role == "status":
                self.running.person("transition", issue=record, to=value)
            elif role == "people":
                who = value[0] if isinstance(value, tuple) and value else None
                self.running.person("edit", issue=record, fields={self.fields[role]: who})
            else:
                self.running.person("edit", issue=record, fields={self.fields[role]: _typed(value)})

    def truth(self) -> Truth:
        return {
            (issue["id"], name): value
            for issue in self.running.state()["issues"]
            for name, value in _places(issue)
            if value not in (None, [])
        }

    def wrong_source(self) -> Source:
        return Source(projects=["NOSUCH"])

    def delete(self, record: str) -> None:
        self.running.person("delete", issue=record)

    def short_pages(self) -> None:
        self.running.person("settings", page_cap=2)

    def unreadable(self, record: str) -> str:
        self.running.person("set_property", issue=record, key="okrsync", value=["another", "app"])
        return self.fields["property"]

    def computed(self) -> str:
        return "updated"

    def secrets(self) -> Sequence[str]:
        pair = base64.b64encode(f"{ANN}:{TOKEN}".encode()).decode()
        return (TOKEN, pair)

    def add_child(self, parent: str, title: str, category: str, points: Native) -> str:
        child = self._create("ACME", "Story", title, parent=parent, fields={POINTS: _typed(points)})
        self.running.person("transition", issue=child, to=category)
        return child

    def move(self, record: str) -> None:
        self.running.person("move", issue=record, project="BETA")

    def lag(self) -> None:
        self.running.person("settings", search_lag=60)

    def anonymous(self) -> None:
        self.running.person("settings", anonymous_reads=True)

    def _create(self, project: str, kind: str, title: str, **rest: Any) -> str:
        return str(self.running.person("create", project=project, type=kind, summary=title, **rest)["id"])


class JiraDataCenter(JiraCloud):
    """The same site as a Data Center: another API, and nothing is created there."""

    name = "jira data center"
    deployment: Deployment = "data_center"
    features = replace(JiraConnector.features, creates=False, visibility_grace=0)
    requests: Mapping[str, tuple[str, str]] = {"read": ("*", "*/api/2/search"), "write": ("PUT", "*/issue/*")}


def _places(issue: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """A resolution follows from the status, so it is no place of its own."""
    members = issue["properties"].get("okrsync")
    ours = members if isinstance(members, dict) else {"": members}
    named = [(f"{PROPERTY}.{name}", value) for name, value in ours.items()]
    status = [("status", issue["status"]), ("parent", issue["parent"])]
    return [*issue["values"].items(), *named, *status]


def _typed(value: Native) -> Any:
    """What a person types, as JSON."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value
