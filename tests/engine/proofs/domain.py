"""Every case the merge proofs run on: a small world, complete within itself.

What leaves: lists of `Case`, each one field as the merge is asked about it. A side is drawn from what a
tool can truly show: one that spells every value as it is, one that rounds `x` to `y`, one that has no
spelling for `x`. Cases that differ only by the names of sides or of values are drawn once; `test_merge_table`
proves that names do not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import combinations_with_replacement, product

from okrsync.mappings.rules import OnConflict, Rule
from okrsync.okr.values import Seen, Unreadable, Value
from okrsync.sync_engine.merge import ABSENT, Agreed, Resolution, Side

BROKEN = Unreadable("#REF!")
NAMES = ("a", "b", "c")


@dataclass(frozen=True)
class Palette:
    """The four values a field may take in one world."""

    blank: Value
    x: Value
    y: Value
    z: Value


TEXTS = Palette(None, "x", "y", "z")
NUMBERS = Palette(None, Decimal(1), Decimal(2), Decimal(3))
SETS = Palette(None, frozenset("k"), frozenset("kl"), frozenset("lm"))


@dataclass(frozen=True)
class Case:
    """One question to the merge. `palette` says what the values are drawn from."""

    palette: Palette
    canonical: Agreed
    sides: tuple[Side, ...]
    rule: Rule
    resolution: Resolution | None = None


@dataclass(frozen=True)
class Tool:
    """How one kind of tool shows the palette's values."""

    name: str
    never_shows_x: bool = False
    x_becomes_y: bool = False

    def shows(self, palette: Palette, value: Agreed) -> Agreed:
        """The value as this tool shows it, ABSENT when it has no spelling for it."""
        if value is ABSENT or value != palette.x or not self.never_shows_x:
            return value
        return palette.y if self.x_becomes_y else ABSENT


FAITHFUL = Tool("faithful")
ROUNDING = Tool("rounding", never_shows_x=True, x_becomes_y=True)
UNABLE = Tool("unable", never_shows_x=True)


def sides(palette: Palette, canonical: Agreed, tools: Sequence[Tool], shown: str) -> list[Side]:
    """Every state one side can be in; `shown` names the values an agreement may have held (`-xy`)."""
    found = {}
    for tool in tools:
        standing = tool.shows(palette, canonical)
        if tool is not FAITHFUL and canonical != palette.x:
            continue  # differs from a faithful tool only where x stands
        for seen, (was, agreed) in product(_looks(palette, tool), _bases(palette, canonical, tool, shown)):
            found[seen, was, agreed, standing] = Side("", "", seen, was, agreed, standing)
    return list(found.values())


def _looks(palette: Palette, tool: Tool) -> list[Seen]:
    looks: list[Seen] = [palette.blank, palette.x, palette.y, palette.z, BROKEN]
    return [look for look in looks if not (tool.never_shows_x and look == palette.x)]


def _bases(palette: Palette, canonical: Agreed, tool: Tool, shown: str) -> list[tuple[Agreed, Agreed]]:
    """What was shown at the last agreement, with what was agreed then: as shown, as it stands, or an edit
    that lost. Before there is a model only blanks can have been agreed."""
    letters = {"-": palette.blank, "x": palette.x, "y": palette.y}
    held = [letters[letter] for letter in shown if not (tool.never_shows_x and letter == "x")]
    if canonical is ABSENT:
        held = [palette.blank]
    standing = tool.shows(palette, canonical)
    return [(ABSENT, ABSENT)] + [
        (was, agreed) for was in held for agreed in dict.fromkeys((ABSENT, was, standing))
    ]


def named(*sides: Side) -> tuple[Side, ...]:
    """The sides under the names a, b, c, each in a collection of its own."""
    return tuple(
        replace(side, name=name, collection=name.upper()) for side, name in zip(sides, NAMES, strict=False)
    )


def _alone() -> Iterator[Case]:
    """One side in every state, whether okrsync reads or writes it or not."""
    for canonical in (ABSENT, None, "x", "y"):
        for side in sides(TEXTS, canonical, (FAITHFUL, ROUNDING, UNABLE), "-xy"):
            for reads, writes, owner in product((True, False), (True, False), (None, "A", "B")):
                flagged = replace(side, reads=reads, writes=writes)
                yield Case(TEXTS, canonical, named(flagged), Rule(owner=owner))


ALL_TOOLS = (FAITHFUL, ROUNDING, UNABLE)


def _pairs(
    palette: Palette, rule: Rule, canonicals: str, ordered: bool, tools: Sequence[Tool] = ALL_TOOLS
) -> Iterator[Case]:
    """Two sides; ordered where the rule tells them apart."""
    for canonical in _canonicals(palette, canonicals):
        states = sides(palette, canonical, tools, "-xy")
        pairs = product(states, repeat=2) if ordered else combinations_with_replacement(states, 2)
        for pair in pairs:
            yield Case(palette, canonical, named(*pair), rule)


def _triples(palette: Palette, rule: Rule, canonicals: str, shown: str) -> Iterator[Case]:
    """Three sides; the first is told apart where the rule names one."""
    first = rule.prefer is not None or rule.owner is not None
    for canonical in _canonicals(palette, canonicals):
        states = sides(palette, canonical, (FAITHFUL,), shown)
        if first:
            rest = combinations_with_replacement(states, 2)
            chosen = ((one, *two) for one, two in product(states, rest))
        else:
            chosen = ((*three,) for three in combinations_with_replacement(states, 3))
        for triple in chosen:
            yield Case(palette, canonical, named(*triple), rule)


def _canonicals(palette: Palette, letters: str) -> list[Agreed]:
    known: dict[str, Agreed] = {"0": ABSENT, "-": palette.blank, "x": palette.x, "y": palette.y}
    return [known[letter] for letter in letters]


def _bystanders() -> Iterator[Case]:
    """A side okrsync reads next to one it only writes."""
    for canonical in (ABSENT, None, "x"):
        for one, two in product(sides(TEXTS, canonical, (FAITHFUL,), "-xy"), repeat=2):
            yield Case(TEXTS, canonical, named(one, replace(two, reads=False)), Rule())


def _only_read() -> Iterator[Case]:
    """Two sides, and okrsync may not write one or both."""
    for canonical in (ABSENT, None, "x"):
        for one, two in product(sides(TEXTS, canonical, (FAITHFUL,), "-x"), repeat=2):
            for writes in (True, False):
                pair = replace(one, writes=False), replace(two, writes=writes)
                yield Case(TEXTS, canonical, named(*pair), Rule())


def _one_tool_twice() -> Iterator[Case]:
    """Two sides of the preferred collection and one of another."""
    states = sides(TEXTS, "x", (FAITHFUL,), "x")
    for three in product(states, repeat=3):
        a, b, c = named(*three)
        yield Case(TEXTS, "x", (a, replace(b, collection="A"), c), Rule(OnConflict.PREFER, prefer="A"))


ASK = Rule()
PREFER_A = Rule(OnConflict.PREFER, prefer="A")
OWNER_A = Rule(owner="A")
UNION = Rule(OnConflict.SET)
LARGEST = Rule(OnConflict.MAX)


@cache
def cases() -> tuple[Case, ...]:
    """The whole domain. Values of ASK, PREFER and owner worlds can be renamed, so `y` never stands there."""
    return (
        *_alone(),
        *_bystanders(),
        *_only_read(),
        *_one_tool_twice(),
        *_pairs(TEXTS, ASK, "0-x", ordered=False),
        *_pairs(TEXTS, PREFER_A, "0-x", ordered=True, tools=(FAITHFUL, ROUNDING)),
        *_pairs(TEXTS, OWNER_A, "0-x", ordered=True, tools=(FAITHFUL, ROUNDING)),
        *_pairs(NUMBERS, LARGEST, "0-xy", ordered=False, tools=(FAITHFUL, ROUNDING)),
        *_pairs(TEXTS, LARGEST, "x", ordered=False, tools=(FAITHFUL,)),
        *_pairs(SETS, UNION, "0-xy", ordered=False, tools=(FAITHFUL, UNABLE)),
        *_pairs(TEXTS, UNION, "0x", ordered=False, tools=(FAITHFUL,)),
        *_triples(TEXTS, ASK, "0x", "-x"),
        *_triples(TEXTS, PREFER_A, "x", "x"),
        *_triples(TEXTS, OWNER_A, "x", "x"),
        *_triples(NUMBERS, LARGEST, "xy", "x"),
        *_triples(SETS, UNION, "xy", "x"),
    )
