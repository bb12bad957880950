"""Recorded exchanges with the real Notion, as examples to be read.

Arrives: files beside the project, which are no part of it. Leaves: exchanges with exact numbers. Where the
files are absent there is nothing to compare with.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from okrsync.connectors.notion.wire import parse

Json = Any
SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "notion"


def exchanges() -> Iterator[Json]:
    """Every recorded exchange: `request` and `response`."""
    for path in sorted(SAMPLES.glob("[0-9]*.json")):
        yield from parse(path.read_text(encoding="utf-8"))["exchanges"]


def objects(kind: str) -> Iterator[Json]:
    """Every object of a kind in the answers, those inside lists too."""
    for exchange in exchanges():
        body = exchange["response"]["body"]
        listed = [body, *(body.get("results") or ())] if isinstance(body, dict) else []
        yield from (each for each in listed if isinstance(each, dict) and each.get("object") == kind)
