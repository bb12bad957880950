"""`python -m benchmarks.requests`: requests per job and service, against the theoretical minimum.

Real syncs with the real client libraries, over loopback, on a generated world. The tools' clock is virtual
and moved by hand between the jobs. Pacing is real but has nothing to wait for: the admin's file allows 6,000
requests a minute where a real account has 50 to 180. So requests and bytes are figures to rely on, and
seconds are not printed at all.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from pathlib import Path

import click

from benchmarks.requests.jobs import measure
from benchmarks.requests.table import as_json, broken, text
from benchmarks.requests.world import LARGE, SMALL, open_bench

_SIZES = {"small": SMALL, "large": LARGE}


@click.command(help=__doc__)
@click.option("--small", "size", flag_value="small", default=True, help="1k epics, 500 pages, 2k rows.")
@click.option("--large", "size", flag_value="large", help="10k epics, 5k pages, 20k rows.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON for programs.")
def main(size: str, is_json: bool) -> None:
    """Measure and print; the process ends with 1 when a promise does not hold."""
    with (
        tempfile.TemporaryDirectory() as folder,
        contextmanager(open_bench)(_SIZES[size], Path(folder)) as at,
    ):
        lines = list(measure(at))
    if is_json:
        click.echo(json.dumps(as_json(lines), indent=2))
    else:
        click.echo("\n".join(text(lines)))
    for promise in broken(lines):
        click.echo(promise, err=True)
    raise SystemExit(1 if broken(lines) else 0)


if __name__ == "__main__":
    main()
