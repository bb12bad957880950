"""What each kind of field accepts, and what it stores.

Arrives: a JSON value a caller wants to set. Leaves: the value as the site keeps it (None clears), or a
FieldError in Jira's words. Numbers must be JSON numbers and are kept as floats, as Jira does; labels hold no
spaces; rich text is an Atlassian Document; a parent must be one level up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from okrsync.sandbox.jira.errors import FieldError, not_on_screen
from okrsync.sandbox.jira.model import FieldDef, Issue, Json

if TYPE_CHECKING:
    from okrsync.sandbox.jira.site import Site

MAX_SUMMARY = 255


def checked(site: Site, issue: Issue, definition: FieldDef, value: Json) -> Json:
    """The value to store for one field of an issue. Raises FieldError."""
    if definition.kind not in _CHECKS:
        raise not_on_screen(definition.id)
    if definition.id == "summary":
        return _summary(value)
    if value is None:
        return None
    return _CHECKS[definition.kind](site, issue, value)


def _summary(value: Json) -> str:
    if not isinstance(value, str) or not value.strip():
        raise FieldError("You must specify a summary of the issue.")
    if "\n" in value or "\r" in value:
        raise FieldError("The summary is invalid because it contains newline characters.")
    if len(value) > MAX_SUMMARY:
        raise FieldError(f"Summary can't exceed {MAX_SUMMARY} characters.")
    return value.strip()


def _number(site: Site, issue: Issue, value: Json) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise FieldError("Operation value must be a number")
    return float(value)


def _text(site: Site, issue: Issue, value: Json) -> str:
    if not isinstance(value, str):
        raise FieldError("Operation value must be a string")
    return value


def _date(site: Site, issue: Issue, value: Json) -> str:
    text = _text(site, issue, value)
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise FieldError(
            f"Error parsing date string: {text}. Expected date format is 'yyyy-MM-dd'."
        ) from None


def _labels(site: Site, issue: Issue, value: Json) -> list[str]:
    if not isinstance(value, list):
        raise FieldError("data was not an array")
    for label in value:
        if not isinstance(label, str) or not label:
            raise FieldError("string expected")
        if any(character.isspace() for character in label):
            raise FieldError(f"The label '{label}' contains spaces which is invalid.")
    return list(dict.fromkeys(value))


def _rich_text(site: Site, issue: Issue, value: Json) -> Json:
    if not isinstance(value, dict) or value.get("type") != "doc" or value.get("version") != 1:
        raise FieldError("Operation value must be an Atlassian Document (see the Atlassian Document Format)")
    return value


def _user(site: Site, issue: Issue, value: Json) -> str:
    account = value.get("accountId") if isinstance(value, dict) else None
    if account not in site.users:
        raise FieldError(f"User '{account}' does not exist.")
    return str(account)


def _parent(site: Site, issue: Issue, value: Json) -> str:
    reference = (value.get("id") or value.get("key")) if isinstance(value, dict) else None
    parent = None if reference is None else site.find(reference)
    if parent is None:
        raise FieldError("Could not find issue by id or key.")
    if site.types[parent.type].level != site.types[issue.type].level + 1:
        raise FieldError("Given parent issue does not belong to appropriate hierarchy.")
    return parent.id


_CHECKS: dict[str, Callable[[Site, Issue, Json], Json]] = {
    "number": _number,
    "text": _text,
    "date": _date,
    "labels": _labels,
    "rich_text": _rich_text,
    "user": _user,
    "parent": _parent,
}
