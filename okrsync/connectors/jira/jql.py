"""The questions asked in JQL: everything in scope, and the children of known issues.

Text in, text out. Numeric ids are used wherever JQL takes them: names of issue types and fields are
translated and keys change when an issue moves. A delta of a scope is one more condition on `everything`,
`updated >= EPOCH-MILLISECONDS` (unquoted, hence free of time zones) with `ORDER BY updated ASC, key ASC`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from okrsync.connectors.jira.settings import Source

PARENTS = 200
"""Ids per `parent in (...)`; Jira documents no limit, and very long queries have failed with a 500."""


def everything(source: Source, type_ids: Iterable[str]) -> str:
    """All issues of a collection, in an order that stays put while pages are walked."""
    conditions = [
        f"project in ({', '.join(_word(project) for project in source.projects)})",
        f"issuetype in ({', '.join(type_ids)})",
    ]
    if source.jql is not None:
        conditions.append(f"({source.jql})")
    return f"{' AND '.join(conditions)} ORDER BY key ASC"


def children_of(ids: Iterable[str]) -> str:
    """The direct children of these issues, in whatever project they live."""
    return f"parent in ({', '.join(ids)}) ORDER BY key ASC"


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


def _word(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
