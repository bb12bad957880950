"""What can happen to three tools and a store, as acts a machine or a die may choose; checked after each.

Every act keeps the model of the people (`people`) beside the world (`stage`). After every run the safety
promises are checked, whatever went wrong in it; `settle` ends all trouble and checks that the world comes
to rest. `count` says how often each case was really reached.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from okrsync.config.settings import Policies
from okrsync.connectors.base import Native
from okrsync.connectors.errors import OutcomeUnknown, Transient
from okrsync.okr.values import Unreadable
from okrsync.sync_engine.conflicts import resolve
from okrsync.sync_engine.lease import LeaseHeldError, LeaseLostError
from okrsync.sync_engine.runner import Report
from tests.engine.proofs.people import ONLY_READ, SIDES, Cell
from tests.engine.proofs.promises import KEYS, SPOTS, Scene
from tests.engine.proofs.stage import LAGGING, Killed
from tests.engine.world import TOOLS, settings, writes

VALUES: dict[str, tuple[Native, ...]] = {
    "title": ("A", "B", "C"),
    "owner": ("ann", "bob", None),
    "note": ("x", "y", None),
    "target": (Decimal(8), Decimal(10), Decimal(20), None),
    "current": (Decimal(2), Decimal(4), None),
}
MIDST = ("integrated", "adopted", "sending", "after send", "settled")
"""Moments of a run at which a person's edit must be safe; the open gap (I3) is not among them."""
BROKEN = Unreadable("#REF!")


@dataclass
class Drama(Scene):
    """The acts."""

    def __post_init__(self) -> None:
        self.stage.settings = replace(settings(), policies=Policies(first_run="apply", max_changes=11))
        self.stage.features = dict.fromkeys(TOOLS, LAGGING)
        for key in KEYS:
            self.stage.add(
                key,
                tracker={"title": "A", "target": Decimal(10), "owner": "ann"},
                notes={"title": "A", "target": Decimal(10), "note": "x", "start": Decimal(0)},
                numbers={"target": Decimal(10), "current": Decimal(4), "unit": "people's own"},
            )
        self.settle()
        self.count.clear()

    # -- what people do

    def types(self, cell: Cell, value: Native) -> None:
        """Somebody types over a cell."""
        tool, key, name = cell
        if not self.has(tool, key) or self.see(cell) == value:
            return
        self.touched = True
        if value in self.people.ever.get((key, name), set()):
            self.count["old value"] += 1
        self.edits += 1
        self.people.types(cell, value, self.held((key, name)))
        self.stage.edit(tool, key, name, value)

    def breaks(self, cell: Cell) -> None:
        """A formula error appears in a cell."""
        tool, key, name = cell
        if self.has(tool, key):
            self.touched = True
            self.people.breaks(cell, self.held((key, name)))
            self.stage.edit(tool, key, name, BROKEN)

    def scribbles(self, tool: str, key: str, value: Decimal) -> None:
        """Somebody types into a computed field."""
        if self.has(tool, key):
            self.touched = True
            self.stage.edit(tool, key, "score", value)

    def deletes(self, tool: str, key: str) -> None:
        """Somebody deletes a row."""
        if not self.has(tool, key):
            return
        self.touched = True
        for name, tools in SIDES.items():
            if tool in tools:
                if any(side != tool and side in TOOLS for side in self.people.wishes.get((key, name), {})):
                    self.count["delete against edit"] += 1
                self.people.leaves((tool, key, name), self.held((key, name)))
        self.stage.services[tool].delete("krs", self.stage.row(tool, key))

    def recreates(self, tool: str, key: str, title: Native, target: Native) -> None:
        """Somebody makes the row anew, with a blank or a value in what the tool has.

        The current value is always typed: it can only be read there, so nobody could fill a blank.
        """
        if self.has(tool, key):
            return
        self.touched = True
        row: dict[str, Native] = {"key": key}
        for name, value in (("title", title), ("target", target), ("current", Decimal(2))):
            if tool in SIDES[name] and value is not None:
                row[name] = value
                wishes = self.people.wishes.setdefault((key, name), {})
                if name in ONLY_READ:
                    wishes.clear()
                for side in [side for side, wish in wishes.items() if wish is None]:
                    del wishes[side]  # a blank need not speak up against a value at first contact
                    self.people.unsure.add((key, name))
                if value != self.held((key, name)):  # the standing value is joined, as when it is typed
                    wishes[tool] = value
                self.people.ever[key, name].add(value)
                self.people.last[tool, key, name] = value
        self.stage.services[tool].add("krs", row)
        self.count["re-created"] += 1

    def decides(self, pick: int) -> None:
        """A person resolves an open conflict for one of its values."""
        state = self.stage.state()
        waiting = sorted((c for c in state.conflicts.values() if not c.resolved), key=lambda c: c.id)
        if not waiting:
            return
        conflict = waiting[pick % len(waiting)]
        values = [conflict.sides[name] for name in sorted(conflict.sides)]
        with self.stage.store.begin() as connection:
            assert resolve(connection, conflict.id, values[pick % len(values)], "Eve")
        self.touched = True
        key = state.entities[conflict.entity].key
        spot, value = (str(key), conflict.field), values[pick % len(values)]
        self.people.decides(spot, value, set(values))  # type: ignore[arg-type]  # as in held
        self.count["decided"] += 1

    # -- runs, and what can happen to them

    def _run(self, approved: bool = False) -> Report:
        """A run of a job that starts every six hours."""
        self.runs += 1
        self.stage.now += timedelta(hours=6)
        return self.stage.run(approved)

    def syncs(self) -> None:
        """A run without new trouble (older trouble may last)."""
        before = self.stage.shown()
        report = self._run()
        if report.trips:
            self.count["guard tripped"] += 1
            assert self.stage.shown() == before, "a tripped guard wrote (I7)"
            report = self._run(approved=True)  # an admin looked at the plan
        if self.wrote and writes(report) == 0:
            self.count["echo"] += 1
        self.wrote = writes(report) > 0
        self._nothing_unplanned(before, report)
        self._after(report)

    def killed(self, tick: int) -> None:
        """The process is killed at a tick of its run."""
        self.stage.stop_at(tick)
        try:
            self._run()
        except Killed:
            self.count["crash"] += 1
            self.stage.let_go()
            self.count["crash with a write owed"] += self.stage.owed() > 0
            self.stage.wait_out_a_lease()
        self.stage.let_go()
        self._unsure()

    def loses_an_answer(self, send: int, after: bool) -> None:
        """One write gets no answer, before or after its effect."""
        first = self.stage.sends
        point = "after write" if after else "before write"

        def lost(name: str) -> None:
            if name.endswith(point) and self.stage.sends == first + send + 1:
                self.count["lost answer"] += 1
                raise OutcomeUnknown("no answer", service="memory")

        self.stage.tick = lost
        self._run()
        self.stage.let_go()
        self._unsure()

    def is_down(self, tool: str) -> None:
        """A tool refuses every write of a run."""

        def down(name: str) -> None:
            if name in (f"{tool} before write", f"{tool} fetch"):
                self.count["tool down"] += 1
                raise Transient("down", service=tool)

        self.stage.tick = down
        self._run()
        self.stage.let_go()
        self._unsure()

    def meets(self, moment: str, cell: Cell, value: Native) -> None:
        """A person edits while a run is at work."""
        waiting = [True]

        def edit(name: str) -> None:
            if name == moment and waiting:
                waiting.clear()
                self.count["edit during a run"] += 1
                self._unsure()  # the run may have agreed on more by now
                self.types(cell, value)

        self.stage.tick = edit
        self._run()
        self.stage.let_go()
        self._unsure()

    def two_engines(self, moment: str, takes_over: bool) -> None:
        """A second engine starts while the first is at work, or asleep for longer than its lease."""
        waiting = [True]

        def second(name: str) -> None:
            if name != moment or not waiting:
                return
            waiting.clear()
            self.count["two engines"] += 1
            if takes_over:
                self.stage.wait_out_a_lease()
                assert self.stage.run().took_over
                return
            try:
                self.stage.run()
            except LeaseHeldError:
                return
            raise AssertionError("two engines at once (I21)")

        self.stage.tick = second
        try:
            self._run()
        except LeaseLostError:
            self.count["taken over"] += 1
        self.stage.let_go()
        self._unsure()

    def lists_stale(self, tool: str, stale: bool) -> None:
        """A tool's listing stays as it is now, or catches up."""
        service = self.stage.services[tool]
        self.touched = True
        if stale:
            service.freeze_listing("krs")
            self.count["stale listing"] += 1
        else:
            service.thaw_listing("krs")

    def lists_short(self, tool: str, key: str | None, complete: bool) -> None:
        """A tool's listing lacks a row, and says so or not; `None`: it is whole again."""
        table = self.stage.services[tool].tables["krs"]
        table.hidden = {self.stage.row(tool, key)} if key is not None and self.has(tool, key) else set()
        table.complete = complete or not table.hidden
        self.touched = True
        self.count["short page"] += bool(table.hidden)

    # -- backups of the store

    def backs_up(self) -> None:
        """The store's file is copied."""
        self.backup = (self.stage.photo(), copy.deepcopy(self.people))

    def restores(self) -> None:
        """The copy is put back, at a quiet moment: later agreements are forgotten, the tools are not."""
        if self.backup is None or self.touched or self.stage.state().conflicts:
            return
        photo, then = self.backup
        rows = self.stage.shown().keys()
        now = self.stage.photo()
        self.stage.store.load(photo.store)
        if {k.native_id for k in self.stage.state().links.values()} != {id_ for _, id_ in rows}:
            self.stage.store.load(now.store)  # rows came and went: a first contact is another story
            return
        self.count["old backup"] += 1
        self.touched = True
        for cell, bases in then.bases.items():
            self.people.bases.setdefault(cell, set()).update(bases)
        self.people.unsure |= set(SPOTS)
        self.people.decided.clear()

    # -- the promises

    def settle(self) -> None:
        """All trouble ends: at most two runs to agreement, then nothing is written (I11, I12)."""
        self.stage.thaw()
        for service in self.stage.services.values():
            service.tables["krs"].hidden, service.tables["krs"].complete = set(), True
        busy = 0
        for number in (1, 2):
            report = self._run(approved=True)
            assert report.applied is not None and not report.failed
            busy = number if writes(report) or report.plan.adoptions else busy
            self._after(report)
        self.to_agreement[busy] += 1
        assert self.stage.owed() == 0, "an outcome is still owed (I18)"
        shown = self.stage.shown()
        assert writes(self._run()) == 0, "a third run wrote (I12)"
        assert self.stage.shown() == shown
        for spot in SPOTS:
            self._at_rest(spot)
        self._computed()
        self._identities()
        self.touched = False
