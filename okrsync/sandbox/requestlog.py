"""What was asked of the imitated services: counts and sizes, never headers, tokens or contents.

Arrives: one entry per request from the front of each service. Leaves: the entries and their totals, which
tests and the demo use to say how many reads and writes a run cost. Queries are left out of the path on
purpose, since credentials can travel there.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

Kind = Literal["read", "write"]

READING_POSTS = (
    # Jira Cloud: searches and bulk reads are POST because their id lists do not fit an address
    "*/search/jql",
    "*/issue/bulkfetch",
    "*/changelog/bulkfetch",
    "*/search/approximate-count",
    "*/rest/api/2/search",
    # Notion: queries carry their filter in a body
    "/v1/data_sources/*/query",
    "/v1/databases/*/query",
    "/v1/search",
    # Google: reads by data filter, and the exchange of a signed assertion for an access token
    "*:batchGetByDataFilter",
    "*:getByDataFilter",
    "*/token",
)


@dataclass(frozen=True)
class Entry:
    """One request as the front saw it; `status` is 0 when the caller got no answer."""

    number: int
    at: str
    service: str
    method: str
    path: str
    status: int
    bytes_in: int
    bytes_out: int
    kind: Kind
    faults: tuple[str, ...] = ()


def kind_of(method: str, path: str) -> Kind:
    """Whether a request asks or changes."""
    if method in ("GET", "HEAD", "OPTIONS"):
        return "read"
    reading = method == "POST" and any(fnmatchcase(path, glob) for glob in READING_POSTS)
    return "read" if reading else "write"


class RequestLog:
    """The entries since the last clearing, oldest first."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._numbered = 0

    def add(self, **seen: Any) -> Entry:
        """Keep one request; its number is given here and its kind follows from method and path."""
        self._numbered += 1
        entry = Entry(number=self._numbered, kind=kind_of(seen["method"], seen["path"]), **seen)
        self._entries.append(entry)
        return entry

    def clear(self) -> None:
        """Forget all entries; numbering goes on."""
        self._entries.clear()

    def entries(self, service: str | None = None, kind: Kind | None = None) -> list[Entry]:
        """The entries of one service, of one kind, or all."""
        return [e for e in self._entries if service in (None, e.service) and kind in (None, e.kind)]

    def count(self, service: str | None = None, kind: Kind | None = None) -> int:
        """How many requests of a service and kind were seen."""
        return len(self.entries(service, kind))

    def counts(self) -> dict[str, dict[str, int]]:
        """Per service: requests, reads, writes, bytes_in, bytes_out."""
        totals: dict[str, dict[str, int]] = {}
        for entry in self._entries:
            row = totals.setdefault(
                entry.service, {"requests": 0, "reads": 0, "writes": 0, "bytes_in": 0, "bytes_out": 0}
            )
            row["requests"] += 1
            row["reads" if entry.kind == "read" else "writes"] += 1
            row["bytes_in"] += entry.bytes_in
            row["bytes_out"] += entry.bytes_out
        return totals

    def as_json(self) -> dict[str, Any]:
        """Entries and totals for the admin port."""
        return {"entries": [asdict(e) for e in self._entries], "counts": self.counts()}
