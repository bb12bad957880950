"""What an admin writes about Jira: a connection, and the issues a collection means.

Arrives from the admin's file as plain data with secrets already filled in; leaves as checked settings.
Cheap to import: no client library is loaded here, so that the file can be checked without one.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

EPIC_LEVEL = 1
"""`hierarchyLevel` of epics on every Jira Cloud site; their names differ by language and project."""


GATEWAY = "https://api.atlassian.com/ex/jira"
"""Atlassian's address for tokens with scopes and OAuth 2.0 tokens; the site's own answers them 401."""


def _base_address(address: str) -> str:
    text = address.strip().rstrip("/")
    if not text.startswith(("http://", "https://")):
        raise ValueError("the address must begin with https:// (or http:// for a sandbox)")
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text.strip()


Address = Annotated[str, AfterValidator(_base_address)]
Word = Annotated[str, AfterValidator(_filled)]


GIVES_KEYS = True
"""It makes records, and gives each a key of its own."""


class Connection(BaseModel):
    """One account at one Jira site: Cloud, or a Data Center of one's own."""

    # an error about the token must not print it
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    kind: Literal["jira"] = Field(default="jira", description="Always `jira`.")
    url: Address = Field(description="The site people open, such as https://acme.atlassian.net.")
    deployment: Literal["cloud", "data_center"] = Field(
        default="cloud", description="cloud for *.atlassian.net, data_center for a Jira one runs oneself."
    )
    auth: Literal["basic", "bearer"] | None = Field(
        default=None,
        description="How the token is sent: basic with the e-mail (API tokens, with or without scopes), "
        "or bearer (OAuth 2.0 access tokens; personal access tokens of a Data Center). "
        "Left out: basic for cloud, bearer for data_center.",
    )
    email: Word | None = Field(
        default=None,
        description="E-mail of the account an API token belongs to (Data Center: the user name); "
        "not used with bearer.",
    )
    token: SecretStr = Field(
        description="An API token of that account, which ends after a year at most; an OAuth 2.0 access "
        "token, which ends after about an hour; or a personal access token of a Data Center."
    )
    cloud_id: Word | None = Field(
        default=None,
        description="The site's cloud id, for API tokens with scopes and OAuth 2.0 tokens, which are taken "
        "at api.atlassian.com only. SITE/_edge/tenant_info shows it.",
    )
    api_url: Address | None = Field(
        default=None,
        description="Where the API answers, if neither at the site nor by cloud id: a sandbox, a proxy.",
    )
    type_levels: dict[Word, int] = Field(
        default={"Epic": EPIC_LEVEL},
        description="Data Center only, which does not tell: levels by the name or id of the issue type, such "
        "as {Epic: 1, Initiative: 2}. Other types are stories (0), sub-tasks are known.",
    )
    timeout: float = Field(default=60.0, gt=0, le=600, description="Seconds to wait for an answer.")

    @field_validator("token")
    @classmethod
    def _sendable(cls, token: SecretStr) -> SecretStr:
        text = token.get_secret_value().strip()
        if not text:
            raise ValueError("the token is empty; set the environment variable it comes from")
        if not (text.isascii() and text.isprintable() and " " not in text):
            raise ValueError("the token holds blanks or characters that no Jira token has; copy it again")
        return SecretStr(text)

    @model_validator(mode="after")
    def _fitting(self) -> Connection:
        if not self.is_bearer and self.email is None:
            raise ValueError("an API token needs the `email` of its account (or set `auth: bearer`)")
        if self.cloud_id is not None and self.api_url is not None:
            raise ValueError("give `cloud_id` or `api_url`, not both")
        if self.cloud_id is not None and self.deployment != "cloud":
            raise ValueError("a Data Center has no `cloud_id`")
        return self

    @property
    def is_bearer(self) -> bool:
        """Whether the token goes alone, without the account's name."""
        return (self.auth or ("basic" if self.deployment == "cloud" else "bearer")) == "bearer"

    @property
    def base_url(self) -> str:
        """Where requests go."""
        if self.cloud_id is not None:
            return f"{GATEWAY}/{quote(self.cloud_id, safe='')}"
        return self.api_url or self.url


class Source(BaseModel):
    """The issues a collection means: all of one level in some projects."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    projects: list[Word] = Field(min_length=1, description="Keys (or numeric ids) of the projects.")
    level: Literal["epic"] | int = Field(
        default="epic",
        description="Level of the issues: epic, or Jira's number for it (0 story, 1 epic, 2 and up above).",
    )
    points: list[Word] = Field(
        default_factory=list,
        description="Names or ids of the story point fields of children, best first. "
        "Left out: the fields Jira itself marks as such.",
    )
    cancelled: list[Word] = Field(
        default_factory=list,
        description="Resolutions (names or ids) of children that were called off; such are not counted.",
    )
    subtasks: bool = Field(
        default=False,
        description="Whether an epic's work counts by the sub-tasks of its issues, depth first.",
    )
    jql: Word | None = Field(
        default=None, description="A further condition in JQL, such as `labels = okr`. Without ORDER BY."
    )

    @field_validator("level")
    @classmethod
    def _not_below_stories(cls, level: str | int) -> str | int:
        if isinstance(level, int) and level < 0:
            raise ValueError("sub-tasks (level -1) cannot be a collection; use 0, 1 or more, or epic")
        return level

    @field_validator("jql")
    @classmethod
    def _condition_only(cls, jql: str | None) -> str | None:
        if jql is not None and re.search(r"\border\s+by\b", jql, re.IGNORECASE):
            raise ValueError("leave ORDER BY out; okrsync reads everything and needs its own order")
        return jql

    @model_validator(mode="after")
    def _sub_tasks_of_stories(self) -> Source:
        if self.subtasks and self.hierarchy_level != EPIC_LEVEL:
            raise ValueError("`subtasks` needs the level epic: only stories have sub-tasks")
        return self

    @property
    def hierarchy_level(self) -> int:
        """Jira's number for the level."""
        return EPIC_LEVEL if isinstance(self.level, str) else self.level
