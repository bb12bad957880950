"""When a side is written and when it counts as settled: proved on every state a side can be in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import pytest

from okrsync.okr.values import Unreadable, Value
from okrsync.sync_engine.merge import ABSENT, Side, has_settled, needs_write
from tests.engine.proofs.domain import BROKEN, NUMBERS, SETS, TEXTS, Palette
from tests.engine.proofs.oracle import ANY, Row, only_row

WRITES = (
    # may write, readable, shows what is wanted, untouched since the agreement, that was on what is wanted,
    # would be blanked when first met
    Row("never written here", (False, ANY, ANY, ANY, ANY, ANY), False),
    Row("unreadable (I9)", (True, False, ANY, ANY, ANY, ANY), False),
    Row("shows it", (True, True, True, ANY, ANY, ANY), False),
    Row("filled by a person, first met", (True, True, False, False, ANY, True), False),
    Row("does not show it, edited", (True, True, False, False, ANY, False), True),
    Row("shows an older agreement", (True, True, False, True, False, ANY), True),
    Row("shows this one its own way (I12)", (True, True, False, True, True, ANY), False),
)

SETTLES = (
    # readable, shows what is wanted, the agreement says so
    Row("unreadable (I9)", (False, ANY, ANY), False),
    Row("shows something else", (True, False, ANY), False),
    Row("shows it, and that is known", (True, True, True), False),
    Row("shows it, which is news", (True, True, False), True),
)


@dataclass(frozen=True)
class Question:
    """A side, and the value it should show."""

    side: Side
    wanted: Value


def questions(palette: Palette) -> list[Question]:
    """Every look, every agreement, every wanted value, written to or not."""
    values = (palette.blank, palette.x, palette.y, palette.z)
    agreements = [(ABSENT, ABSENT), *product(values, (*values, ABSENT))]
    return [
        Question(Side("a", "A", seen, shown, agreed, writes=writes), wanted)
        for seen, (shown, agreed), wanted, writes in product(
            (*values, BROKEN), agreements, values, (True, False)
        )
    ]


PALETTES = pytest.mark.parametrize("palette", [TEXTS, NUMBERS, SETS], ids=["texts", "numbers", "sets"])


@PALETTES
def test_a_side_is_written_exactly_when_the_table_says_so(palette: Palette) -> None:
    """Few rows: no write where it already shows the value, its own way or not (I12, I14)."""
    for q in questions(palette):
        facts = (
            q.side.writes,
            q.side.seen is not BROKEN,
            q.side.seen == q.wanted,
            q.side.seen == q.side.shown,
            q.side.agreed == q.wanted,
            q.side.shown is ABSENT and q.wanted == palette.blank,
        )
        assert needs_write(q.side, q.wanted) is only_row(WRITES, facts).then, q


@PALETTES
def test_a_side_settles_exactly_when_the_table_says_so(palette: Palette) -> None:
    """I19: the base follows only what the side was seen to show."""
    for q in questions(palette):
        known = q.side.shown == q.side.seen and q.side.agreed == q.wanted
        facts = (q.side.seen is not BROKEN, q.side.seen == q.wanted, known)
        assert has_settled(q.side, q.wanted) is only_row(SETTLES, facts).then, q


@PALETTES
def test_no_side_both_settles_and_is_written(palette: Palette) -> None:
    """A value that is there is not sent again."""
    for q in questions(palette):
        assert not (needs_write(q.side, q.wanted) and has_settled(q.side, q.wanted)), q


@PALETTES
def test_one_write_is_enough(palette: Palette) -> None:
    """I12: whatever a side shows after a write (rounded, cut, as sent), it is quiet from then on."""
    for q in questions(palette):
        for shows in (palette.blank, palette.x, palette.y, palette.z):
            after = replace(q.side, seen=shows, shown=shows, agreed=q.wanted)
            assert not needs_write(after, q.wanted), (q, shows)
            assert not has_settled(after, q.wanted), (q, shows)


@PALETTES
def test_a_write_whose_answer_was_lost_settles(palette: Palette) -> None:
    """I18: the value is there although nothing says so: it is settled, not sent again."""
    for q in questions(palette):
        landed = replace(q.side, seen=q.wanted)
        known = landed.shown == q.wanted and landed.agreed == q.wanted
        assert not needs_write(landed, q.wanted), q
        assert has_settled(landed, q.wanted) is not known, q


@PALETTES
def test_a_lost_edit_is_still_overwritten(palette: Palette) -> None:
    """I11: an edit that lost by rule is noted without an agreement, and its side still gets the winner."""
    for q in questions(palette):
        seen = q.side.seen
        if not isinstance(seen, Unreadable) and q.side.writes and seen != q.wanted:
            noted = replace(q.side, shown=seen, agreed=ABSENT)
            assert needs_write(noted, q.wanted), q
