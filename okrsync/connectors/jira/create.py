"""New issues: one request each, found again by a member of our issue property.

Arrives: a source, cells and a marker. Leaves: a `Written` with the new issue's id, or the recent issues that
bear the marker. The property goes into the body that creates the issue, so an issue without it never exists;
it comes back free with every search. Separate from `writing`, which only touches what is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from okrsync.connectors.base import Cell, Marker, Native, NativeField, Patch, Record, Written
from okrsync.connectors.errors import BadAnswer, ConnectorError, NotFound, Rejected
from okrsync.connectors.jira import decode, encode, jql, reading
from okrsync.connectors.jira.client import JiraClient
from okrsync.connectors.jira.decode import Locator
from okrsync.connectors.jira.fields import BY_TRANSITION, MARKER, PROPERTY_PREFIX
from okrsync.connectors.jira.people import People
from okrsync.connectors.jira.settings import Source
from okrsync.connectors.jira.writing import explained

Json = Any
Fields = Mapping[str, NativeField]

GRACE = 600.0
"""Seconds. Only a search finds an issue whose id is not known, and Jira's search shows new issues seconds to
minutes late."""


class Issues:
    """Creates issues at one site; a project's issue type is asked for once."""

    def __init__(self, client: JiraClient, people: People, site: str) -> None:
        self._client = client
        self._people = people
        self._site = site
        self._homes: dict[tuple[str, int], dict[str, Json]] = {}

    def create(self, source: Source, fields: Fields, cells: Mapping[str, Native], marker: Marker) -> Written:
        """Make one issue of the collection's level in its first project. A status is left to the workflow."""
        key: dict[str, Native] = {} if marker.field is None else {marker.field: marker.key}
        told = {name: value for name, value in {**cells, **key}.items() if name not in BY_TRANSITION}
        patch = Patch(_blank(marker, fields, told), {**told, f"{PROPERTY_PREFIX}{MARKER}": marker.id})
        try:
            reply = self._client.create(self._body(source, fields, patch))
            issue_id = _id_of(reply.data)
        except Rejected as error:
            return Written("", error=explained(error, patch, fields))
        except ConnectorError as error:
            return Written("", error=error)
        return Written(issue_id, self._read_back(issue_id, fields, list(told)), answer=reply.evidence)

    def marked(
        self, source: Source, types: Sequence[str], fields: Fields, marker: Marker
    ) -> tuple[Record, ...]:
        """Issues of the last two days that bear the marker, oldest first. Raises what a search raises."""
        found = reading.search(self._client, jql.recent(source, types), reading.asked(fields, ())).issues
        records = [decode.record(issue, fields, (), self._site) for issue in found]
        ours = [record for record in records if record.marker == marker.id]
        return tuple(sorted(ours, key=lambda record: int(record.native_id)))

    def _body(self, source: Source, fields: Fields, patch: Patch) -> dict[str, Json]:
        """As an edit of an empty issue; labels are set whole, since there are none to keep."""
        body = encode.body(patch, fields, self._people.account_id)
        labels = {name: [verb["add"] for verb in verbs] for name, verbs in body.pop("update", {}).items()}
        home = self._home(source)
        return {**body, "fields": {**body.get("fields", {}), **labels, **home}}

    def _home(self, source: Source) -> dict[str, Json]:
        """The project and the issue type of new issues."""
        word, level = source.projects[0], source.hierarchy_level
        if (word, level) not in self._homes:
            project = self._project_id(word)
            types = _ids(self._client.types_of(project, level), "issuetype/project")
            if not types:
                told, advice = f"{word} has no issue type of level {level}", "Name another project first"
                raise Rejected(told, service="jira", place=f"Jira › {word}", advice=advice)
            self._homes[word, level] = {"project": {"id": project}, "issuetype": {"id": types[0]}}
        return self._homes[word, level]

    def _project_id(self, word: str) -> str:
        answer = self._client.projects("id" if word.isdecimal() else "keys", [word])
        found = _ids(answer.get("values") if isinstance(answer, dict) else None, "project/search")
        if not found:
            raise NotFound(f"no project {word!r} is visible", service="jira", place=f"Jira › {word}")
        return found[0]

    def _read_back(self, issue_id: str, fields: Fields, names: Sequence[str]) -> Mapping[str, Cell]:
        """What the new issue shows; nothing where it could not be read now: it is there all the same."""
        try:
            found = reading.by_ids(self._client, [issue_id], reading.asked(fields, names))
        except ConnectorError:
            return {}
        if issue_id not in found:
            return {}
        record = decode.record(found[issue_id], fields, names, self._site)
        return {name: record.cells[name] for name in names if name in record.cells}


def _blank(marker: Marker, fields: Fields, names: Mapping[str, Native]) -> Record:
    """The issue as it is before it is: without labels, without our property."""
    lists = [name for name in names if name in fields and fields[name].type == "labels"]
    place = f"Jira › {marker.key}"
    cells = {name: Cell((), f"{place} › {name}") for name in lists}
    return Record("", marker.key, place, cells, locator=Locator(marker.key, None))


def _id_of(answer: Json) -> str:
    found = answer.get("id") if isinstance(answer, dict) else None
    if not isinstance(found, str):
        raise BadAnswer("the new issue has no id", service="jira", place="POST /rest/api/3/issue")
    return found


def _ids(listed: Json, what: str) -> list[str]:
    if not isinstance(listed, list) or not all(isinstance(one, dict) and "id" in one for one in listed):
        raise BadAnswer("not a list of things with ids", service="jira", place=f"GET /rest/api/3/{what}")
    return [str(one["id"]) for one in listed]
