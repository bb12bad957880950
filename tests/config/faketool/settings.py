"""Settings of the test service."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, SecretStr


class Connection(BaseModel):
    """An account."""

    model_config = ConfigDict(extra="forbid")
    token: SecretStr


class Source(BaseModel):
    """A list of records."""

    model_config = ConfigDict(extra="forbid")
    list: str
