"""The fewest requests a job can cost, by what the services document.

Arrives: how much there is, what changed since the last look, what is to be written. Leaves: for each service
a number with the sum it comes from. Only what the services' own interfaces allow is counted in: their page
sizes, and that neither Jira nor Notion can set different values on several records in one request. okrsync's
care (looking again before a write, finding out what is gone) is not, so it shows as a ratio above 1.

The page sizes: Jira Cloud gives at most 100 issues per page of `search/jql` once ordinary fields are asked
for. Notion gives at most 100 rows per page of a query. Google Sheets gives any number of tabs in one
`spreadsheets.get` and takes any number of cells in one `spreadsheets.batchUpdate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.requests.world import PAGE, Size

NOTION = ("objectives", "key_results")
"""The collections that are data sources, as the admin's file calls them."""


@dataclass(frozen=True)
class Least:
    """A sum: how many requests, and what each part of it is for."""

    parts: tuple[tuple[int, str], ...]

    @property
    def requests(self) -> int:
        """The fewest requests."""
        return sum(count for count, _ in self.parts)

    @property
    def formula(self) -> str:
        """The sum in words.

        >>> Least(((1, "token"), (0, "write"), (2, "reads"))).formula
        '1 token + 2 reads'
        """
        return " + ".join(f"{count} {what}" for count, what in self.parts if count != 0)


def pages(records: int, page: int = PAGE) -> int:
    """Pages a list takes; one even when it is empty, for only its answer says so.

    >>> [pages(0), pages(100), pages(101)]
    [1, 1, 2]
    """
    return max(1, -(-records // page))


def first_pull(size: Size) -> dict[str, Least]:
    """Everything is read for the first time, and nothing is known yet."""
    return {
        "jira": Least(
            (
                (1, "who-am-I"),  # Jira answers strangers too, with less
                (2, "fields and issue types"),  # one list each
                (pages(size.epics, size.jira_page), "pages of epics"),
                (
                    pages(size.children, size.jira_page),
                    "pages of children",
                ),  # the type tells nothing of the parent
            )
        ),
        "notion": Least(
            (
                (2, "schemas"),  # a query names its columns by id
                (pages(size.objectives) + pages(size.key_results), "pages of rows"),
            )
        ),
        "sheets": Least(((1, "token"), (1, "read"))),
    }


def later_run(changed: Mapping[str, int], written: Mapping[str, int], size: Size) -> dict[str, Least]:
    """Every run that knows an earlier one.

    Args:
        changed: records that changed since the last look, okrsync's own writes among them, by collection.
        written: records to write, by collection.
        size: only for the size of Jira's pages.
    """
    delta = sum(pages(changed.get(name, 0)) for name in NOTION)
    schemas = sum(1 for name in NOTION if written.get(name, 0) > 0)
    rows = sum(written.get(name, 0) for name in NOTION)
    epics, cells = written.get("epics", 0), written.get("metrics", 0)
    return {
        "jira": Least(
            (
                (1, "who-am-I"),
                (pages(changed.get("epics", 0), size.jira_page), "pages of changes"),
                (2 if epics > 0 else 0, "fields and issue types"),  # read before anything is written
                (epics, "edits"),  # a bulk edit gives all its issues the same value
            )
        ),
        "notion": Least(
            (
                (delta, "pages of changes"),
                (schemas, "schemas"),  # read before anything is written
                (rows, "updates"),  # one page per request
            )
        ),
        "sheets": Least(
            (
                (1, "token"),
                (1, "read"),  # Sheets cannot tell what changed, and one read shows the whole tab
                (1 if cells > 0 else 0, "write"),
            )
        ),
    }
