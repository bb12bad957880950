"""The nearest right name: what a message offers when a name is wrong.

What arrives: a wrong name and the right ones. What leaves: one name, or a sentence for people. Used by
config for the file's words and by `bound` for columns and options.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LISTED = 12
_SHORTEST = 4
"""Characters a name must have to count as a part of another one."""


def fold(name: str) -> str:
    """A name without case and white space: `OKR  Progress` and `okr progress` are one name."""
    return "".join(name.casefold().split())


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, `None` where none comes near.

    One with a word more or less comes first, for so people rename.
    """
    wanted = fold(name)
    by_fold = {fold(candidate): candidate for candidate in known}
    parts = [one for one in by_fold if _is_part(one, wanted) or _is_part(wanted, one)]
    close = get_close_matches(wanted, parts, n=1, cutoff=0.0) or get_close_matches(wanted, by_fold, n=1)
    return by_fold[close[0]] if close else None


def _is_part(short: str, long: str) -> bool:
    return len(short) >= _SHORTEST and short in long


def suggestion(name: str, known: Iterable[str]) -> str:
    """`did you mean X?`, else the names there are; empty where there are none."""
    names = list(known)
    best = nearest(name, names)
    if best is not None:
        return f"did you mean {best}?"
    if not names:
        return ""
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"there is {', '.join(names[:_LISTED])}{more}"
