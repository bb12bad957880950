"""How Jira is spoken to: one method per endpoint we use, each one HTTP exchange under the policy.

Arrives: ids, JQL and bodies of plain values. Leaves: parsed JSON with every number a `Decimal`, or an error
of `connectors.errors`. The client library signs and addresses the requests; its retries, its parsing and its
paging are not used, because they hide page tokens, field names and pages that are not JSON.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import quote

import requests
from atlassian.jira import JiraCloud

from okrsync.connectors.jira.errors import classify, not_json, refusal, request_id
from okrsync.connectors.jira.fields import PROPERTY
from okrsync.connectors.jira.settings import Connection
from okrsync.connectors.policy import Effect, Policy
from okrsync.connectors.transport import StrictSession

Json = Any
API = "rest/api/3"
PAGE = 5000
"""Issues asked for per page, the most Jira documents. It gives fewer where it likes, and nothing may be
concluded from the number."""
BULK = 100
"""Issues per `bulkfetch`, the most Jira Cloud documents."""

PROJECTS = 50
"""Projects per look for them, the most Jira Cloud documents for a list of keys."""

# at debug level the library logs whole answers, with people's data in them
logging.getLogger("atlassian.rest_client").setLevel(logging.INFO)


@dataclass(frozen=True)
class Reply:
    """A success: its JSON (`None` for an empty 204) and the evidence for audit."""

    data: Json
    evidence: str
    """Status and Atlassian's request id."""
    at: datetime | None
    """Jira's own clock when it answered, to the second; `None` where the answer has no `Date`."""


class JiraClient:
    """The endpoints of one site, as one account. Raises only errors of `connectors.errors`."""

    def __init__(self, connection: Connection, policy: Policy) -> None:
        self._policy = policy
        self._api = JiraCloud(
            url=connection.base_url,
            username=connection.email,
            password=connection.token.get_secret_value(),
            session=StrictSession(connection.timeout),
            backoff_and_retry=False,
            retry_with_header=False,
        )

    def myself(self) -> Json:
        """`GET /myself`: the account the credentials belong to."""
        return self._call(Effect.AUTH, "GET", "myself").data

    def fields(self) -> Json:
        """`GET /field`: every field this account may see, in one answer."""
        return self._call(Effect.READ, "GET", "field").data

    def issue_types(self) -> Json:
        """`GET /issuetype`: every issue type this account may see, in one answer."""
        return self._call(Effect.READ, "GET", "issuetype").data

    def projects(self, by: str, words: Sequence[str]) -> Json:
        """`GET /project/search`: up to `PROJECTS` projects at once; those gone or hidden are left out.

        Args:
            by: `keys` or `id`, what the words are.
        """
        params: dict[str, str | list[str]] = {by: list(words), "maxResults": str(PROJECTS)}
        return self._call(Effect.READ, "GET", "project/search", params=params).data

    def search(self, jql: str, fields: Sequence[str], token: str | None) -> Reply:
        """`POST /search/jql`: one page of issues with these fields and our property."""
        body: dict[str, Json] = {
            "jql": jql,
            "fields": list(fields),
            "properties": [PROPERTY],
            "maxResults": PAGE,
        }
        if token is not None:
            body["nextPageToken"] = token
        return self._call(Effect.READ, "POST", "search/jql", body)

    def bulk_fetch(self, ids: Sequence[str], fields: Sequence[str]) -> Json:
        """`POST /issue/bulkfetch`: up to `BULK` issues by id; those gone or hidden are left out."""
        body = {"issueIdsOrKeys": list(ids), "fields": list(fields), "properties": [PROPERTY]}
        return self._call(Effect.READ, "POST", "issue/bulkfetch", body).data

    def edit(self, issue_id: str, body: Mapping[str, Json]) -> Reply:
        """`PUT /issue/{id}`: fields and properties in one request, answered with the issue.

        `notifyUsers` is left out: turning mails off is for admins, and some sites refuse the request of
        others instead of ignoring the wish.
        """
        path = f"issue/{quote(issue_id, safe='')}"
        return self._call(Effect.WRITE_ABSOLUTE, "PUT", path, dict(body), {"returnIssue": "true"})

    def set_property(self, issue_id: str, value: Json) -> Reply:
        """`PUT /issue/{id}/properties/okrsync`: our property alone, whole.

        Jira Cloud refuses an edit of the issue that has neither `fields` nor `update`.
        """
        path = f"issue/{quote(issue_id, safe='')}/properties/{PROPERTY}"
        return self._call(Effect.WRITE_ABSOLUTE, "PUT", path, value, may_be_empty=True)

    def requests(self) -> Mapping[str, int]:
        """Requests so far by purpose."""
        return self._policy.requests()

    def close(self) -> None:
        """Release the sockets. Safe to call twice."""
        self._api.close()

    def _call(
        self,
        effect: Effect,
        method: str,
        path: str,
        body: Json = None,
        params: Mapping[str, str | list[str]] | None = None,
        may_be_empty: bool = False,
    ) -> Reply:
        place = f"{method} /{API}/{path}"

        def exchange() -> Reply:
            response = self._api.request(
                method, f"{API}/{path}", data=body, params=params, advanced_mode=True
            )
            if (error := refusal(response, place)) is not None:
                raise error
            evidence = f"{response.status_code} {request_id(response)}".strip()
            empty = response.content == b"" and (may_be_empty or response.status_code == 204)
            data = None if empty else _parse(response, place)
            return Reply(data, evidence, _clock(response))

        return self._policy.send(effect, exchange, partial(classify, place=place))


def _parse(response: requests.Response, place: str) -> Json:
    kind = response.headers.get("Content-Type", "no type")
    if "json" not in kind.lower():
        raise not_json(response, place, f"{response.status_code} with {kind.split(';')[0]} instead of JSON")
    try:
        return json.loads(response.content, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse)
    except ValueError:
        raise not_json(response, place, "the answer is cut or is not JSON") from None


def _clock(response: requests.Response) -> datetime | None:
    try:
        return parsedate_to_datetime(response.headers.get("Date", "")).astimezone(UTC)
    except ValueError:
        return None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
