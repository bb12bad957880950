"""The admin's file as typed, frozen settings: what every command and the engine work with.

What arrives: the parts `load` has checked. What leaves: one `Settings`. Secrets are inside the
connections' models as SecretStr and in `store`; no repr shows them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema, model_validator

from okrsync.config.shape import Shape, Text
from okrsync.connectors.base import Connector
from okrsync.connectors.registry import KINDS
from okrsync.mappings.collection import CollectionMapping
from okrsync.mappings.rules import Rule
from okrsync.okr.findings import Finding
from okrsync.okr.lint import Acknowledgement, Profile
from okrsync.okr.lint.profiles import DEFAULT
from okrsync.okr.method import Method
from okrsync.okr.model import Kind

_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)\s?%", re.ASCII)


def _share(value: Any) -> Any:
    """`10%` as 0.1. A bare number is refused: 10 could mean ten records."""
    found = _PERCENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("must be a percentage such as 10%")
    return Decimal(found.group(1)) / 100


Share = Annotated[
    Decimal,
    BeforeValidator(_share),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,3}(\.\d{1,4})?\s?%$", "default": "10%"}),
]


_SPAN = re.compile(r"(\d{1,4})\s?(m|h|d)", re.ASCII)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def _span(value: Any) -> Any:
    """`12h` as a time span. A bare number is refused: it could mean seconds or days."""
    found = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("must be a time span such as 30m, 12h or 7d")
    return timedelta(**{_UNITS[found.group(2)]: int(found.group(1))})


Span = Annotated[
    timedelta,
    BeforeValidator(_span),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,4}\s?[mhd]$", "default": "1d"}),
]


class CustomCycle(Shape):
    """A cycle with dates of its own."""

    name: Text
    starts: date
    ends: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends < self.starts:
            raise ValueError("the cycle ends before it starts")
        return self


class Cycles(Shape):
    """The rhythm objectives are set in (S10..S16)."""

    rhythm: Literal["quarter", "half", "year"] = Field(
        "quarter", description="How long an ordinary cycle is."
    )
    strategic: Literal["half", "year"] = Field("year", description="How long a strategic cycle is.")
    fiscal_start: int = Field(1, ge=1, le=12, description="The month the fiscal year begins with.")
    check_in_days: int = Field(7, ge=1, description="Days between two check-ins (S13).")
    team_days: dict[Text, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict, description="Teams with a rhythm of their own, in days."
    )
    grace_days: int = Field(14, ge=0, description="Days after a cycle in which late values count (S18).")
    custom: tuple[CustomCycle, ...] = Field((), description="Cycles with dates of their own.")


class Policies(Shape):
    """What okrsync does by itself, and where it stops and asks."""

    first_run: Literal["plan_only", "apply"] = Field(
        "plan_only", description="Whether the first run of a workspace may write."
    )
    max_changes: int = Field(200, ge=1, description="More planned writes than this stop the run (I7).")
    max_creates: int = Field(20, ge=0, description="More records to create than this stop the run (I7).")
    max_missing: Share = Field(
        Decimal("0.1"), gt=0, le=1, description="A larger share of records gone at once stops the run (I7)."
    )
    whole_look: Span = Field(
        timedelta(days=1), description="How often everything is read again; between, only what changed."
    )
    conflicts: Literal["ask"] = Field("ask", description="What happens to two different edits of one field.")


@dataclass(frozen=True)
class ConnectionSettings:
    """One account: its name in the file, the kind of service, and the connector's own settings model."""

    name: str
    kind: str
    model: BaseModel


@dataclass(frozen=True)
class Hygiene:
    """Which rules of good OKRs hold, and the findings people have accepted."""

    profile: Profile = DEFAULT
    accepted: tuple[Acknowledgement, ...] = ()


@dataclass(frozen=True)
class Digests:
    """How many days a digest looks back, and where it is sent: addresses, most of them secrets."""

    days: int = 7
    notify: tuple[str, ...] = field(default=(), repr=False)
    teams: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def addresses(self, team: str) -> tuple[str, ...]:
        """Where a team's page goes."""
        return self.teams.get(team, self.notify)


@dataclass(frozen=True)
class Settings:
    """One workspace."""

    path: Path
    version: int
    workspace: str
    store: str = field(repr=False)
    """A database address; may hold a password. SQLite files are absolute."""
    timezone: ZoneInfo
    cycles: Cycles
    connections: Mapping[str, ConnectionSettings]
    collections: tuple[CollectionMapping, ...]
    policies: Policies
    method: Method
    """The OKR method's settings, its calendar made from `cycles`."""
    rules: Mapping[tuple[Kind, str], Rule]
    warnings: tuple[Finding, ...] = ()
    hygiene: Hygiene = Hygiene()
    digests: Digests = field(default_factory=Digests)

    def rule(self, kind: Kind, field_name: str) -> Rule:
        """The merge rule of one field; asking is the default."""
        return self.rules.get((kind, field_name), Rule())

    def collection(self, name: str) -> CollectionMapping:
        """A collection by name. Raises KeyError."""
        return {collection.name: collection for collection in self.collections}[name]

    def open(self, name: str) -> Connector:
        """Open a connection by name; sends nothing yet. Raises KeyError."""
        connection = self.connections[name]
        return KINDS[connection.kind].open(name, connection.model)
