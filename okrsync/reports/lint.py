"""What the linter found, for people and for machines.

Findings and the view they were made from arrive; lines grouped by rule, or plain objects, leave. Each finding
names the record to open: connection, collection, place and address. Accepted findings are told apart, with
their reason; nothing is hidden for good.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from okrsync.mappings.collection import CollectionMapping
from okrsync.okr.findings import Severity
from okrsync.okr.links import reading_order
from okrsync.okr.lint import PROFILES, RULES, Acknowledgement, LintFinding, Profile
from okrsync.okr.model import Entity
from okrsync.okr.reading import name_of
from okrsync.reports.data import FORMAT
from okrsync.reports.lines import alert, bad, dim, good, heading
from okrsync.reports.words import clean, count, shorten
from okrsync.sync_engine.runner import View
from okrsync.sync_engine.state import LIVE, Link

_MARKS = {Severity.ERROR: bad("error"), Severity.WARNING: alert("warning"), Severity.INFO: dim("note")}
_ORDER = tuple(Severity)


@dataclass(frozen=True)
class Located:
    """A finding with the record a person opens to mend it; empty where no tool holds one."""

    finding: LintFinding
    entity: Entity
    connection: str
    collection: str
    place: str
    url: str | None

    @property
    def counts(self) -> bool:
        """Whether it still asks for something: it was not accepted."""
        return self.finding.acknowledged is None


def locate(
    view: View, mappings: Iterable[CollectionMapping], findings: Iterable[LintFinding]
) -> list[Located]:
    """Every finding with its record: where the field was read, else where it is mapped, else any."""
    bound = {(one.name, binding.field) for one in mappings for binding in one.bindings if binding.reads}
    links = view.state.links_by_entity()
    return [_located(view, bound, links.get(each.entity, ()), each) for each in findings]


def _located(view: View, bound: set[tuple[str, str]], links: Sequence[Link], finding: LintFinding) -> Located:
    held = view.state.canonical.get((finding.entity, finding.field))
    live = [link for link in links if link.state in LIVE]
    read = [link for link in live if held is not None and link.id == held.origin]
    mapped = [link for link in live if (link.collection, finding.field) in bound]
    link = next(iter((*read, *mapped, *live)), None)
    entity = view.entities[finding.entity]
    if link is None:
        return Located(finding, entity, "", "", finding.place, None)
    look = view.state.observed.get((link.id, finding.field))
    return Located(
        finding, entity, link.connection, link.collection, look.place if look else link.place, link.url
    )


def lint_lines(found: Sequence[Located], profile: Profile, full: bool) -> list[str]:
    """Findings grouped by rule, the serious ones first; notes and accepted ones only where `full`."""
    standing = [each for each in found if each.counts]
    shown = [each for each in standing if full or each.finding.severity is not Severity.INFO]
    lines = [line for group in _by_rule(shown) for line in _group(group)]
    accepted = [each for each in found if not each.counts]
    if full and accepted:
        lines += ["", heading("Accepted"), *(line for each in accepted for line in _accepted(each))]
    return (
        [*lines, "", _summary(standing, accepted, profile, full)]
        if lines
        else [_summary(standing, accepted, profile, full)]
    )


def _by_rule(found: Sequence[Located]) -> Iterator[list[Located]]:
    def rule(each: Located) -> tuple[int, str]:
        return _ORDER.index(each.finding.severity), each.finding.code

    ordered = sorted(found, key=lambda each: (rule(each), reading_order(each.entity)))
    return (list(group) for _, group in groupby(ordered, key=rule))


def _group(group: Sequence[Located]) -> Iterator[str]:
    first = group[0].finding
    text = first.message.removeprefix(f"{name_of(group[0].entity)}: ").removesuffix(f" ({first.detail})")
    yield ""
    yield f"{_MARKS[first.severity]} {heading(first.code)} {clean(text)} {dim(f'({first.source})')}"
    yield dim(f"    {first.advice}")
    for each in group:
        yield from _one(each)


def _one(each: Located) -> Iterator[str]:
    found = each.finding
    detail = f" ({clean(found.detail)})" if found.detail else ""
    yield f"  {shorten(name_of(each.entity), 78)}{dim(detail)}"
    yield dim(f"      {each.collection or 'nowhere'}: {shorten(each.place, 90)}")
    if each.url:
        yield dim(f"      {clean(each.url)}")
    if found.expired is not None:
        yield alert(f"      was accepted until {found.expired.until}: {clean(found.expired.reason)}")


def _accepted(each: Located) -> Iterator[str]:
    word = each.finding.acknowledged
    assert word is not None
    until = f" until {word.until}" if word.until else ""
    by = f", by {clean(word.by)}" if word.by else ""
    yield f"  {each.finding.code} {shorten(name_of(each.entity), 70)}"
    yield dim(f"      accepted{until}{by}: {clean(word.reason)}")


def _summary(standing: Sequence[Located], accepted: Sequence[Located], profile: Profile, full: bool) -> str:
    tally = Counter(each.finding.severity for each in standing)
    if not tally:
        return good(f"Nothing to mend (profile {profile.name}).") + _rest(len(accepted), "accepted finding")
    parts = [count(tally[Severity.ERROR], "error"), count(tally[Severity.WARNING], "warning")]
    parts.append(count(tally[Severity.INFO], "note"))
    hint = "" if full or not (tally[Severity.INFO] or accepted) else "; okrsync lint --full shows all"
    return f"{', '.join(parts)}, {len(accepted)} accepted (profile {profile.name}){dim(hint)}"


def _rest(number: int, what: str) -> str:
    return dim(f" {count(number, what)}.") if number else ""


def unused(accepted: Iterable[Acknowledgement], found: Iterable[LintFinding]) -> list[Acknowledgement]:
    """What was accepted and is not found any more: lines of the file that can go."""
    met = {each.acknowledged for each in found} | {each.expired for each in found}
    return [each for each in accepted if each not in met]


def unused_lines(words: Sequence[Acknowledgement]) -> list[str]:
    """The same for people."""
    told = [f"  {each.code} at {clean(each.entity)}: {clean(each.reason)}" for each in words]
    return [dim("Accepted in the file, but not found any more; these lines can go:"), *told] if told else []


def lint_json(found: Sequence[Located], profile: Profile, old: Sequence[Acknowledgement]) -> dict[str, Any]:
    """Everything that was found; accepted findings carry who accepted them and why."""
    return {
        "format": FORMAT,
        "profile": profile.name,
        "findings": [_finding_json(each) for each in found],
        "unused": [_word_json(each) for each in old],
    }


def _finding_json(each: Located) -> dict[str, Any]:
    found, entity = each.finding, each.entity
    return {
        "code": found.code,
        "severity": found.severity.value,
        "requirement": found.source,
        "kind": entity.kind.value,
        "entity": entity.key or entity.id,
        "field": found.field,
        "message": found.message,
        "advice": found.advice,
        "connection": each.connection or None,
        "collection": each.collection or None,
        "place": each.place,
        "url": each.url,
        "accepted": _word_json(found.acknowledged),
        "expired": _word_json(found.expired),
    }


def _word_json(word: Acknowledgement | None) -> dict[str, Any] | None:
    if word is None:
        return None
    until = word.until.isoformat() if word.until else None
    return {
        "rule": word.code,
        "at": word.entity,
        "reason": word.reason,
        "until": until,
        "by": word.by or None,
    }


def rule_json(name: str) -> dict[str, Any]:
    """One rule with its severity in every profile."""
    rule = RULES[name]
    return {
        "code": name,
        "requirement": rule.source,
        "means": _text(name),
        "advice": rule.advice,
        "severity": dict(_severities(name)),
    }


def rule_lines(name: str) -> list[str]:
    """The same for people."""
    rule = RULES[name]
    severities = ", ".join(f"{profile} {word}" for profile, word in _severities(name).items())
    return [
        f"{heading(name)} {dim(f'({rule.source})')}",
        f"  what it means: {_text(name)}",
        f"  what to do:    {rule.advice}",
        f"  severity:      {severities}",
        dim(f"  To change it: lint: {{rules: {{{name}: info}}}} in the admin's file; to accept one finding,"),
        dim("  lint: {accepted: [{rule: " + name + ", at: KEY, reason: …, until: 2026-12-31}]}"),
    ]


def _text(name: str) -> str:
    return RULES[name].text.replace("{limit}", "the limit")


def _severities(name: str) -> Mapping[str, str]:
    words = {each: profile.severity(name) for each, profile in PROFILES.items()}
    return {each: word.value if word else "not checked" for each, word in words.items()}
