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

from okrsync.connectors.jira import jql
from okrsync.connectors.jira.errors import BURST, PER_ISSUE, classify, not_json, refusal, request_id
from okrsync.connectors.jira.fields import PROPERTY
from okrsync.connectors.jira.pace import gap
from okrsync.connectors.jira.settings import Connection
from okrsync.connectors.policy import Effect, Policy
from okrsync.connectors.transport import StrictSession, service_time

Json = Any
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


@dataclass(frozen=True)
class Ask:
    """One request: `endpoint` is its path under the API, with `{issue}` where the issue's id goes."""

    method: str
    endpoint: str
    issue: str = ""
    body: Json = None
    params: Mapping[str, str | list[str]] | None = None
    may_be_empty: bool = False
    """A success without a body is an answer, whatever its status."""

    def path(self, api: str) -> str:
        """The path under the base address, for one version of the API."""
        return f"{api}/{self.endpoint.format(issue=quote(self.issue, safe=''))}"

    @property
    def scopes(self) -> Mapping[str, str]:
        """What must pause when Jira finds this request one too many, by its reason."""
        endpoint = {BURST: f"{self.method} {self.endpoint}"}
        if self.issue == "" or self.method == "GET":
            return endpoint
        return {**endpoint, PER_ISSUE: f"writes to issue {self.issue}"}


class JiraClient:
    """The endpoints of one Cloud site, as one account. Raises only errors of `connectors.errors`."""

    api = "rest/api/3"
    library: Any = JiraCloud

    def __init__(self, connection: Connection, policy: Policy) -> None:
        self._policy = policy
        self._api = self.library(
            url=connection.base_url,
            session=StrictSession(connection.timeout),
            backoff_and_retry=False,
            retry_with_header=False,
            **_credentials(connection),
        )

    def myself(self) -> Json:
        """`GET /myself`: the account the credentials belong to."""
        return self._send(Effect.AUTH, Ask("GET", "myself")).data

    def fields(self) -> Json:
        """`GET /field`: every field this account may see, in one answer."""
        return self._send(Effect.READ, Ask("GET", "field")).data

    def issue_types(self) -> Json:
        """`GET /issuetype`: every issue type this account may see, in one answer."""
        return self._send(Effect.READ, Ask("GET", "issuetype")).data

    def projects(self, by: str, words: Sequence[str]) -> Json:
        """`GET /project/search`: up to `PROJECTS` projects at once; those gone or hidden are left out.

        Args:
            by: `keys` or `id`, what the words are.
        """
        params: dict[str, str | list[str]] = {by: list(words), "maxResults": str(PROJECTS)}
        return self._send(Effect.READ, Ask("GET", "project/search", params=params)).data

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
        return self._send(Effect.READ, Ask("POST", "search/jql", body=body))

    def bulk_fetch(self, ids: Sequence[str], fields: Sequence[str]) -> Json:
        """`POST /issue/bulkfetch`: up to `BULK` issues by id; those gone or hidden are left out."""
        body = {"issueIdsOrKeys": list(ids), "fields": list(fields), "properties": [PROPERTY]}
        return self._send(Effect.READ, Ask("POST", "issue/bulkfetch", body=body)).data

    def types_of(self, project_id: str, level: int) -> Json:
        """`GET /issuetype/project`: the issue types of a project at a hierarchy level."""
        params = {"projectId": project_id, "level": str(level)}
        return self._send(Effect.READ, Ask("GET", "issuetype/project", params=params)).data

    def create(self, body: Mapping[str, Json]) -> Reply:
        """`POST /issue`: a new issue, answered with its id and key. A repeat makes another one."""
        return self._send(Effect.WRITE_CREATE, Ask("POST", "issue", body=dict(body)))

    def edit(self, issue_id: str, body: Mapping[str, Json]) -> Reply:
        """`PUT /issue/{id}`: fields and properties in one request, answered with the issue.

        `notifyUsers` is left out: turning mails off is for admins, and some sites refuse the request of
        others instead of ignoring the wish.
        """
        asked = Ask("PUT", "issue/{issue}", issue_id, dict(body), {"returnIssue": "true"})
        return self._send(Effect.WRITE_ABSOLUTE, asked)

    def edit_screen(self, issue_id: str) -> Json:
        """`GET /issue/{id}/editmeta`: the fields this account may edit on the issue as it is now."""
        return self._send(Effect.READ, Ask("GET", "issue/{issue}/editmeta", issue_id)).data

    def set_property(self, issue_id: str, value: Json) -> Reply:
        """`PUT /issue/{id}/properties/okrsync`: our property alone, whole.

        Jira Cloud refuses an edit of the issue that has neither `fields` nor `update`.
        """
        asked = Ask("PUT", f"issue/{{issue}}/properties/{PROPERTY}", issue_id, value, may_be_empty=True)
        return self._send(Effect.WRITE_ABSOLUTE, asked)

    def transitions(self, issue_id: str) -> Json:
        """`GET /issue/{id}/transitions`: where its status may move now, and what each move asks for.

        Without the permission to move it the list is empty.
        """
        params = {"expand": "transitions.fields"}
        return self._send(Effect.READ, Ask("GET", "issue/{issue}/transitions", issue_id, None, params)).data

    def transition(self, issue_id: str, transition_id: str) -> Reply:
        """`POST /issue/{id}/transitions`: move the status."""
        body = {"transition": {"id": transition_id}}
        return self._send(Effect.WRITE_ABSOLUTE, Ask("POST", "issue/{issue}/transitions", issue_id, body))

    def users(self, words: str) -> Json:
        """`GET /user/search`: active people whose name or visible e-mail fits."""
        return self._send(Effect.READ, Ask("GET", "user/search", params={"query": words})).data

    def requests(self) -> Mapping[str, int]:
        """Requests so far by purpose."""
        return self._policy.requests()

    def close(self) -> None:
        """Release the sockets. Safe to call twice."""
        self._api.close()

    def with_property(self, issues: Sequence[Json], fields: Sequence[str]) -> Sequence[Json]:
        """The same issues with our property; Cloud's search has it already."""
        return issues

    def children_of(self, ids: Sequence[str]) -> str:
        """The JQL condition for direct children of these issues."""
        return f"parent in ({', '.join(ids)})"

    def named_in(self, text: str, ids: Sequence[str]) -> list[str]:
        """Which of these issues an error text names, as `children_of` named them."""
        return jql.named_in(text, ids)

    def _send(self, effect: Effect, ask: Ask) -> Reply:
        path = ask.path(self.api)
        place = f"{ask.method} /{path}"

        def exchange() -> Reply:
            response = self._api.request(
                ask.method, path, data=ask.body, params=ask.params, advanced_mode=True
            )
            self._policy.keep_apart(gap(response.headers, service_time(response.headers)))
            if (error := refusal(response, place, ask.scopes)) is not None:
                raise error
            evidence = f"{response.status_code} {request_id(response)}".strip()
            empty = response.content == b"" and (ask.may_be_empty or response.status_code == 204)
            data = None if empty else _parse(response, place)
            return Reply(data, evidence, _clock(response))

        scopes = tuple(ask.scopes.values())
        return self._policy.send(effect, exchange, partial(classify, place=place), scopes)


def _credentials(connection: Connection) -> Mapping[str, str]:
    secret = connection.token.get_secret_value()
    if connection.is_bearer:
        return {"token": secret}
    return {"username": connection.email or "", "password": secret}


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
