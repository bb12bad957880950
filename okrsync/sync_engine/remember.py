"""What is remembered of a collection between runs, so that a run without changes asks for little.

A schema read earlier serves for looking; before anything is written it is read again and compared (the
drift guard). A cursor serves until a whole look is due: only a whole look can notice that records vanished.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta
from typing import Any

from okrsync.connectors.base import NativeField, Option, Schema
from okrsync.mappings.binding import Binding
from okrsync.mappings.bound import BoundMapping
from okrsync.mappings.checks import Earlier
from okrsync.mappings.collection import CollectionMapping
from okrsync.sync_engine.state import CollectionState
from okrsync.sync_engine.unify import slot_of
from okrsync.sync_engine.workspace import fingerprint


def schema_to_text(schema: Schema) -> str:
    """A schema as JSON text."""
    return json.dumps(dataclasses.asdict(schema), ensure_ascii=False, sort_keys=True)


def schema_from_text(text: str) -> Schema | None:
    """The inverse of `schema_to_text`; `None` for what it did not write, which is then read again."""
    try:
        raw = json.loads(text)
        fields = tuple(_field(one) for one in raw["fields"])
        return Schema(**{**raw, "fields": fields})
    except (ValueError, KeyError, TypeError):
        return None


def _field(raw: dict[str, Any]) -> NativeField:
    return NativeField(**{**raw, "options": tuple(Option(**one) for one in raw["options"])})


def scope_of(mapping: CollectionMapping, account: str) -> str:
    """What a collection is: a change of it is not a change of data (I25)."""
    return fingerprint(mapping.connection, mapping.source, account)


def marks_of(bound: BoundMapping) -> dict[str, str]:
    """Each binding's meaning; a binding that means something else starts over."""
    return {slot_of(one): _mark(one.binding, one.native.id) for one in bound.bindings}


def ties_of(bound: BoundMapping) -> dict[str, str]:
    """What is remembered of a mapping: each binding's mark, and the name the file has for its field."""
    named = (one.binding for one in bound.bindings if not one.binding.special)
    return marks_of(bound) | {_name_of(binding): binding.native for binding in named}


def _name_of(binding: Binding) -> str:
    return f"{binding.field} is called"


def tied_before(known: CollectionState | None, scope: str) -> Earlier:
    """Which field each binding was tied to at the last look, by the mark kept of it. Only while the file
    names the field as it did then: a name that was changed in the file is no renamed field."""

    marks = known.bindings if known is not None and known.scope == scope else {}

    def earlier(binding: Binding, native: str) -> bool:
        named = marks.get(_name_of(binding)) == binding.native
        return named and marks.get(binding.field) == _mark(binding, native)

    return earlier


def _mark(binding: Binding, native: str) -> str:
    values = sorted(binding.values.items())
    return fingerprint(native, binding.pattern, values, binding.scale, binding.locale, binding.constant)


def whole_look_is_due(known: CollectionState, now: datetime, every: timedelta) -> bool:
    """Whether it is time to look at everything again."""
    return known.whole_at is None or now - datetime.fromisoformat(known.whole_at) >= every
