"""I2, I3: a person edits a record at every gap of the protocol by which okrsync writes it.

Ann has renamed a key result in the tracker; okrsync is about to write her title into the notes. In one
gap of that run Bob edits the same row of the notes. What must come of it is written down per gap:

    gap                        same field  old value  put back  same value  other field
    0 before the look          ask         ask        Ann       Ann         both
    1 after the look           ask         ask        Ann       Ann         both
    2 plan on disk             ask         ask        Ann       Ann         both
    3 before the re-read       ask         ask        Ann       Ann         both
    4 re-read, not yet sent    LOST        LOST       Ann       Ann         both
    5 answered, not settled    Bob         Bob        Bob       Ann         both
    6 settled                  Bob         Bob        Bob       Ann         both
    7 after the run            Bob         Bob        Bob       Ann         both

*ask*: both titles are kept and a conflict is open. *Bob*: he edited what Ann's title had become, his edit
goes round. *LOST* is the one gap in which an edit can be overwritten: no service offers compare-and-set,
so it cannot be closed. The proof bounds it: one request wide, the same field of the same record only, and
everything agrees afterwards.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from okrsync.connectors.base import Native
from okrsync.okr.values import encode
from okrsync.sync_engine.merge import OKRSYNC
from tests.engine.proofs.stage import Stage
from tests.engine.world import writes

OLD, START, ANN, BOB = "An old title", "Win customers", "Ann's title", "Bob's title"
GAPS = ("", "integrated", "adopted", "sending", "before send", "after send", "settled", "end")
EDITS: dict[str, tuple[str, Native, tuple[str, ...]]] = {
    "same field": ("title", BOB, ("ask",) * 4 + ("lost",) + ("edit",) * 3),
    "old value": ("title", OLD, ("ask",) * 4 + ("lost",) + ("edit",) * 3),
    "put back": ("title", START, ("ann",) * 5 + ("edit",) * 3),
    "same value": ("title", ANN, ("ann",) * 8),
    "other field": ("target", Decimal(12), ("both",) * 8),
}
CASES = [(gap, kind, EDITS[kind][2][at]) for kind in EDITS for at, gap in enumerate(GAPS)]


def told(gap: str, field: str, value: Native) -> Stage:
    """The story up to the end of the run that Bob met in one gap."""
    stage = Stage()
    stage.seed()
    stage.edit("tracker", "KR1", "title", OLD)
    stage.run()
    stage.run()
    stage.edit("tracker", "KR1", "title", START)
    stage.run()
    stage.edit("tracker", "KR1", "title", ANN)
    edits = list[str]()

    def bob(name: str) -> None:
        if name == gap and not edits:
            edits.append(name)
            stage.edit("notes", "KR1", field, value)

    bob("")
    stage.tick = bob
    stage.run()
    stage.let_go()
    bob("end")
    assert edits == [gap]
    return stage


def agreed(stage: Stage, field: str) -> Native:
    """What every tool shows, after it was checked that they do and that it stays so (I11, I12)."""
    stage.run()
    assert writes(stage.run()) == 0
    assert stage.state().conflicts == {}
    tracker, notes = (stage.see(tool, "KR1", field) for tool in ("tracker", "notes"))
    assert encode_native(tracker) == encode_native(notes)
    return notes


def encode_native(value: Native) -> str:
    """A native value of these stories as the text equal values share."""
    assert value is None or isinstance(value, str | Decimal)
    return encode(value)


@pytest.mark.parametrize(("gap", "kind", "outcome"), CASES)
def test_an_edit_in_a_gap(gap: str, kind: str, outcome: str) -> None:
    """The table above, line by line."""
    field, value, _ = EDITS[kind]
    stage = told(gap, field, value)
    if outcome == "ask":
        _is_asked(stage, value)
    elif outcome == "both":
        assert agreed(stage, "title") == ANN
        assert agreed(stage, "target") == value
    else:
        assert agreed(stage, "title") == (value if outcome == "edit" else ANN)


def _is_asked(stage: Stage, value: Native) -> None:
    """Both titles are kept where they were typed, and in one open conflict (I1)."""
    stage.run()
    assert writes(stage.run()) == 0
    (conflict,) = stage.state().conflicts.values()
    assert sorted(map(str, conflict.sides.values())) == sorted([ANN, str(value)])
    assert (stage.see("tracker", "KR1", "title"), stage.see("notes", "KR1", "title")) == (ANN, value)


def test_the_open_gap_is_one_request_wide() -> None:
    """Between the re-read and the effect nothing else happens: no commit, no other request."""
    stage = Stage()
    stage.seed()
    stage.edit("tracker", "KR1", "title", ANN)
    names = list[str]()
    stage.tick = names.append
    stage.run()
    gap = names[names.index("notes fetch") : names.index("notes after write")]
    assert gap == ["notes fetch", "before send", "notes before write"]


def test_an_edit_elsewhere_in_the_open_gap_is_asked_about() -> None:
    """I1: while the tracker is written, Carol edits the numbers, which have not seen the new value yet."""
    stage = Stage()
    stage.seed()
    stage.edit("notes", "KR1", "target", Decimal(12))

    def carol(name: str) -> None:
        if name == "tracker before write":
            stage.let_go()
            stage.edit("numbers", "KR1", "target", Decimal(15))

    stage.tick = carol
    stage.run()
    stage.run()
    (conflict,) = stage.state().conflicts.values()
    assert conflict.sides[OKRSYNC] == Decimal(12)
    assert stage.see("numbers", "KR1", "target") == Decimal(15)
