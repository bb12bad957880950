"""The port: everything the engine may ask of a service, and nothing else.

A connector turns a service's records into neutral `Record`s and sends `Patch`es back. It knows the
service's protocol and traps; it knows nothing of OKRs, of mappings or of merge. Abilities beyond the
required calls are declared as data in `Features`, never discovered by trying.

Contract, for every implementation:

- Nothing is written except by `write` and `create`, and only the cells they name.
- `pull` says `complete=True` only when every page was read and nothing was cut; a cut or unreadable
  cell is `Unreadable`, never `None` and never a shortened value.
- `fetch` is a fresh, strongly consistent look at known records. An id it does not return is "gone or
  hidden"; that is not a deletion.
- `create`, where declared, makes at most one record per call and never repeats itself after a lost answer:
  that is `OutcomeUnknown`, and `marked` finds out.
- `write` answers each patch with what the service shows afterwards, read from the answer or by a fresh
  look. A failed patch does not stop the others.
- Errors are those of `connectors.errors`. A library's own exception never leaves a connector.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

from okrsync.connectors.errors import ConnectorError, Rejected
from okrsync.okr.findings import Finding
from okrsync.okr.values import Unreadable

Native: TypeAlias = str | Decimal | bool | date | datetime | tuple[str, ...] | Unreadable | None
"""A value as the service means it, without its wire format: text, number (a percent-formatted 42 % is
0.42), truth, day, moment (aware), or a tuple of ids/labels/e-mails for relations, people and labels."""


@dataclass(frozen=True)
class Cell:
    """One native field of one record, with the place a person would look at."""

    value: Native
    place: str
    locked: str | None = None
    """Why this cell must not be written (a formula, a protected range), `None` when it may."""


@dataclass(frozen=True)
class Record:
    """One item as the service holds it. `native_id` never changes; everything else may."""

    native_id: str
    title: str
    place: str
    cells: Mapping[str, Cell]
    """By native field id."""
    key: str | None = None
    """What people call it, where the service itself gives every record such a key (Jira's ACME-12)."""
    url: str | None = None
    edited_at: datetime | None = None
    edited_by: str | None = None
    parent: str | None = None
    """For a child record: the native id of its parent."""
    marker: str | None = None
    """The `Marker.id` it was created with, where the service keeps one beside the key."""
    locator: Any = None
    """Private to the connector: where a fresh look found it (a sheet's row). Never stored."""


@dataclass(frozen=True)
class Option:
    """One value a native choice field offers."""

    id: str
    name: str


@dataclass(frozen=True)
class NativeField:
    """One column, property or field as the service describes it."""

    id: str
    name: str
    type: str
    """text, number, percent, date, moment, bool, choice, labels, people, relation, computed, property."""
    writable: bool
    options: tuple[Option, ...] = ()
    why_not: str = ""
    """Why it is not writable."""
    only_text: bool = False
    """A text field that takes no number, only digits as the mapping's locale spells them. A cell of a sheet
    takes both."""
    silent: bool = False
    """Its value may change without the record counting as edited, so that a look since a cursor misses it."""


@dataclass(frozen=True)
class Schema:
    """The fields a collection offers now, and where a person finds it."""

    place: str
    fields: tuple[NativeField, ...]
    url: str | None = None


@dataclass(frozen=True)
class Pull:
    """One look at a whole collection, or at what changed since `cursor`."""

    records: tuple[Record, ...]
    children: tuple[Record, ...] = ()
    """Records one level below, with `parent` set; only counted, never written."""
    complete: bool = False
    """Every record in scope was seen: absence from `records` may count as one sighting of absence (I6)."""
    cursor: str | None = None
    """Where the next incremental look starts; already set back by the service's look-back (I20)."""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Patch:
    """What to change on one record, as a fresh `fetch` or `pull` showed it."""

    record: Record
    cells: Mapping[str, Native]
    """By native field id; only these are touched."""


@dataclass(frozen=True)
class Marker:
    """By what a record that okrsync creates is found again when the answer is lost."""

    key: str
    """What people call it."""
    id: str
    """The same for every attempt to create this record here; no other record ever has it."""
    field: str | None = None
    """The native field people see the key in; `None` where the service gives the keys."""


@dataclass(frozen=True)
class Written:
    """What became of one patch, or of one record to create."""

    native_id: str
    cells: Mapping[str, Cell] = field(default_factory=dict)
    """The patched cells (and others, where free) as the service shows them afterwards."""
    error: ConnectorError | None = None
    refused: Rejected | None = None
    """What the service would not take although it took the rest; `Rejected.fields` names those fields."""
    answer: str = ""
    """The evidence kept for audit (I24): status and the service's request id; never content or secrets."""


@dataclass(frozen=True)
class Account:
    """Whom the service takes us for."""

    id: str
    """Changes whenever native ids may mean other records: a link is good for one account only (I25)."""
    name: str
    detail: str = ""


@dataclass(frozen=True)
class Features:
    """What this connector can do beyond the required calls. Declared, exercised by the contract suite."""

    incremental: bool = False
    """`pull` honours `cursor`."""
    children: bool = False
    """`pull` yields child records."""
    patch_batch: int = 1
    """How many patches one `write` request may carry."""
    moves_ids: bool = False
    """Human keys may change while `native_id` stays."""
    results_fields: bool = False
    """Derived values live in a place of their own (`results:NAME`) that people's edits cannot misplace."""
    lookup_fields: bool = False
    """`lookup:COLUMN` shows a results field inside people's own table."""
    property_fields: bool = False
    """`property:NAME` keeps a machine-readable value on the record, invisible to people."""
    listing_may_lag: bool = False
    """`pull` may show a record as it was some time ago; `fetch` never does."""
    creates: bool = False
    """It has `create` and `marked`."""
    visibility_grace: float = 0
    """Seconds after which a created record that `marked` does not show was never created."""
    reads_together: bool = False
    """It has `expect`: several collections of one place come with one request."""
    answers_anonymous: bool = False
    """It also answers callers whose credentials have expired, with less: every run proves identity first."""


class Connector(Protocol):
    """One account at one service. One instance per connection; safe to use from one thread at a time."""

    features: Features
    kind: str

    def account(self) -> Account:
        """Prove the credentials and say whose they are. Raises AuthFailed, Transient."""
        ...

    def schema(self, source: Any) -> Schema:
        """The collection's fields now. Raises NotFound (not shared or wrong id), Forbidden, AuthFailed."""
        ...

    def pull(self, source: Any, schema: Schema, want: Sequence[str], cursor: str | None = None) -> Pull:
        """All records (or those changed since `cursor`) with the cells of `want` (native field ids).

        Ids of `want` that the service no longer has become findings, not exceptions.
        """
        ...

    def fetch(
        self, source: Any, schema: Schema, ids: Sequence[str], want: Sequence[str]
    ) -> Mapping[str, Record]:
        """A fresh look at these records, by native id; ids that are gone or hidden are left out."""
        ...

    def write(self, source: Any, schema: Schema, patches: Sequence[Patch]) -> tuple[Written, ...]:
        """Send each patch once, in order, and read back. A patch that fails says so in `Written.error`."""
        ...

    def create(self, source: Any, schema: Schema, cells: Mapping[str, Native], marker: Marker) -> Written:
        """Make one record that bears the marker; only with `Features.creates`.

        Cells are by native field id; `marker.field` gets the key. Answers the new native id with what the
        service shows in the cells, as far as it could be read back. With an error the native id means
        nothing; where nobody knows whether the record was made, that is `OutcomeUnknown`.
        """
        ...

    def marked(self, source: Any, schema: Schema, marker: Marker) -> tuple[Record, ...]:
        """The records that bear the marker, oldest first, by the most consistent look the service has.

        Only with `Features.creates`. Their cells may be left out.
        """
        ...

    def requests(self) -> Mapping[str, int]:
        """How many requests were sent so far, by what for: `read`, `write`, `auth`."""
        ...

    def close(self) -> None:
        """Release sockets. Safe to call twice."""
        ...


class ReadsTogether(Protocol):
    """What a connector with `Features.reads_together` has beside the rest of the port."""

    def expect(self, sources: Sequence[Any]) -> None:
        """The collections this run will look at. Sends nothing; only tells what one request may serve."""
        ...
