"""One native field tied to one canonical field, as the admin wrote it.

What arrives: a checked entry of the file (config makes these). What leaves: plain data that `bound` joins
with a live schema. A binding keeps the place it was written at, so that a message about a column that
vanished months later still names the line to change.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from okrsync.mappings.rules import OnDrift
from okrsync.okr.model import FieldSpec
from okrsync.okr.values import Value

NOT_YET_TEXTS = ("n/a", "N/A", "not yet")
"""What people write where there is nothing to measure yet (S50)."""

RESULTS = "results:"
LOOKUP = "lookup:"
PROPERTY = "property:"
BROKEN = "broken"
"""What a look-up column's cell reads as when its formula is ours and its tab was deleted: mended unasked."""


@dataclass(frozen=True, order=True)
class Place:
    """A line and a column of the admin's file, both counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Binding:
    """How one canonical field is read from and written to one native field."""

    collection: str
    field: str
    """The canonical field's name."""
    spec: FieldSpec
    """Its specification; `refers_to` is narrowed to the kinds the admin's `link` names."""
    native: str
    """The native field's name or id, or `results:NAME`, `lookup:COLUMN=NAME`, `property:okrsync.NAME`."""
    reads: bool
    """Edits made there may change the model."""
    writes: bool
    """okrsync may write there."""
    place: Place
    values: Mapping[str, str] = dataclasses.field(default_factory=dict, hash=False)
    """Canonical choice to the native text that means it."""
    pattern: str | None = None
    """For references: a regular expression whose group `key` is the key referred to."""
    scale: Decimal = Decimal(1)
    """native = canonical * scale: 100 for a column that holds 42 where the model holds 0.42."""
    not_yet: tuple[str, ...] = NOT_YET_TEXTS
    locale: str | None = None
    """How numbers typed as text are spelled, such as `de_DE`; without it they are never guessed."""
    on_drift: OnDrift = OnDrift.REVERT
    constant: Value | None = None
    """What the cell must always show, whatever the field's value: the `shown` of a lookup column."""

    @property
    def special(self) -> bool:
        """Whether the native field is okrsync's own, which no schema has to list."""
        return self.native.startswith((RESULTS, LOOKUP, PROPERTY))
