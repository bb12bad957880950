"""Which file to use: named by option, by environment, or found from the current folder upwards.

Upwards ends at the repository's root, so that a file of another project is never picked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from okrsync.config.problems import ConfigError

FILE_NAME = "okrsync.yaml"
VARIABLE = "OKRSYNC_CONFIG"


class ConfigNotFound(ConfigError):
    """There is no file to use. The message says where was looked and how to make one."""

    def __init__(self, message: str) -> None:
        super().__init__([])
        self.args = (message,)


def find(start: Path, environ: Mapping[str, str], explicit: Path | None = None) -> Path:
    """The admin's file: `explicit` (--config), else OKRSYNC_CONFIG, else okrsync.yaml here or above.

    Relative names count from `start`; a folder means the okrsync.yaml in it. Raises ConfigNotFound.
    """
    if explicit is not None:
        return _named(start / explicit, "--config")
    named = environ.get(VARIABLE, "")
    if named != "":
        return _named(start / named, VARIABLE)
    for folder in _upwards(start):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    raise ConfigNotFound(
        f"there is no {FILE_NAME} in {start} or above it; `okrsync config example` prints one,"
        f" --config or {VARIABLE} names one elsewhere, and `okrsync demo` needs none"
    )


def _named(path: Path, by: str) -> Path:
    file = path / FILE_NAME if path.is_dir() else path
    if file.is_file():
        return file
    raise ConfigNotFound(
        f"{by} names {file}, which is not there; `okrsync config example` prints one to start from"
    )


def _upwards(start: Path) -> Iterator[Path]:
    for folder in (start.absolute(), *start.absolute().parents):
        yield folder
        if (folder / ".git").exists():
            return
