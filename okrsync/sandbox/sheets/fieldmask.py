"""Field masks: `sheets(properties(sheetId,title),data.rowData.values.note)` in, a smaller answer out.

Arrives: the `fields` parameter and a full answer. Leaves: the answer with only the named fields, as Google's
partial responses work: `,` lists, `.` and `/` descend, `()` group, `*` is everything. Separate because a
client relies on exactly the fields it asked for, so the imitation must not hand out more.
"""

from __future__ import annotations

import re
from typing import Any

from okrsync.sandbox.sheets.errors import bad_field

Mask = dict[str, "Mask"]
"""Field name to the mask below it; an empty one keeps everything below."""

_TOKEN = re.compile(r"\s*([A-Za-z_]\w*|[*(),./])\s*")


def parse_mask(text: str) -> Mask:
    """Read a mask; raises a 400 refusal naming the selection that cannot be read."""
    parts = _TOKEN.findall(text)
    if "".join(parts) != re.sub(r"\s", "", text) or not parts:
        raise _unreadable(text)
    mask, end = _list(parts, 0, text)
    if end != len(parts):
        raise _unreadable(text)
    return mask


def _list(parts: list[str], at: int, text: str) -> tuple[Mask, int]:
    mask: Mask = {}
    while True:
        at = _path(parts, at, mask, text)
        if at >= len(parts) or parts[at] != ",":
            return mask, at
        at += 1


def _path(parts: list[str], at: int, mask: Mask, text: str) -> int:
    """One `a.b(c,d)` into `mask`; returns the position after it."""
    if at >= len(parts) or parts[at] in "(),./":
        raise _unreadable(text)
    name, following = parts[at], parts[at + 1] if at + 1 < len(parts) else ""
    known = mask.get(name)
    below: Mask = {} if known is None else known
    if following in (".", "/") and following != "":
        end = _path(parts, at + 2, below, text)
    elif following == "(":
        inner, end = _list(parts, at + 2, text)
        if end >= len(parts) or parts[end] != ")":
            raise _unreadable(text)
        below.update(inner)
        end += 1
    else:
        below, end = {}, at + 1
    # a field once asked for whole stays whole
    mask[name] = {} if known == {} else below
    return end


def _unreadable(text: str) -> Exception:
    return bad_field("fields", f"Invalid field selection {text}")


def check_known(mask: Mask, known: frozenset[str]) -> None:
    """Refuse a field the service does not have: 400 `Invalid field selection`, as Google does for a typo."""
    for name, below in mask.items():
        if name != "*" and name not in known:
            raise bad_field("fields", f"Invalid field selection {name}")
        check_known(below, known)


def wants(mask: Mask, *path: str) -> bool:
    """Whether the mask keeps anything at or below a path."""
    for name in path:
        if not mask:
            return True
        below = mask.get(name, mask.get("*"))
        if below is None:
            return False
        mask = below
    return True


def keep(answer: Any, mask: Mask) -> Any:
    """The masked answer. Elements of a list stay even when nothing of them is left (recorded: `{}` cells)."""
    if not mask:
        return answer
    if isinstance(answer, list):
        return [keep(item, mask) for item in answer]
    if not isinstance(answer, dict):
        return answer
    kept: dict[str, Any] = {}
    for name, value in answer.items():
        below = mask.get(name, mask.get("*"))
        if below is not None:
            kept[name] = keep(value, below)
    return {name: value for name, value in kept.items() if value != {} or answer[name] == {}}
