"""Alignment for people and for machines: one line of sight both ways, and who stands alone.

What the method found in the links arrives with the view; lines and plain objects leave. Orphans and silos are
lists to talk about, not mistakes; shares are of objectives, never of people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from okrsync.okr import alignment
from okrsync.okr.alignment import Branch, Sideways, Sight
from okrsync.okr.links import Ids
from okrsync.okr.model import Entity
from okrsync.okr.numbers import show
from okrsync.okr.reading import name_of
from okrsync.reports.data import FORMAT
from okrsync.reports.lines import columns, dim, good, heading
from okrsync.reports.tree import entity_line
from okrsync.reports.words import Names, clean, count, shorten
from okrsync.sync_engine.runner import View

_ORIGINS = {
    "top_down": "from above",
    "bottom_up": "from the teams",
    "sideways": "for another team",
    "": "nobody said",
}


def path_lines(view: View, sight: Sight) -> list[str]:
    """From the top down to an entity, then everything below it, then its links sideways."""
    lines = []
    for way in sight.above:
        lines += [heading("From strategy"), *_way(view, way), ""]
    lines += [heading("To daily work"), *_below(view, sight.below, 1)]
    if sight.sideways:
        lines += ["", heading("Sideways"), *(f"  {_across(view.entities, each)}" for each in sight.sideways)]
    return lines


def _way(view: View, way: Ids) -> Iterator[str]:
    for depth, each in enumerate(reversed(way)):
        mark = good(" ← here") if each == way[0] else ""
        yield "  " * (depth + 1) + entity_line(view, view.entities[each]) + mark


def _below(view: View, branch: Branch, depth: int) -> Iterator[str]:
    yield "  " * depth + entity_line(view, view.entities[branch.id])
    for each in branch.below:
        yield from _below(view, each, depth + 1)


def _across(entities: Mapping[str, Entity], each: Sideways) -> str:
    word = {"supports": "supports", "depends_on": "needs"}[each.how]
    return f"{_name(entities[each.source])} {word} {_name(entities[each.target])}"


def _name(entity: Entity) -> str:
    return shorten(name_of(entity), 60)


def path_json(sight: Sight, names: Names) -> dict[str, Any]:
    """The same for programs, entities by their keys."""
    return {
        "format": FORMAT,
        "above": [[names(each) for each in way[1:]] for way in sight.above],
        "below": _branch_json(sight.below, names),
        "sideways": [_sideways_json(each, names) for each in sight.sideways],
    }


def _branch_json(branch: Branch, names: Names) -> dict[str, Any]:
    return {"entity": names(branch.id), "below": [_branch_json(each, names) for each in branch.below]}


def _sideways_json(each: Sideways, names: Names) -> dict[str, Any]:
    return {"how": each.how, "from": names(each.source), "to": names(each.target)}


@dataclass(frozen=True)
class Alignment:
    """How the goals of a workspace hang together."""

    orphans: Ids
    silos: Ids
    shares: Mapping[str, Fraction]
    origins: Mapping[str, Ids]
    sideways: tuple[Sideways, ...]


def alignment_of(view: View) -> Alignment:
    """Everything there is to say about a workspace's links."""
    entities = view.entities
    return Alignment(
        alignment.orphans(entities),
        alignment.silos(entities),
        alignment.aligned_share(entities),
        alignment.by_origin(entities),
        alignment.sideways(entities),
    )


def alignment_lines(view: View, found: Alignment) -> list[str]:
    """Orphans, silos, shares by team, origins, and the links sideways."""
    total = sum(len(ids) for ids in found.origins.values())
    if not total:
        return ["No objectives yet. Run okrsync sync first."]
    lines = _list(
        view, "Below the top and contributing to nothing", found.orphans, "worth a talk, no mistake"
    )
    lines += _list(view, "Linked to nothing at all", found.silos, "okrsync lint --rule SILO")
    if found.shares:
        rows = [(clean(team), show(share)) for team, share in found.shares.items()]
        lines += ["", heading("Share of each team's objectives that serve another"), *columns(rows)]
    lines += ["", heading("Where objectives came from"), *columns(_origins(found.origins, total))]
    across = [f"  {_across(view.entities, each)}" for each in found.sideways]
    lines += ["", heading("Sideways"), *(across or [dim("  no objective supports or needs another one")])]
    return lines


def _list(view: View, title: str, ids: Iterable[str], hint: str) -> list[str]:
    told = [f"  {_name(view.entities[each])}" for each in ids]
    if not told:
        return [good(f"{title}: none")]
    return [heading(f"{title} ({len(told)})") + dim(f"  {hint}"), *told]


def _origins(origins: Mapping[str, Ids], total: int) -> list[tuple[str, ...]]:
    return [
        (_ORIGINS[name], count(len(ids), "objective"), show(Fraction(len(ids), total)))
        for name, ids in origins.items()
    ]


def alignment_json(found: Alignment, names: Names) -> dict[str, Any]:
    """The same for programs."""
    return {
        "format": FORMAT,
        "orphans": [names(each) for each in found.orphans],
        "silos": [names(each) for each in found.silos],
        "aligned_share": {team: show(share) for team, share in found.shares.items()},
        "origins": {name or "not_said": [names(each) for each in ids] for name, ids in found.origins.items()},
        "sideways": [_sideways_json(each, names) for each in found.sideways],
    }
