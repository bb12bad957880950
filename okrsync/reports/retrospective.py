"""A closed cycle for people: the retrospective as Markdown, a short text, and JSON (S99).

A closing arrives, with names for its keys; lines leave. It is for learning, not for judging: objectives in
their own order, no order of people, and a low score comes with the question why (S60, S89).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from okrsync.okr.carry import CarryOver
from okrsync.okr.closing import Closing
from okrsync.okr.frozen import FrozenScore
from okrsync.okr.model import Kind
from okrsync.okr.numbers import show, show_value
from okrsync.reports.data import FORMAT
from okrsync.reports.lines import alert, columns, dim, heading
from okrsync.reports.markup import markdown
from okrsync.reports.words import BLANK, clean, count, shorten

_JSON = TypeAdapter(Closing)


def retrospective(closing: Closing, final: bool = True) -> list[str]:
    """The retrospective's file, as Markdown; one that is not final says so."""
    cycle = closing.cycle
    lines = [f"# Retrospective of {markdown(cycle.name)}", ""]
    lines.append(f"{cycle.start} to {cycle.end}, closed on {closing.on}. {_until(closing)}")
    if not final:
        lines.append("**Not closed yet: these numbers may still change.**")
    lines += ["", "This page is for learning, not for judging anybody. Scores are cut to two decimals."]
    lines += ["Red, amber and green say how far a goal came; reached depends on its ambition.", ""]
    lines += [_result(closing), ""]
    for part in (_goals, _gaps, _targets, _easy, _carried, _learnings):
        lines += part(closing)
    return lines


def _until(closing: Closing) -> str:
    return f"Values seen until {closing.values_until} count."


def _result(closing: Closing) -> str:
    return "; ".join(
        f"{sum(1 for each in group if each.achieved)} of {count(len(group), word)} reached"
        + (f", {blank} without a score" if (blank := sum(1 for each in group if each.score is None)) else "")
        for group, word in ((closing.objectives, "objective"), (closing.key_results, "key result"))
    )


def _goals(closing: Closing) -> Iterator[str]:
    yield "## Scores"
    for each in closing.scores:
        if each.kind is Kind.OBJECTIVE:
            yield from ("", f"### {markdown(each.name)}", "", f"Score {_score(each)}{_reached(each)}.", "")
            yield "| Score | Key result | How |"
            yield "|---|---|---|"
        else:
            how = markdown(each.explanation)
            yield f"| {_score(each)}{_reached(each)} | {markdown(each.name)} | {how} |"
    yield ""


def _score(each: FrozenScore) -> str:
    """The number with its band, such as `0.65 amber`."""
    return f"{_number(each.score)} {each.band}".strip()


def _number(score: Decimal | None) -> str:
    return BLANK if score is None else show(score)


def _reached(each: FrozenScore) -> str:
    return " (reached)" if each.achieved else ""


def _gaps(closing: Closing) -> Iterator[str]:
    gaps = closing.biggest_gaps()
    if gaps:
        yield from ("## What stayed furthest from its target", "")
    for each in gaps:
        why = markdown(each.reason) if each.reason.strip() else "*why? Nobody has said yet.*"
        yield f"- {_score(each)} {markdown(each.name)}: {why}"
    yield from ("",) if gaps else ()


def _targets(closing: Closing) -> Iterator[str]:
    if not closing.changes:
        return
    names = {each.entity: each for each in closing.scores}
    yield from ("## Targets that changed on the way", "")
    for entity, change in closing.changes:
        old = names[entity].against_original
        against = f" (against the original target: {show(old)})" if old is not None else ""
        yield f"- {markdown(names[entity].name)}: {markdown(change.line())}{against}"
    yield ""


def _easy(closing: Closing) -> Iterator[str]:
    if closing.too_easy:
        teams = ", ".join(markdown(each) for each in closing.too_easy)
        yield from ("## Were the goals ambitious enough?", "")
        yield f"Two cycles in a row nearly everything was reached by: {teams}."
        yield "That can mean that the next goals may be bolder."
        yield ""


def _carried(closing: Closing) -> Iterator[str]:
    if not closing.carry_over:
        return
    yield f"## Proposed for {markdown(closing.carry_over[0].cycle)}"
    yield from ("", "Not reached, and perhaps worth going on with. Nothing was created: people decide.", "")
    yield "| Key result | Starts at | Target |"
    yield "|---|---|---|"
    names = {each.entity: each.name for each in closing.scores}
    for each in closing.carry_over:
        ends = f"{_value(each, each.start)} | {_target(each)}"
        yield f"| {markdown(names[each.predecessor])} | {ends} |"
    yield ""


def _value(each: CarryOver, value: Decimal | None) -> str:
    return BLANK if value is None else f"{show_value(value)} {markdown(each.unit)}".strip()


def _target(each: CarryOver) -> str:
    """The target; of a change that has no baseline yet, how far it should go."""
    if each.measure == "relative" and each.target is not None:
        return f"a change of {show_value(each.target)} %"
    return _value(each, each.target)


def _learnings(closing: Closing) -> Iterator[str]:
    yield from ("## What we learnt", "")
    for each in closing.objectives:
        yield f"- {markdown(each.name)}: {markdown(closing.learnings.get(each.entity, '')) or '…'}"


def closing_lines(closing: Closing) -> list[str]:
    """A closing in short, for a terminal."""
    lines = summary_lines(closing)
    lines += columns(_row(each) for each in closing.scores)
    if closing.changes:
        told = "told in the retrospective"
        lines.append(dim(f"{count(len(closing.changes), 'target change')} on the way, {told}"))
    if closing.too_easy:
        teams = ", ".join(map(clean, closing.too_easy))
        lines.append(alert(f"Reached nearly everything twice in a row: {teams}"))
    if closing.carry_over:
        into = clean(closing.carry_over[0].cycle)
        what = count(len(closing.carry_over), "key result")
        lines.append(f"{what} to propose for {into}; nothing is created")
    return lines


def summary_lines(closing: Closing) -> list[str]:
    """What was reached, and until when values count."""
    return [heading(f"{clean(closing.cycle.name)}: {_result(closing)}"), dim(_until(closing))]


def _row(each: FrozenScore) -> tuple[str, ...]:
    indent = "" if each.kind is Kind.OBJECTIVE else "  "
    cells = (_score(each), indent + shorten(each.name, 70))
    return (*cells, dim("reached")) if each.achieved else cells


def reasons_lines(closing: Closing, keys: dict[str, str]) -> list[str]:
    """The scores that ask why, and how to answer. `keys`: what to call an entity on the command line."""
    asked = closing.reasons_asked
    if not asked:
        return []
    lines = [alert(f"{count(len(asked), 'score')} below 0.40: what was in the way?")]
    lines += [
        f"  --reason {_quoted(keys[each.entity])}=…   {dim(f'{_score(each)} {shorten(each.name, 60)}')}"
        for each in asked
    ]
    return lines


def _quoted(key: str) -> str:
    return f'"{clean(key)}"' if " " in key else clean(key)


def closing_json(closing: Closing, keys: dict[str, str], final: bool) -> dict[str, Any]:
    """A closing for programs, entities by their keys."""
    data: dict[str, Any] = _JSON.dump_python(closing, mode="json")
    for each in data["scores"]:
        each["entity"] = keys.get(each["entity"], each["entity"])
    for each in data["carry_over"]:
        each["predecessor"] = keys.get(each["predecessor"], each["predecessor"])
    data["changes"] = [{"entity": keys.get(entity, entity), **change} for entity, change in data["changes"]]
    data["learnings"] = {keys.get(each, each): text for each, text in data["learnings"].items()}
    asked = [keys.get(each.entity, each.entity) for each in closing.reasons_asked]
    return {"format": FORMAT, "final": final, "reasons_asked": asked, **data}
