"""`python -m benchmarks.requests`: requests per job and service, against the theoretical minimum.

Real syncs with the real client libraries, over loopback, on a generated world. The tools' clock is virtual
and moved by hand between the jobs. Pacing is real but has nothing to wait for: the admin's file allows 6,000
requests a minute where a real account has 50 to 180. So requests and bytes are figures to rely on, and
seconds are not printed at all.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from benchmarks.requests.jobs import Line, measure
from benchmarks.requests.table import as_json, broken, text
from benchmarks.requests.world import LARGE, SMALL, open_bench

_SIZES = {"small": SMALL, "large": LARGE}


@click.command(help=__doc__)
@click.option("--small", "size", flag_value="small", default=True, help="1k epics, 500 pages, 2k rows.")
@click.option("--large", "size", flag_value="large", help="10k epics, 5k pages, 20k rows.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON for programs.")
def main(size: str, is_json: bool) -> None:
    """Measure and print; the process ends with 1 when a promise does not hold."""
    opened = contextmanager(open_bench)
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder, opened(_SIZES[size], Path(folder)) as bench:
        for row in text(_kept(measure(bench), lines)):
            if not is_json:
                click.echo(row)
    if is_json:
        click.echo(json.dumps(as_json(lines), indent=2))
    for promise in broken(lines):
        click.echo(promise, err=True)
    raise SystemExit(1 if broken(lines) else 0)


def _kept(jobs: Iterable[Sequence[Line]], lines: list[Line]) -> Iterator[Sequence[Line]]:
    """The jobs as they come, noted for what follows the last."""
    for job in jobs:
        lines += job
        yield job


if __name__ == "__main__":
    main()
