"""The shape of the file's parts, before anything is looked up: one small model per part.

Each part is validated by itself, so that a mistake in one does not hide mistakes in the others. The same
models give the JSON Schema its types and descriptions.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from okrsync.mappings.rules import OnDrift

NAME_PATTERN = r"^[A-Za-z][A-Za-z0-9_-]*$"
Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
EntityName = Literal["objective", "key_result", "initiative", "metric", "check_in"]


class Shape(BaseModel):
    """A part of the file: nothing unknown in it, nothing changed after."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, hide_input_in_errors=True)


class Top(Shape):
    """okrsync.yaml: one workspace."""

    version: Literal[1] = Field(description="The version of this file's format.")
    workspace: Name = Field(description="A short name, used in reports and in the store.")
    store: Text = Field(
        "sqlite:///okrsync.db",
        description="Where okrsync keeps what it knows: sqlite:///file (beside this file) or postgresql+psycopg://…",
    )
    timezone: Text = Field("UTC", description="The zone in which days begin, such as Europe/Paris.")
    connections: dict[str, Any] = Field(description="The accounts okrsync works with, by name.")
    collections: dict[str, Any] = Field(description="The sets of records to keep in step, by name.")
    cycles: dict[str, Any] | None = None
    policies: dict[str, Any] | None = None
    method: dict[str, Any] | None = None
    lint: dict[str, Any] | None = None
    digest: dict[str, Any] | None = None


class CollectionShape(Shape):
    """One set of records: a Jira scope, a Notion data source, a tab of a spreadsheet."""

    connection: Text = Field(description="The connection it is read through.")
    source: dict[str, Any] = Field(description="Which records; what it takes depends on the service.")
    entity: EntityName = Field(description="What each record is.")
    key: Text | None = Field(
        None, description="The field that holds the human key, by which records of different tools are one."
    )
    create: bool = Field(
        False, description="Make a record here for everything of this kind that only other collections hold."
    )
    fields: dict[str, Any] = Field(default_factory=dict, description="Canonical field: native field.")
    results: dict[str, Any] | None = Field(
        None, description="Sheets: okrsync's own tab, and the columns that show it."
    )


class FieldShape(Shape):
    """How one canonical field is tied to one native field."""

    from_: Text | None = Field(None, alias="from", description="The native field it is read from.")
    to: Text | None = Field(None, description="The native field it is written to, and not read from.")
    sync: Literal["in", "both"] = Field("in", description="`both`: also write it to the field in `from`.")
    values: dict[str, Text] = Field(
        default_factory=dict, description="Choices and numbers: the words used there."
    )
    pattern: Text | None = Field(
        None, description="A regular expression with a group `key`, for keys inside labels or text."
    )
    link: tuple[EntityName, ...] = Field((), description="The kinds it may point to.")
    scale: Decimal = Field(Decimal(1), gt=0, description="There = here * scale: 100 where 42 means 42 %.")
    locale: Text | None = Field(None, description="How numbers typed as text are spelled, such as de_DE.")
    not_yet: tuple[Text, ...] | None = Field(
        None, description="The texts that mean “nothing to measure yet”."
    )
    owner: bool = Field(False, description="Only this collection may change the field.")
    prefer: bool = Field(False, description="This collection wins a conflict.")
    on_conflict: Literal["ask", "set", "max"] | None = Field(
        None, description="ask a person, merge sets, or take the larger."
    )
    on_drift: OnDrift | None = Field(
        None, description="An edit of a value okrsync owns there: revert it or only report it."
    )


class ResultsShape(Shape):
    """okrsync's own tab in a spreadsheet."""

    tab: Text = Field("_okrsync", description="The title of the tab.")
    fields: tuple[Text, ...] | None = Field(
        None, description="The computed fields to keep there; default all of the entity's."
    )
    show: dict[Text, Text] = Field(
        default_factory=dict, description="Columns of people's own tab that show one: {Score: score}."
    )
