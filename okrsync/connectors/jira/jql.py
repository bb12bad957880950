"""The questions asked in JQL: everything in scope, what changed in some projects, the children of issues.

Text in, text out. Numeric ids are used wherever JQL takes them: names of issue types and fields are
translated and keys change when an issue moves. Moments are epoch milliseconds without quotes: any other
form is read in the time zone of the account.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from okrsync.connectors.jira.settings import Source

PARENTS = 200
"""Ids per `parent in (...)`; Jira documents no limit, and very long queries have failed with a 500."""


def everything(source: Source, type_ids: Iterable[str]) -> str:
    """All issues of a collection, in an order that stays put while pages are walked."""
    conditions = [_in(source.projects), f"issuetype in ({', '.join(type_ids)})"]
    if source.jql is not None:
        conditions.append(f"({source.jql})")
    return f"{' AND '.join(conditions)} ORDER BY key ASC"


def changed(source: Source, type_ids: Iterable[str], projects: Sequence[str], since: int) -> str:
    """All issues of these projects edited at or after a moment, and of the collection's level only its own.

    Args:
        projects: those of the collection and of its children.
        since: epoch milliseconds.
    """
    conditions = [_in(projects), f"updated >= {since}"]
    if source.jql is not None or not set(projects) <= {one.upper() for one in source.projects}:
        ours = " AND ".join([_in(source.projects), *([] if source.jql is None else [f"({source.jql})"])])
        conditions.append(f"(issuetype not in ({', '.join(type_ids)}) OR {ours})")
    return f"{' AND '.join(conditions)} ORDER BY updated ASC, key ASC"


def recent(source: Source, type_ids: Iterable[str]) -> str:
    """What was created lately at the collection's level in its projects, oldest first.

    Without the collection's own condition: an issue that okrsync creates may lie outside it.
    """
    level = f"issuetype in ({', '.join(type_ids)})"
    return f"{_in(source.projects)} AND {level} AND created >= -2d ORDER BY created ASC, key ASC"


def children(condition: str, outside: Sequence[str] = ()) -> str:
    """All issues of a condition, in whatever project they live, or only outside some projects."""
    elsewhere = f" AND {_in(outside, 'not in')}" if outside else ""
    return f"{condition}{elsewhere} ORDER BY key ASC"


def chunks(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The ids in portions of at most `size`.

    >>> list(chunks(["1", "2", "3"], 2))
    [['1', '2'], ['3']]
    """
    return (ids[start : start + size] for start in range(0, len(ids), size))


def named_in(text: str, ids: Iterable[str]) -> list[str]:
    """Which of these ids an error text names: one dead id fails a whole query, and only the text says which.

    >>> named_in("An issue with key '10001' does not exist for field 'parent'.", ["1000", "10001"])
    ['10001']
    """
    numbers = set(re.findall(r"\d+", text))
    return [one for one in ids if one in numbers]


def _in(projects: Iterable[str], operator: str = "in") -> str:
    return f"project {operator} ({', '.join(_word(project) for project in projects)})"


def _word(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
