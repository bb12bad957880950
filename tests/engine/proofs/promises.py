"""What must hold after every run, whatever went wrong in it, and when the world has come to rest.

The scene holds the world (`stage`) and the model of its people (`people`) side by side; the checks compare
them and the plan with each other and never ask the engine for a verdict.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from okrsync.connectors.base import Native
from okrsync.okr.values import Unreadable
from okrsync.sync_engine.runner import Report
from okrsync.sync_engine.state import State
from tests.engine.proofs.people import SIDES, Cell, People, Spot
from tests.engine.proofs.stage import Photo, Stage
from tests.engine.world import TOOLS

KEYS = ("KR1", "KR2")
SPOTS: tuple[Spot, ...] = tuple((key, name) for key in KEYS for name in SIDES)
CELLS: tuple[Cell, ...] = tuple((tool, key, name) for key, name in SPOTS for tool in SIDES[name])


@dataclass
class Scene:
    """The world and its people, and the promises between them."""

    stage: Stage = field(default_factory=Stage)
    people: People = field(default_factory=People)
    count: Counter[str] = field(default_factory=Counter)
    backup: tuple[Photo, People] | None = None
    touched: bool = False
    """Something happened since everything was last at rest."""
    wrote: bool = False
    runs: int = 0
    edits: int = 0
    to_agreement: Counter[int] = field(default_factory=Counter)
    """How many runs it took to come to rest, each time it was asked for."""

    def has(self, tool: str, key: str) -> bool:
        """Whether the tool has a row of that key."""
        return any(
            row.values.get("key") == key for row in self.stage.services[tool].tables["krs"].rows.values()
        )

    def see(self, cell: Cell) -> Native:
        """What a person sees in a cell."""
        return self.stage.see(*cell)

    def held(self, spot: Spot) -> Native:
        """The model's value in the store."""
        state = self.stage.state()
        return next(
            (c.value for (e, name), c in state.canonical.items() if (state.entities[e].key, name) == spot),
            None,
        )  # type: ignore[return-value]  # no field here is of a kind a tool could not show

    def _nothing_unplanned(self, before: object, report: Report) -> None:
        """Only planned cells changed, one patch per record (I2, I10, I14, I23)."""
        assert isinstance(before, dict)
        planned = {(op.collection, op.native_id, c.native) for op in report.plan.ops for c in op.changes}
        for (tool, id_), values in self.stage.shown().items():
            old = before[tool, id_]
            changed = {(tool, id_, name) for name in values if values[name] != old.get(name)}
            assert changed <= planned, "a cell changed that was in no plan"
        assert len({op.link for op in report.plan.ops}) == len(report.plan.ops)
        fields = {adoption.field for adoption in report.plan.adoptions}
        assert fields <= SIDES.keys() | {"start"}, "a computed value entered the model (I15)"

    def _after(self, report: Report) -> None:
        applied = report.applied
        disturbed = (
            applied is None or applied.failed or applied.unknown or applied.superseded or report.failed
        )
        if disturbed:
            return self._unsure()
        self._look(sure=True)

    def _unsure(self) -> None:
        """After a disturbed run: what the cells show may or may not be what was noted as agreed."""
        self.touched = True
        self._look(sure=False)

    def _look(self, sure: bool) -> None:
        """Take note of what a run did, and check that no wish is gone (I1)."""
        state = self.stage.state()
        self._forgotten(state)
        conflicts = {(str(state.entities[c.entity].key), c.field): c for c in state.conflicts.values()}
        for spot in SPOTS:
            value, conflict = self.held(spot), conflicts.get(spot)
            if spot in self.people.decided and (conflict is None or not conflict.resolved):
                if conflict is None and value == self.people.decided[spot]:
                    self.people.carried_out(spot)
                else:
                    del self.people.decided[spot]
            self._note(spot, value, conflict is None, sure)
            sides = set(conflict.sides.values()) if conflict else set()
            kept = {self.see((t, spot[0], spot[1])) for t in SIDES[spot[1]] if self.has(t, spot[0])}
            lost = self.people.wanted(spot) - kept - sides - {value}
            assert not lost, f"{spot}: {lost} is gone (I1)"
            self.count["conflict"] += conflict is not None

    def _forgotten(self, state: State) -> None:
        """Rows that a whole listing lacked twice are not linked any more; people still see them."""
        linked = {(link.collection, link.native_id) for link in state.links.values()}
        for cell in CELLS:
            row = self.stage.row(*cell[:2]) if self.has(*cell[:2]) else ""
            hidden = self.stage.services[cell[0]].tables["krs"].hidden
            if row in hidden and (cell[0], row) not in linked:
                self.people.returns(cell)

    def _note(self, spot: Spot, value: Native, peace: bool, sure: bool) -> None:
        for tool in SIDES[spot[1]]:
            cell = (tool, *spot)
            if not self.has(tool, spot[0]) or isinstance(self.see(cell), Unreadable):
                continue
            listed = self._listed(tool)
            if peace and self.see(cell) == value:
                self.people.shows(cell, value, sure and listed)
            elif not sure or not listed:
                self.people.shows(cell, self.see(cell), sure=False)

    def _listed(self, tool: str) -> bool:
        table = self.stage.services[tool].tables["krs"]
        return table.complete and table.stale is None and not table.hidden

    def _at_rest(self, spot: Spot) -> None:
        """One wish: everywhere. Several: one open conflict that keeps them all, and nothing overwritten."""
        state = self.stage.state()
        conflict = next(
            (c for c in state.conflicts.values() if (state.entities[c.entity].key, c.field) == spot), None
        )
        wanted, value = self.people.wanted(spot), self.held(spot)
        cells = [(t, *spot) for t in SIDES[spot[1]] if self.has(t, spot[0])]
        shown = {t: self.see((t, *s)) for t, *s in cells if not isinstance(self.see((t, *s)), Unreadable)}  # type: ignore[arg-type]  # a cell has three parts
        told = f"{spot}: wanted {self.people.wishes.get(spot)}, held {value!r}, shown {shown}, {conflict}"
        assert set(shown.values()) <= self.people.ever.get(spot, {value}) | {None}, f"invented: {told}"
        if not cells:
            return  # nobody holds the field any more
        if conflict is not None:
            assert len(wanted) > 1 or spot in self.people.unsure, f"a needless question: {told}"
            assert wanted <= set(conflict.sides.values()), f"a wish is not in the conflict: {told}"
            return
        assert set(shown.values()) <= {value}, f"no agreement (I11): {told}"
        if spot not in self.people.unsure:
            assert wanted in (set(), {value}), f"lost (I1): {told}"
        self.people.agreed(spot, value, shown)

    def _computed(self) -> None:
        """Every tool shows the score that follows from what people typed, whatever was scribbled (I15)."""
        for key in KEYS:
            cells = [cell for cell in CELLS if cell[1] == key and self.has(cell[0], key)]
            scores = {self.see((tool, key, "score")) for tool in TOOLS if self.has(tool, key)}
            if any(isinstance(self.see(cell), Unreadable) for cell in cells):
                continue
            current, target = self.held((key, "current")), self.held((key, "target"))
            known = isinstance(current, Decimal) and isinstance(target, Decimal)
            wanted = {current / target} if known else {None}  # type: ignore[operator]  # both are numbers
            assert scores <= wanted, f"{key}: {scores}, not {wanted}"

    def _identities(self) -> None:
        """No duplicate came to be (I18)."""
        state = self.stage.state()
        keys = [entity.key for entity in state.entities.values()]
        assert sorted(map(str, keys)) == sorted(KEYS)
        linked = [(k.entity, k.collection) for k in state.links.values() if k.state == "linked"]
        assert len(linked) == len(set(linked))
