"""The numbers people typed into the sheet by the morning of 9 February 2026.

Arrives: a key result. Leaves: its current value: a number, None (nobody typed one), or "n/a" (there is
nothing to measure yet). ACME's are stated, so that its roll-ups give round numbers; the others follow
from target, time passed and the key, so they are the same in every world.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from okrsync.sandbox.world.dice import roll
from okrsync.sandbox.world.seed import KeyResult

NOT_YET = "n/a"
_STATED: Mapping[str, Decimal | str | None] = {
    "ACME-PPC-O1-KR1": Decimal(75),
    "ACME-PPC-O1-KR2": Decimal(25),
    "ACME-EMAIL-O1-KR1": Decimal(84),
    "ACME-EMAIL-O1-KR2": None,
    "ACME-SEO-O1-KR1": Decimal(118),
    "ACME-SASALES-O1-KR1": Decimal(150_000),
    "ACME-SASALES-O1-KR2": Decimal(45_000),
    "ACME-EUSALES-O1-KR1": Decimal(0),
    "ACME-EUSALES-O1-KR2": Decimal(50_000),
    "ACME-CHRO-O1-KR2": Decimal("6.8"),
    "ACME-RECR-O1-KR1": Decimal(9),
    "ACME-RECR-O1-KR2": Decimal(1),
    "ACME-RECR-O1-KR3": Decimal(0),
    "ACME-RECR-O1-KR4": Decimal(2),
    "ACME-HR-O1-KR1": Decimal(0),
    "ACME-HR-O1-KR2": Decimal(4),
    "ACME-HR-O1-KR3": NOT_YET,
    "S004-PROD-O1-KR3": NOT_YET,
}
_USUAL = {
    "currency": Decimal(41_000),
    "count": Decimal(180),
    "percent": Decimal(24),
    "rating": Decimal("6.5"),
    "duration": Decimal(12),
    "number": Decimal("3.4"),
}
"""About what a metric stands at whose target is only a change of it."""
_LOWER = ("decrease", "at_most")
_FINE = ("percent", "rating", "duration", "number")


def has_row(kr: KeyResult) -> bool:
    """Whether the sheet has a row for it: it has a number, or could have one."""
    return kr.measure != "none"


def current(kr: KeyResult) -> Decimal | str | None:
    """What its Current cell holds."""
    if kr.key in _STATED:
        return _STATED[kr.key]
    if kr.is_rolled_up or kr.target is None or roll(8, kr.key, "blank") == 0:
        return None
    if kr.measure == "binary":
        return Decimal(1) if roll(4, kr.key, "done") == 0 and kr.cycle != "2026-Q2" else Decimal(0)
    if kr.measure in ("relative", "delta"):
        return _rounded(_USUAL[kr.kind] * _percent(kr, 80, 120), _USUAL[kr.kind], kr.kind)
    return _rounded(_level(kr, kr.target), kr.target, kr.kind)


def confidence(kr: KeyResult) -> Decimal | None:
    """The belief in reaching the target, 0.1 to 0.9; nobody has one before the cycle begins."""
    if kr.is_rolled_up or kr.cycle == "2026-Q2" or roll(5, kr.key, "confident") == 0:
        return None
    return Decimal(1 + roll(9, kr.key, "confidence")) / 10


def note(kr: KeyResult) -> str | None:
    """What a person wrote beside the number."""
    if kr.is_rolled_up:
        return "comes from the teams"
    value = current(kr)
    if value == NOT_YET:
        return "nothing to measure yet"
    return "asked for the number again" if value is None and kr.target is not None else None


def _level(kr: KeyResult, target: Decimal) -> Decimal:
    """Somewhere between start and target by the time passed; without a start, somewhere near the target."""
    if kr.start is None:
        return target * _near_target(kr.direction or "", kr)
    if kr.cycle == "2026-Q2":
        return kr.start
    way = _percent(kr, 3, 20) if kr.cycle == "2026" else _percent(kr, 20, 75)
    return kr.start + (target - kr.start) * way


def _near_target(direction: str, kr: KeyResult) -> Decimal:
    """Where a metric without a known start stands, as a share of its target."""
    if direction.startswith("maintain"):
        return _percent(kr, 98, 101)
    return _percent(kr, 105, 150) if direction in _LOWER else _percent(kr, 60, 101)


def _percent(kr: KeyResult, low: int, high: int) -> Decimal:
    return Decimal(low + roll(high - low, kr.key, "current")) / 100


def _rounded(value: Decimal, size: Decimal, kind: str) -> Decimal:
    """As precise as people report a metric of that size."""
    if abs(size) >= 1000:
        grain = Decimal(10) ** (size.adjusted() - 2)
    else:
        grain = Decimal("0.1") if kind in _FINE else Decimal(1)
    return (value / grain).quantize(Decimal(1)) * grain
