"""Acts chosen by a seeded die: the soak's way to drive the drama, and the machine's way to meet trouble.

Hypothesis likes few and equal choices; a die of its own gives every kind of trouble its share.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

from okrsync.connectors.base import Native
from tests.engine.proofs.drama import MIDST, VALUES, Drama
from tests.engine.proofs.people import Cell
from tests.engine.proofs.promises import CELLS, KEYS
from tests.engine.world import TOOLS

Act = tuple[int, Callable[[], None]]
"""A weight and what to do; the die chooses the arguments when it is done."""


def an_edit(drama: Drama, die: random.Random) -> tuple[Cell, Native]:
    """A cell and a value it does not show."""
    cell = die.choice([cell for cell in CELLS if drama.has(*cell[:2])] or [CELLS[0]])
    shown = drama.see(cell) if drama.has(*cell[:2]) else None
    return cell, die.choice([value for value in VALUES[cell[2]] if value != shown])


def troubles(drama: Drama, die: random.Random) -> tuple[Act, ...]:
    """What can go wrong with a run."""
    return (
        (4, lambda: drama.killed(die.randrange(16, 36))),
        (2, lambda: drama.killed(die.randrange(45))),
        (4, lambda: drama.loses_an_answer(die.randrange(2), die.random() < 0.5)),
        (3, lambda: drama.is_down(die.choice(TOOLS))),
        (4, lambda: drama.meets(die.choice(MIDST), *an_edit(drama, die))),
        (3, lambda: drama.two_engines(die.choice(MIDST), die.random() < 0.5)),
        (3, lambda: drama.lists_stale(die.choice(TOOLS), die.random() < 0.6)),
        (3, lambda: drama.lists_short(die.choice(TOOLS), die.choice([*KEYS, None]), die.random() < 0.5)),
    )


def acts(drama: Drama, die: random.Random) -> tuple[Act, ...]:
    """Everything that can happen."""

    def remake() -> None:
        tool, key = die.choice(TOOLS), die.choice(KEYS)
        drama.recreates(tool, key, die.choice([None, "A", "B"]), die.choice(VALUES["target"]))

    def scribble() -> None:
        drama.scribbles(die.choice(TOOLS), die.choice(KEYS), Decimal(die.randrange(3)))

    return (
        *troubles(drama, die),
        (30, lambda: drama.types(*an_edit(drama, die))),
        (14, drama.syncs),
        (6, drama.settle),
        (4, lambda: drama.decides(die.randrange(12))),
        (2, scribble),
        (1, lambda: drama.breaks(die.choice(CELLS))),
        (1, lambda: drama.deletes(die.choice(TOOLS), die.choice(KEYS))),
        (3, remake),
        (2, drama.backs_up),
        (2, drama.restores),
    )


def throw(choices: tuple[Act, ...], die: random.Random) -> None:
    """Do one of the acts."""
    die.choices([act for _, act in choices], [weight for weight, _ in choices])[0]()
