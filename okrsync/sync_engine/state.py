"""The engine's memory as plain values: what the store holds, loaded once per run.

Refresh, merge and plan work on this snapshot; only `store` and its repositories touch the database.
Rows are frozen so that a plan made from a snapshot cannot change it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from okrsync.okr.model import FIELDS, Kind
from okrsync.okr.values import Seen, Value
from okrsync.sync_engine.merge import Agreed


class LinkState(StrEnum):
    """Where a record is in its life with us."""

    PENDING = "pending"
    """It is to be created, or nobody knows yet whether it was."""
    LINKED = "linked"
    MISSING = "missing"
    GONE = "gone"
    QUARANTINED = "quarantined"
    """Created twice: this is the second one, which takes no part until a person has decided."""


NEVER = ""
"""`Link.seen_run` of a record that okrsync created and no listing has shown yet."""
CHECKED_IN = "check-in by "
"""What the origin of a value begins with that somebody stated by command; their name follows."""
LIVE = (LinkState.LINKED, LinkState.MISSING)
"""States of records that take part."""


@dataclass(frozen=True)
class EntityRow:
    """An entity's identity."""

    id: str
    kind: Kind
    key: str | None


@dataclass(frozen=True)
class Link:
    """One entity's record in one collection."""

    id: str
    entity: str
    collection: str
    connection: str
    native_id: str
    title: str
    place: str
    url: str | None
    state: LinkState
    missing_run: str | None = None
    seen_run: str = ""
    edited_at: str | None = None
    """When and by whom the record was last edited, where the tool says; for people, never for decisions."""
    edited_by: str | None = None


@dataclass(frozen=True)
class Observed:
    """The latest look at one field of one record."""

    seen: Seen
    place: str
    at: str
    locked: str | None = None


@dataclass(frozen=True)
class Base:
    """What one side showed at the last agreement; see `merge.Side`."""

    shown: Value
    agreed: Agreed


@dataclass(frozen=True)
class Canonical:
    """One agreed (or derived) value of the model and where it came from."""

    value: Value
    origin: str
    at: str

    @property
    def by(self) -> str:
        """Who stated it by command; empty for what was read from a tool."""
        return self.origin.removeprefix(CHECKED_IN) if self.origin.startswith(CHECKED_IN) else ""


@dataclass(frozen=True)
class OpenConflict:
    """A conflict that waits for a person, or whose resolution waits for the next run."""

    id: str
    entity: str
    field: str
    sides: Mapping[str, Value]
    opened_at: str
    resolution: Value | None = None
    resolved: bool = False
    by: str | None = None


@dataclass(frozen=True)
class CollectionState:
    """What a collection was when it was last read."""

    name: str
    account: str
    scope: str
    bindings: Mapping[str, str]
    applied_run: str | None
    complete_run: str | None
    cursor: str | None
    schema: str | None = None
    whole_at: str | None = None


LinkField = tuple[str, str]
EntityField = tuple[str, str]


@dataclass
class State:
    """The whole workspace, in memory."""

    lineage: str
    serial: int
    entities: dict[str, EntityRow] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    observed: dict[LinkField, Observed] = field(default_factory=dict)
    base: dict[LinkField, Base] = field(default_factory=dict)
    canonical: dict[EntityField, Canonical] = field(default_factory=dict)
    conflicts: dict[EntityField, OpenConflict] = field(default_factory=dict)
    collections: dict[str, CollectionState] = field(default_factory=dict)
    unsettled: set[LinkField] = field(default_factory=set)
    """Fields whose last write is not confirmed, or whose record cannot be found now: nothing is concluded
    from them (I9, I18)."""
    awaiting: set[str] = field(default_factory=set)
    """Links of records whose creation is not confirmed: none is created for them (I18)."""
    buried: set[tuple[str, str]] = field(default_factory=set)
    """Collection and entity of every record once accepted as gone (I4)."""

    def links_by_entity(self) -> Mapping[str, tuple[Link, ...]]:
        """Every entity's links, in a stable order."""
        found: dict[str, list[Link]] = defaultdict(list)
        for link in sorted(self.links.values(), key=lambda link: (link.collection, link.id)):
            found[link.entity].append(link)
        return {entity: tuple(links) for entity, links in found.items()}

    def forget_base(self, link: str) -> None:
        """Nothing was ever agreed with this record: its next look is a first contact."""
        self.base = {key: held for key, held in self.base.items() if key[0] != link}

    def canonical_inputs(self) -> dict[EntityField, Canonical]:
        """The agreed values people set, without what okrsync computed (I15)."""
        return {
            (entity, name): held
            for (entity, name), held in self.canonical.items()
            if not FIELDS[self.entities[entity].kind][name].derived
        }


class Directory:
    """Who is who: entities by key and by record, both ways. The mappings' resolver."""

    def __init__(self, entities: Iterable[EntityRow], links: Iterable[Link]) -> None:
        self._entities = {entity.id: entity for entity in entities}
        self._by_key = {(e.kind, e.key): e.id for e in self._entities.values() if e.key is not None}
        self._by_record: dict[tuple[str, str], str] = {}
        self._native: dict[tuple[str, str], str] = {}
        for link in links:
            if link.state in LIVE:
                self.add(link)

    def add(self, link: Link) -> None:
        """Take in a record that has come to be."""
        self._by_record[link.connection, link.native_id] = link.entity
        self._native[link.entity, link.connection] = link.native_id

    def entity_of(self, connection: str, native_id: str) -> str | None:
        """The entity a record of a connection belongs to."""
        return self._by_record.get((connection, native_id))

    def by_key(self, kinds: tuple[Kind, ...], key: str) -> str | None:
        """The entity of one of the kinds that people call `key`."""
        return next((found for kind in kinds if (found := self._by_key.get((kind, key))) is not None), None)

    def native_of(self, entity_id: str, connection: str) -> str | None:
        """The record an entity has at a connection."""
        return self._native.get((entity_id, connection))

    def key_of(self, entity_id: str) -> str | None:
        """What people call an entity."""
        entity = self._entities.get(entity_id)
        return entity.key if entity else None
