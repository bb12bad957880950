"""What people type as an amount: `€5m`, `1.234,5`, `20'`, `15 pp`, `12K USD`.

A text arrives, with the marks of its language where they are known; an amount leaves, or a question with
every way it can be read. Nothing is guessed: 1.234 is a thousand in Berlin and one and a bit in Boston,
and the difference is a factor of a thousand (S43, S45, S47).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from types import MappingProxyType
from typing import Final

from okrsync.okr.durations import is_duration
from okrsync.okr.units import currency
from okrsync.okr.values import plain


@dataclass(frozen=True)
class Marks:
    """How a language writes numbers: its decimal mark, and what stands between thousands."""

    decimal: str
    groups: str


_WRITTEN: Final = (Marks(".", ","), Marks(",", ". "), Marks(".", " "), Marks(".", "'’"))
"""Every way numbers are commonly written, for texts whose language is not known."""
_EXACT: Final = Context(prec=60)


@dataclass(frozen=True)
class Typed:
    """An amount as it was meant. `unit` is empty where none was typed."""

    value: Decimal
    unit: str = ""

    def text(self) -> str:
        """Unmistakable, for people."""
        return f"{plain(self.value)} {self.unit}".rstrip()


@dataclass(frozen=True)
class Question:
    """What must be asked before a text is an amount. Without choices it is no amount at all."""

    text: str
    ask: str
    choices: tuple[Typed, ...] = ()

    def told(self) -> str:
        """The question with every way the text can be read."""
        ways = " or ".join(each.text() for each in self.choices)
        return f"{self.ask}: {ways}" if self.choices else self.ask


_PARTS: Final = re.compile(
    r"(?P<sign>[+−-]?)\s*(?P<money>[$€£¥]|[A-Z]{3}(?=[\s\d]))?\s*"
    r"(?P<digits>\d(?:[\d.,'’\u00a0\u202f ]*\d)?)\s*(?P<tail>.*)"
)
_SCALES: Mapping[str, int] = MappingProxyType(
    {"k": 3, "thousand": 3, "M": 6, "mio": 6, "mn": 6, "million": 6, "b": 9, "bn": 9, "billion": 9}
)
_TAIL: Final = re.compile(
    r"(?P<scale>[kK]|M|mio|mn|million|thousand|bn|b|B|billion)?\.?(?![^\W\d_])\s*(?P<unit>.*)"
)
_PRIMES: Mapping[str, str] = MappingProxyType(
    {"'": "minutes", "′": "minutes", "’": "minutes", "''": "seconds", '"': "seconds", "″": "seconds"}
)
_LENGTHS: Mapping[str, str] = MappingProxyType({"minutes": "feet", "seconds": "inches"})
_POINTS: Final = frozenset({"pp", "ppt", "percentage point", "percentage points", "%-pts", "pts"})
_DIGITS: Final = re.compile(r"\d+")


def parse(text: str, marks: Marks | None = None, unit: str | None = None) -> Typed | Question:
    """The amount a person typed, or what to ask; a metric's unit and a language's marks leave less to ask.

    Percentages stay as typed (`15%` is 15 with the unit %); money gets its ISO code. Never raises.
    """
    parts = _PARTS.fullmatch(text.strip())
    if parts is None:
        return Question(text, f"{text!r} is not an amount: type a number, then its unit")
    numbers = _numbers(parts["digits"], marks)
    if not numbers:
        return Question(text, f"{parts['digits']!r} is not a number as it is written here")
    sign = -1 if parts["sign"] in ("-", "−") else 1
    readings = [
        Typed((sign * number).scaleb(power, _EXACT), named)
        for number in numbers
        for power, named in _units(parts["money"] or "", parts["tail"].strip(), unit)
    ]
    if len(readings) == 1:
        return readings[0]
    if not readings:
        return Question(text, f"{text!r} names a currency that does not exist, or two")
    return Question(text, f"{text!r} can be read in {len(readings)} ways", tuple(readings))


def _numbers(digits: str, marks: Marks | None) -> list[Decimal]:
    """Every number the digits can mean; one where the marks are known."""
    if marks is not None:
        found = _with(digits, marks)
        return [] if found is None else [found]
    known = (_with(digits, each) for each in _WRITTEN)
    return sorted({each for each in known if each is not None})


def _with(digits: str, marks: Marks) -> Decimal | None:
    whole, _, rest = re.sub("[\u00a0\u202f]", " ", digits).partition(marks.decimal)
    groups = re.split(f"[{re.escape(marks.groups)}]", whole)
    separators = set(re.sub(r"\d", "", whole))
    grouped = len(groups) == 1 or (
        1 <= len(groups[0]) <= 3 and groups[0][0] != "0" and all(len(each) == 3 for each in groups[1:])
    )
    if not grouped or len(separators) > 1 or not all(map(_DIGITS.fullmatch, groups)):
        return None
    if marks.decimal in digits and not _DIGITS.fullmatch(rest):
        return None
    return Decimal("".join(groups) + (f".{rest}" if rest else ""))


def _units(money: str, tail: str, unit: str | None) -> list[tuple[int, str]]:
    """Every (power of ten, unit) that what surrounds the number can mean."""
    if tail in _PRIMES:
        return _prime(_PRIMES[tail], unit)
    if tail == "m":
        return _letter_m(money, unit)
    found = _TAIL.fullmatch(tail)
    scale, named = (found["scale"] or "", found["unit"]) if found else ("", tail)
    power = _SCALES.get(scale, _SCALES.get(scale.casefold(), 0))
    if named.casefold() in _POINTS:
        named = "pp"
    codes = {code for code in (currency(money), currency(named)) if code}
    if money:
        return [(power, codes.pop())] if len(codes) == 1 and (not named or currency(named)) else []
    return [(power, codes.pop() if codes else named)]


def _prime(time: str, unit: str | None) -> list[tuple[int, str]]:
    """`20'`: minutes of a metric of time; otherwise asked about."""
    return [(0, time)] if is_duration(unit) else [(0, time), (0, _LENGTHS[time])]


def _letter_m(money: str, unit: str | None) -> list[tuple[int, str]]:
    """`3m`: millions of money and of anything counted; of nothing known it is asked about."""
    if is_duration(unit):
        return [(0, "minutes")]
    if money:
        return [(6, code) for code in (currency(money),) if code]
    return [(6, "")] if unit else [(6, ""), (0, "minutes"), (0, "metres")]
