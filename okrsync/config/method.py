"""`method:` and `cycles:` as the OKR method wants them.

What arrives: the two sections as parsed. What leaves: `Cycles`, and one `Method` with its calendar. Names,
defaults and bounds are the method's own; the shape here only gives them types and help.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from okrsync.config.draft import Draft
from okrsync.config.settings import Cycles
from okrsync.config.shape import Shape, Text
from okrsync.okr.cycles import Calendar, Cycle
from okrsync.okr.method import CANCELLED, Method
from okrsync.okr.phases import shares_of

_DEFAULT = Method()
_Share = Annotated[Decimal, Field(ge=0, le=1)]


class MethodShape(Shape):
    """What the OKR literature disagrees on. Gaps, shares and lines are scores between 0 and 1."""

    rollup: Literal["none", "sum", "weighted_mean", "min", "max", "latest"] = Field(
        "none", description="For key results others contribute to that state neither value nor roll-up (S27)."
    )
    objectives: Literal["key_results", "both"] = Field(
        "key_results", description="What an objective is the mean of; both: objectives below it too (S27)."
    )
    ambition: Literal["aspirational", "committed"] = Field(
        "aspirational", description="For objectives that do not say."
    )
    aspirational_line: _Share = Field(
        _DEFAULT.aspirational_line, description="From this score on an aspirational goal is achieved (S57)."
    )
    committed_line: _Share = Field(_DEFAULT.committed_line, description="The same for a committed one.")
    status: Literal["gap", "upraise", "oboard"] = Field(
        "gap",
        description="What a running goal's status goes by: expected − score, or score ÷ expected (S65).",
    )
    on_track_gap: _Share = Field(
        _DEFAULT.on_track_gap, description="Up to this far behind the expectation is on track (S65)."
    )
    at_risk_gap: _Share = Field(_DEFAULT.at_risk_gap, description="Up to this far behind is at risk.")
    too_early: _Share = Field(
        _DEFAULT.too_early, description="Share of the time that passes before a status is given."
    )
    bands: Literal["default", "google"] = Field(
        "default", description="Final scores are amber from 0.3 (google: 0.4) and green from 0.7 on."
    )
    phases: Text | None = Field(
        None, description="Share of the way by a share of the time, such as 50% = 20%; 75% = 60% (S61)."
    )
    work: Literal["count", "points", "categories"] = Field(
        "count", description="How an initiative's work is counted."
    )
    confidence_scale: Annotated[Decimal, Field(gt=0)] = Field(
        _DEFAULT.confidence_scale, description="What a confidence typed into a command is out of (S62)."
    )
    cancelled: tuple[Text, ...] = Field(
        tuple(sorted(CANCELLED)), description="Resolutions of work that was given up."
    )


def cycles_and_method(draft: Draft) -> tuple[Cycles, Method] | None:
    """Both, or `None` and problems."""
    cycles = draft.validate(Cycles, draft.section("cycles"), ("cycles",))
    shape = draft.validate(MethodShape, draft.section("method"), ("method",))
    if cycles is None or shape is None:
        return None
    phases = shares_of(shape.phases) if shape.phases is not None else ()
    if phases is None:
        advice = "write shares of time and way, both rising: 50% = 20%"
        draft.problem(("method", "phases"), "method.phases: these are no phases", advice)
        return None
    words = frozenset(word.lower() for word in shape.cancelled)
    settings = shape.model_dump() | {"cancelled": words, "phases": phases}
    try:
        return cycles, Method(**settings, calendar=_calendar(cycles))
    except ValueError as error:
        draft.problem(("method",), f"method: {error}", on_key=True)
        return None


def _calendar(cycles: Cycles) -> Calendar:
    named = {one.name: Cycle(one.name, one.starts, one.ends) for one in cycles.custom}
    return Calendar(
        cycles.rhythm,
        cycles.fiscal_start,
        named,
        check_in_days=cycles.check_in_days,
        team_days=dict(cycles.team_days),
        grace_days=cycles.grace_days,
    )
