"""The few things of Markdown that the documents' tests read: sections, tables, code blocks, links.

Arrives: a document's path below the repository. Leaves: plain texts. Separate so that each test says only
what a document is compared with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
Row = tuple[str, ...]


def text_of(name: str) -> str:
    """A document, such as `docs/sync.md`."""
    return (ROOT / name).read_text(encoding="utf-8")


def documents() -> list[Path]:
    """Every document of the project."""
    return sorted([*DOCS.rglob("*.md"), ROOT / "CHANGELOG.md"])


def sections(text: str) -> dict[str, str]:
    """What stands under each heading, up to the next heading of any level."""
    parts = re.split(r"^#{1,4} (.+)$", _without_code_headings(text), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _without_code_headings(text: str) -> str:
    """Comments in code blocks look like headings."""
    return re.sub(r"^```.*?^```", lambda m: re.sub(r"^#", " #", m[0], flags=re.M), text, flags=re.M | re.S)


def rows(text: str) -> list[Row]:
    """The rows of all tables in a text, headers left out."""
    found: list[Row] = []
    inside = False
    for line in text.splitlines():
        if re.fullmatch(r"\|[-|]+\|", line):
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside:
            found.append(tuple(cell.strip() for cell in line.strip("|").split("|")))
    return found


def table(name: str, heading: str) -> list[Row]:
    """The rows of the tables under one heading of a document. Raises KeyError."""
    return rows(sections(text_of(name))[heading])


def codes(cell: str) -> list[str]:
    """Everything in backticks in a cell."""
    return re.findall(r"`([^`]+)`", cell)


def first_codes(name: str, heading: str) -> list[str]:
    """What stands in backticks in the first column under a heading."""
    return [code for row in table(name, heading) for code in codes(row[0])]


def blocks(text: str, language: str = "") -> list[str]:
    """The fenced code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def commands(text: str) -> Iterator[str]:
    """Every line of the plain code blocks that calls okrsync, without what follows a `#` or a pipe."""
    for block in blocks(text):
        for line in block.splitlines():
            if line.startswith("okrsync "):
                yield re.split(r"\s+[#|>]", line)[0].strip()


def links(text: str) -> Iterator[str]:
    """The targets of all links."""
    return iter(re.findall(r"\]\(([^)\s]+)\)", text))


def anchors(text: str) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _without_code_headings(text), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}
