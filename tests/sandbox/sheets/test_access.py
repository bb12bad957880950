"""Tokens, scopes, sharing and limits stand in front of the imitated spreadsheets as Google's do."""

from __future__ import annotations

import pytest
import requests
from google.auth import exceptions
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import service_account

from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.sheets import SheetsService
from tests.sandbox.sheets.desk import (
    ROBOT,
    SCOPE,
    START,
    UNFORMATTED,
    Desk,
    access_token,
    desk,
    signed_in,
)


class TestAccess:
    """Tokens, sharing and limits."""

    def test_gspread_reads_with_a_service_account_token(self, world: Desk) -> None:
        """The real client and the real credentials library work against the sandbox."""
        answer = world.client.values_batch_get(world.id, ["'KRs'!A1:A2"], dict(UNFORMATTED))
        assert answer["valueRanges"] == [
            {"range": "KRs!A1:A2", "majorDimension": "ROWS", "values": [["KR"], ["KR-2"]]}
        ]

    def test_a_token_lasts_an_hour(self, world: Desk) -> None:
        """After an hour of the sandbox's time the same token is 401 UNAUTHENTICATED."""
        world.clock.advance(minutes=59)
        assert "values" in world.get("/values/KRs")
        world.clock.advance(minutes=2)
        assert world.get("/values/KRs")["error"]["status"] == "UNAUTHENTICATED"

    def test_no_token_is_401(self, world: Desk) -> None:
        """Without a bearer header nothing is shown."""
        assert requests.get(f"{world.url}/v4/spreadsheets/{world.id}").status_code == 401

    def test_a_foreign_key_is_invalid_grant(self, world: Desk) -> None:
        """A signature by another key is refused by the token endpoint."""
        other = SheetsService().add_service_account(ROBOT)
        forged = {**other, "token_uri": world.url + "/token"}
        credentials = service_account.Credentials.from_service_account_info(forged, scopes=[SCOPE])
        with pytest.raises(exceptions.RefreshError, match=r"invalid_grant: Invalid JWT Signature\."):
            credentials.refresh(Request())

    def test_an_unknown_account_is_invalid_grant(self, world: Desk) -> None:
        """An account the sandbox does not know gets no token."""
        other = SheetsService().add_service_account("stranger@example.com")
        stranger = {**other, "token_uri": world.url + "/token"}
        credentials = service_account.Credentials.from_service_account_info(stranger, scopes=[SCOPE])
        with pytest.raises(exceptions.RefreshError, match="account not found"):
            credentials.refresh(Request())

    def test_an_unreadable_assertion_is_invalid_grant(self, world: Desk) -> None:
        """Garbage for an assertion is refused as Google does, not with a server error."""
        form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "a.b.c"}
        response = requests.post(world.url + "/token", data=form)
        assert (response.status_code, response.json()["error"]) == (400, "invalid_grant")

    def test_a_self_signed_token_is_accepted(self, world: Desk) -> None:
        """An account outside Google's own universe signs its tokens itself and needs no token request."""
        key = {**world.service.credentials(ROBOT, world.url + "/token"), "universe_domain": "sandbox.invalid"}
        credentials = service_account.Credentials.from_service_account_info(
            key, scopes=[SCOPE], always_use_jwt_access=True
        )
        with AuthorizedSession(credentials) as session:
            assert session.get(f"{world.url}/v4/spreadsheets/{world.id}").status_code == 200

    def test_a_read_only_token_cannot_write(self, world: Desk) -> None:
        """Scopes bind: spreadsheets.readonly reads and is refused a write."""
        with signed_in(access_token(world.service, world.url, SCOPE + ".readonly")) as session:
            address = f"{world.url}/v4/spreadsheets/{world.id}"
            assert session.get(address).status_code == 200
            assert session.post(address + ":batchUpdate", json={"requests": []}).status_code == 403

    def test_not_shared_is_403_and_unknown_is_404(self, world: Desk) -> None:
        """The bodies are the recorded ones."""
        world.act("unshare", email=ROBOT)
        assert world.get() == {
            "error": {
                "code": 403,
                "message": "The caller does not have permission",
                "status": "PERMISSION_DENIED",
            }
        }
        unknown = world.session.get(f"{world.url}/v4/spreadsheets/test")
        body = {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}
        assert unknown.json() == {"error": body}

    def test_a_reader_cannot_write(self, world: Desk) -> None:
        """A file shared for reading refuses writes with 403."""
        world.act("share", email=ROBOT, role="reader")
        assert world.values("KRs!A1") == [["KR"]]
        assert world.put("KRs!A1", [["x"]]).status_code == 403

    def test_the_quota_is_per_minute_and_kind(self) -> None:
        """The request over the limit is 429 without Retry-After; writes and the next minute are free."""
        clock = VirtualClock(START)
        with desk(SheetsService(clock, quota_per_minute=2), clock) as world:
            world.service.add_tab(world.id, "KRs")
            codes = [world.session.get(f"{world.url}/v4/spreadsheets/{world.id}") for _ in range(3)]
            assert [response.status_code for response in codes] == [200, 200, 429]
            assert "Retry-After" not in codes[2].headers
            error = codes[2].json()["error"]
            assert error["status"] == "RESOURCE_EXHAUSTED"
            assert error["details"][0]["metadata"]["quota_limit"] == "ReadRequestsPerMinutePerUser"
            assert world.put("KRs!A1", [["x"]]).status_code == 200
            clock.advance(minutes=1)
            assert "sheets" in world.get()
