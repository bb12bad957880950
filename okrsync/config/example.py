"""The commented example an admin starts from: `okrsync config example` prints it."""

from __future__ import annotations

from importlib.resources import files


def text() -> str:
    """The example file. It loads once its environment variables are set."""
    return files("okrsync.config").joinpath("example.yaml").read_text(encoding="utf-8")
