"""The scores as a table for a spreadsheet or a program: objectives and key results, one row each.

A view arrives; rows of texts leave, as CSV or JSON. Nothing of a person is in it and the order is that of
keys: a table of people is not made here (S89). What is private is left out (S104).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from okrsync.okr.links import reading_order
from okrsync.okr.model import Entity, Kind
from okrsync.okr.privacy import public
from okrsync.okr.reading import read_refs
from okrsync.reports.data import FORMAT, value_json
from okrsync.reports.words import Names, clean
from okrsync.sync_engine.runner import View

_FIELDS: Final = ("title", "team", "cycle", "unit", "start", "target")
_DERIVED: Final = ("value", "score", "raw", "expected", "status", "coverage")
COLUMNS: Final = ("kind", "key", "belongs_to", *_FIELDS, *_DERIVED)
"""The columns, in order; a program may rely on them, and new ones come last."""
_KINDS: Mapping[Kind, str] = MappingProxyType({Kind.OBJECTIVE: "objective", Kind.KEY_RESULT: "key_result"})
_ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text for a formula."""


def export_rows(view: View, names: Names) -> list[dict[str, Any]]:
    """One row per objective and per key result, each below its objective. What has no value is None."""
    entities = public(view.entities)
    found = []
    for objective in sorted(_of(entities, Kind.OBJECTIVE), key=reading_order):
        found.append(objective)
        below = [kr for kr in _of(entities, Kind.KEY_RESULT) if objective.id in read_refs(kr, "objective")]
        found += sorted(below, key=reading_order)
    found += sorted(_of(entities, Kind.KEY_RESULT), key=reading_order)  # those of no objective come last
    return [_row(view, each, names) for each in {each.id: each for each in found}.values()]


def _of(entities: Mapping[str, Entity], kind: Kind) -> list[Entity]:
    return [each for each in entities.values() if each.kind is kind]


def _row(view: View, entity: Entity, names: Names) -> dict[str, Any]:
    above = "objective" if entity.kind is Kind.KEY_RESULT else "contributes_to"
    parents = ", ".join(sorted(names(each) for each in read_refs(entity, above)))
    derived = view.computed.derived.get(entity.id, {})
    return {
        "kind": _KINDS[entity.kind],
        "key": entity.key,
        "belongs_to": parents or None,
        **{name: value_json(entity.get(name), names) for name in _FIELDS},
        **{name: value_json(derived.get(name), names) for name in _DERIVED},
    }


def export_json(view: View, names: Names) -> dict[str, Any]:
    """For programs: numbers as decimal texts, what is missing as null."""
    return {"format": FORMAT, "rows": export_rows(view, names)}


def export_csv(view: View, names: Names) -> str:
    """For a spreadsheet. A text that it would take for a formula gets an apostrophe in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in export_rows(view, names):
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):  # not measurable yet: a word, never 0
        return "not yet"
    text = clean(str(value))
    return f"'{text}" if text.startswith(_ACTIVE) and not _number(text) else text


def _number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdecimal()
