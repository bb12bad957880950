"""`python -m tests.contract`: runs the suite and prints its table, sub-tests by connectors.

The table goes to standard output, pytest's own words to standard error. More arguments go to pytest, such as
`-k notion`. Ends with pytest's exit code.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import pytest

from tests.contract.table import Table


def main(arguments: list[str]) -> int:
    """Run and show."""
    table, here = Table(), str(Path(__file__).parent)
    with contextlib.redirect_stdout(sys.stderr):
        code = pytest.main([here, "-p", "no:cacheprovider", *arguments], plugins=[table])
    sys.stdout.write(table.text())
    return int(code)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
