"""The promises on numbers of requests, on a small world with the real client libraries over sockets.

A small world stands for a large one by a Jira that gives ten issues per page, so that fixed costs weigh what
they weigh at a hundred times the size. Counts only: nothing here depends on how fast the machine is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import pytest
from click.testing import CliRunner

from benchmarks.requests import minimum
from benchmarks.requests.__main__ import main
from benchmarks.requests.jobs import FIRST, NOTHING, Line, measure
from benchmarks.requests.table import as_json, broken, text
from benchmarks.requests.world import LARGE, SMALL, Bench, Size, open_bench

TINY = Size(epics=60, pages=25, rows=40, jira_page=10)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The tools before the first sync."""
    with contextmanager(open_bench)(TINY, tmp_path_factory.mktemp("bench")) as made:
        yield made


@pytest.fixture(scope="module")
def jobs(bench: Bench) -> Sequence[Sequence[Line]]:
    """All jobs, measured once."""
    return list(measure(bench))


@pytest.fixture(scope="module")
def lines(jobs: Sequence[Sequence[Line]]) -> Sequence[Line]:
    """Their lines."""
    return [line for job in jobs for line in job]


def test_nothing_changed_costs_six_requests(lines: Sequence[Line]) -> None:
    """Jira: who-am-I and a delta. Notion: a query per data source. Sheets: a token and a read."""
    seen = {line.service: line.ours for line in lines if line.job == NOTHING}
    assert seen == {"jira": 2, "notion": 2, "sheets": 2}


def test_the_first_pull_is_within_a_tenth_of_the_minimum(lines: Sequence[Line]) -> None:
    """Over all services."""
    first = [line for line in lines if line.job == FIRST]
    least = sum(line.least.requests for line in first)
    assert sum(line.ours for line in first) <= Decimal("1.10") * least


def test_no_job_is_below_its_minimum(lines: Sequence[Line]) -> None:
    """A minimum that is beaten is none."""
    assert [line for line in lines if line.ours < line.least.requests] == []


def test_every_job_is_measured_at_every_service(lines: Sequence[Line]) -> None:
    """Each in one line, and the writes did happen."""
    written = f"write-back of {TINY.epics + TINY.pages + TINY.rows} records"
    names = [FIRST, written, "own writes seen again", NOTHING, "1 % changed"]
    assert list(dict.fromkeys(line.job for line in lines)) == names
    assert [line.service for line in lines] == ["jira", "notion", "sheets"] * len(names)


def test_the_table_shows_every_line_and_the_sums(
    jobs: Sequence[Sequence[Line]], lines: Sequence[Line]
) -> None:
    """A head, a line for each service and one for all; JSON has the same lines."""
    shown = list(text(jobs))
    assert len(shown) == 1 + len(lines) + len(jobs)
    assert "1 token + 1 read" in shown[3]
    assert len(json.loads(json.dumps(as_json(lines)))["lines"]) == len(lines)


def test_broken_promises_are_told(lines: Sequence[Line]) -> None:
    """One request more than six, and one pull twice as dear."""
    assert broken(lines) == []
    dearer = [replace(line, ours=2 * line.ours) for line in lines]
    assert [told.split(":")[0] for told in broken(dearer)] == [NOTHING, FIRST]


def test_the_sizes_are_those_promised() -> None:
    """1k and 10k epics with children, 500 and 5k pages, 2k and 20k rows."""
    assert [(size.epics, size.pages, size.rows) for size in (SMALL, LARGE)] == [
        (1_000, 500, 2_000),
        (10_000, 5_000, 20_000),
    ]
    assert SMALL.children > SMALL.epics and LARGE.children > LARGE.epics


@pytest.mark.parametrize(("records", "expected"), [(0, 1), (1, 1), (100, 1), (101, 2), (1_000, 10)])
def test_pages_of_a_list(records: int, expected: int) -> None:
    """A hundred records a page; an empty list is one page too."""
    assert minimum.pages(records) == expected


def test_the_command_tells_what_it_does() -> None:
    """Sizes, JSON, and what was done about pacing."""
    told = CliRunner().invoke(main, ["--help"]).output
    assert all(word in told for word in ("--small", "--large", "--json", "6,000"))
