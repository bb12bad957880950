"""Print the figures of the merge proof: `python -m tests.engine.proofs`."""

from __future__ import annotations

import sys
from collections import Counter

from tests.engine.proofs.trials import trials


def main() -> None:
    """Cases in all, and by row of the table."""
    reached = Counter(trial.expected.row for trial in trials())
    lines = [f"{count:8,}  {row}" for row, count in reached.most_common()]
    sys.stdout.write("\n".join([*lines, f"{len(trials()):8,}  cases"]) + "\n")


if __name__ == "__main__":
    main()
