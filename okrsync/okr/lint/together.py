"""Checks over many entities at once: too many objectives, too much for one person, the same twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from okrsync.okr.lint.context import Bench, Hit, title_of
from okrsync.okr.lint.wording import same_text
from okrsync.okr.model import Entity, Kind
from okrsync.okr.reading import name_of, read_text


def objectives(bench: Bench) -> Iterator[Hit]:
    """S74: few objectives for each team, or level, and cycle; told at the first one too many."""
    groups: defaultdict[tuple[str, str], list[Entity]] = defaultdict(list)
    for each in bench.links.of_kind(Kind.OBJECTIVE):
        whose = read_text(each, "team") or read_text(each, "owner")
        if whose is not None:
            groups[whose, bench.cycle_of(each).name].append(each)
    most = bench.limits.objectives
    for (whose, cycle), members in groups.items():
        if len(members) > most:
            yield Hit(
                "OBJECTIVES_MANY", members[most], detail=f"{whose}, {cycle}: {len(members)}", limit=most
            )


def people(bench: Bench) -> Iterator[Hit]:
    """S76: no more key results than one person can look after in one cycle."""
    groups: defaultdict[tuple[str, str], list[Entity]] = defaultdict(list)
    for kr in bench.links.of_kind(Kind.KEY_RESULT):
        who = read_text(kr, "owner")
        if who is not None:
            groups[who, bench.cycle_of(kr).name].append(kr)
    most = bench.limits.per_person
    for (who, cycle), members in groups.items():
        if len(members) > most:
            detail = f"{who}, {cycle}: {len(members)}"
            yield Hit("KR_PER_PERSON", members[most], "owner", detail, most)


def shared(bench: Bench) -> Iterator[Hit]:
    """S30: one key result in two places of one cycle is one to share."""
    groups: defaultdict[tuple[str, str], list[Entity]] = defaultdict(list)
    for kr in bench.links.of_kind(Kind.KEY_RESULT):
        groups[same_text(title_of(kr)), bench.cycle_of(kr).name].append(kr)
    for (words, _), members in groups.items():
        for kr in members if words and len(members) > 1 else ():
            others = ", ".join(name_of(each) for each in members if each.id != kr.id)
            yield Hit("SHARED_CANDIDATE", kr, detail=others)


CHECKS: tuple[Callable[[Bench], Iterator[Hit]], ...] = (objectives, people, shared)
"""Every check over the whole workspace."""
