"""The plan as plain data: everything a run would do, to be printed, saved, compared and applied.

What arrives: the parts that `planning` and `creation` make. What leaves: a `Plan`; nothing is written
anywhere except through one (I23). It holds local effects (values adopted into the model, agreements noted,
conflicts opened) and remote ones (at most one patch per record, I14). Separate from how it is made, because
whoever reads, saves or applies a plan needs only this.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from okrsync.okr.findings import Finding
from okrsync.okr.values import Value
from okrsync.sync_engine.merge import ABSENT, Agreed

DERIVED = "derived"
"""The origin of values okrsync computed."""


@dataclass(frozen=True)
class Change:
    """One field of one record, before and after."""

    slot: str
    """The field, or the special native id (`results:score`) where several bindings share a field."""
    field: str
    native: str
    name: str
    """What people call the native field."""
    before: Value
    after: Value
    """The value as that record will show it."""
    value: Value
    """The canonical value it stands for."""
    place: str
    reason: str
    human: bool
    """People may edit this field too: it is read again just before the write (I3)."""
    reopens: Agreed = ABSENT
    """For an undo that puts back an edit which was then still open: what had been agreed before it."""


@dataclass(frozen=True)
class Op:
    """One patch of one record, or one record to create."""

    link: str
    entity: str
    collection: str
    connection: str
    native_id: str
    title: str
    place: str
    url: str | None
    changes: tuple[Change, ...]
    action: Literal["patch", "create"] = "patch"
    reason: str = ""
    """Why a record is created; each change has a reason of its own."""

    @property
    def creates(self) -> bool:
        """Whether there is no record yet; `link` and `native_id` only reserve it then."""
        return self.action == "create"


@dataclass(frozen=True)
class Adoption:
    """A value that enters the model."""

    entity: str
    field: str
    before: Agreed
    after: Value
    origin: str
    at: str
    title: str
    place: str
    """Where it came from."""
    superseded: Mapping[str, Value] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Settlement:
    """What a side shows, noted as agreed; `agreed` is absent when its edit lost and a write is to follow."""

    link: str
    slot: str
    shown: Value
    agreed: Agreed


@dataclass(frozen=True)
class Dispute:
    """A conflict to open (or to bring up to date): every value, by link (or `okrsync`)."""

    entity: str
    field: str
    title: str
    standing: Agreed
    sides: Mapping[str, Value]
    places: Mapping[str, str]


@dataclass(frozen=True)
class Gone:
    """A record that is not there any more, like too many others. It is let go only where a person applies
    the saved plan that names it."""

    link: str
    collection: str
    native_id: str
    title: str
    place: str


@dataclass(frozen=True)
class Plan:
    """Everything one run would do."""

    lineage: str
    serial: int
    today: str
    adoptions: tuple[Adoption, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    closed: tuple[str, ...] = ()
    """Conflicts that are no more, by id."""
    derived: tuple[tuple[str, str, Value], ...] = ()
    """Computed values that differ from the stored ones: entity, field, value."""
    ops: tuple[Op, ...] = ()
    findings: tuple[Finding, ...] = ()
    gone: tuple[Gone, ...] = ()

    @property
    def changes(self) -> int:
        """How many remote fields it would write."""
        return sum(len(op.changes) for op in self.ops)
