"""The suite's table: promises by connector, from the reports of a real run.

Arrives: pytest's reports. Leaves: Markdown. A cell says how many sub-tests of a promise passed; several come
from one promise where it is made about every field type, every fault or every hostile text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import pytest

PASSED, NOT_MADE, BROKEN = "✓", "–", "✗"


class Table:
    """A pytest plugin that remembers what became of each promise on each bench."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, Counter[bool]]] = defaultdict(lambda: defaultdict(Counter))
        self._benches: dict[str, None] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test counts when it was called, or when it could not be."""
        bench = dict(report.user_properties).get("bench")
        if isinstance(bench, str) and (report.when == "call" or report.failed):
            self._benches[bench] = None
            self._seen[_words(report.nodeid)][bench][report.passed] += 1

    def text(self) -> str:
        """A row for each promise, a column for each bench that was met."""
        rows = (
            [words, *(_cell(found.get(bench)) for bench in self._benches)]
            for words, found in self._seen.items()
        )
        return markdown(["Promise", *self._benches], rows)


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---", *(":-:" for _ in head[1:])], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _words(nodeid: str) -> str:
    """A test's name as a sentence."""
    return nodeid.partition("[")[0].rpartition("::")[2].removeprefix("test_").replace("_", " ")


def _cell(results: Counter[bool] | None) -> str:
    if results is None:
        return NOT_MADE
    times = f" {results.total()}" if results.total() > 1 else ""
    return f"{PASSED}{times}" if results[False] == 0 else f"{BROKEN} {results[False]} of {results.total()}"
