"""The soak: a long seeded life of three tools, and its figures.

    python -m tests.engine.proofs.soak --runs 5000 --seed 1

People edit, runs fail, are killed, meet each other and stale listings, all by one seeded die and on a
virtual clock (a run every six hours). Every promise is checked after every run; what leaves is one JSON
object of figures. The first broken promise ends it with an AssertionError that names the act and the seed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from dataclasses import dataclass, field

from tests.engine.proofs.dice import acts, throw
from tests.engine.proofs.drama import Drama

LIFE = 60
"""Acts after which a workspace starts anew: a broken cell or a deleted row would else stay for ever."""


@dataclass
class Figures:
    """What a soak found. A lost edit or a duplicate ends it, so their number is what is left of none."""

    runs: int = 0
    edits: int = 0
    sends: int = 0
    needless_sends: int = 0
    lost_edits: int = 0
    duplicates: int = 0
    runs_to_agreement: Counter[int] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)

    def add(self, drama: Drama) -> None:
        """Count one workspace's life."""
        self.runs += drama.runs
        self.edits += drama.edits
        self.sends += drama.stage.sends
        self.needless_sends += drama.stage.needless
        self.runs_to_agreement += drama.to_agreement
        self.reached += drama.count

    def summary(self) -> dict[str, object]:
        """As published."""
        times = self.runs_to_agreement.total()
        mean = sum(runs * number for runs, number in self.runs_to_agreement.items()) / max(1, times)
        return {
            "runs": self.runs,
            "edits": self.edits,
            "lost_edits": self.lost_edits,
            "duplicates": self.duplicates,
            "requests_that_wrote": self.sends,
            "needless_writes": self.needless_sends,
            "writes_per_edit": round(self.sends / max(1, self.edits), 2),
            "runs_to_agreement": {"max": max(self.runs_to_agreement, default=0), "mean": round(mean, 2)},
            "reached": dict(sorted(self.reached.items())),
        }


def soak(runs: int, seed: int) -> Figures:
    """Live until at least `runs` runs were made. Raises AssertionError at the first broken promise."""
    die, figures = random.Random(seed), Figures()
    while figures.runs < runs:
        drama = Drama()
        choices = acts(drama, die)
        for _ in range(LIFE):
            throw(choices, die)
        drama.settle()
        figures.add(drama)
        drama.stage.store.dispose()
    return figures


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Soak the sync engine and print its figures.")
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sys.stdout.write(json.dumps(soak(asked.runs, asked.seed).summary(), indent=2) + "\n")


if __name__ == "__main__":
    main()
