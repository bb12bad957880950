"""Every fault at every call of the port, through the whole engine: `python -m tests.e2e.fault_matrix`.

Arrives: a small world in which people have just edited all three tools. Leaves: for each fault and call what
became of the run, and whatever went wrong for good: a lost edit, a second record, a value at another record,
or an end that differs from that of a life without faults. Nothing of that may ever happen; a run may only
say that something was not done, and a later run must do it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from okrsync.sync_engine.runner import Report
from tests.e2e.small import TIMEOUT, Seen, Small, small

Json = Any
Moment = tuple[str, bytes]
_HELD = 4 * TIMEOUT

FAULTS: Mapping[str, Mapping[str, Any]] = {
    "slow": {"kind": "latency", "seconds": 0.02},
    "429": {"kind": "status", "status": 429},
    "429, wait": {"kind": "status", "status": 429, "retry_after": 20},
    "429, an hour": {"kind": "status", "status": 429, "retry_after": 3600},
    "500": {"kind": "status", "status": 500},
    "502 as a page": {"kind": "status", "status": 502, "html": True},
    "503": {"kind": "status", "status": 503},
    "503, wait": {"kind": "status", "status": 503, "retry_after": 20},
    "503, done": {"kind": "status", "status": 503, "effect": True},
    "504 always": {"kind": "status", "status": 504, "times": None},
    "401": {"kind": "status", "status": 401},
    "403": {"kind": "status", "status": 403},
    "no answer": {"kind": "timeout_before", "seconds": _HELD},
    "no answer, done": {"kind": "timeout_after", "seconds": _HELD},
    "reset": {"kind": "reset"},
    "reset, done": {"kind": "reset", "effect": True},
    "cut": {"kind": "truncated"},
    "cut, done": {"kind": "truncated", "effect": True},
    "empty": {"kind": "empty"},
    "empty, done": {"kind": "empty", "effect": True},
    "a page": {"kind": "html"},
    "a page, done": {"kind": "html", "effect": True},
    "stale": {"kind": "stale_search", "seconds": 300},
}
"""By name: what is planted, once unless it says otherwise. `done` means the service did its work."""

_READING = ("schema", "schema again", "pull")
_WRITING = ("write", "look of write", "create", "look of create")
CALLS: Sequence[tuple[str, str]] = (
    *(("jira", one) for one in ("account", *_READING, "fetch", *_WRITING, "marked")),
    *(("notion", one) for one in (*_READING, "fetch", "write", "create", "marked")),
    *(("sheets", one) for one in ("token", "schema", "fetch", *_WRITING[:3], "marked")),
)
"""Calls that a sync makes; in Jira and Sheets some look before or behind themselves.

Sheets pulls what its `schema` has just read; only Jira is asked for the account.
"""

_LAGGING = {("jira", "pull"), ("jira", "marked")}
"""Calls that read an index which may lag; a stale answer is no fault elsewhere."""
_LATER = 20
"""Minutes, longer than any service hides a new record."""
_OLD = {f"KR-{number}": f"Win {number} customers" for number in (1, 2, 3)}
_NEW = {
    "KR-1": "Named in Notion",
    "KR-3": "Named in Jira",
    "KR-4": "Made in Notion",
    "KR-5": "Made in the sheet",
}
_KEYS = {"notion": ("KR key", "Name"), "sheets": ("KR", "Title"), "jira": ("KR key", "Summary")}


@dataclass(frozen=True)
class Cell:
    """One fault at one call of one tool, at its first request or at a later one."""

    tool: str
    call: str
    fault: str
    skip: int = 0

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.tool} {self.call}: {self.fault}{f' (request {self.skip + 1})' if self.skip else ''}"


@dataclass
class Result:
    """What became of a cell."""

    cell: Cell
    hits: int
    outcome: str
    """done, or what the run told: unread, unknown, failed."""
    wrong: list[str] = field(default_factory=list)


def cells(skips: Iterable[int] = (0,)) -> Iterator[Cell]:
    """Every fault at every call it can happen to."""
    for skip in skips:
        for tool, call in CALLS:
            for fault in FAULTS:
                if fault != "stale" or (tool, call) in _LAGGING:
                    yield Cell(tool, call, fault, skip)


class Trial:
    """The world with its moments: after the edits, and with a creation owed in each tool."""

    def __init__(self, world: Small) -> None:
        self.world = world
        world.sync()
        world.sync()
        self._edit()
        self.edited = world.keep()
        self._owing: dict[str, Moment] = {}
        self._settle()
        self.goal: Seen = world.seen()

    def run(self, cell: Cell) -> Result:
        """A run with the fault, then runs without: what was told, and what is wrong."""
        self.world.back(self._before(cell))
        rule = self.world.fault(cell.tool, cell.call, skip=cell.skip, **_planted(cell.fault))
        report = self.world.sync(whole=cell.call == "schema")
        result = Result(cell, rule.hits, outcome_of(report), list(wrongs(self.world.seen())))
        self.world.mend()
        self._settle(result.wrong)
        if self.world.seen() != self.goal:
            result.wrong.append("the end differs from that without a fault")
        return result

    def _settle(self, wrong: list[str] | None = None) -> None:
        """Runs without faults until a new record has its results."""
        for _ in range(2):
            self.world.later(_LATER)
            self.world.sync()
            if wrong is not None:
                wrong += wrongs(self.world.seen())

    def _edit(self) -> None:
        """People edit everywhere, before the fault."""
        world = self.world
        world.act("notion", "edit", page=world.page("KR-1"), property="Name", value=_NEW["KR-1"])
        world.act("sheets", "set_cell", tab="KRs", key="KR-2", column="Current", value=5)
        world.act("jira", "edit", issue=world.epic("KR-3"), fields={"Summary": _NEW["KR-3"]})
        values = {"Name": _NEW["KR-4"], "KR key": "KR-4", "Start": 0, "Target": 4}
        source = next(iter(world.notion.state.data_sources))
        world.act("notion", "create", data_source=source, values=values)
        row = {"KR": "KR-5", "Title": _NEW["KR-5"], "Target": 7, "Current": 1}
        world.act("sheets", "append_row", tab="KRs", values=row)

    def _before(self, cell: Cell) -> Moment:
        return self._owed(cell.tool) if cell.call == "marked" else self.edited

    def _owed(self, tool: str) -> Moment:
        """A creation was lost on the way, and nobody knows that."""
        if tool not in self._owing:
            self.world.back(self.edited)
            self.world.fault(tool, "create", "reset")
            self.world.sync()
            self._owing[tool] = self.world.keep()
        return self._owing[tool]


def outcome_of(report: Report) -> str:
    """What a run said of itself, the worst first."""
    applied = report.applied
    if applied is not None and applied.unknown:
        return "unknown"
    if applied is not None and applied.failed:
        return "failed"
    return "unread" if report.failed else "done"


def wrongs(seen: Seen) -> Iterator[str]:
    """What must never be, at any moment: second records, lost edits, values at another record."""
    for tool, (key, title) in _KEYS.items():
        records = [one for one in seen[tool] if one.get("tab", "KRs") == "KRs"]
        counts = Counter(one.get(key) for one in records)
        yield from (f"{tool} has {count} of {one}" for one, count in counts.items() if count > 1)
        for one in records:
            named = str(one.get(key))
            if one.get(title) not in (_OLD.get(named), _NEW.get(named)):
                yield f"{tool} shows {one.get(title)!r} for {named}"
    yield from _lost(seen)


def _lost(seen: Seen) -> Iterator[str]:
    typed = (("notion", "KR-1"), ("jira", "KR-3"), ("notion", "KR-4"), ("sheets", "KR-5"))
    for tool, named in typed:
        key, title = _KEYS[tool]
        shown = [one.get(title) for one in seen[tool] if one.get(key) == named]
        if shown != [_NEW[named]]:
            yield f"{tool} lost what was typed for {named}"
    numbers = [one.get("Current") for one in seen["sheets"] if one.get("KR") == "KR-2"]
    if numbers != ["5"]:
        yield "sheets lost the number typed for KR-2"


def _planted(fault: str) -> dict[str, Any]:
    return dict(FAULTS[fault])


@contextmanager
def trial() -> Iterator[Trial]:
    """A world ready for cells."""
    with tempfile.TemporaryDirectory() as folder, small(Path(folder)) as world:
        yield Trial(world)


def table(results: Sequence[Result]) -> list[str]:
    """One line per call: how many of its faults ended how, and what was wrong."""
    lines = [f"{'call':22} {'faults':>6} {'done':>6} {'unread':>6} {'failed':>6} {'unknown':>7} {'wrong':>6}"]
    for tool, call in CALLS:
        mine = [one for one in results if (one.cell.tool, one.cell.call) == (tool, call)]
        told = Counter(one.outcome for one in mine)
        wrong = sum(1 for one in mine if one.wrong)
        shown = [told[word] for word in ("done", "unread", "failed")]
        numbers = " ".join(f"{number:6}" for number in (len(mine), *shown))
        lines.append(f"{tool + ' ' + call:22} {numbers} {told['unknown']:7} {wrong:6}")
    return lines


def main(arguments: Sequence[str]) -> int:
    """Print the table; 1 when anything was wrong. With `--first`, only the first request of each call."""
    began = time.monotonic()
    skips = (0,) if "--first" in arguments else (0, 1)
    with trial() as made:
        results = [result for cell in cells(skips) if (result := made.run(cell)).hits or not cell.skip]
    lines = table(results)
    lines += [f"{one.cell.name}: {'; '.join(one.wrong)}" for one in results if one.wrong]
    lines += [f"{one.cell.name}: never happened" for one in results if not one.hits]
    wrong = sum(1 for one in results if one.wrong)
    lines.append(f"{len(results)} faults, {wrong} with a lasting harm, {time.monotonic() - began:.0f} s")
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if wrong or any(not one.hits for one in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
