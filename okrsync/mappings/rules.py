"""How edits of one canonical field are merged: the rule an admin writes, as plain data.

What arrives: the options of a field's bindings in the admin's file. What leaves: one `Rule` per field of
an entity kind, which the merge obeys. Separate because the merge needs the rule and nothing else of the
mappings.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class OnConflict(StrEnum):
    """What to do when two sides were edited differently since the last agreement."""

    ASK = "ask"
    """Keep both, write nothing on that field, open a conflict."""
    PREFER = "prefer"
    """The preferred collection wins; the other value stays in the audit."""
    SET = "set"
    """Element-wise: additions and removals of both sides are kept. Sets only."""
    MAX = "max"
    """The larger number or later day wins."""


class OnDrift(StrEnum):
    """What to do when a value that this side does not own was edited there."""

    REVERT = "revert"
    REPORT = "report"


@dataclass(frozen=True)
class Rule:
    """The merge rule of one canonical field of one entity kind. Names are collections of the file."""

    on_conflict: OnConflict = OnConflict.ASK
    prefer: str | None = None
    """With `PREFER`: the collection whose value wins."""
    owner: str | None = None
    """Only this collection's edits enter the model; edits elsewhere are drift (I8)."""
