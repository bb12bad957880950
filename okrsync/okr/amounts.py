"""An amount somebody typed, as a number in the unit of what it is about.

What `parsing` found and the metric's own unit arrive; the number in that unit leaves, or a question. `1.2K`,
`€1.2K` and `1200 EUR` are 1200 of a metric in euros; `$1.2K` of it is asked about, and so is a percent of a
percentage (S43, S45, S47). Separate because a text alone cannot know what is measured.
"""

from __future__ import annotations

from decimal import Decimal

from okrsync.okr.durations import convert
from okrsync.okr.parsing import Question, Typed, parse
from okrsync.okr.units import same


def amount_in(text: str, unit: str | None) -> Decimal | Question:
    """The number a person typed, in a metric's unit; durations are converted. Never raises."""
    found = parse(text, unit=unit)
    if isinstance(found, Question):
        return found
    if not found.unit or same(found.unit, unit) or _share(found.unit, unit):
        return found.value
    converted = convert(found.value, found.unit, unit)
    if converted is not None:
        return converted
    return Question(text, f"{text!r} is in {found.unit}, and what is measured is {_measured(unit)}")


def change_in(text: str, unit: str | None, measure: str | None) -> Decimal | Question:
    """The target a person typed: of a relative key result its percent, of a delta the amount. Never raises.

    From 40 % up by 15 % is 46 %; by 15 percentage points it is 55 %. Which is meant, the measure says; a
    percentage typed for an amount of percent is asked about.
    """
    found = parse(text, unit=unit)
    if isinstance(found, Typed) and measure == "relative":
        known = found.unit in ("", "%")
        return found.value if known else Question(text, f"{text!r} is no percent of the baseline: type 15%")
    if isinstance(found, Typed) and measure == "delta" and _share("%", unit):
        if found.unit == "%":
            both = (found, Typed(found.value, "pp"))
            return Question(text, f"{text!r} of a percentage can be read in 2 ways", both)
        if found.unit == "pp":
            return found.value
    return amount_in(text, unit)


def _share(typed: str, unit: str | None) -> bool:
    """Both are percentages, such as `%` of `% of leads`."""
    return typed == "%" and (unit or "").startswith(("%", "percent"))


def _measured(unit: str | None) -> str:
    return f"in {unit}" if unit and unit.strip() else "in no stated unit"
