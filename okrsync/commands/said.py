"""What somebody typed into `okrsync checkin`, as values of the model's fields.

The options as text, the key result and the model arrive; values by entity and field leave, or what was
expected instead. Imported by the command only when there is something to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction

import click

from okrsync.mappings.binding import NOT_YET_TEXTS
from okrsync.okr.amounts import amount_in, change_in
from okrsync.okr.links import links_of
from okrsync.okr.method import Method
from okrsync.okr.model import Entity
from okrsync.okr.numbers import cut
from okrsync.okr.parsing import Question
from okrsync.okr.reading import read_refs, read_text
from okrsync.okr.rollup import way_of
from okrsync.okr.stages import stages_of
from okrsync.okr.values import NOT_YET, Value

Said = dict[tuple[str, str], Value]
_LIGHTS = {"green": Decimal("0.8"), "amber": Decimal("0.5"), "red": Decimal("0.2")}
"""What the colours of a traffic light mean as a confidence (S62)."""


def said_of(
    kr: Entity, parts: Mapping[str, str | None], entities: Mapping[str, Entity], method: Method
) -> Said:
    """What was typed as values of fields, by entity and field; a KPI's value belongs to the KPI.

    Raises:
        click.UsageError: with what was expected.
    """
    said: Said = {}
    if (value := parts["value"]) is not None:
        stage = _stage(kr, value)
        if stage is None:
            source = _source(kr, entities, method)
            unit = read_text(entities[source], "unit") or read_text(kr, "unit")
            said[source, "current"] = _stated(value, unit)
        else:
            said[kr.id, "stage"] = stage
    if (target := parts["target"]) is not None:
        unit, measure = read_text(kr, "unit"), read_text(kr, "measure")
        said[kr.id, "target"] = _meant(change_in(target, unit, measure), "--target")
    if (confidence := parts["confidence"]) is not None:
        said[kr.id, "confidence"] = _confidence(confidence, method.confidence_scale)
    challenge, helper = parts["challenge"], parts["help_from"]
    if challenge is None and helper is not None:
        raise click.UsageError("--help-from goes with --challenge: with what?")
    if challenge is not None:
        said[kr.id, "challenges"] = (
            f"{challenge.strip()} (can help: {helper})" if helper else challenge.strip()
        )
    if (note := parts["note"]) is not None:
        said[kr.id, "note"] = note.strip() or None
    return said


def _stage(kr: Entity, value: str) -> str | None:
    """The stage that is meant; None where the key result has none. Raises click.UsageError."""
    stages = stages_of(read_text(kr, "stages") or "")
    if stages is None:
        return None
    names = {each.name.casefold(): each.name for each in stages}
    if value.strip().casefold() not in names:
        raise click.UsageError(f"--value: {value!r} is none of its stages: {', '.join(names.values())}")
    return names[value.strip().casefold()]


def _source(kr: Entity, entities: Mapping[str, Entity], method: Method) -> str:
    """Whose `current` a stated value is. Raises click.UsageError where people do not state it."""
    links = links_of(entities)
    how = way_of(kr, links, method.rollup)
    if how != "none" and links.contributing.get(kr.id):
        raise click.UsageError(f"its value is the {how} of key results below it: check in there")
    if read_text(kr, "value_from") == "work":
        raise click.UsageError("its value is the work done for it: close the work instead")
    known = [each for each in read_refs(kr, "metric") if each in entities]
    return known[0] if known else kr.id


def _stated(text: str, unit: str | None) -> Value:
    if text.strip() in NOT_YET_TEXTS:
        return NOT_YET
    return _meant(amount_in(text, unit), "--value")


def _meant(found: Decimal | Question, option: str) -> Decimal:
    """A number there is no doubt about. Raises click.UsageError with the question."""
    if isinstance(found, Question):
        hint = " (1234 and 1.2340 are certain)" if found.choices else ""
        raise click.UsageError(f"{option}: {found.told()}{hint}")
    return found


def _confidence(text: str, scale: Decimal) -> Decimal:
    """Between 0 and 1, from a number on the workspace's scale or a colour."""
    if text.lower() in _LIGHTS:
        return _LIGHTS[text.lower()]
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number <= scale:
        raise click.UsageError(
            f"--confidence: {text!r} is not between 0 and {scale}, nor green, amber or red"
        )
    return cut(Fraction(number) / Fraction(scale))
