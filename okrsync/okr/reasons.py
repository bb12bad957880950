"""Why something has no score, or has one with a reservation: codes, sentences and what to do.

Every null of the method carries one of these, so that a missing value never looks like 0 and never
looks like another missing value. The codes of people's mistakes become findings; the rest (nothing
entered yet, nothing to measure yet) are facts the explanation tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from okrsync.okr.findings import Severity


class Why(StrEnum):
    """A stable code for one reason."""

    CURRENT_MISSING = "CURRENT_MISSING"
    CURRENT_UNREADABLE = "CURRENT_UNREADABLE"
    NOT_YET = "NOT_YET"
    NOT_MEASURABLE = "NOT_MEASURABLE"
    TARGET_MISSING = "TARGET_MISSING"
    START_MISSING = "START_MISSING"
    BASELINE_MISSING = "BASELINE_MISSING"
    BASELINE_ZERO = "BASELINE_ZERO"
    TARGET_EQUALS_START = "TARGET_EQUALS_START"
    DIRECTION_MISMATCH = "DIRECTION_MISMATCH"
    LINK_CYCLE = "LINK_CYCLE"
    NOTHING_CONTRIBUTES = "NOTHING_CONTRIBUTES"
    CHILDREN_WITHOUT_VALUE = "CHILDREN_WITHOUT_VALUE"
    UNIT_MISMATCH_PARENT = "UNIT_MISMATCH_PARENT"
    CURRENCY_MISMATCH = "CURRENCY_MISMATCH"
    ROLLUP_AND_VALUE = "ROLLUP_AND_VALUE"
    CHILD_DUE_AFTER_PARENT = "CHILD_DUE_AFTER_PARENT"
    NO_KEY_RESULTS = "NO_KEY_RESULTS"
    ALL_UNSCORED = "ALL_UNSCORED"
    NEGATIVE_WEIGHT = "NEGATIVE_WEIGHT"
    WEIGHTS_ALL_ZERO = "WEIGHTS_ALL_ZERO"
    LINK_DANGLING = "LINK_DANGLING"
    CYCLE_UNKNOWN = "CYCLE_UNKNOWN"
    DUE_BEFORE_START = "DUE_BEFORE_START"
    PERIODS_MISSING = "PERIODS_MISSING"
    METRIC_AND_VALUE = "METRIC_AND_VALUE"
    METRIC_UNIT_MISMATCH = "METRIC_UNIT_MISMATCH"
    EPIC_AS_KR = "EPIC_AS_KR"
    PHASES_UNREADABLE = "PHASES_UNREADABLE"
    STAGES_UNREADABLE = "STAGES_UNREADABLE"
    STAGE_UNKNOWN = "STAGE_UNKNOWN"
    OUT_OF_SCALE = "OUT_OF_SCALE"
    NO_WORK = "NO_WORK"
    EPIC_DONE_CHILDREN_OPEN = "EPIC_DONE_CHILDREN_OPEN"


@dataclass(frozen=True)
class Reason:
    """What a code says to people. `severity` None: a fact, not a finding."""

    text: str
    advice: str = ""
    severity: Severity | None = None


_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

REASONS = MappingProxyType(
    {
        Why.CURRENT_MISSING: Reason("no current value", "enter the current value"),
        Why.CURRENT_UNREADABLE: Reason(
            "the current value could not be read", "correct the cell it stands in"
        ),
        Why.NOT_YET: Reason("nothing to measure yet"),
        Why.NOT_MEASURABLE: Reason("nothing to measure", "name a metric and a target", _WARNING),
        Why.TARGET_MISSING: Reason("no target number", "enter the target", _WARNING),
        Why.START_MISSING: Reason(
            "no start value: only met or not met can be said", "enter the value at the beginning", _WARNING
        ),
        Why.BASELINE_MISSING: Reason(
            "a change without the value it starts from",
            "enter the baseline; 0 where the source reports the change itself",
            _WARNING,
        ),
        Why.BASELINE_ZERO: Reason(
            "a percentage of a baseline of 0 is 0",
            "measure it as a level or as a change in its unit",
            _WARNING,
        ),
        Why.TARGET_EQUALS_START: Reason(
            "the target equals the start: 1 where it is met, otherwise 0", "check start and target", _INFO
        ),
        Why.DIRECTION_MISMATCH: Reason(
            "the direction says one way, the numbers go the other; the numbers were used",
            "correct the direction, the start or the target",
            _WARNING,
        ),
        Why.LINK_CYCLE: Reason(
            "its roll-up would count itself: the links form a circle", "remove one of the links", _ERROR
        ),
        Why.NOTHING_CONTRIBUTES: Reason("a roll-up is asked for and no key result contributes"),
        Why.CHILDREN_WITHOUT_VALUE: Reason("no contributing key result has a value"),
        Why.UNIT_MISMATCH_PARENT: Reason(
            "no contributing key result has its unit: the sum is refused",
            "state the same unit, set `contributes` on the ones that count, or choose another roll-up",
            _WARNING,
        ),
        Why.CURRENCY_MISMATCH: Reason(
            "a contributing key result is in another currency: the sum is refused",
            "enter both in one currency, or set `contributes` to no",
            _WARNING,
        ),
        Why.ROLLUP_AND_VALUE: Reason(
            "it has a value of its own and a roll-up; its own value was used",
            "clear the current value or set its roll-up to none",
            _WARNING,
        ),
        Why.CHILD_DUE_AFTER_PARENT: Reason(
            "it is due after the key result it contributes to", "move one of the two dates", _WARNING
        ),
        Why.NO_KEY_RESULTS: Reason("it has no key results"),
        Why.ALL_UNSCORED: Reason("none of its key results has a score"),
        Why.NEGATIVE_WEIGHT: Reason(
            "its weight is negative: it was left out", "enter a weight of 0 or more", _ERROR
        ),
        Why.WEIGHTS_ALL_ZERO: Reason(
            "all weights of what could be scored are 0", "give at least one a weight above 0", _WARNING
        ),
        Why.LINK_DANGLING: Reason("it links to something that is not there", "correct the link", _WARNING),
        Why.CYCLE_UNKNOWN: Reason(
            "the cycle's name says no dates",
            "write it like 2026-Q1, 2026-H1 or 2026, or define it in the settings",
            _WARNING,
        ),
        Why.DUE_BEFORE_START: Reason("it is due before it starts", "correct one of the two dates", _WARNING),
        Why.PHASES_UNREADABLE: Reason(
            "its phases state no shares of the way: the expectation is linear",
            "write them like: 2026-02-15 = 30%; 2026-03-10 = 80%",
            _WARNING,
        ),
        Why.STAGES_UNREADABLE: Reason(
            "its stages state no values", "write them like: Draft = 0.2; Pilot = 0.5; Live = 1", _WARNING
        ),
        Why.STAGE_UNKNOWN: Reason("its stage is none of its stages", "enter one of its stages", _WARNING),
        Why.OUT_OF_SCALE: Reason(
            "the value lies outside its scale", "correct the value or the scale", _WARNING
        ),
        Why.METRIC_AND_VALUE: Reason(
            "it references a KPI and has a value of its own; the KPI was used",
            "clear the current value or the KPI",
            _WARNING,
        ),
        Why.METRIC_UNIT_MISMATCH: Reason(
            "its KPI is in another unit", "state the KPI's unit, or reference another KPI", _WARNING
        ),
        Why.EPIC_AS_KR: Reason(
            "it is measured by the work done for it, not by what the work changes",
            "measure what the work should change",
            _INFO,
        ),
        Why.PERIODS_MISSING: Reason("no period was observed yet"),
        Why.NO_WORK: Reason("no work items below it: its own status was taken", "", _INFO),
        Why.EPIC_DONE_CHILDREN_OPEN: Reason(
            "it is done and work below it is open; the work was counted",
            "close or move the open work",
            _WARNING,
        ),
    }
)
"""One entry for every code."""
