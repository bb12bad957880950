"""Values and people's texts as they may safely be printed.

Whatever was typed in another tool is hostile until cleaned: control characters, terminal escapes and
direction overrides are taken out, line breaks become spaces. Numbers are shown in full and never rounded;
the method has already cut them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

from okrsync.okr.values import NotYet, Seen, Unreadable, Value, plain

BLANK = "–"
"""How a missing value is shown: not 0, not an empty string."""

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

Names = Callable[[str], str]
"""An entity id as people call it."""


def clean(text: str) -> str:
    """Text without anything a terminal would obey."""
    kept = (
        " " if c in "\n\r\t" else c for c in text if c in "\n\r\t" or unicodedata.category(c) not in _UNSAFE
    )
    return " ".join("".join(kept).split())


def indented(line: str) -> str:
    """As `clean`, keeping the spaces a line begins with."""
    return " " * (len(line) - len(line.lstrip(" "))) + clean(line)


def shorten(text: str, width: int) -> str:
    """At most `width` characters, with an ellipsis where something is left out."""
    text = clean(text)
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def show(value: Seen, names: Names = str) -> str:
    """A value for people."""
    if isinstance(value, Unreadable):
        return f"unreadable ({clean(value.reason)})"
    if isinstance(value, NotYet):
        return "not measurable yet"
    return _show(value, names)


def _show(value: Value, names: Names) -> str:
    if value is None or value == frozenset():
        return BLANK
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%MZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return ", ".join(sorted(clean(names(each)) for each in value))
    return clean(str(value))


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 field`, `2 fields`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
