"""Every known trap of Google Sheets has a test that exists, or a reason why it has none."""

from __future__ import annotations

import pytest

from tests.fidelity.test_notion_traps import functions_of
from tests.fidelity.traps_sheets import LIBRARY, TRAPS

SERVICE = 32
"""How many of the service are known."""
KNOWN = SERVICE + 15
"""And with those of the library."""


def test_every_trap_is_listed() -> None:
    """None is left out silently."""
    assert sorted(TRAPS) == list(range(1, KNOWN + 1))
    assert LIBRARY == SERVICE + 1


@pytest.mark.parametrize("number", sorted(TRAPS))
def test_the_named_tests_exist(number: int) -> None:
    """A renamed or deleted test is noticed here."""
    what, answer = TRAPS[number]
    assert what != ""
    if isinstance(answer, str):
        assert answer.startswith("not applicable: ")
        return
    assert answer != ()
    for test in answer:
        file, name = test.split("::")
        assert name.startswith("test_") and name in functions_of(file), test
