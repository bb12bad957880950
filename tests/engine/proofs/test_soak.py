"""A short soak in every test run; `python -m tests.engine.proofs.soak` makes it as long as one likes."""

from __future__ import annotations

from tests.engine.proofs.soak import soak


def test_a_short_life_keeps_every_promise() -> None:
    """No lost edit, no duplicate, agreement within two runs, and few writes per edit (I1, I11, I12, I14)."""
    figures = soak(runs=200, seed=7)
    summary = figures.summary()
    assert figures.runs >= 200 and figures.edits >= 50
    assert max(figures.runs_to_agreement) <= 2
    assert figures.sends <= 6 * figures.edits, summary
    assert figures.needless_sends <= figures.sends / 20, summary
