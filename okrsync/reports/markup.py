"""People's texts inside Markdown, HTML and Slack messages: shown as typed, never obeyed.

A title arrives, a text leaves that is safe at one place of one format: control characters are taken out
first, as for terminals, then everything the format would read as markup is escaped.
"""

from __future__ import annotations

import html as _html
import re
from collections.abc import Callable

from okrsync.reports.words import clean

Escape = Callable[[str], str]
"""A text of a person, as one format may hold it."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|~&])")
_LINE_START = re.compile(r"^(\d+)([.)])(?=\s)|^([#+=-])")


def markdown(text: str) -> str:
    """For one line or table cell of Markdown (CommonMark's backslash escapes)."""
    escaped = _MARKDOWN.sub(r"\\\1", clean(text))
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", escaped)


def html(text: str) -> str:
    """For HTML text and quoted attributes."""
    return _html.escape(clean(text), quote=True)


def slack(text: str) -> str:
    """For Slack's mrkdwn: its own three escapes, so that no text can call @channel or make a link."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str) -> str:
    """For a terminal or the plain part of an e-mail."""
    return clean(text)
