"""What an admin writes about Notion: a connection, and the rows a collection means.

Arrives from the admin's file as plain data with secrets already filled in; leaves as checked settings.
Cheap to import: no client library is loaded here, so that the file can be checked without one.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from okrsync.connectors.notion.ids import id_in_address, object_id

GIVES_KEYS = False
"""It makes records; their keys are okrsync's."""


class Connection(BaseModel):
    """One internal connection of one Notion workspace."""

    # an error about the token must not print it
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    kind: Literal["notion"] = Field(default="notion", description="Always `notion`.")
    token: SecretStr = Field(description="The connection's secret from Notion's developer portal.")
    api_url: str = Field(
        default="https://api.notion.com",
        description="Where the API answers; a sandbox or proxy may stand in. Without `/v1`.",
    )
    requests_per_minute: int = Field(
        default=180,
        ge=1,
        le=6000,
        description="Notion allows 180 in any 60 seconds, 600 on Business and Enterprise plans.",
    )
    timeout: float = Field(
        default=65.0,
        gt=0,
        le=600,
        description="Seconds to wait for an answer. Notion gives up after 60; below that outcomes get lost.",
    )

    @field_validator("token")
    @classmethod
    def _sendable(cls, token: SecretStr) -> SecretStr:
        text = token.get_secret_value().strip()
        if not text:
            raise ValueError("the token is empty; set the environment variable it comes from")
        if not (text.isascii() and text.isprintable() and " " not in text):
            raise ValueError("the token holds blanks or characters that no Notion token has; copy it again")
        return SecretStr(text)

    @field_validator("api_url")
    @classmethod
    def _base_address(cls, address: str) -> str:
        text = address.strip().rstrip("/")
        if not text.startswith(("http://", "https://")):
            raise ValueError("the address must begin with https:// (or http:// for a sandbox)")
        return text.removesuffix("/v1")


class Source(BaseModel):
    """Which rows: one data source, named by its own id or by a database that has only one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    data_source: str | None = Field(
        default=None,
        description="The data source's id: database settings › Manage data sources › Copy data source ID.",
    )
    database: str | None = Field(
        default=None,
        description="The database's id, the 32 digits in its address; it must have a single data source.",
    )

    @field_validator("data_source")
    @classmethod
    def _data_source_id(cls, text: str | None) -> str | None:
        if text is not None and "://" in text:
            found = id_in_address(text) or "…"
            raise ValueError(
                "an address names the database, never the data source: "
                f"write `database: {found}`, or copy the data source's id"
            )
        return None if text is None else object_id(text)

    @field_validator("database")
    @classmethod
    def _database_id(cls, text: str | None) -> str | None:
        if text is not None and "://" in text:
            found = id_in_address(text)
            raise ValueError(
                f"write the id alone: `database: {found}`" if found else "this address holds no database id"
            )
        return None if text is None else object_id(text)

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.data_source is None) == (self.database is None):
            raise ValueError("name the rows by `data_source` or by `database`, exactly one of them")
        return self
