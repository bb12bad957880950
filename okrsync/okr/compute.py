"""The one entry to the method: from all entities of a workspace to every derived field.

The engine hands over the merged entities, today's date and the admin's settings; derived fields,
explanations and findings leave. Nothing else enters: no derived field is ever an input (I15), and the
same inputs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from okrsync.okr import checked, cycles, initiatives, key_results, metrics, objectives
from okrsync.okr.explain import Explanation
from okrsync.okr.findings import Finding
from okrsync.okr.frozen import Frozen, final, standing
from okrsync.okr.links import Links, dangling, links_of
from okrsync.okr.method import Method
from okrsync.okr.model import Entity, Kind
from okrsync.okr.outcome import Desk
from okrsync.okr.reading import finding, name_of, present, read_text
from okrsync.okr.reasons import Why
from okrsync.okr.series import Series
from okrsync.okr.values import Value


@dataclass(frozen=True)
class Computed:
    """What the method says about a workspace, by entity id; work items have nothing derived."""

    derived: Mapping[str, Mapping[str, Value]]
    explanations: Mapping[str, Explanation]
    findings: tuple[Finding, ...]
    news: Mapping[str, date] = field(default_factory=dict)
    """The last day on which somebody looked after an entity, where that is known."""


def compute(
    entities: Mapping[str, Entity],
    today: date,
    method: Method,
    series: Series | None = None,
    frozen: Iterable[Frozen] = (),
) -> Computed:
    """Every derived field of every entity but work items, with its explanation.

    `today` is the workspace's own date; `series` holds what was observed until now, without it nothing is
    called stale, forecast or judged by periods. `frozen` are the scores of closed cycles, which stand.
    Never raises on people's values: what cannot be scored is None with a reason, and what a person should
    correct is a finding.
    """
    links = links_of(entities)
    desk = Desk(links, today, method, series or {})
    closed = standing(frozen, links, today, method)
    for check_in in links.of_kind(Kind.CHECK_IN):
        desk.done[check_in.id] = checked.assess(check_in, desk)
    for metric in links.of_kind(Kind.METRIC):
        desk.done[metric.id] = metrics.assess(metric, desk)
    for initiative in links.of_kind(Kind.INITIATIVE):
        desk.done[initiative.id] = initiatives.assess(initiative, desk)
    for key_result in links.children_first():
        desk.done[key_result.id] = final(key_results.assess(key_result, desk), closed.get(key_result.id))
    for objective in links.objectives_first_below():
        desk.done[objective.id] = final(objectives.assess(objective, desk), closed.get(objective.id))
    return _computed(desk)


def _computed(desk: Desk) -> Computed:
    outcomes = desk.done.items()
    own = (found for _, outcome in outcomes for found in outcome.findings)
    return Computed(
        MappingProxyType({each: MappingProxyType(dict(outcome.derived)) for each, outcome in outcomes}),
        MappingProxyType({each: outcome.explanation for each, outcome in outcomes}),
        present((*own, *_of_links(desk.links), *_of_cycles(desk))),
        MappingProxyType({each: outcome.news for each, outcome in outcomes if outcome.news is not None}),
    )


def _of_links(links: Links) -> Iterator[Finding | None]:
    """Links that lead nowhere and links that lead in a circle (S33)."""
    for entity, name, other in dangling(links.entities):
        yield finding(Why.LINK_DANGLING, entity, name, detail=f"{name} → {other}")
    for circle in links.circles:
        first, *_ = members = links.get(circle)
        names = ", ".join(name_of(member) for member in members)
        yield finding(Why.LINK_CYCLE, first, "contributes_to", "objective", detail=names)


def _of_cycles(desk: Desk) -> Iterator[Finding | None]:
    """Each cycle name that says no dates, once, at the first entity that uses it."""
    seen: set[str] = set()
    for kind in (Kind.OBJECTIVE, Kind.KEY_RESULT):
        for entity in desk.links.of_kind(kind):
            name = read_text(entity, "cycle")
            if name is not None and name not in seen and cycles.find(name, desk.method.calendar) is None:
                seen.add(name)
                yield finding(Why.CYCLE_UNKNOWN, entity, "cycle", detail=name)
