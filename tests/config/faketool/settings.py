"""Settings of the test service."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator


class Connection(BaseModel):
    """An account."""

    model_config = ConfigDict(extra="forbid")
    token: SecretStr

    @field_validator("token")
    @classmethod
    def _careless(cls, token: SecretStr) -> SecretStr:
        """Shows what it refuses, as no connector should."""
        if "bad" in token.get_secret_value():
            raise ValueError(f"{token.get_secret_value()} is refused")
        return token


class Source(BaseModel):
    """A list of records."""

    model_config = ConfigDict(extra="forbid")
    list: str
