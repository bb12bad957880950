"""`${NAME}`, `${env:NAME}` and `${file:/path}`: values the file names and does not hold.

What arrives: parsed data of the one section that may name secrets. What leaves: the same data with the
references filled in, and a note of every value that must never be shown. Filled in after parsing, so a
secret can neither break the YAML nor inject some.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from okrsync.config.draft import Draft
from okrsync.config.problems import Path, dotted

_REFERENCE = re.compile(r"\$\{([^}]*)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_MAX_FILE = 1_000_000


@dataclass(frozen=True)
class Secrets:
    """Fills in references from an environment and from files beside the admin's file."""

    draft: Draft
    environ: Mapping[str, str]
    folder: FilePath

    def filled(self, value: Any, path: Path) -> Any:
        """`value` with every reference in its texts filled in; what cannot be is a problem."""
        if isinstance(value, str):
            return _REFERENCE.sub(lambda match: self._one(match, path), value)
        if isinstance(value, dict):
            return {key: self.filled(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.filled(item, (*path, index)) for index, item in enumerate(value)]
        return value

    def _one(self, match: re.Match[str], path: Path) -> str:
        source, colon, name = match.group(1).partition(":")
        if colon == "":
            source, name = "env", source
        found = self._looked_up(source, name, match.group(0), path)
        if found is None:
            return match.group(0)
        self.draft.hide(found, match.group(0))
        return found

    def _looked_up(self, source: str, name: str, spelling: str, path: Path) -> str | None:
        if source == "file" and name != "":
            return self._file(name, path)
        if source == "env" and _NAME.fullmatch(name):
            return self._variable(name, path)
        message = f"{dotted(path)}: {spelling} is not a reference okrsync knows"
        self.draft.problem(path, message, "write ${NAME}, ${env:NAME} or ${file:/path}")
        return None

    def _variable(self, name: str, path: Path) -> str | None:
        value = self.environ.get(name)
        if value is not None and value.strip() != "":
            return value
        state = "is not set" if value is None else "is empty"
        message = f"{dotted(path)}: the environment variable {name} {state}"
        self.draft.problem(path, message, f"set {name} where okrsync runs")
        return None

    def _file(self, name: str, path: Path) -> str | None:
        file = self.folder / name
        try:
            with file.open(encoding="utf-8") as stream:
                return stream.read(_MAX_FILE).strip()
        except (OSError, ValueError) as error:
            reason = (
                error.strerror if isinstance(error, OSError) and error.strerror else "not readable as text"
            )
            message = f"{dotted(path)}: the file {name} cannot be read: {reason}"
            self.draft.problem(path, message, "check the path and who may read it")
            return None
