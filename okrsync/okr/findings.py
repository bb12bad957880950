"""A finding: something a person should know, with its place and what to do.

Connectors, mappings, the method and the engine all report through this one shape, so that `check`,
`plan`, `lint` and JSON output show the same thing the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much it matters."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, order=True)
class Finding:
    """What is wrong, where, and what to do. `code` is stable, for machines and acknowledgements."""

    code: str
    place: str
    message: str
    advice: str = ""
    severity: Severity = Severity.WARNING
