"""What okrsync wants of Jira, in the words of the port: epics with their children, read and written.

A pull looks at everything or at what changed (`pulling`), a fetch at known issues, a write sends one request
per issue (`writing`). Ids are Jira's numeric ones; keys change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace

from okrsync.connectors.base import (
    Account,
    Features,
    Marker,
    Native,
    Patch,
    Pull,
    Record,
    Schema,
    Written,
)
from okrsync.connectors.errors import AuthFailed, NotFound
from okrsync.connectors.jira import decode, oddities, pulling, reading
from okrsync.connectors.jira.client import JiraClient
from okrsync.connectors.jira.create import GRACE, Issues
from okrsync.connectors.jira.cursor import Terms
from okrsync.connectors.jira.datacenter import DataCenterClient
from okrsync.connectors.jira.fields import Catalog, by_id, catalog
from okrsync.connectors.jira.people import People
from okrsync.connectors.jira.pulling import Question
from okrsync.connectors.jira.screens import Screens
from okrsync.connectors.jira.settings import Connection, Source
from okrsync.connectors.jira.writing import Writer
from okrsync.connectors.pacer import SHARED
from okrsync.connectors.policy import Policy


def open_connector(name: str, connection: Connection) -> JiraConnector:
    """Open the connection the admin calls `name`; it shares its pacer with others of the same credential.

    Sends nothing yet. Jira documents no fixed pace for API tokens: its answers tell (`pace`), and its 429
    pause all who use the credential.
    """
    secret = f"{connection.email or ''}:{connection.token.get_secret_value()}"
    pacer = SHARED.take(connection.base_url, secret)
    connector = JiraConnector(connection, Policy(f"jira ({name})", pacer))
    connector.closing.callback(SHARED.give_back, pacer)
    return connector


class JiraConnector:
    """One account at one Jira site. See `connectors.base.Connector` for the contract."""

    kind = "jira"
    features = Features(
        incremental=True,
        children=True,
        patch_batch=10,  # one read-back for ten writes; a wider batch would widen the gap after the re-read
        moves_ids=True,
        property_fields=True,
        listing_may_lag=True,
        answers_anonymous=True,
        creates=True,
        visibility_grace=GRACE,
    )

    def __init__(self, connection: Connection, policy: Policy) -> None:
        self._site = connection.url
        self.closing = ExitStack()
        """What `close` does, once."""
        cloud = connection.deployment == "cloud"
        self._client = JiraClient(connection, policy) if cloud else DataCenterClient(connection, policy)
        self.closing.callback(self._client.close)
        if not cloud:  # what a new issue needs there differs from site to site
            self.features = replace(self.features, creates=False, visibility_grace=0)
        self._people = People(self._client)
        self._screens = Screens(self._client)
        self._issues = Issues(self._client, self._people, self._site)
        self._catalog: Catalog | None = None
        self._projects: set[str] = set()

    def account(self) -> Account:
        """Whose credentials they are, and where. Jira answers anonymous callers too, so an id must be there.

        Atlassian's account ids are the same on every site while issue ids are not: issue 10001 of another
        site is another issue, so the site is part of who we are.
        """
        who = self._client.myself()
        account_id = who.get("accountId") if isinstance(who, dict) else None
        if not isinstance(account_id, str) or account_id == "":
            raise AuthFailed(
                "Jira takes us for an anonymous visitor",
                service=self.kind,
                place=f"GET /{self._client.api}/myself",
                advice="Check the connection's e-mail and API token",
            )
        return Account(
            f"{account_id} at {self._site}", str(who.get("displayName", "")), str(who.get("timeZone", ""))
        )

    def schema(self, source: Source) -> Schema:
        """The site's fields, once the projects and the level are known to be there.

        Fields, types and projects are asked for once in a connector's life, which is one run.

        Raises:
            NotFound: a project that is gone or hidden, or a level no issue type has.
        """
        self._find_projects(source.projects)
        known = self._known_catalog()
        self._types(known, source)
        place = f"Jira › {', '.join(source.projects)}"
        return Schema(place, known.fields, f"{self._site}/browse/{source.projects[0]}")

    def pull(self, source: Source, schema: Schema, want: Sequence[str], cursor: str | None = None) -> Pull:
        """Everything in scope with its children, or what changed since a cursor of an earlier pull.

        A delta may hold any issue of the level below as a child, with its parent now or none: one without a
        parent of this collection counts nowhere, which is news when it counted before. It needs no `schema`
        call of this connector; one remembered from an earlier run will do.
        """
        question = Question(source, schema, want, self._site)
        changed = pulling.changes(self._client, question, cursor)
        return changed if changed is not None else self._everything(question)

    def fetch(
        self, source: Source, schema: Schema, ids: Sequence[str], want: Sequence[str]
    ) -> Mapping[str, Record]:
        """A strongly consistent look at these issues, one request per 100."""
        fields = by_id(schema.fields)
        issues = reading.by_ids(self._client, ids, reading.asked(fields, want))
        return {one: decode.record(issue, fields, want, self._site) for one, issue in issues.items()}

    def write(self, source: Source, schema: Schema, patches: Sequence[Patch]) -> tuple[Written, ...]:
        """One PUT per issue, a transition where a status moves, one `bulkfetch` per 100 to read back.

        What Jira refuses by field is left out and named in `Written.refused`.
        """
        fields = by_id(schema.fields)
        return Writer(self._client, self._people, self._screens, fields, self._site).write(patches)

    def create(self, source: Source, schema: Schema, cells: Mapping[str, Native], marker: Marker) -> Written:
        """One issue in the collection's first project; a member of our property is the marker. Cloud only."""
        return self._issues.create(source, by_id(schema.fields), cells, marker)

    def marked(self, source: Source, schema: Schema, marker: Marker) -> tuple[Record, ...]:
        """Recent issues with the marker, by a search, which may lag behind."""
        types = self._types(self._known_catalog(), source)
        return self._issues.marked(source, types, by_id(schema.fields), marker)

    def requests(self) -> Mapping[str, int]:
        """Requests so far by purpose."""
        return self._client.requests()

    def close(self) -> None:
        """Release the sockets."""
        self.closing.close()

    def _everything(self, question: Question) -> Pull:
        known, source = self._known_catalog(), question.source
        points, unknown = known.points_for(source.points)
        terms = Terms(tuple(self._types(known, source)), points)
        pull = pulling.everything(self._client, question, terms)
        odd = oddities.points_unknown(question.schema, unknown)
        return replace(pull, findings=(*pull.findings, *odd))

    def _find_projects(self, words: Sequence[str]) -> None:
        new = [word for word in words if word not in self._projects]
        gone = reading.projects_gone(self._client, new)
        if gone:
            raise NotFound(
                f"no project {' or '.join(map(repr, gone))} is visible to this account",
                service=self.kind,
                place=", ".join(gone),
                advice="Projects are named by their key or id; check the spelling and who may browse them",
            )
        self._projects.update(new)

    def _known_catalog(self) -> Catalog:
        if self._catalog is None:
            self._catalog = catalog(self._client.fields(), self._client.issue_types())
        return self._catalog

    def _types(self, known: Catalog, source: Source) -> list[str]:
        types = known.types_at(source.hierarchy_level)
        if not types:
            raise NotFound(
                f"no issue type of level {source.hierarchy_level} is visible to this account",
                service=self.kind,
                place=f"level: {source.level}",
                advice="Levels are Jira's numbers: 0 story, 1 epic, 2 and up where the plan has them",
            )
        return types
