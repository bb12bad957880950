"""A small Jira site in the sandbox, and a connector that talks to it in virtual time.

Every test that takes a site runs at Jira Cloud and at a Data Center, unless it names the fixture
`cloud_only` because its promise is about what only Cloud has.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from okrsync.connectors.base import Pull, Record, Schema
from okrsync.connectors.jira.connector import JiraConnector
from okrsync.connectors.jira.settings import Connection, Source
from okrsync.connectors.pacer import Pacer
from okrsync.connectors.policy import Policy
from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.faults import FaultRule
from okrsync.sandbox.jira.service import JiraService
from okrsync.sandbox.jira.site import Deployment
from okrsync.sandbox.server import Sandbox
from tests.connectors.virtual import VirtualTime
from tests.fidelity.jira_spec import record, spec

ANN = "ann@acme.test"
TOKEN = "sesame-sesame"
SITE = "https://acme.example"
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@dataclass
class World:
    """One sandbox site with a project ACME, and a connector to it as Ann."""

    sandbox: Sandbox
    site: JiraService
    clock: VirtualClock
    deployment: Deployment
    time: VirtualTime = field(default_factory=VirtualTime)

    @property
    def searches(self) -> dict[str, str]:
        """Which requests are searches, for faults."""
        return {"path": "*/search/jql" if self.deployment == "cloud" else "*/api/2/search"}

    @property
    def looks(self) -> dict[str, str]:
        """Which requests are looks at known issues, for faults."""
        if self.deployment == "cloud":
            return {"path": "*/bulkfetch"}
        return {"method": "GET", "path": "*/issue/*"}

    def connect(self, token: str = TOKEN, **rest: Any) -> JiraConnector:
        pacer = Pacer(sleep=self.time.sleep, clock=self.time.clock)
        policy = Policy("jira", pacer, sleep=self.time.sleep, clock=self.time.clock)
        usual: dict[str, Any] = {
            "url": SITE,
            "api_url": self.sandbox.urls["jira"],
            "email": ANN,
            "timeout": 5,
        }
        usual["deployment"] = self.deployment
        return JiraConnector(Connection(token=SecretStr(token), **{**usual, **rest}), policy)

    def fault(self, kind: str, **rest: Any) -> None:
        self.sandbox.call(lambda: self.sandbox.faults.add(FaultRule(kind, **rest)))

    def later(self, minutes: float) -> None:
        self.sandbox.call(lambda: self.clock.advance(minutes=minutes))

    def person(self, action: str, **arguments: Any) -> Any:
        return self.sandbox.act("jira", action, arguments)


@dataclass
class Look:
    """A connector with a source, and short words for what tests do with it."""

    world: World
    connector: JiraConnector
    source: Source = field(default_factory=lambda: Source(projects=["ACME"]))

    @property
    def schema(self) -> Schema:
        return self.connector.schema(self.source)

    def pull(self, *want: str, cursor: str | None = None) -> Pull:
        return self.connector.pull(self.source, self.schema, want, cursor)

    def reads(self) -> int:
        return self.connector.requests()["read"]

    def fetch(self, *ids: str, want: tuple[str, ...] = ()) -> dict[str, Record]:
        return dict(self.connector.fetch(self.source, self.schema, ids, want))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Both deployments for each test with a site."""
    if "deployment" in metafunc.fixturenames and not hasattr(metafunc.module, "deployment"):
        both = ["cloud"] if "cloud_only" in metafunc.fixturenames else ["cloud", "data_center"]
        metafunc.parametrize("deployment", both, scope="module")


@pytest.fixture
def cloud_only() -> None:
    """Named by tests whose promise is about Jira Cloud alone."""


@pytest.fixture(scope="module")
def running(deployment: Deployment) -> Iterator[World]:
    """One sandbox per file and deployment; starting one for each test would take most of the time."""
    with site(deployment) as world:
        yield world


@contextmanager
def site(deployment: Deployment) -> Iterator[World]:
    """A running site with Ann and the project ACME."""
    clock = VirtualClock(NOON)
    service = JiraService(clock=clock, deployment=deployment)
    with Sandbox([service], clock=clock) as sandbox:
        world = World(sandbox, service, clock, deployment)
        sandbox.call(lambda: renew(world))
        yield world


def renew(world: World) -> None:
    """A new site at noon, empty but for Ann and the project ACME."""
    world.sandbox.faults.clear()
    world.clock.set(NOON)
    world.site.reset()
    world.site.add_user(ANN, TOKEN, name="Ann", time_zone="Asia/Shanghai")
    world.site.add_project("ACME")


@pytest.fixture
def world(running: World) -> World:
    """The site as new."""
    running.sandbox.call(lambda: renew(running))
    return replace(running, time=VirtualTime())


@pytest.fixture(autouse=True)
def judged(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every exchange of every test with Jira Cloud is held against Atlassian's document, where it is."""
    judge = spec()
    site = request.getfixturevalue("world") if "world" in request.fixturenames else None
    if judge is None or site is None or site.deployment != "cloud":
        yield
        return
    seen = record(monkeypatch)
    yield
    assert [problem for one in seen for problem in judge.complaints(one)] == []


@pytest.fixture
def look(world: World) -> Iterator[Look]:
    """A connector to the site, looking at the epics of ACME."""
    connector = world.connect()
    yield Look(world, connector)
    connector.close()
