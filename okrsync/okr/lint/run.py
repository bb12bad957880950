"""The one entry to the linter: from a workspace to its findings, acknowledged ones marked.

Checks yield hits; here they get words, a place, the profile's severity and, where a person has accepted
one with a reason, that acknowledgement. Nothing is ever hidden: an accepted finding is still told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from okrsync.okr.compute import compute
from okrsync.okr.findings import Finding, Severity
from okrsync.okr.links import links_of
from okrsync.okr.lint import key_results, objectives, together
from okrsync.okr.lint.catalogue import RULES
from okrsync.okr.lint.context import Bench, Hit
from okrsync.okr.lint.profiles import DEFAULT, Profile
from okrsync.okr.method import Method
from okrsync.okr.model import Entity, Kind
from okrsync.okr.reading import name_of, place_of
from okrsync.okr.series import Series

_ORDER = tuple(Severity)


@dataclass(frozen=True)
class Acknowledgement:
    """A person's word that a finding is accepted, with the reason and how long it holds."""

    code: str
    entity: str
    """The entity's key or id."""
    reason: str
    until: date | None = None
    """The last day it holds; None: as long as the finding stands."""
    by: str = ""

    def __post_init__(self) -> None:
        if self.code not in RULES:
            raise ValueError(f"there is no rule {self.code}")
        if not self.reason.strip():
            raise ValueError(f"{self.code} at {self.entity}: an acknowledgement needs a reason")


@dataclass(frozen=True)
class LintFinding:
    """One rule that one entity breaks, for people and for machines."""

    code: str
    entity: str
    """The entity's id."""
    field: str
    """The field to look at."""
    place: str
    message: str
    """Whose name it is, what the rule says, and the detail."""
    told: str
    """What the rule says, with the detail and without the name."""
    detail: str
    advice: str
    severity: Severity
    source: str
    """The requirement's number, such as S78."""
    acknowledged: Acknowledgement | None = None
    expired: Acknowledgement | None = None
    """An acknowledgement that held until its last day."""

    @property
    def finding(self) -> Finding:
        """The same in the one shape that every command shows."""
        return Finding(self.code, self.place, self.message, self.advice, self.severity)


def lint(
    entities: Mapping[str, Entity],
    today: date,
    method: Method,
    profile: Profile = DEFAULT,
    acknowledgements: Iterable[Acknowledgement] = (),
    series: Series | None = None,
) -> tuple[LintFinding, ...]:
    """Every finding of a workspace, the most severe first, then by place and code.

    Cancelled and closed objectives with their key results are left in peace. Without `series` nothing is
    called stale. Never raises on people's values.
    """
    accepted = tuple(acknowledgements)
    bench = Bench(links_of(entities), today, method, compute(entities, today, method, series), profile.limits)
    told = [_told(hit, profile, accepted, today) for hit in _hits(bench)]
    found = {each for each in told if each is not None}
    return tuple(sorted(found, key=_sort_key))


def _sort_key(found: LintFinding) -> tuple[int, str, str, str]:
    return (_ORDER.index(found.severity), found.place, found.code, found.message)


def _hits(bench: Bench) -> Iterator[Hit]:
    for objective in bench.links.of_kind(Kind.OBJECTIVE):
        if bench.is_open(objective):
            yield from (hit for check in objectives.CHECKS for hit in check(objective, bench))
    for kr in bench.links.of_kind(Kind.KEY_RESULT):
        if bench.is_open(kr):
            yield from (hit for check in key_results.CHECKS for hit in check(kr, bench))
    for initiative in bench.links.of_kind(Kind.INITIATIVE):
        yield from objectives.work(initiative, bench)
    for each in together.CHECKS:
        yield from (hit for hit in each(bench) if bench.is_open(hit.entity))


def _told(
    hit: Hit, profile: Profile, accepted: tuple[Acknowledgement, ...], today: date
) -> LintFinding | None:
    severity = profile.severity(hit.code)
    if severity is None:
        return None
    rule = RULES[hit.code]
    text = rule.text.format(limit=hit.limit)
    detail = f" ({hit.detail})" if hit.detail else ""
    mine = [each for each in accepted if each.code == hit.code and each.entity in _names(hit.entity)]
    holding = [each for each in mine if each.until is None or each.until >= today]
    return LintFinding(
        hit.code,
        hit.entity.id,
        hit.field,
        place_of(hit.entity, hit.field),
        f"{name_of(hit.entity)}: {text}{detail}",
        f"{text}{detail}",
        hit.detail,
        rule.advice,
        severity,
        rule.source,
        holding[0] if holding else None,
        mine[0] if mine and not holding else None,
    )


def _names(entity: Entity) -> tuple[str | None, ...]:
    return (entity.id, entity.key)


def wording_codes(kind: Kind, title: str) -> tuple[str, ...]:
    """The codes that a title alone earns, before anything else is filled in; sorted."""
    entity = Entity("?", kind, None, {"title": title})
    checks = _BY_TITLE[kind]
    nothing: Mapping[str, Entity] = {"?": entity}
    day = date(2000, 1, 1)
    computed = compute(nothing, day, Method())
    bench = Bench(links_of(nothing), day, Method(), computed, DEFAULT.limits)
    return tuple(sorted({hit.code for check in checks for hit in check(entity, bench)}))


_BY_TITLE = {
    Kind.OBJECTIVE: (objectives.text,),
    Kind.KEY_RESULT: (key_results.measurable, key_results.outcome, key_results.clear),
}
