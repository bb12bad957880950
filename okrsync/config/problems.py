"""What is wrong with the admin's file: every problem at once, each with its line.

What arrives: complaints of every check on the way from text to settings. What leaves: one `ConfigError`
whose text is a line per problem, fit for a terminal, an editor and a CI annotation alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from okrsync.mappings.binding import Place

Path: TypeAlias = tuple[str | int, ...]
"""Where in the file's tree: `("collections", "epics", "key")`."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to put right: where, what is wrong, what to do."""

    place: Place
    message: str
    advice: str = ""

    def __str__(self) -> str:
        end = f"; {self.advice}" if self.advice else ""
        return f"{self.place}: {self.message}{end}"


class ConfigError(Exception):
    """The file cannot be used (exit 78). Never shows a secret's value."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def dotted(path: Path) -> str:
    """`collections.epics.key`, and `policies.1` for items of a list."""
    return ".".join(str(part) for part in path)
