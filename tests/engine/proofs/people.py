"""The model of the proofs: what people last wanted, per key result and field, told without the engine.

A *wish* is a value somebody typed somewhere. Typing over a value one could see replaces the wishes for
it; typing without having seen another's wish leaves both, and then only a person may decide. Putting a
cell back to what it showed at the last agreement withdraws its wish. Where a run was cut short, no one
outside can know which of two values that was: then the model is *unsure* and accepts a question too many,
never a value nobody typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from okrsync.connectors.base import Native

SIDES: Mapping[str, tuple[str, ...]] = {
    "title": ("tracker", "notes"),
    "target": ("tracker", "notes", "numbers"),
    "owner": ("tracker",),
    "note": ("notes",),
    "current": ("numbers",),
}
"""Which tools hold a field people edit."""

ONLY_READ = ("current",)
"""What one tool sets and okrsync may not write there: nobody else has a wish for it."""

Spot = tuple[str, str]
"""A key and a field."""
Cell = tuple[str, str, str]
"""A tool, a key and a field."""

NOBODY = "okrsync"
"""Whose wish a value is that was decided or agreed, when its author's cell is no more."""


NEVER = "(nothing was agreed yet)"
"""Stands among the possible bases of a cell that may have none."""


@dataclass
class People:
    """All wishes, and what each cell showed when it last agreed."""

    wishes: dict[Spot, dict[str, Native]] = field(default_factory=dict)
    bases: dict[Cell, set[Native]] = field(default_factory=dict)
    """What the cell showed at the last agreement: one value, or several while unsure."""
    last: dict[Cell, Native] = field(default_factory=dict)
    """What the cell last showed that a person could read."""
    unsure: set[Spot] = field(default_factory=set)
    ever: dict[Spot, set[Native]] = field(default_factory=dict)
    decided: dict[Spot, Native] = field(default_factory=dict)
    among: dict[Spot, set[Native]] = field(default_factory=dict)
    """The values a decision was taken on."""

    def agreed(self, spot: Spot, value: Native, tools: Iterable[str]) -> None:
        """Everything is quiet and these tools show `value`."""
        key, name = spot
        if not self.wishes.get(spot):
            self.wishes[spot] = {NOBODY: value}
        self.ever.setdefault(spot, set()).add(value)
        self.unsure.discard(spot)
        for tool in tools:
            self.bases[tool, key, name] = {value}
            self.last[tool, key, name] = value

    def types(self, cell: Cell, value: Native, standing: Native) -> None:
        """Somebody types a value into a cell that showed another; `standing` is what all agreed on last.

        Who types the standing value joins it: whoever edits it having seen it goes on from there.
        """
        tool, key, name = cell
        spot = (key, name)
        mine = self.wishes.setdefault(spot, {})
        saw, bases = self.last.get(cell), self.bases.get(cell, set())
        mine.pop(tool, None)
        self.last[cell] = value
        self.ever.setdefault(spot, set()).add(value)
        if name in ONLY_READ:
            self.wishes[spot] = {tool: value}
            return
        if len(bases) > 1 or spot in self.unsure:
            self.unsure.add(spot)
        if value in bases and len(bases) == 1:
            return  # put back: the wish is withdrawn
        if saw in bases:  # seen because it was agreed, not only because it was typed here
            for other in [
                other for other, wish in mine.items() if wish == saw and self._agreed(other, spot, saw)
            ]:
                del mine[other]
        joins = value == standing and value not in bases
        if joins and value in mine.values():
            return
        if joins or self._comes_round(spot, value):
            self.unsure.add(spot)
        elif value not in bases and not (value is None and (not bases or NEVER in bases)):
            mine[tool] = value  # a blank where nothing was agreed yet asks for nothing

    def _agreed(self, side: str, spot: Spot, value: Native) -> bool:
        """This side's wish was agreed on, and is no later edit that happens to be equal."""
        return side == NOBODY or value in self.bases.get((side, *spot), ())

    def _comes_round(self, spot: Spot, value: Native) -> bool:
        """Another cell waits with an edit of exactly this value, from before others agreed on a third one:
        once both meet, that edit looks as if it was made on top of this one."""
        waiting = self.wishes[spot]
        return any(value in self.bases.get((side, *spot), ()) for side in waiting)

    def shows(self, cell: Cell, value: Native, sure: bool) -> None:
        """After a run the cell shows `value`: the agreement, if the run was undisturbed."""
        self.last[cell] = value
        bases = self.bases.setdefault(cell, set())
        if sure:
            bases.clear()
        elif not bases:
            bases.add(NEVER)
        bases.add(value)

    def breaks(self, cell: Cell, held: Native) -> None:
        """The cell cannot be read any more: its wish is given up, and what is `held` by all is wanted again
        unless another edited just that."""
        tool, key, name = cell
        spot = (key, name)
        mine = self.wishes.setdefault(spot, {})
        given_up = tool in mine
        agreed = given_up and mine.pop(tool) == held
        seen = [self.bases[side, key, name] for side in mine if (side, key, name) in self.bases]
        stands = not any(held in bases for bases in seen) and (held is not None or bool(seen))
        if agreed or (spot not in self.unsure and ((given_up and stands) or not mine)):
            mine[NOBODY] = held
        if len(bases := self.bases.get(cell, set())) == 1:
            (self.last[cell],) = bases

    def leaves(self, cell: Cell, held: Native) -> None:
        """Its row is deleted."""
        self.breaks(cell, held)
        self.bases.pop(cell, None)
        self.last.pop(cell, None)

    def returns(self, cell: Cell) -> None:
        """Its row was taken for gone, and will be met anew when it is listed again."""
        self.unsure.add(cell[1:])
        self.bases.pop(cell, None)

    def decides(self, spot: Spot, value: Native, among: set[Native]) -> None:
        """A person resolves a conflict between some values."""
        self.decided[spot], self.among[spot] = value, among

    def carried_out(self, spot: Spot) -> None:
        """The decision became the model; a wish nobody had seen when it was taken stays."""
        kept = {side: wish for side, wish in self.wishes[spot].items() if wish not in self.among[spot]}
        value = self.decided.pop(spot)
        self.wishes[spot] = kept if spot in self.unsure else {**kept, NOBODY: value}

    def wanted(self, spot: Spot) -> set[Native]:
        """The distinct values people want."""
        return set(self.wishes.get(spot, {}).values())
