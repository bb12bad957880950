"""Gives JQL its meaning: which fields and values exist for this caller, and which issues match.

Arrives: a parsed query, the site, the calling user. Leaves: a test for issues, or a JiraError that refuses
the whole query. Rules after Atlassian's JQL reference: a value that does not exist (also a hidden or
deleted issue in a list) refuses everything; negative operators do not match empty fields; times without
zone are the account's.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from okrsync.sandbox.jira.errors import JiraError
from okrsync.sandbox.jira.jql import Clause, Group, Node, Operand
from okrsync.sandbox.jira.model import CATEGORIES, EPIC_LINK, NOBODY, PARENT_LINK, Issue, User
from okrsync.sandbox.jira.site import Site

Test = Callable[[Issue], bool]

_ALIASES = {
    "type": "issuetype",
    "id": "key",
    "issue": "key",
    "issuekey": "key",
    "updateddate": "updated",
    "createddate": "created",
}
_LINKS = {EPIC_LINK: ("epic link", "cf[10008]"), PARENT_LINK: ("parent link", "cf[10009]")}
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_UNIT_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_DATE_FORMATS = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")


class Meaning:
    """The fields and values one user may name on one site."""

    def __init__(self, site: Site, user: User) -> None:
        self._site = site
        self._user = user
        self._getters: dict[str, Callable[[Issue], Iterable[str]]] = {
            "project": lambda i: (i.project,),
            "issuetype": lambda i: (i.type,),
            "parent": partial(self._linked, "parent"),
            "key": lambda i: (i.id,),
            "labels": lambda i: i.values.get("labels", ()),
            "status": lambda i: (i.status,),
            "statuscategory": lambda i: (site.statuses[i.status].category,),
            "resolution": lambda i: () if i.resolution is None else (i.resolution,),
        }
        self._resolvers: dict[str, Callable[[str], Iterable[str]]] = {
            "project": self._projects,
            "issuetype": self._types,
            "parent": partial(self._issues, "parent"),
            "key": partial(self._issues, "key"),
            "labels": lambda text: (text,),
            "status": self._statuses,
            "statuscategory": self._categories,
            "resolution": lambda text: (text,),
        }
        if site.deployment == "data_center":
            for field, names in _LINKS.items():
                for name in names:
                    self._getters[name] = partial(self._linked, field)
                    self._resolvers[name] = partial(self._issues, name)

    def test(self, node: Node) -> Test:
        """The test a tree stands for. Raises JiraError naming everything that does not exist."""
        messages: list[str] = []
        test = self._node(node, messages)
        if messages:
            raise JiraError(400, messages)
        return test

    def sees(self, issue: Issue) -> bool:
        """Whether the user may browse the issue's project."""
        hidden = self._user.id in self._site.projects[issue.project].no_browse
        return not hidden and self._user is not NOBODY

    def _node(self, node: Node, messages: list[str]) -> Test:
        if isinstance(node, Clause):
            return self._clause(node, messages)
        return self._group(node, [self._node(part, messages) for part in node.parts])

    def _group(self, group: Group, tests: list[Test]) -> Test:
        if group.word == "not":
            return lambda issue: not tests[0](issue)
        join = all if group.word == "and" else any
        return lambda issue: join(test(issue) for test in tests)

    def _clause(self, clause: Clause, messages: list[str]) -> Test:
        name = _ALIASES.get(clause.field.lower(), clause.field.lower())
        if name in ("updated", "created"):
            return self._time_clause(name, clause, messages)
        if name not in self._getters:
            messages.append(
                f"Field '{clause.field}' does not exist or you do not have permission to view it."
            )
            return lambda issue: False
        if clause.operator in ("<", "<=", ">", ">="):
            messages.append(f"The operator '{clause.operator}' is not supported by the '{name}' field.")
        return self._member_clause(name, clause, messages)

    def _member_clause(self, name: str, clause: Clause, messages: list[str]) -> Test:
        get = self._getters[name]
        if clause.operator in ("is", "is not"):
            wanted_empty = clause.operator == "is"
            return lambda issue: (not list(get(issue))) == wanted_empty
        wanted: set[str] = set()
        for value in clause.values:
            try:
                wanted.update(self._resolvers[name](value.text))
            except ValueError as error:
                messages.append(str(error))
        if clause.operator in ("=", "in"):
            return lambda issue: not wanted.isdisjoint(get(issue))
        # Atlassian's JQL reference: != and NOT IN do not match a field that has no value
        return lambda issue: bool(list(get(issue))) and wanted.isdisjoint(get(issue))

    def _time_clause(self, name: str, clause: Clause, messages: list[str]) -> Test:
        compare = _COMPARE.get(clause.operator)
        if compare is None or len(clause.values) != 1:
            messages.append(f"The operator '{clause.operator}' is not supported by the '{name}' field.")
            return lambda issue: False
        try:
            moment = self._moment(name, clause.values[0])
        except ValueError as error:
            messages.append(str(error))
            return lambda issue: False
        return lambda issue: compare(issue.updated if name == "updated" else issue.created, moment)

    def _moment(self, name: str, value: Operand) -> int:
        """Unquoted integers are epoch milliseconds, "-15m" counts from now, other text is the account's."""
        if not value.quoted and value.text.isdecimal():
            return int(value.text)
        relative = re.fullmatch(r"(-?\d+)([mhdw]?)", value.text)
        if relative and value.text.startswith("-"):
            return self._site.now() + int(relative[1]) * _UNIT_MS[relative[2] or "m"]
        for form in _DATE_FORMATS:
            try:
                local = datetime.strptime(value.text, form).replace(tzinfo=ZoneInfo(self._user.time_zone))
            except ValueError:
                continue
            return round(local.timestamp() * 1000)
        raise ValueError(
            f"Date value '{value.text}' for field '{name}' is invalid. Valid formats include: "
            "'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format "
            "e.g. '-5d', '4w 2d'."
        )

    def _linked(self, field: str, issue: Issue) -> Iterable[str]:
        return () if issue.parent is None or self._site.link_field(issue) != field else (issue.parent,)

    def _projects(self, text: str) -> Iterable[str]:
        project = self._site.find_project(text)
        if project is None or self._user.id in project.no_browse:
            raise ValueError(f"The value '{text}' does not exist for the field 'project'.")
        return (project.id,)

    def _types(self, text: str) -> Iterable[str]:
        found = [t.id for t in self._site.types.values() if text == t.id or text.lower() == t.name.lower()]
        if not found:
            raise ValueError(f"The value '{text}' does not exist for the field 'issuetype'.")
        return found

    def _issues(self, name: str, text: str) -> Iterable[str]:
        issue = self._site.find(text)
        if issue is None or not self.sees(issue):
            raise ValueError(f"An issue with key '{text}' does not exist for field '{name}'.")
        return (issue.id,)

    def _statuses(self, text: str) -> Iterable[str]:
        known = self._site.statuses.values()
        found = [s.id for s in known if text == s.id or text.lower() == s.name.lower()]
        if not found:
            raise ValueError(f"The value '{text}' does not exist for the field 'status'.")
        return found

    def _categories(self, text: str) -> Iterable[str]:
        for key, (number, name, _) in CATEGORIES.items():
            if text.lower() in (key, str(number), name.lower()):
                return (key,)
        raise ValueError(f"The value '{text}' does not exist for the field 'statusCategory'.")
