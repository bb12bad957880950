"""I18: killed at any point, any number of times, later runs reach what an uninterrupted run reaches.

A kill is a photo: at every commit, every request and every crash point of the engine the proof keeps
what would survive, and lets a new process start from it. Starts that no run could tell apart are tried
once, so the search closes: it covers not only every point and every pair of points (a second kill during
the recovery), but any number of kills in a row. On the way, answers are lost before and after the effect
and refused, and listings may be stale. A second proof raises for real at every point, as an interrupt does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from okrsync.connectors.errors import ConnectorError, OutcomeUnknown, Transient
from tests.engine.proofs.scenarios import SCENARIOS
from tests.engine.proofs.stage import Killed, Photo, Stage, end_state, essence
from tests.engine.world import writes

Scenario = Callable[[Stage], None]
Fault = tuple[str, type[ConnectorError]]
FAULTS: tuple[Fault, ...] = (
    ("before write", Transient),  # refused: nothing happened
    ("before write", OutcomeUnknown),  # no answer, and nothing happened
    ("after write", OutcomeUnknown),  # no answer, but it happened
)
LAG = pytest.mark.parametrize("lag", [False, True], ids=["prompt", "lagging"])


@dataclass
class Search:
    """Every moment reachable by kills and lost answers from one scenario."""

    stage: Stage
    expected: dict[str, object]
    faults: tuple[Fault, ...] = ()
    """What may happen to one answer of every run."""
    seen: set[int] = field(default_factory=set)
    known: dict[int, Photo] = field(default_factory=dict)
    """Photos already looked at, by identity: many ticks share one."""
    points: int = 0
    """Points of the uninterrupted run: single kills."""
    ticks: int = 0
    """Points of all runs: each is a kill that was tried after some other kills."""
    runs: int = 0
    moments: int = 0

    def go(self, start: Photo) -> None:
        """Try every continuation of every distinct moment."""
        self._is_new(start)
        todo = [start]
        while todo:
            photo = todo.pop()
            self.moments += 1
            self._settles(photo)
            kept = self._ticks(photo, None)
            self.points = self.points or len(kept)
            self.ticks += len(kept)
            todo += [other for other in kept if self._is_new(other)]
            todo += [other for other in self._with_faults(photo) if self._is_new(other)]

    def _is_new(self, photo: Photo) -> bool:
        if id(photo) in self.known:
            return False
        self.known[id(photo)] = photo
        self.stage.go_back(photo)
        key = essence(self.stage)
        new = key not in self.seen
        self.seen.add(key)
        return new

    def _with_faults(self, photo: Photo) -> Iterator[Photo]:
        if not self.faults:
            return
        self.stage.go_back(photo)
        self.stage.sends = 0
        self._resume()
        for send in range(self.stage.sends):
            for point, error in self.faults:
                yield from self._ticks(photo, (send, point, error))

    def _ticks(self, photo: Photo, fault: tuple[int, str, type[ConnectorError]] | None) -> list[Photo]:
        """One run from a moment; a photo at every tick of it, and one at its end."""
        stage, kept = self.stage, list[Photo]()
        stage.go_back(photo)
        stage.sends = 0

        def tick(name: str) -> None:
            changed = name == "committed" or name.endswith("after write")  # else: as at the tick before
            kept.append(stage.photo() if changed or not kept else kept[-1])
            if fault is not None and stage.sends == fault[0] + 1 and name.endswith(fault[1]):
                raise fault[2]("a fault", service="memory")

        stage.tick = tick
        self._resume()
        stage.let_go()
        return [*kept, stage.photo()]

    def _resume(self) -> None:
        self.runs += 1
        self.stage.wait_out_a_lease()
        self.stage.run()

    def _settles(self, photo: Photo) -> None:
        """Without more trouble it takes at most two runs, and then nothing is written (I11, I12)."""
        stage = self.stage
        stage.go_back(photo)
        stage.thaw()
        for _ in range(2):
            self._resume()
            if not stage.owed() and end_state(stage) == self.expected:
                break
        assert end_state(stage) == self.expected
        assert writes(stage.run()) == 0


def staged(scenario: Scenario, lag: bool) -> tuple[Stage, Photo, dict[str, object]]:
    """A scenario, the moment before the run, and where an uninterrupted run leads."""
    stage = Stage()
    scenario(stage)
    start = stage.photo()
    stage.run()
    stage.run()
    expected = end_state(stage)
    assert expected["owed"] == 0
    stage.go_back(start)
    if lag:
        stage.lag()
    return stage, stage.photo(), expected


@LAG
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_any_number_of_kills_changes_nothing(
    scenario: Scenario, lag: bool, record_property: Callable[[str, object], None]
) -> None:
    """I18: same end state, no lost edit, no duplicate, nothing owed, at most two runs to quiet."""
    stage, start, expected = staged(scenario, lag)
    search = Search(stage, expected)
    search.go(start)
    for name in ("points", "ticks", "moments", "runs"):
        record_property(name, getattr(search, name))
    assert search.points >= 30 and search.moments >= 8 and search.ticks >= 250


@pytest.mark.slow
@LAG
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_kills_and_lost_answers_change_nothing(scenario: Scenario, lag: bool) -> None:
    """I18: the same while answers are lost and writes refused, in every run on the way."""
    stage, start, expected = staged(scenario, lag)
    search = Search(stage, expected, FAULTS)
    search.go(start)
    assert search.moments >= 10 and search.ticks >= 300


@pytest.mark.parametrize(
    "scenario", [SCENARIOS[0], *(pytest.param(s, marks=pytest.mark.slow) for s in SCENARIOS[1:])]
)
def test_an_interrupt_at_any_point_changes_nothing(scenario: Scenario) -> None:
    """I18: the interrupted process still unwinds, yet nothing of it gets through."""
    stage, start, expected = staged(scenario, lag=False)
    names = list[str]()
    stage.tick = names.append
    stage.run()
    for tick in range(len(names)):
        stage.go_back(start)
        stage.stop_at(tick)
        with pytest.raises(Killed):
            stage.run()
        stage.let_go()
        stage.wait_out_a_lease()
        stage.run()
        if end_state(stage) != expected:
            stage.run()
        assert end_state(stage) == expected, names[tick]
    assert len(names) >= 30
