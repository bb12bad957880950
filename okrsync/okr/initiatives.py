"""One initiative: the share of its work that is done, explained down to the issues."""

from __future__ import annotations

from collections.abc import Iterator

from okrsync.okr.explain import Explanation, Input
from okrsync.okr.model import Entity
from okrsync.okr.numbers import cut_or_none, show
from okrsync.okr.outcome import Desk, Outcome, exclusions
from okrsync.okr.reading import finding, name_of, present, read_text
from okrsync.okr.reasons import Why
from okrsync.okr.work import Below, Work, measure_work, notes_of, open_items


def assess(initiative: Entity, desk: Desk) -> Outcome:
    """An initiative's outcome; its score stays empty, for work never scores a result (S2)."""

    def below(item: Entity) -> tuple[Entity, ...]:
        return desk.links.get(desk.links.work.get(item.id, ()))

    work = measure_work(initiative, below(initiative), desk.method, below)
    line = f"{_result(work)}: {work.line}"
    findings = [
        finding(why, initiative, "status_category", detail=open_items(work) if _contradicted(why) else "")
        for why in work.warnings
    ]
    return Outcome(
        initiative,
        {"progress": cut_or_none(work.share), "explanation": line},
        _explain(initiative, work, below),
        present(findings),
        share=work.share,
    )


def _contradicted(why: Why) -> bool:
    return why is Why.EPIC_DONE_CHILDREN_OPEN


def _result(work: Work) -> str:
    return "not known" if work.share is None else show(work.share)


def _explain(initiative: Entity, work: Work, below: Below) -> Explanation:
    return Explanation(
        initiative.id,
        f"work: {name_of(initiative)}",
        _result(work),
        f"by {work.by}; work never enters a key result's score",
        formula=f"progress = done ÷ all {work.unit}" if work.counted else "",
        numbers=work.line,
        inputs=(_status(initiative, "own status"), *_statuses(work.counted, below)),
        exclusions=exclusions(work.left_out),
        notes=notes_of(work),
    )


def _statuses(items: tuple[Entity, ...], below: Below) -> Iterator[Input]:
    """Each item, followed by its sub-tasks."""
    for item in items:
        yield _status(item, name_of(item))
        yield from _statuses(below(item), below)


def _status(entity: Entity, label: str) -> Input:
    status = read_text(entity, "status_name") or read_text(entity, "status_category") or "not known"
    return Input(label, status, entity.sources.get("status_category"), entity.id)
