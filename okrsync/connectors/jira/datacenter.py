"""Jira Data Center, in the shapes of Jira Cloud.

Arrives: what the Cloud client is asked. Leaves: the same answers, from the REST API version 2. What differs
is translated here and nowhere else: pages by offset, children by the fields "Epic Link" and "Parent Link",
levels by settings, people by name, no `bulkfetch`, no `returnIssue`. Where Cloud answers with one request,
a look at single issues takes one request each here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from atlassian import Jira

from okrsync.connectors.errors import BadAnswer, ConnectorError, NotFound, OutcomeUnknown
from okrsync.connectors.jira import offsets
from okrsync.connectors.jira.client import Ask, JiraClient, Json, Reply
from okrsync.connectors.jira.fields import PROPERTY
from okrsync.connectors.jira.settings import Connection
from okrsync.connectors.policy import Effect, Policy

PAGE = 1000
"""Issues asked for per page, what Data Center allows unless `jira.search.views.default.max` says less."""
_LINKS = ("com.pyxis.greenhopper.jira:gh-epic-link", "com.atlassian.jpo:jpo-custom-field-parent")
"""Schema of the fields that hold the key of an issue's epic, and of what an epic belongs to."""


class DataCenterClient(JiraClient):
    """The endpoints of one Data Center, as one account."""

    api = "rest/api/2"
    library = Jira

    def __init__(self, connection: Connection, policy: Policy) -> None:
        super().__init__(connection, policy)
        self._levels = {word.casefold(): level for word, level in connection.type_levels.items()}
        self._fields: Json = None
        self._keys: dict[str, str] = {}
        self._ids: dict[str, str] = {}

    def myself(self) -> Json:
        """`GET /myself`; the user's name stands for Cloud's account id."""
        return _as_account(super().myself())

    def fields(self) -> Json:
        """`GET /field`, once."""
        if self._fields is None:
            self._fields = super().fields()
        return self._fields

    def issue_types(self) -> Json:
        """`GET /issuetype`, with the levels of the settings."""
        types = super().issue_types()
        return [self._with_level(one) for one in types] if isinstance(types, list) else types

    def projects(self, by: str, words: Sequence[str]) -> Json:
        """`GET /project`: all that this account may see, in one answer."""
        return {"values": self._send(Effect.READ, Ask("GET", "project")).data}

    def users(self, words: str) -> Json:
        """`GET /user/search`: people whose name or e-mail fits."""
        found = self._send(Effect.READ, Ask("GET", "user/search", params={"username": words})).data
        return [_as_account(one) for one in found] if isinstance(found, list) else found

    def search(self, jql: str, fields: Sequence[str], token: str | None) -> Reply:
        """`POST /search`: one page by offset, in the shape of Cloud's page by token."""
        at = offsets.read(token)
        body = {
            "jql": offsets.ordered(jql, at),
            "startAt": at.start,
            "maxResults": min(PAGE, offsets.WINDOW - at.start),
            "fields": [*self._asked(fields), "created"],
        }
        reply = self._send(Effect.READ, Ask("POST", "search", body=body))
        page = offsets.page(reply.data, at)
        return replace(reply, data={**page, "issues": [self._shaped(one) for one in page["issues"]]})

    def bulk_fetch(self, ids: Sequence[str], fields: Sequence[str]) -> Json:
        """`GET /issue/{id}` for each: read from the database, never from a search index that lags."""
        found = (self._issue(one, fields) for one in ids)
        return {"issues": [one for one in found if one is not None]}

    def with_property(self, issues: Sequence[Json], fields: Sequence[str]) -> Sequence[Json]:
        """The issues as they are now, one request each: a search does not show issue properties here."""
        found: Sequence[Json] = self.bulk_fetch([str(one.get("id")) for one in issues], fields)["issues"]
        return found

    def edit(self, issue_id: str, body: Mapping[str, Json]) -> Reply:
        """`PUT /issue/{id}`, and `PUT` of our property where there is one; the answers hold no issue."""
        fields = {name: _as_named(value) for name, value in body.get("fields", {}).items()}
        parts = {"fields": fields, "update": body.get("update", {})}
        asked = Ask("PUT", "issue/{issue}", issue_id, {name: part for name, part in parts.items() if part})
        reply = self._send(Effect.WRITE_ABSOLUTE, asked)
        try:
            for entry in body.get("properties", ()):
                self.set_property(issue_id, entry["value"])
        except ConnectorError as error:
            raise OutcomeUnknown(
                f"the fields were written, our property was not ({error.message})",
                service="jira",
                place=f"issue {issue_id}",
                advice="Read the record first; the same values may then be written again",
            ) from error
        return reply

    def children_of(self, ids: Sequence[str]) -> str:
        """Children are linked by key, through one of two fields, sub-tasks by their parent."""
        keys = ", ".join(self._keys.get(one, one) for one in ids)
        names = [*(f"cf[{one.removeprefix('customfield_')}]" for one in self._links()), "parent"]
        return f"({' OR '.join(f'{name} in ({keys})' for name in names)})"

    def named_in(self, text: str, ids: Sequence[str]) -> list[str]:
        """Which of these issues an error text names by key."""
        named = set(re.findall(r"[A-Z][A-Z0-9_]+-\d+", text))
        return [one for one in ids if self._keys.get(one) in named]

    def _issue(self, issue_id: str, fields: Sequence[str]) -> Json:
        params: dict[str, str | list[str]] = {"fields": ",".join(self._asked(fields)), "properties": PROPERTY}
        try:
            found = self._send(Effect.READ, Ask("GET", "issue/{issue}", issue_id, None, params)).data
        except NotFound:
            return None
        return self._shaped(found)

    def _links(self) -> list[str]:
        """Ids of the link fields this Data Center has."""
        known = {(one.get("schema") or {}).get("custom"): str(one["id"]) for one in self.fields()}
        return [known[schema] for schema in _LINKS if schema in known]

    def _asked(self, fields: Sequence[str]) -> list[str]:
        return [*fields, *(self._links() if "parent" in fields else [])]

    def _shaped(self, issue: Json) -> Json:
        """An issue as Cloud would show it."""
        if not isinstance(issue, dict) or not isinstance(issue.get("fields"), dict):
            raise BadAnswer("an issue without fields", service="jira", place=f"/{self.api}")
        self._keys[str(issue.get("id"))] = str(issue.get("key"))
        self._ids[str(issue.get("key"))] = str(issue.get("id"))
        fields = dict(issue["fields"])
        linked = [fields[one] for one in self._links() if isinstance(fields.get(one), str)]
        if fields.get("parent") is None and linked:
            fields["parent"] = {"key": linked[0], "id": self._id_of(linked[0])}
        if isinstance(fields.get("issuetype"), dict):
            fields["issuetype"] = self._with_level(fields["issuetype"])
        return {**issue, "fields": fields}

    def _id_of(self, key: str) -> str | None:
        """The id behind a key; parents that no look has shown yet are asked for one by one, once."""
        if key not in self._ids:
            try:
                params: dict[str, str | list[str]] = {"fields": "summary"}
                found = self._send(Effect.READ, Ask("GET", "issue/{issue}", key, None, params)).data
            except NotFound:  # hidden from this account: it is nobody's child that we know of
                return None
            self._ids[key] = str(found.get("id"))
        return self._ids[key]

    def _with_level(self, kind: Json) -> Json:
        words = (str(kind.get("id", "")), str(kind.get("name", "")).casefold())
        level = next((self._levels[word] for word in words if word in self._levels), 0)
        return {**kind, "hierarchyLevel": -1 if kind.get("subtask") is True else level}


def _as_account(user: Json) -> Json:
    """A user with their name as account id."""
    return {**user, "accountId": user.get("name")} if isinstance(user, dict) else user


def _as_named(value: Json) -> Json:
    """A person as Data Center takes one."""
    return {"name": value["accountId"]} if isinstance(value, dict) and "accountId" in value else value
