"""Where a key result's value comes from: its own cell, a KPI, a stage, a check-in, or declared work.

A KPI is defined once and referenced by any number of key results (S54); it has no target of its own. Work
is a source only where somebody declared it (S87), for it moves whether or not anything comes of it (S2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from okrsync.okr.checked import last_with
from okrsync.okr.durations import convert
from okrsync.okr.model import Entity, Kind
from okrsync.okr.numbers import cut
from okrsync.okr.outcome import Desk
from okrsync.okr.reading import Reading, name_of, read_number, read_refs, read_text
from okrsync.okr.reasons import Why
from okrsync.okr.rollup import mean_of
from okrsync.okr.stages import read_stage
from okrsync.okr.units import normal, same

_PLACES = 6


@dataclass(frozen=True)
class Sourced:
    """A value and the entity whose cell it stands in."""

    reading: Reading
    entity: Entity
    warnings: tuple[Why, ...] = ()
    checked_in: bool = False
    """Whether it is what somebody said in a check-in, rather than what a tool measures."""


def source_of(kr: Entity, desk: Desk) -> Sourced:
    """A key result's own value, by the first source it names. The initiatives must be on the desk."""
    if read_text(kr, "value_from") == "work":
        return Sourced(_work(kr, desk), kr, (Why.EPIC_AS_KR,))
    metric = metric_of(kr, desk)
    if metric is None:
        return _own(kr, desk)
    rival = (Why.METRIC_AND_VALUE,) if read_number(kr, "current").value is not None else ()
    return Sourced(_in_unit(kr, metric), metric, rival)


def _own(kr: Entity, desk: Desk) -> Sourced:
    """Its own cell or stage; where both are blank, what the last check-in that states a value said (S67)."""
    stage = read_stage(kr)
    own = stage or read_number(kr, "current")
    found = last_with(desk.links, kr.id, desk.today, "value")
    if found is None or stage is not None or own.why is not Why.CURRENT_MISSING:
        return Sourced(own, kr)
    return Sourced(read_number(found, "value"), found, checked_in=True)


def metric_of(kr: Entity, desk: Desk) -> Entity | None:
    """The KPI a key result references, None where it references none that is there."""
    known = (desk.links.entities.get(each) for each in read_refs(kr, "metric"))
    return next((each for each in known if each is not None and each.kind is Kind.METRIC), None)


def _in_unit(kr: Entity, metric: Entity) -> Reading:
    """The KPI's value in the key result's unit; refused where there is no way from one to the other."""
    reading = read_number(metric, "current")
    units = metric.get("unit"), kr.get("unit")
    change = read_text(kr, "measure") in ("relative", "delta")
    if reading.value is None or None in map(normal, units) or same(*units) or change:
        return reading
    converted = convert(reading.value, *units)
    if converted is None:
        return Reading(None, Why.METRIC_UNIT_MISMATCH, f"{name_of(metric)} is in {units[0]}")
    return replace(reading, value=converted)


def _work(kr: Entity, desk: Desk) -> Reading:
    """The mean share of the initiatives' work that is done; in percent where the unit says so."""
    below = desk.outcomes(desk.links.initiatives.get(kr.id, ()))
    mean = mean_of((Decimal(1), each.share) for each in below if each.share is not None)
    if mean is None:
        return Reading(None, Why.CURRENT_MISSING)
    percent = (read_text(kr, "unit") or "").startswith("%")
    return Reading(cut(mean * 100 if percent else Fraction(mean), _PLACES))
