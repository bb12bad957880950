"""Plain lines with a little colour: the one way text reports are put together.

Colour says nothing the words do not say; it is left out when the output is not a terminal or NO_COLOR is
set (click decides at the moment of printing).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click


def heading(text: str) -> str:
    """A line that starts a part."""
    return click.style(text, bold=True)


def dim(text: str) -> str:
    """A remark."""
    return click.style(text, dim=True)


def good(text: str) -> str:
    """Something that went well."""
    return click.style(text, fg="green")


def alert(text: str) -> str:
    """Something to look at."""
    return click.style(text, fg="yellow")


def bad(text: str) -> str:
    """Something that went wrong."""
    return click.style(text, fg="red")


def columns(rows: Iterable[Sequence[str]], indent: int = 2, gap: int = 2) -> list[str]:
    """Rows with their cells below each other; the last cell may be as long as it likes."""
    kept = [list(row) for row in rows]
    if not kept:
        return []
    widths = [max(_width(row[at]) for row in kept if at < len(row)) for at in range(max(map(len, kept)))]
    return [" " * indent + _row(row, widths, gap) for row in kept]


def _row(row: Sequence[str], widths: Sequence[int], gap: int) -> str:
    cells = [cell + " " * (widths[at] - _width(cell)) for at, cell in enumerate(row[:-1])]
    return (" " * gap).join([*cells, row[-1]]).rstrip()


def _width(text: str) -> int:
    return len(click.unstyle(text))
