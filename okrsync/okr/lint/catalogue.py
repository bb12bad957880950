"""The catalogue of lint rules: every code with what it says, what to do and where it comes from.

Checks yield codes; this table turns them into words and a default severity. Profiles change severities,
never texts. Separate so that the whole list can be read, documented and tested at one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from okrsync.okr.findings import Severity

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@dataclass(frozen=True)
class Rule:
    """One rule: its requirement's number, what it says, what to do and how much it matters by default."""

    source: str
    text: str
    advice: str
    severity: Severity = _WARNING
    off: bool = False
    """Only profiles that name it check it."""


def _rule(source: str, text: str, advice: str, severity: Severity = _WARNING, off: bool = False) -> Rule:
    return Rule(source, text, advice, severity, off)


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "OBJECTIVES_MANY": _rule("S74", "more than {limit} objectives", "choose the ones that matter most"),
        "KR_COUNT_LOW": _rule("S75", "fewer than {limit} key results", "add what else shows success", _INFO),
        "KR_COUNT_HIGH": _rule("S75", "more than {limit} key results", "split it, or keep the telling ones"),
        "KR_PER_PERSON": _rule("S76", "one person answers for more than {limit}", "share them out"),
        "NOT_MEASURABLE": _rule("S77", "no number or metric", "say what is measured and how far it goes"),
        "TARGET_MISSING": _rule("S77", "no target number", "enter the target"),
        "PLACEHOLDER": _rule("S51", "a placeholder is left in the text", "put the real name or number in"),
        "TASK_AS_KR": _rule("S78", "an activity or deliverable, not an outcome", "say what it should change"),
        "BINARY": _rule("S46", "done or not done", "say what its success can be measured by", _INFO),
        "BINARY_OBJECTIVE": _rule("S46", "the objective is done or not done", "say where it leads", _INFO),
        "COMPOSITE": _rule("S52", "two results in one", "split it into two key results"),
        "METRIC_UNNAMED": _rule("S77", "what is measured is not said", "name the metric"),
        "NUMBER_IN_OBJECTIVE": _rule("S79", "a number in the objective", "move it to a key result", _INFO),
        "NO_ACTION_VERB": _rule("S80", "no verb at the beginning", "begin with what you will do", _INFO),
        "OBJECTIVE_LONG": _rule("S81", "longer than {limit} characters", "say it in one breath", _INFO),
        "OBJECTIVE_NOT_INSPIRING": _rule("S82", "a bare metric", "say why it matters and to whom", _INFO),
        "OBJECTIVE_COPIES_PARENT_KR": _rule(
            "S34", "repeats its parent key result", "say what this team adds to it"
        ),
        "OWNER_MISSING": _rule("S83", "no owner", "name one person or team who answers for it", _ERROR),
        "SILO": _rule("S84", "linked to nothing outside it", "link what it contributes to or depends on"),
        "STALE": _rule("S85", "nobody has looked after it lately", "check in, or close it"),
        "CYCLE_MISSING": _rule("S86", "no cycle and no date", "say when it ends", _ERROR),
        "DUE_AFTER_CYCLE": _rule("S18", "due after its cycle", "move the date or the key result"),
        "DUE_AMBIGUOUS": _rule("S86", "the deadline can be read two ways", "enter the date it is due"),
        "CHILD_DUE_AFTER_PARENT": _rule("S17", "due after the key result above", "move one of the two dates"),
        "EPIC_AS_KR": _rule("S87", "measured by the work itself", "measure what the work changes", _INFO),
        "EPIC_WITHOUT_KR": _rule("S3", "work that moves no key result", "link it to one, or leave it out"),
        "REACHED_EARLY": _rule("S88", "reached before half time", "check whether it was ambitious", _INFO),
        "NO_INITIATIVE": _rule("S91", "no work is meant to move it", "plan what will move it", _INFO),
        "INDIVIDUAL_OBJECTIVE": _rule("C2", "an objective of one person", "make it the team's", _INFO, True),
        "BASELINE_MISSING": _rule("S90", "a change without its baseline", "enter where it starts from"),
        "START_MISSING": _rule("S90", "a running metric without a start", "enter the value at the beginning"),
        "UNIT_MISSING": _rule("S90", "no currency or unit", "say what the number counts"),
        "DIRECTION_MISMATCH": _rule(
            "S90", "the direction says one way, the numbers the other", "correct the direction or a number"
        ),
        "UNIT_SUSPECT": _rule("S48", "a unit that is unusual for this metric", "check the scale"),
        "UNIT_MISMATCH_PARENT": _rule(
            "S24", "another unit than the key result above: no sum", "use its unit, or do not contribute"
        ),
        "PERCENT_AMBIGUOUS": _rule("S43", "percent or percentage points", "say from what to what", _INFO),
        "STOCK_OR_FLOW": _rule("S53", "in total or newly added", "say which, and enter the start"),
        "RATE": _rule("S49", "repeats each period", "count the periods in which it is reached", _INFO),
        "DENOMINATOR_MOVES": _rule(
            "S50", "a share of something that does not exist yet", "leave it empty until there is some", _INFO
        ),
        "AGGREGATE_UNSTATED": _rule("S90", "of several: lowest, highest or mean", "say which", _INFO),
        "SHARED_CANDIDATE": _rule("S30", "the same key result stands elsewhere", "share one", _INFO),
    }
)
"""One entry for every code that can be found."""
