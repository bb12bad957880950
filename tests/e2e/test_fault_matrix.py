"""Whatever goes wrong at whatever call: no lost edit, no second record, no wrong row, and the same end.

The whole matrix is `python -m tests.e2e.fault_matrix`. Here every call and every fault comes at least once;
the whole is marked slow.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.fault_matrix import CALLS, FAULTS, Cell, Trial, cells, trial, wrongs

STEP = 15
"""Of the cells in their order every so many-th."""
ALL = tuple(cells())
FEW = ALL[::STEP]


@pytest.fixture(scope="module")
def made() -> Iterator[Trial]:
    """The world, made once."""
    with trial() as found:
        yield found


def check(made: Trial, cell: Cell) -> None:
    """The fault happened, and did no lasting harm."""
    result = made.run(cell)
    assert result.hits > 0
    assert result.wrong == []


def test_the_few_reach_every_call_and_every_fault() -> None:
    """No call and no fault is only in the slow form; a stale answer is."""
    assert {(one.tool, one.call) for one in FEW} == set(CALLS)
    assert {one.fault for one in FEW} >= set(FAULTS) - {"stale"}


@pytest.mark.parametrize("cell", FEW, ids=lambda one: one.name)
def test_a_fault_does_no_lasting_harm(made: Trial, cell: Cell) -> None:
    """Told or repaired at once; in the end as without it."""
    check(made, cell)


@pytest.mark.slow
@pytest.mark.parametrize("cell", ALL, ids=lambda one: one.name)
def test_no_fault_does_lasting_harm(made: Trial, cell: Cell) -> None:
    """The whole matrix."""
    check(made, cell)


def test_the_judge_sees_what_is_wrong(made: Trial) -> None:
    """A second record, a lost edit and a title at another record are all noticed."""
    world = made.world
    world.back(made.edited)
    assert list(wrongs(world.seen())) == []
    world.act("sheets", "append_row", tab="KRs", values={"KR": "KR-1", "Title": "Win 2 customers"})
    world.act("jira", "edit", issue=world.epic("KR-3"), fields={"Summary": "Win 3 customers"})
    assert set(wrongs(world.seen())) == {
        "sheets has 2 of KR-1",
        "sheets shows 'Win 2 customers' for KR-1",
        "jira lost what was typed for KR-3",
    }
