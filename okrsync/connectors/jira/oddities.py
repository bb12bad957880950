"""What a person should know about a pull: findings, each with its place and what to do.

Arrives: what was read. Leaves: `Finding`s. None of them stops a pull; each names something that makes a
number smaller or larger than people expect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from okrsync.connectors.base import NativeField, Schema
from okrsync.connectors.jira import decode
from okrsync.connectors.jira.fields import find
from okrsync.okr.findings import Finding, Severity
from okrsync.okr.values import plain

Issue = Mapping[str, Any]


def fields_gone(schema: Schema, fields: Mapping[str, NativeField], want: Iterable[str]) -> Iterator[Finding]:
    """Wanted fields the site does not show (any more)."""
    for one in want:
        if find(fields, one) is None:
            yield Finding(
                "FIELD_MISSING",
                schema.place,
                f"there is no field with the id {one!r}, or this account may not see it",
                "Run `okrsync check` to see the fields there are, and change the binding",
                Severity.ERROR,
            )


def points_unknown(schema: Schema, words: Iterable[str]) -> Iterator[Finding]:
    """Configured story point fields that do not exist."""
    for word in words:
        yield Finding(
            "POINTS_UNKNOWN",
            schema.place,
            f"no field is called {word!r}; children have no points from it",
            "Correct `points` of the collection's source",
        )


def points_differ(children: Iterable[Issue], points: Sequence[str]) -> Iterator[Finding]:
    """Children with two estimates: one counts, and nothing may be added up."""
    for issue in children:
        different = decode.estimates(issue.get("fields") or {}, points)
        if len(different) > 1:
            yield Finding(
                "POINTS_DIFFER",
                f"Jira › {issue.get('key')}",
                f"its story point fields differ: {' and '.join(map(plain, different))}; the first counts",
                "Empty one of the fields, or name the right one in `points` of the collection's source",
            )


def parents_gone(dead: Iterable[str]) -> Iterator[Finding]:
    """Issues that disappeared between the two walks of one pull."""
    for one in dead:
        yield Finding(
            "PARENT_GONE",
            f"Jira › {one}",
            "the issue disappeared while its children were read",
            "Nothing to do; the next run looks again",
            Severity.INFO,
        )
