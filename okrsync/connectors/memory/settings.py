"""What the admin's file may say about a memory connection; used by tests and examples only."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Connection(BaseModel):
    """`connections.NAME` of kind memory."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["memory"] = "memory"


class Source(BaseModel):
    """`collections.NAME.source` at a memory connection."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str = Field(description="the table's name")
