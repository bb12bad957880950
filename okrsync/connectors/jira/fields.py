"""What a Jira site offers: its fields in neutral terms, its issue types by level, its story point fields.

Arrives: the answers of `/field` and `/issuetype`. Leaves: `NativeField`s and a `Catalog`. Everything is told
apart by schema and number, never by name: names are translated and can be changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from okrsync.connectors.base import NativeField, Option
from okrsync.connectors.errors import BadAnswer

Json = Any
PROPERTY = "okrsync"
"""The issue property that is ours: one JSON object per issue, invisible to people."""
PROPERTY_PREFIX = f"property:{PROPERTY}."
MARKER = "marker"
"""The member of our property that says for whom okrsync created the issue."""
CATEGORIES = ("new", "indeterminate", "done")
"""Keys of Jira's status categories; `undefined` ("No Category") says nothing about progress."""

BY_TRANSITION = ("status", "status_id")
"""Fields that are written by taking a transition, and only where a mapping asks for it."""

_NO_NAME = "statuses are chosen by category or id (`status`, `status_id`); names are translated"
_SEVERAL_PEOPLE = "okrsync writes fields for one person only"
_RICH = "formatted text would lose its formatting"
_OURS_TO_READ = "okrsync only reads fields of this type"
_CUSTOM = "com.atlassian.jira.plugin.system.customfieldtypes:"
_STORY_POINT_ESTIMATE = "com.pyxis.greenhopper.jira:jsw-story-points"

# (schema type, items) -> neutral type, and why okrsync does not write it ("" when it does)
_TYPES: Mapping[tuple[str, str], tuple[str, str]] = {
    ("string", ""): ("text", ""),
    ("number", ""): ("number", ""),
    ("date", ""): ("date", ""),
    ("datetime", ""): ("moment", ""),
    ("option", ""): ("choice", ""),
    ("array", "string"): ("labels", ""),
    ("array", "option"): ("labels", _OURS_TO_READ),
    ("array", "version"): ("labels", _OURS_TO_READ),
    ("array", "component"): ("labels", _OURS_TO_READ),
    ("user", ""): ("people", ""),
    ("array", "user"): ("people", _SEVERAL_PEOPLE),
}
_WRITABLE_SYSTEM = ("summary", "duedate", "labels", "assignee")
_RICH_SYSTEM = ("description", "environment")
_SPECIAL = (
    NativeField(
        "status",
        "Status category",
        "choice",
        writable=True,
        options=tuple(Option(key, key) for key in CATEGORIES),
    ),
    NativeField("status_id", "Status id", "text", writable=True, only_text=True),
    NativeField("status_name", "Status", "text", writable=False, why_not=_NO_NAME),
    NativeField("parent", "Parent", "relation", writable=False, why_not="issues are moved in Jira itself"),
    NativeField(f"{PROPERTY_PREFIX}*", f"{PROPERTY_PREFIX}*", "property", writable=True),
)


@dataclass(frozen=True)
class Catalog:
    """What one site offered when it was last asked."""

    fields: tuple[NativeField, ...]
    points: tuple[str, ...]
    """Ids of the fields Jira marks as story points; there can be several, one per kind of project."""
    levels: Mapping[str, int]
    """Hierarchy level by issue type id."""

    def types_at(self, level: int) -> list[str]:
        """Ids of the issue types at a level, in a stable order."""
        return sorted(
            (one for one, its in self.levels.items() if its == level), key=lambda one: (len(one), one)
        )

    def points_for(self, configured: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The story point fields to read, and the configured words that name no field.

        Configured names or ids win over what Jira marks.
        """
        if not configured:
            return self.points, ()
        found = {word: self._ids_named(word) for word in configured}
        ids = tuple(dict.fromkeys(one for matches in found.values() for one in matches))
        return ids, tuple(word for word, matches in found.items() if not matches)

    def _ids_named(self, word: str) -> list[str]:
        by_id = [field.id for field in self.fields if field.id == word]
        return by_id or [field.id for field in self.fields if field.name.casefold() == word.casefold()]


def catalog(raw_fields: Json, raw_types: Json) -> Catalog:
    """The catalogue from the answers of `/field` and `/issuetype`. Raises BadAnswer on another shape."""
    listed = _listed(raw_fields, "field")
    special = {field.id for field in _SPECIAL}
    plain = tuple(_native(raw) for raw in listed if raw["id"] not in special)
    return Catalog(
        fields=plain + _SPECIAL,
        points=tuple(raw["id"] for raw in listed if _is_points(raw)),
        levels={raw["id"]: int(raw.get("hierarchyLevel", 0)) for raw in _listed(raw_types, "issuetype")},
    )


def by_id(fields: Iterable[NativeField]) -> Mapping[str, NativeField]:
    """The fields by their id."""
    return {field.id: field for field in fields}


def find(fields: Mapping[str, NativeField], wanted: str) -> NativeField | None:
    """The field with this id; every `property:okrsync.NAME` is there, whether or not it has been written."""
    if wanted.startswith(PROPERTY_PREFIX):
        return NativeField(wanted, wanted, "property", writable=True)
    return fields.get(wanted)


def _listed(raw: Json, what: str) -> list[Mapping[str, Json]]:
    if not isinstance(raw, list) or not all(isinstance(item, dict) and "id" in item for item in raw):
        raise BadAnswer("not a list of things with ids", service="jira", place=f"GET /rest/api/3/{what}")
    return raw


def _native(raw: Mapping[str, Json]) -> NativeField:
    kind, why_not = _type(raw)
    return NativeField(
        id=raw["id"],
        name=str(raw.get("name") or raw["id"]),
        type=kind,
        writable=why_not == "",
        why_not=why_not,
        only_text=kind == "text",
    )


def _type(raw: Mapping[str, Json]) -> tuple[str, str]:
    """The neutral type of a field, and why it is not written."""
    schema = raw.get("schema") or {}
    if raw["id"] in _RICH_SYSTEM or schema.get("custom") == f"{_CUSTOM}textarea":
        return "text", _RICH
    key = (str(schema.get("type", "")), str(schema.get("items", "")))
    kind, why_not = _TYPES.get(key, ("computed", _OURS_TO_READ))
    if "custom" in schema or raw["id"] in _WRITABLE_SYSTEM:
        return kind, why_not
    return kind, why_not or "Jira keeps this field itself"


def _is_points(raw: Mapping[str, Json]) -> bool:
    """Team-managed projects have a type of its own for points, company-managed ones a number with a name."""
    custom = (raw.get("schema") or {}).get("custom")
    named = str(raw.get("untranslatedName") or raw.get("name", "")).casefold() == "story points"
    return custom == _STORY_POINT_ESTIMATE or (custom == f"{_CUSTOM}float" and named)
