"""The kinds of tokens, each at the address that takes it."""

from __future__ import annotations

from typing import Any

import pytest

from okrsync.connectors.errors import AuthFailed, NotFound
from okrsync.connectors.jira.settings import Source
from okrsync.sandbox.jira.auth import CLOUD_ID
from tests.connectors.jira.conftest import ANN, TOKEN, Look, World

SCOPED, OAUTH = "scoped-sesame", "oauth-sesame"


@pytest.fixture
def gateway(world: World, cloud_only: None) -> str:
    """The gateway's address of the site; Ann has a token of each kind."""
    world.person("change_user", email=ANN, scoped_token=SCOPED, oauth_token=OAUTH)
    return f"{world.sandbox.urls['jira']}/ex/jira/{CLOUD_ID}"


def account_name(world: World, token: str, **rest: Any) -> str:
    connector = world.connect(token, **rest)
    try:
        return connector.account().name
    finally:
        connector.close()


@pytest.mark.parametrize("how", [{"token": SCOPED}, {"token": OAUTH, "auth": "bearer", "email": None}])
def test_the_gateway_takes_scoped_and_oauth_tokens(world: World, gateway: str, how: dict[str, Any]) -> None:
    """A whole look and a write go through the prefix."""
    world.site.add_epic("ACME", "epic")
    look = Look(world, world.connect(**how, api_url=gateway), Source(projects=["ACME"]))
    assert look.connector.account().name == "Ann"
    assert [record.title for record in look.pull("summary").records] == ["epic"]
    look.connector.close()


@pytest.mark.parametrize(
    ("token", "at_gateway", "rest"),
    [
        (SCOPED, False, {}),
        (OAUTH, False, {"auth": "bearer"}),
        (TOKEN, True, {}),
        (TOKEN, True, {"auth": "bearer"}),
        (SCOPED, True, {"auth": "bearer"}),
        (OAUTH, True, {}),
    ],
)
def test_a_token_at_the_wrong_address_is_told(
    world: World, gateway: str, token: str, at_gateway: bool, rest: dict[str, Any]
) -> None:
    """The message says that scopes and `cloud_id` belong together."""
    if at_gateway:
        rest = {**rest, "api_url": gateway}
    with pytest.raises(AuthFailed, match="`cloud_id`"):
        account_name(world, token, **rest)


def test_another_sites_cloud_id(world: World, gateway: str) -> None:
    """The gateway's own words, which are not in Jira's shape, reach the message."""
    with pytest.raises(NotFound, match="No message available"):
        account_name(world, SCOPED, api_url=gateway.replace(CLOUD_ID, "another"))
