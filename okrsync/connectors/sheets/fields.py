"""The three kinds of native field id a sheet has, told apart by their spelling.

- `current effort`: a people's column, by its header's normalised text;
- `results:NAME`: a column of okrsync's own tab;
- `lookup:COLUMN=NAME`: people's COLUMN showing NAME by a formula; its value is `SHOWN` where that is so.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from okrsync.connectors.sheets.decode import fold_space

RESULTS = "results:"
LOOKUP = "lookup:"
SHOWN = "shown"
BROKEN = "broken"


def header_id(text: str) -> str:
    """A header's identity: NFKC, trimmed, inner white space collapsed, case-folded.

    Full-width letters and ligatures are the same header to the eye; keys, which are data, stay as typed.
    """
    return fold_space(unicodedata.normalize("NFKC", text)).casefold()


@dataclass(frozen=True)
class Lookup:
    """People's column `column` (a header id) shows the results column `name`."""

    column: str
    name: str


def result_name(field_id: str) -> str | None:
    """The NAME of `results:NAME`, `None` for any other id."""
    return field_id.removeprefix(RESULTS) if field_id.startswith(RESULTS) else None


def lookup(field_id: str) -> Lookup | None:
    """The parts of `lookup:COLUMN=NAME`, `None` for any other id. Names hold no `=`, headers may."""
    if not field_id.startswith(LOOKUP):
        return None
    column, _, name = field_id.removeprefix(LOOKUP).rpartition("=")
    return Lookup(header_id(column), name)


def is_plain(field_id: str) -> bool:
    """Whether the id names a people's column."""
    return not field_id.startswith((RESULTS, LOOKUP))
