"""The people of a company: who the seed names, with addresses made from their names.

Arrives: an owner as the seed writes it. Leaves: an e-mail address, the same in Notion and in Jira, by which
a person of both tools is one. Owners the seed leaves out are never made up.
"""

from __future__ import annotations

import re

from okrsync.sandbox.world.companies import Company

_SURNAME = re.compile(r"\bM[rs]+\. (?P<name>\w+)$")


def address(owner: str, company: Company) -> str:
    """`CMO Mr. Smith` of ACME is smith@acme.example, `HR Manager` is hr.manager@acme.example."""
    surname = _SURNAME.search(owner)
    name = surname["name"] if surname else ".".join(re.findall(r"\w+", owner))
    return f"{name.lower()}@{company.slug}.example"
