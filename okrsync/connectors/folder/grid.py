"""What a CSV file and a sheet have in common: rows of cells that are read, judged and set one by one.

Arrives: positions, row 0 being the headers. Leaves: native values, why a cell must not be written or cannot
hold a value, and the bytes of the whole file with nothing else changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from okrsync.connectors.base import Native


class Grid(Protocol):
    """One table of a file."""

    rows: Sequence[Sequence[Native]]
    """The values at the moment of reading; rows may be of different lengths."""
    only_text: bool
    """Whether a cell is its characters and nothing else, so that a number is known by its column alone."""
    sealed: str | None
    """Why nothing of this file may be written; `None` when it may."""

    def locked(self, row: int, column: int) -> str | None:
        """Why this cell must not be written; `None` when it may."""
        ...

    def refuses(self, value: Native) -> str | None:
        """Why a file of this format cannot hold a value as what it is; `None` when it can."""
        ...

    def put(self, row: int, column: int, value: Native) -> None:
        """Set a cell to a value that is not refused."""
        ...

    def content(self) -> bytes:
        """The file with what was put."""
        ...
