"""Known ways to get Jira wrong that no other test here holds; `tests/fidelity/traps_jira.py` has them all."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from pydantic import SecretStr

from okrsync.connectors.base import Patch
from okrsync.connectors.errors import AuthFailed, Rejected
from okrsync.connectors.jira import decode
from okrsync.connectors.jira.connector import JiraConnector
from okrsync.connectors.jira.settings import Connection
from okrsync.connectors.pacer import Pacer
from okrsync.connectors.policy import Policy
from tests.connectors.canned import Canned, CannedServer
from tests.connectors.jira.conftest import ANN, TOKEN, Look, World
from tests.connectors.virtual import VirtualTime
from tests.fidelity.jira_spec import Exchange, record


@pytest.fixture
def asked(
    world: World, look: Look, monkeypatch: pytest.MonkeyPatch, cloud_only: None
) -> Iterator[list[Exchange]]:
    """Everything a full look, a delta, a fetch and a write ask."""
    epic = world.site.add_epic("ACME", "epic")
    world.site.add_issue("ACME", "story", parent=epic.key, points=3)
    seen = record(monkeypatch)
    look.pull("summary", "labels", cursor=look.pull("summary", "labels").cursor)
    fresh = look.fetch(epic.id, want=("summary",))[epic.id]
    look.connector.write(
        look.source, look.schema, [Patch(fresh, {"summary": "new", "property:okrsync.a": "b"})]
    )
    yield seen


def test_only_named_fields_are_asked_for(asked: list[Exchange]) -> None:
    """Without a list there are only ids, with a star huge bodies; no paging of old, nothing expanded."""
    looks = [one.body for one in asked if one.path.endswith(("/search/jql", "/bulkfetch"))]
    assert len(looks) >= 4
    for body in looks:
        assert body["fields"] and not any(name.startswith(("*", "-")) for name in body["fields"])
        assert not body.keys() & {"startAt", "expand", "reconcileIssues"}


def test_the_deprecated_epic_link_is_not_asked_for_at_cloud(asked: list[Exchange]) -> None:
    """`parent` links children in every kind of project; the older field is still shown, and wrong one day."""
    looks = [one.body for one in asked if one.path.endswith("/search/jql")]
    assert all("parent" in body["fields"] for body in looks)
    assert not any("10014" in str(body) or "Epic Link" in str(body) for body in looks)


def test_moments_in_queries_have_no_zone(asked: list[Exchange]) -> None:
    """Epoch milliseconds, not in quotes; no text that Jira would read in the account's zone."""
    queries = [one.body["jql"] for one in asked if one.path.endswith("/search/jql")]
    bounds = [query for query in queries if "updated" in query.partition("ORDER BY")[0]]
    assert bounds and all(re.search(r"updated >= \d{13}(?!\d)(?!\")", query) for query in bounds)


def test_nothing_beyond_a_syncs_addresses_is_asked(asked: list[Exchange]) -> None:
    """No bulk edit, no changelog, no agile call, no webhook, no property of all issues at once."""
    known = r"/rest/api/3/(myself|field|issuetype|project/search|search/jql|issue/bulkfetch|issue/\d+)"
    assert all(re.fullmatch(known, one.path) for one in asked)


@pytest.mark.parametrize("who", [b"{}", b'{"accountId": null}', b'{"accountId": ""}', b"[]"])
def test_an_answer_that_names_nobody_is_no_log_in(who: bytes) -> None:
    """Some addresses answer anonymous callers with 200 and less: then nothing may be concluded."""
    time = VirtualTime()
    policy = Policy("jira", Pacer(sleep=time.sleep, clock=time.clock), sleep=time.sleep, clock=time.clock)
    with CannedServer(Canned(200, who)) as server:
        connector = JiraConnector(Connection(url=server.url, email=ANN, token=SecretStr(TOKEN)), policy)
        with pytest.raises(AuthFailed, match="anonymous"):
            connector.account()
        connector.close()


def test_a_dead_token_on_a_site_that_shows_things_to_everybody(
    world: World, look: Look, cloud_only: None
) -> None:
    """Reads are 200 and empty there; the account is asked for first in every run, and refused."""
    world.site.add_epic("ACME", "epic")
    world.person("settings", anonymous_reads=True)
    world.person("change_user", email=ANN, token=None)
    with pytest.raises(AuthFailed):
        look.connector.account()


def test_nothing_is_logged_that_is_anybodys_business(
    world: World, look: Look, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the token nor what people wrote, at any level, by us or by the libraries below."""
    caplog.set_level(logging.DEBUG)
    epic = world.site.add_epic("ACME", "private title")
    fresh = look.fetch(epic.id, want=("summary",))[epic.id]
    look.connector.write(look.source, look.schema, [Patch(fresh, {"summary": "private answer"})])
    world.fault("status", status=400)
    with pytest.raises(Rejected):
        look.fetch(epic.id, want=("summary",))
    for secret in (TOKEN, "private"):
        assert secret not in caplog.text


def test_a_cursor_of_another_site_leads_to_a_full_look(world: World, look: Look) -> None:
    """Ids of types and fields mean something else there, even for the same account and the same keys."""
    world.site.add_epic("ACME", "epic")
    cursor = look.pull("summary").cursor
    assert not look.pull("summary", cursor=cursor).complete
    connector = world.connect(url="https://other.example")
    assert Look(world, connector).pull("summary", cursor=cursor).complete
    connector.close()


@pytest.mark.parametrize("number", ["-1", "0", "0.5", "3"])
def test_points_may_be_negative_broken_and_nothing(number: str) -> None:
    """Sites hold -1 and halves; a zero is an estimate, and nothing is none."""
    issue = {"id": "1", "key": "A-1", "fields": {"a": Decimal(number)}}
    assert decode.child(issue, ["a"], "https://x.test").cells["points"].value == Decimal(number)
    issue = {"id": "1", "key": "A-1", "fields": {"a": None}}
    assert decode.child(issue, ["a"], "https://x.test").cells["points"].value is None
