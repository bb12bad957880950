"""The canonical OKR model: entities, their fields and what each field holds.

The registry `FIELDS` is the one list of canonical fields; mappings bind to it, the engine merges by it,
the config's JSON Schema and the docs are made from it. An entity is a kind, a key people use and its
fields' values; the method (measures, roll-up, pace) reads entities and returns derived fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from okrsync.okr.values import Value


class Kind(StrEnum):
    """What an entity is (S1, S54). A work item is a child of an initiative; it is only counted."""

    OBJECTIVE = "objective"
    KEY_RESULT = "key_result"
    INITIATIVE = "initiative"
    METRIC = "metric"
    CHECK_IN = "check_in"
    WORK_ITEM = "work_item"


class Type(StrEnum):
    """The normal form a field's values take."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    BOOL = "bool"
    CHOICE = "choice"
    PERSON = "person"
    LABELS = "labels"
    REFS = "refs"


@dataclass(frozen=True)
class FieldSpec:
    """One canonical field: its normal form, what it may hold and what it means."""

    name: str
    type: Type
    help: str
    choices: tuple[str, ...] = ()
    refers_to: tuple[Kind, ...] = ()
    single: bool = False
    """For references: at most one."""
    derived: bool = False
    """Computed by okrsync; never an input of any computation (I15)."""
    asked: bool = False
    """Computed only where a binding names it; left out of what is shown unasked."""


_EVALUATIONS = ("share", "planned", "worst", "latest")
_PERIODS = ("day", "week", "month", "quarter")
_MEASURES = ("level", "relative", "delta", "binary", "milestone", "rate", "maintain", "none")
_DIRECTIONS = (
    "increase",
    "decrease",
    "at_least",
    "at_most",
    "maintain_at_least",
    "maintain_at_most",
    "complete",
)
_STATES = ("draft", "published", "active", "review", "closed", "cancelled")
_STATUSES = (
    "not_started",
    "too_early",
    "on_track",
    "at_risk",
    "off_track",
    "stale",
    "pending",
    "achieved",
    "missed",
    "unscored",
)

_COMMON = (
    FieldSpec("title", Type.TEXT, "what people call it"),
    FieldSpec("owner", Type.PERSON, "who answers for it: an e-mail address or a name"),
    FieldSpec("team", Type.TEXT, "the organisational unit it belongs to"),
    FieldSpec("cycle", Type.TEXT, "the cycle's name, such as 2026-Q1"),
    FieldSpec("due", Type.DATE, "the day it is due; default the end of the cycle (S15, S16)"),
    FieldSpec("note", Type.TEXT, "free text that passes through"),
)

_HYGIENE = FieldSpec(
    "hygiene", Type.TEXT, "what `okrsync lint` would mend; only where mapped", derived=True, asked=True
)

_SCORED = (
    FieldSpec("progress", Type.NUMBER, "the score, 0 to 1, cut to four decimals", derived=True),
    FieldSpec("score", Type.NUMBER, "raw progress clamped to 0..1, cut to four decimals", derived=True),
    FieldSpec("expected", Type.NUMBER, "where the score should be by now, 0 to 1 (S61)", derived=True),
    FieldSpec("status", Type.CHOICE, "from the gap to expected (S65)", choices=_STATUSES, derived=True),
    FieldSpec("coverage", Type.TEXT, "how many children could be scored, such as 2/3", derived=True),
    FieldSpec("explanation", Type.TEXT, "the number in one line, for people", derived=True),
    FieldSpec("gap", Type.NUMBER, "expected − score, cut to two decimals; positive: behind", derived=True),
    FieldSpec("pace", Type.NUMBER, "score ÷ expected, cut to two decimals", derived=True),
    FieldSpec(
        "forecast",
        Type.NUMBER,
        "the score on the last day, cut to two decimals",
        derived=True,
    ),
    FieldSpec("stale", Type.BOOL, "whether nobody has looked after it lately (S71)", derived=True),
    _HYGIENE,
)

_OBJECTIVE = (
    *_COMMON,
    FieldSpec("level", Type.TEXT, "company, business unit, team, individual; names are free (S4)"),
    FieldSpec("starts", Type.DATE, "first day; default the start of the cycle"),
    FieldSpec(
        "ambition", Type.CHOICE, "the success line is 1.0 or 0.7 (S57)", choices=("committed", "aspirational")
    ),
    FieldSpec("weight", Type.NUMBER, "its share in a total, at least 0, default 1"),
    FieldSpec("state", Type.CHOICE, "where it is in its life (S19)", choices=_STATES),
    FieldSpec(
        "contributes_to",
        Type.REFS,
        "its parent key result or objective (S22)",
        refers_to=(Kind.KEY_RESULT, Kind.OBJECTIVE),
    ),
    FieldSpec(
        "supports", Type.REFS, "sideways, without numbers (S28)", refers_to=(Kind.KEY_RESULT, Kind.OBJECTIVE)
    ),
    FieldSpec(
        "depends_on", Type.REFS, "needs these to succeed (S29)", refers_to=(Kind.KEY_RESULT, Kind.OBJECTIVE)
    ),
    FieldSpec("origin", Type.CHOICE, "who began it (S31)", choices=("top_down", "bottom_up", "sideways")),
    FieldSpec("private", Type.BOOL, "left out of everything that is published, with all below it (S104)"),
    *_SCORED,
)

_KEY_RESULT = (
    *_COMMON,
    FieldSpec("objective", Type.REFS, "the objective it measures", refers_to=(Kind.OBJECTIVE,)),
    FieldSpec("starts", Type.DATE, "first day; default the objective's"),
    FieldSpec("measure", Type.CHOICE, "how the target is meant (S36..S49)", choices=_MEASURES),
    FieldSpec("direction", Type.CHOICE, "which way is better", choices=_DIRECTIONS),
    FieldSpec("unit", Type.TEXT, "what is counted; currencies as ISO codes"),
    FieldSpec("start", Type.NUMBER, "value at the beginning"),
    FieldSpec("target", Type.NUMBER, "value, or change of it, to reach"),
    FieldSpec("baseline", Type.NUMBER, "value that a relative or delta target starts from (S41, S42)"),
    FieldSpec("current", Type.NUMBER, "the latest value"),
    FieldSpec("metric", Type.REFS, "the KPI it takes its value from (S54)", (), (Kind.METRIC,), single=True),
    FieldSpec(
        "value_from",
        Type.CHOICE,
        "declares that the work itself is its measure; default own (S87)",
        choices=("own", "work"),
    ),
    FieldSpec("stages", Type.TEXT, "a milestone's stages, such as Draft = 0.2; Live = 1 (S46)"),
    FieldSpec("stage", Type.TEXT, "the stage a milestone is in"),
    FieldSpec("scale_min", Type.NUMBER, "the lowest value a rating can have (S48)"),
    FieldSpec("scale_max", Type.NUMBER, "the highest value a rating can have (S48)"),
    FieldSpec("upper", Type.NUMBER, "the upper end of a range to stay in; the target is the lower"),
    FieldSpec(
        "evaluation",
        Type.CHOICE,
        "how periods of a goal to keep are judged (S40); default share",
        choices=_EVALUATIONS,
    ),
    FieldSpec("period", Type.CHOICE, "of a rate or a goal to keep; default week (S49)", choices=_PERIODS),
    FieldSpec("strict", Type.BOOL, "the target itself does not count: < and > (S38)"),
    FieldSpec("weight", Type.NUMBER, "its share in the objective's score, at least 0, default 1"),
    FieldSpec("ambition", Type.CHOICE, "overrides the objective's", choices=("committed", "aspirational")),
    FieldSpec(
        "rollup",
        Type.CHOICE,
        "how contributing key results make its value (S27)",
        choices=("none", "sum", "weighted_mean", "min", "max", "latest"),
    ),
    FieldSpec("contributes", Type.BOOL, "whether it enters its parent's roll-up; default: same unit (S25)"),
    FieldSpec(
        "confidence", Type.NUMBER, "belief in reaching the target, 0 to 1; never enters the score (S62)"
    ),
    FieldSpec("challenges", Type.TEXT, "what is in the way, and who can help (S68)"),
    FieldSpec(
        "phases",
        Type.TEXT,
        "how much of the way should be covered by when, such as 2026-02-15 = 30%; 2026-03-10 = 80% (S61)",
    ),
    FieldSpec("private", Type.BOOL, "left out of everything that is published (S104)"),
    FieldSpec("raw", Type.NUMBER, "unclamped progress, cut to four decimals (S59)", derived=True),
    FieldSpec(
        "value",
        Type.NUMBER,
        "the value scored: current, or the roll-up of the contributing key results",
        derived=True,
    ),
    *_SCORED,
)

_INITIATIVE = (
    *_COMMON,
    FieldSpec(
        "contributes_to",
        Type.REFS,
        "the key results it is meant to move (S3)",
        refers_to=(Kind.KEY_RESULT, Kind.OBJECTIVE),
    ),
    FieldSpec(
        "status_category",
        Type.CHOICE,
        "how far the tool says it is",
        choices=("new", "indeterminate", "done"),
    ),
    FieldSpec("status_name", Type.TEXT, "the tool's own word for it, for people"),
    FieldSpec("hypothesis", Type.TEXT, "if we do this, that improves (S7)"),
    FieldSpec(
        "progress", Type.NUMBER, "share of its work that is done, 0 to 1, cut to four decimals", derived=True
    ),
    FieldSpec("explanation", Type.TEXT, "the number in one line, for people", derived=True),
    _HYGIENE,
)

_METRIC = (
    *_COMMON,
    FieldSpec("unit", Type.TEXT, "what is counted; currencies as ISO codes"),
    FieldSpec("current", Type.NUMBER, "the latest value; a KPI has no target of its own (S54)"),
    FieldSpec("explanation", Type.TEXT, "the number in one line, for people", derived=True),
)

_CHECK_IN = (
    FieldSpec("key_result", Type.REFS, "what it is about", refers_to=(Kind.KEY_RESULT,)),
    FieldSpec("title", Type.TEXT, "what people call it"),
    FieldSpec("date", Type.DATE, "the day it was made"),
    FieldSpec("owner", Type.PERSON, "who made it"),
    FieldSpec("value", Type.NUMBER, "the metric's value on that day (S67)"),
    FieldSpec("confidence", Type.NUMBER, "belief in reaching the target, 0 to 1 (S62)"),
    FieldSpec("challenges", Type.TEXT, "what is in the way (S68)"),
    FieldSpec("helper", Type.PERSON, "who can help (S68)"),
    FieldSpec("initiatives", Type.TEXT, "new work that is needed (S69)"),
    FieldSpec("note", Type.TEXT, "free text that passes through"),
    FieldSpec("explanation", Type.TEXT, "the check-in in one line, for people", derived=True),
)

_WORK_ITEM = (
    FieldSpec("title", Type.TEXT, "what people call it"),
    FieldSpec(
        "parent",
        Type.REFS,
        "the initiative, or the work item, it is part of",
        refers_to=(Kind.INITIATIVE, Kind.WORK_ITEM),
        single=True,
    ),
    FieldSpec(
        "status_category", Type.CHOICE, "new, indeterminate or done", choices=("new", "indeterminate", "done")
    ),
    FieldSpec("resolution", Type.TEXT, "why it was closed; cancelled ones can be left out"),
    FieldSpec("points", Type.NUMBER, "its estimate; may be missing, 0 or negative"),
)


def _by_name(specs: Iterable[FieldSpec]) -> Mapping[str, FieldSpec]:
    return MappingProxyType({spec.name: spec for spec in specs})


FIELDS: Mapping[Kind, Mapping[str, FieldSpec]] = MappingProxyType(
    {
        Kind.OBJECTIVE: _by_name(_OBJECTIVE),
        Kind.KEY_RESULT: _by_name(_KEY_RESULT),
        Kind.INITIATIVE: _by_name(_INITIATIVE),
        Kind.METRIC: _by_name(_METRIC),
        Kind.CHECK_IN: _by_name(_CHECK_IN),
        Kind.WORK_ITEM: _by_name(_WORK_ITEM),
    }
)
"""The canonical fields of every entity kind. Work items come as children, all others in collections."""
MAPPED: tuple[Kind, ...] = tuple(kind for kind in Kind if kind is not Kind.WORK_ITEM)
"""The kinds a collection may hold."""


@dataclass(frozen=True)
class Source:
    """Where a value was read: enough for a person to go and look."""

    tool: str
    """The connection's name in the admin's file, such as `sheets`."""
    place: str
    """Such as `KRs!E7` or `Notion › Objectives › Get 600 MQLs › Owner`."""
    url: str | None = None
    at: str | None = None
    """When that value was first seen, ISO 8601 UTC."""


@dataclass(frozen=True)
class Entity:
    """One canonical OKR thing with the values agreed for it.

    `fields` holds input fields only, absent meaning missing. `unreadable` names fields whose latest
    look could not be read although an older value may still stand in `fields`.
    """

    id: str
    kind: Kind
    key: str | None
    fields: Mapping[str, Value]
    sources: Mapping[str, Source] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> Value:
        """The value of an input field, `None` where it is missing."""
        return self.fields.get(name)
