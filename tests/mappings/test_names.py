"""The nearest right name, as messages offer it."""

from __future__ import annotations

import pytest

from okrsync.mappings.names import nearest


@pytest.mark.parametrize(
    ("wrong", "known", "right"),
    [
        ("Target", ("Start", "Target value"), "Target value"),
        ("Current value", ("Currency", "Current"), "Current"),
        ("Targte", ("Start", "Target"), "Target"),
        ("KR", ("Work", "KRs done by the team"), None),
        ("Target", ("Owner",), None),
    ],
)
def test_the_nearest_name_is_the_one_people_meant(
    wrong: str, known: tuple[str, ...], right: str | None
) -> None:
    """A word more or less first, then a slip of the finger; two letters are no part of anything."""
    assert nearest(wrong, known) == right
