"""What an admin writes about Google Sheets: the connection and one collection's source.

Cheap to import: no client library is touched here. The same models give the published JSON Schema its
descriptions.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, field_validator

DEFAULT_API_URL = "https://sheets.googleapis.com"
_ID_IN_URL = re.compile(r"/spreadsheets/(?:u/\d+/)?d/([A-Za-z0-9_-]+)")

ResultName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Header = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


GIVES_KEYS = False
"""It makes records; their keys are okrsync's."""


class Connection(_Strict):
    """One Google service account."""

    kind: Literal["sheets"] = "sheets"
    credentials: SecretStr = Field(
        description="The service account's JSON key, or the path of a file that holds it. "
        "Its token_uri says where tokens are fetched."
    )
    api_url: str = Field(
        default=DEFAULT_API_URL,
        pattern=r"^https?://[^/]+(/.*)?$",
        description="Where the Sheets API answers; another address for a sandbox, a proxy or a test.",
    )
    timeout: float = Field(default=30, gt=0, le=180, description="Seconds to wait for an answer.")
    reads_per_minute: int = Field(
        default=50, gt=0, description="Read requests a minute; Google allows 60 per account."
    )
    writes_per_minute: int = Field(
        default=50, gt=0, description="Write requests a minute; Google allows 60 per account."
    )


class ResultsSource(_Strict):
    """okrsync's own tab, and the columns of people's tab that show it."""

    tab: Header = Field(default="_okrsync", description="Title of the tab okrsync keeps its results in.")
    show: dict[Header, ResultName] = Field(
        default_factory=dict,
        description="Columns of the people's tab that show a result by a lookup formula: header to result.",
    )


class Source(_Strict):
    """One tab of one spreadsheet."""

    spreadsheet: str = Field(min_length=1, description="The spreadsheet's id or its address.")
    tab: Header = Field(description="The tab's title.")
    tab_id: int | None = Field(
        default=None,
        ge=0,
        description="The tab's id, gid in its address: with it the tab is found whatever its title is.",
    )
    header_row: int = Field(default=1, ge=1, description="The row that holds the headers.")
    key: Header = Field(description="Header of the column whose text identifies a row.")
    results: ResultsSource | None = Field(
        default=None,
        description="Where computed values go; left out: okrsync computes nothing into this file.",
    )

    @field_validator("spreadsheet")
    @classmethod
    def _only_the_id(cls, value: str) -> str:
        found = _ID_IN_URL.search(value)
        if found is not None:
            return found.group(1)
        if not re.fullmatch(r"[A-Za-z0-9_-]+", value.strip()):
            raise ValueError("neither a spreadsheet id nor the address of a spreadsheet")
        return value.strip()
