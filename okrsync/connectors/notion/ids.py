"""Notion's ids in one spelling each, so that they can be compared.

Page ids are UUIDs that Notion accepts with and without dashes; column ids are a few odd characters that
Notion sends percent-encoded in some places and plain in others. What arrives is either spelling, what
leaves is the one we keep: dashed lower case, and decoded.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote
from uuid import UUID

_HEX = re.compile(r"[0-9a-f]{32}")
_TAIL = re.compile(r"([0-9a-f]{32})(?![0-9a-f])")


def object_id(text: str) -> str:
    """A page's, database's or user's id, dashed and lower case.

    Raises:
        ValueError: not 32 hexadecimal digits, with or without dashes.

    >>> object_id("3839CE7B60A481C8867AF81FD71AA55C")
    '3839ce7b-60a4-81c8-867a-f81fd71aa55c'
    """
    digits = text.strip().lower().replace("-", "")
    if not _HEX.fullmatch(digits):
        raise ValueError(f"{text!r} is not a Notion id (32 hexadecimal digits, dashes allowed)")
    return str(UUID(hex=digits))


def id_in_address(address: str) -> str | None:
    """The object id inside a Notion address, `None` when there is none; never the view's id.

    >>> id_in_address("https://www.notion.so/acme/OKRs-3839ce7b60a481c8867af81fd71aa55c?v=00")
    '3839ce7b-60a4-81c8-867a-f81fd71aa55c'
    """
    path = address.split("?", 1)[0].split("#", 1)[0].lower().replace("-", "")
    found = _TAIL.findall(path)
    return object_id(found[-1]) if found else None


def column_id(wire: str) -> str:
    """A column's id as we keep it: decoded once, as query strings want it.

    >>> column_id("%3AJ%7B%3A")
    ':J{:'
    """
    return unquote(wire)


def wire_id(column: str) -> str:
    """A column's id as Notion spells it in answers: JavaScript's `encodeURIComponent`.

    >>> wire_id(":J{:")
    '%3AJ%7B%3A'
    """
    return quote(column, safe="!~*'()")
