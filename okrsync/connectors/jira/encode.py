"""From a patch to the body of one `PUT /issue/{id}`, as little of it as the patch needs.

Fields are set; labels are added and removed one by one, so that a label a person adds meanwhile stays; our
property is written whole, with the members the patch does not name as the fresh look showed them. What Jira
would refuse anyway is refused here, with the field's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from okrsync.connectors.base import Native, NativeField, Patch
from okrsync.connectors.errors import Rejected
from okrsync.connectors.jira.decode import Locator
from okrsync.connectors.jira.fields import BY_TRANSITION, PROPERTY, PROPERTY_PREFIX, find
from okrsync.connectors.sendable import why_unsendable
from okrsync.okr.values import plain

Json = Any
AccountOf = Callable[[str], str]
"""The account id of an e-mail; raises Rejected."""


def body(patch: Patch, fields: Mapping[str, NativeField], account_of: AccountOf) -> dict[str, Json]:
    """The JSON body for a patch; empty when nothing would change. A status is no part of it.

    Raises:
        Rejected: a field that is gone or not written, or a value its type cannot hold.
    """
    found = {one: _writable(patch, fields, one) for one in patch.cells}
    labels = {one: patch.cells[one] for one, field in found.items() if field.type == "labels"}
    members = {one: patch.cells[one] for one, field in found.items() if field.type == "property"}
    apart = {*labels, *members, *BY_TRANSITION}
    rest = {one: field for one, field in found.items() if one not in apart}
    parts: dict[str, Json] = {
        "fields": {one: _sent(patch, field, account_of) for one, field in rest.items()},
        "update": {one: verbs for one, value in labels.items() if (verbs := _verbs(patch, one, value))},
        "properties": [{"key": PROPERTY, "value": _property(patch, members)}] if members else [],
    }
    return {name: part for name, part in parts.items() if part}


def wire_number(number: Decimal) -> int | float:
    """A JSON number. Jira keeps numbers as doubles, and a double writes up to 15 digits as they were.

    >>> wire_number(Decimal("0.42")), wire_number(Decimal("42.0"))
    (0.42, 42)
    """
    return int(number) if number == number.to_integral_value() else float(number)


def _writable(patch: Patch, fields: Mapping[str, NativeField], one: str) -> NativeField:
    field = find(fields, one)
    if field is None:
        raise _refused(patch, one, "the field is no longer there", "Run `okrsync check`")
    if not field.writable:
        raise _refused(patch, one, field.why_not, "Change the binding so that it only reads this field")
    why = why_unsendable(patch.cells[one])
    if why is not None:
        raise _refused(patch, one, why)
    return field


def _sent(patch: Patch, field: NativeField, account_of: AccountOf) -> Json:
    value = patch.cells[field.id]
    if field.type != "people":
        return _wire(patch, field, value)
    if not isinstance(value, tuple | None) or (value is not None and len(value) > 1):
        raise _refused(patch, field.id, "the field takes one person or none")
    return {"accountId": _account(patch, field, value[0], account_of)} if value else None


def _account(patch: Patch, field: NativeField, email: str, account_of: AccountOf) -> str:
    try:
        return account_of(email)
    except Rejected as error:  # tell which field it was, so that the others need not wait
        raise _refused(patch, field.id, error.message, error.advice) from error


def _wire(patch: Patch, field: NativeField, value: Native) -> Json:
    """One field's value as Jira takes it; `None` empties the field."""
    if value is None:
        return None
    if field.type == "number" and isinstance(value, Decimal) and value.is_finite():
        return wire_number(value)
    if field.type == "moment" and isinstance(value, datetime) and value.tzinfo is not None:
        return value.replace(tzinfo=None).isoformat(timespec="milliseconds") + value.strftime("%z")
    if field.type in ("date", "text") and isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if field.type == "text" and isinstance(value, str):
        return value
    if field.type == "choice" and isinstance(value, str):
        return {"value": value}
    raise _refused(patch, field.id, f"{type(value).__name__} does not fit a {field.type} field")


def _verbs(patch: Patch, one: str, value: Native) -> list[Json]:
    """The labels to add and to remove against the fresh look."""
    if not isinstance(value, tuple | None):
        raise _refused(patch, one, f"{type(value).__name__} does not fit a list of labels")
    there = patch.record.cells[one].value if one in patch.record.cells else None
    if not isinstance(there, tuple):
        raise _refused(patch, one, "its labels are not known", "Read the issue again first")
    wanted = value or ()
    adding = [{"add": label} for label in dict.fromkeys(wanted) if label not in there]
    return adding + [{"remove": label} for label in there if label not in wanted]


def _property(patch: Patch, members: Mapping[str, Native]) -> Json:
    """Our property whole: what is there, with the named members set, or taken out where `None`."""
    locator = patch.record.locator
    there = locator.property if isinstance(locator, Locator) else ...
    if not isinstance(there, dict | None):
        raise _refused(patch, f"property:{PROPERTY}", "what it holds now is not known or not an object")
    whole = {name: _plain_json(value) for name, value in (there or {}).items()}
    for one, value in members.items():
        name = one.removeprefix(PROPERTY_PREFIX)
        whole.pop(name, None)
        if value is not None:
            whole[name] = _member(patch, one, value)
    return whole


def _member(patch: Patch, one: str, value: Native) -> str:
    """Text, with numbers as their digits: a double would not keep them."""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal) and value.is_finite():
        return plain(value)
    if isinstance(value, date):  # moments too
        return value.isoformat()
    raise _refused(patch, one, f"{type(value).__name__} does not fit a property")


def _plain_json(value: Json) -> Json:
    """A member as it was read, with decimals as JSON numbers again."""
    if isinstance(value, Decimal):
        return wire_number(value)
    if isinstance(value, dict):
        return {name: _plain_json(inner) for name, inner in value.items()}
    return [_plain_json(inner) for inner in value] if isinstance(value, list) else value


def _refused(patch: Patch, one: str, why: str, advice: str = "") -> Rejected:
    place = f"{patch.record.place} › {one}"
    return Rejected(why, fields={one: why}, service="jira", place=place, advice=advice)
