"""From Jira's JSON to neutral records: one issue in, one `Record` out.

A field that is missing from an answer was not loaded, which is not the same as empty: it becomes
`Unreadable`. The same goes for any value that has not the shape its field's type promises. Separate from
`encode`, because reading takes everything and writing takes little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from okrsync.connectors.base import Cell, Native, NativeField, Record
from okrsync.connectors.errors import BadAnswer
from okrsync.connectors.jira.fields import CATEGORIES, MARKER, PROPERTY, PROPERTY_PREFIX, find
from okrsync.okr.values import Unreadable, plain

Json = Any
Issue = Mapping[str, Json]


@dataclass(frozen=True)
class Locator:
    """What a write needs of the fresh look."""

    key: str
    """The issue's key now; it changes when the issue moves."""
    property: Json
    """Our property as it is, whole: a write replaces all of it. `None` when there is none."""
    type: str = ""
    """The id of the issue's type; empty where it was not loaded."""


def record(issue: Issue, fields: Mapping[str, NativeField], want: Iterable[str], site: str) -> Record:
    """One issue with the cells of `want` and every member of our property.

    Raises:
        BadAnswer: it is no issue: no id, no key or no fields.
    """
    issue_id, key, values = _parts(issue)
    ours = (issue.get("properties") or {}).get(PROPERTY)
    return Record(
        native_id=issue_id,
        title=title(values),
        place=f"Jira › {key}",
        cells=cells(key, values, ours, fields, want),
        key=key,
        url=f"{site}/browse/{key}",
        edited_at=edited_at(values),
        parent=_parent(values),
        marker=_marker(ours),
        locator=Locator(key, ours, str(type_of(issue).get("id", ""))),
    )


def cells(
    key: str, values: Issue, ours: Json, fields: Mapping[str, NativeField], want: Iterable[str]
) -> dict[str, Cell]:
    """The wanted cells of one issue, and the members our property has beyond them."""
    known = {one: field for one in want if (field := find(fields, one)) is not None}
    result = {one: _cell(key, field, _value(field, values, ours)) for one, field in known.items()}
    for name in ours if isinstance(ours, dict) else ():
        one = f"{PROPERTY_PREFIX}{name}"
        result.setdefault(one, Cell(_member(ours, name), f"Jira › {key} › {one}"))
    return result


def child(issue: Issue, points: Sequence[str], site: str) -> Record:
    """One child with the four cells every child has. Raises BadAnswer as `record` does."""
    issue_id, key, values = _parts(issue)
    found = {
        "title": title(values),
        "status_category": _category(values),
        "resolution": _loaded(values, "resolution", _name),
        "points": _points(values, points),
    }
    return Record(
        native_id=issue_id,
        title=title(values),
        place=f"Jira › {key}",
        cells={name: Cell(value, f"Jira › {key} › {name}") for name, value in found.items()},
        key=key,
        url=f"{site}/browse/{key}",
        edited_at=edited_at(values),
        parent=_parent(values),
    )


def orphan(child: Record) -> Record:
    """The same child without a parent."""
    return replace(child, parent=None)


def type_of(issue: Issue) -> Issue:
    """The issue's type as the answer shows it; empty where it was not loaded."""
    kind = (issue.get("fields") or {}).get("issuetype")
    return kind if isinstance(kind, dict) else {}


def title(values: Issue) -> str:
    """The summary; empty where it could not be read."""
    summary = values.get("summary")
    return summary if isinstance(summary, str) else ""


def edited_at(values: Issue) -> datetime | None:
    """When the issue was last edited; Jira writes the offset without a colon, in the account's zone."""
    moment = _moment(values.get("updated"))
    return moment if isinstance(moment, datetime) else None


def estimates(values: Issue, points: Sequence[str]) -> tuple[Decimal, ...]:
    """The different story points an issue shows in the given fields; more than one is an oddity."""
    numbers = [values.get(one) for one in points]
    return tuple(dict.fromkeys(number for number in numbers if isinstance(number, Decimal)))


def is_resolved_as(values: Issue, words: Iterable[str]) -> bool:
    """Whether the issue's resolution is one of these, by id or name."""
    resolution = values.get("resolution")
    if not isinstance(resolution, dict):
        return False
    shown = {str(resolution.get("id", "")).casefold(), str(resolution.get("name", "")).casefold()}
    return any(word.casefold() in shown for word in words)


def _parts(issue: Issue) -> tuple[str, str, Issue]:
    issue_id, key, values = issue.get("id"), issue.get("key"), issue.get("fields")
    if not (isinstance(issue_id, str) and isinstance(key, str) and isinstance(values, dict)):
        raise BadAnswer(
            "an issue without id, key or fields", service="jira", place=str(key or issue_id or "?")
        )
    return issue_id, key, values


def _cell(key: str, field: NativeField, value: Native) -> Cell:
    place = f"Jira › {key} › {field.name}"
    return Cell(value, place, locked=None if field.writable else field.why_not)


def _value(field: NativeField, values: Issue, ours: Json) -> Native:
    if field.type == "property":
        return _member(ours, field.id.removeprefix(PROPERTY_PREFIX))
    if field.id == "status":
        return _category(values)
    if field.id == "status_name":
        return _loaded(values, "status", _name)
    if field.id == "status_id":
        return _loaded(values, "status", _id)
    if field.id == "parent":  # the one field Jira leaves out of an answer when it is empty
        return _relation(values.get("parent"))
    return _loaded(values, field.id, _READERS.get(field.type, _computed))


def _loaded(values: Issue, name: str, read: Callable[[Json], Native]) -> Native:
    if name not in values:
        return Unreadable(
            "Jira left this field out: the issue's project does not have it, or it failed to load"
        )
    return read(values[name])


def _member(ours: Json, name: str) -> Native:
    if ours is None:
        return None
    if not isinstance(ours, dict):
        return Unreadable(f"the issue property {PROPERTY} is not an object")
    member = ours.get(name)
    if isinstance(member, Decimal):
        return plain(member)
    return member if isinstance(member, str | None) else _odd("text", member)


def _marker(ours: Json) -> str | None:
    found = ours.get(MARKER) if isinstance(ours, dict) else None
    return found if isinstance(found, str) else None


def _category(values: Issue) -> Native:
    status = values.get("status")
    category = status.get("statusCategory") if isinstance(status, dict) else None
    key = category.get("key") if isinstance(category, dict) else None
    return key if key in CATEGORIES else Unreadable("the status has no category", str(_name(status) or ""))


def _points(values: Issue, points: Sequence[str]) -> Native:
    """The first estimate there is; a field another kind of project uses is simply absent.

    Sites have been seen to keep text such as "-1" in the field: that is no number, and not nothing either.
    """
    numbers = estimates(values, points)
    if numbers:
        return numbers[0]
    odd = [values[one] for one in points if values.get(one) is not None]
    return _odd("number", odd[0]) if odd else None


def _parent(values: Issue) -> str | None:
    found = _relation(values.get("parent"))
    return found[0] if isinstance(found, tuple) and found else None


def _text(raw: Json) -> Native:
    if isinstance(raw, str | None):
        return raw
    if isinstance(raw, dict) and raw.get("type") == "doc":
        return "\n".join(_paragraphs(raw)) or None
    return _odd("text", raw)


def _paragraphs(document: Json) -> Iterable[str]:
    """The text of each block of an Atlassian document, without its formatting."""
    for block in document.get("content", ()):
        text = "".join(_inline(block))
        if text:
            yield text


def _inline(node: Json) -> Iterable[str]:
    if isinstance(node.get("text"), str):
        yield node["text"]
    for inner in node.get("content", ()):
        yield from _inline(inner)


def _number(raw: Json) -> Native:
    return raw if isinstance(raw, Decimal | None) else _odd("number", raw)


def _date(raw: Json) -> Native:
    if raw is None:
        return None
    try:
        return date.fromisoformat(raw)
    except (ValueError, TypeError):
        return _odd("date", raw)


def _moment(raw: Json) -> Native:
    if raw is None:
        return None
    try:
        moment = datetime.fromisoformat(raw)
    except (ValueError, TypeError):
        return _odd("moment", raw)
    return moment if moment.tzinfo is not None else _odd("moment with a zone", raw)


def _name(raw: Json) -> Native:
    """What people see of an option, a status, a priority, a version."""
    if raw is None:
        return None
    shown = (raw.get("value") or raw.get("name")) if isinstance(raw, dict) else None
    return shown if isinstance(shown, str) else _odd("named value", raw)


def _id(raw: Json) -> Native:
    found = raw.get("id") if isinstance(raw, dict) else None
    return found if isinstance(found, str) else _odd("thing with an id", raw)


def _labels(raw: Json) -> Native:
    return _each(raw, lambda item: item if isinstance(item, str) else _name(item))


def _people(raw: Json) -> Native:
    return _each(raw if isinstance(raw, list | None) else [raw], _person)


def _person(raw: Json) -> Native:
    """The e-mail, which Jira shows only where the person allows it, else the display name."""
    if not isinstance(raw, dict):
        return _odd("person", raw)
    email = raw.get("emailAddress")
    shown = email.lower() if isinstance(email, str) and email != "" else raw.get("displayName")
    return shown if isinstance(shown, str) else _odd("person", raw)


def _relation(raw: Json) -> Native:
    return _each(
        [] if raw is None else [raw], lambda item: item.get("id") if isinstance(item, dict) else None
    )


def _computed(raw: Json) -> Native:
    return raw if isinstance(raw, str | Decimal | bool | None) else _name(raw)


def _each(raw: Json, read: Callable[[Json], Native]) -> Native:
    if raw is None:
        return ()
    if not isinstance(raw, list):
        return _odd("list", raw)
    items = [read(item) for item in raw]
    texts = tuple(item for item in items if isinstance(item, str))
    return texts if len(texts) == len(items) else _odd("list", raw)


def _odd(expected: str, raw: Json) -> Unreadable:
    return Unreadable(f"not a {expected}", str(raw)[:80])


_READERS: Mapping[str, Callable[[Json], Native]] = {
    "text": _text,
    "number": _number,
    "date": _date,
    "moment": _moment,
    "choice": _name,
    "labels": _labels,
    "people": _people,
    "relation": _relation,
}
