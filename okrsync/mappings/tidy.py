"""Text as every side agrees to compare it, and the small words readers and writers share.

What arrives: text as a person or a service wrote it. What leaves: NFC text without outer white space and
with one kind of line end, so that two services that keep the same words in different bytes agree.
"""

from __future__ import annotations

import re
import unicodedata

from okrsync.okr.values import Unreadable

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_LIST_SEPARATORS = re.compile(r"[,;\n]")
_SHOWN = 80


def tidy(text: str) -> str | Unreadable | None:
    """NFC, trimmed, `\\n` line ends; blank text is `None`.

    NUL and lone surrogates cannot be stored or sent by every service and store: Unreadable, not altered.
    """
    if _UNKEEPABLE.search(text):
        return Unreadable("the text holds characters that cannot be kept (NUL or half a surrogate pair)")
    one_line_end = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", one_line_end).strip() or None


def quoted(text: str) -> str:
    """Text inside a message: quoted, on one line, cut when long."""
    line = " ".join(text.split())
    cut = line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
    return f"“{cut}”"


def parts(text: str) -> tuple[str, ...]:
    """The items of a list typed into one cell: between commas, semicolons and line ends."""
    return tuple(part.strip() for part in _LIST_SEPARATORS.split(text) if part.strip())


def is_one_part(text: str) -> bool:
    """Whether a text survives being one item of a typed list."""
    return parts(text) == (text,)


def snake(text: str) -> str:
    """`On track` and `on-track` as `on_track`."""
    return re.sub(r"[\s\-_]+", "_", text.casefold()).strip("_")


def words(choice: str) -> str:
    """`on_track` as people write it: `On track`."""
    return choice.replace("_", " ").capitalize()


def address(text: str) -> str:
    """An e-mail address in lower case; any other text as it is."""
    return text.lower() if "@" in text and not re.search(r"\s", text) else text
