"""Milestones with named stages: the stage somebody entered as a number between 0 and 1.

`Draft = 0.2; Pilot = 0.5; Live = 1` and the stage's name arrive; the stated value of that stage leaves.
Values are stated, never spread evenly: how much a pilot is worth is for people to say (S46).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from okrsync.okr.model import Entity
from okrsync.okr.reading import Reading, read_text
from okrsync.okr.reasons import Why

_ENTRY: Final = re.compile(r"(?P<name>[^=:]*[^=:\s])\s*[=:]\s*(?P<value>0(?:\.\d+)?|1(?:\.0+)?)")


@dataclass(frozen=True)
class Stage:
    """One stage and the score it stands for, 0 to 1."""

    name: str
    value: Decimal


def stages_of(text: str) -> tuple[Stage, ...] | None:
    """The stages a text states, in its order; None where one has no value from 0 to 1 or stands twice."""
    entries = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    matches = [_ENTRY.fullmatch(entry) for entry in entries]
    found = tuple(Stage(match["name"], Decimal(match["value"])) for match in matches if match is not None)
    names = {stage.name.casefold() for stage in found}
    return found if found and len(names) == len(entries) == len(found) else None


def read_stage(kr: Entity) -> Reading | None:
    """The value of the stage a key result is in; None where it has no named stages."""
    text = read_text(kr, "stages")
    if text is None:
        return None
    stages = stages_of(text)
    if stages is None:
        return Reading(None, Why.STAGES_UNREADABLE)
    entered = read_text(kr, "stage")
    if entered is None:
        return Reading(None, Why.CURRENT_MISSING)
    value = next((each.value for each in stages if each.name.casefold() == entered.casefold()), None)
    return Reading(value, Why.STAGE_UNKNOWN if value is None else None, f"stage: {entered}")
