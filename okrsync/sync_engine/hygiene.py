"""What the linter finds, as a note that tools can show where the goal is written (S74..S91).

The computed model and the workspace's rules arrive; the same model with the field `hygiene` leaves, or the
model itself where no binding asks for the field. Separate from the method, which knows nothing of the linter:
a note is for people and never an input of anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from okrsync.config.settings import Settings
from okrsync.okr.compute import Computed
from okrsync.okr.findings import Severity
from okrsync.okr.lint import LintFinding, lint
from okrsync.okr.model import FIELDS, Entity
from okrsync.okr.series import Series

FIELD = "hygiene"


def is_mapped(settings: Settings) -> bool:
    """Whether a binding shows the note somewhere."""
    return any(one.field == FIELD for mapping in settings.collections for one in mapping.bindings)


def with_hygiene(
    computed: Computed, settings: Settings, entities: Mapping[str, Entity], today: date, series: Series
) -> Computed:
    """The model with a note for every entity that can have one; None where there is nothing to mend."""
    rules = settings.hygiene
    found = lint(entities, today, settings.method, rules.profile, rules.accepted, series)
    notes = {
        each: _note(one for one in found if one.entity == each)
        for each in computed.derived
        if FIELD in FIELDS[entities[each].kind]
    }
    derived = {
        each: {**values, FIELD: notes[each]} if each in notes else values
        for each, values in computed.derived.items()
    }
    return replace(computed, derived=derived)


def _note(found: Iterable[LintFinding]) -> str | None:
    """The errors and warnings nobody has accepted, the most severe first; hints stay in `okrsync lint`."""
    told = [
        f"{each.told}: {each.advice} ({each.code})"
        for each in found
        if each.acknowledged is None and each.severity is not Severity.INFO
    ]
    return "; ".join(told) or None
