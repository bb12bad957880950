"""Which companies there are, and what follows from their names.

Arrives: nothing. Leaves: names, slugs, and what a company's things are called in each tool. Separate from
the seed, which is slow to read, so that the command line can offer the names without reading it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Company:
    """One company of the sandbox. `text` is the number of the text its OKRs were taken from."""

    name: str
    text: str
    project: str
    """Its project key in Jira."""

    @property
    def slug(self) -> str:
        """Its name in commands, files and addresses."""
        return self.name.lower()

    @property
    def other_project(self) -> str:
        """A second Jira project, to which one child of an epic has moved."""
        return f"{self.project}OPS"

    @property
    def database(self) -> str:
        """The title of its database in Notion."""
        return f"{self.name} OKRs"

    @property
    def spreadsheet(self) -> str:
        """The title of its spreadsheet."""
        return f"{self.name} metrics"


COMPANIES = (
    Company("ACME", "002", "ACME"),
    Company("Rising", "000", "RISE"),
    Company("Freelance", "001", "FREE"),
    Company("Shopline", "003", "SHOP"),
    Company("Meshworks", "004", "MESH"),
)


def company(name: str) -> Company:
    """A company by its name or slug. Raises KeyError naming the known ones."""
    found = [each for each in COMPANIES if name.lower() == each.slug]
    if not found:
        raise KeyError(f"no company {name!r}; there are {', '.join(each.slug for each in COMPANIES)}")
    return found[0]
