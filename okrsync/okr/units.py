"""Units: when two are the same, which are currencies, and the amount a title names.

Text arrives as people typed it ("MQLs", "$500K"); what leaves decides whether values may be added
(S24: sums only where units match; S45: different currencies are never added). Separate because
roll-up and the checks of targets must agree on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from okrsync.okr.values import Value

_SYMBOLS: Final = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_CODES: Final = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL
    BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP
    ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR
    IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL
    LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR
    NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
    SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
_CURRENCIES: Final = frozenset(_CODES.split())
_SCALES: Final = {
    "": 1,
    "k": 10**3,
    "thousand": 10**3,
    "m": 10**6,
    "million": 10**6,
    "b": 10**9,
    "billion": 10**9,
}
_AMOUNT: Final = re.compile(
    r"(?<![\w.,-])(?P<money>[$€£¥]|[A-Z]{3}\s)?\s?(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)"
    r"(?P<scale>[KkMmBb]|\s(?:million|thousand|billion))?(?![\w.,]*\d|\w)\s*(?P<unit>%|[^\W\d_][\w/-]*)?"
)


@dataclass(frozen=True)
class Amount:
    """A number with its unit as a text names it."""

    number: Decimal
    unit: str


def normal(unit: Value) -> str | None:
    """A unit's one spelling: currencies as ISO codes, otherwise lower case and singular; None if unstated."""
    if not isinstance(unit, str) or not unit.strip():
        return None
    text = " ".join(unit.split())
    text = _SYMBOLS.get(text, text)
    return text if text in _CURRENCIES else _singular(text.casefold())


def _singular(word: str) -> str:
    plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if plural else word


def currency(unit: Value) -> str | None:
    """The ISO 4217 code of a unit that is money, otherwise None."""
    text = normal(unit)
    return text if text in _CURRENCIES else None


def same(left: Value, right: Value) -> bool:
    """Whether values in the two units may be added. An unstated unit is the same as none, not even itself."""
    unit = normal(left)
    return unit is not None and unit == normal(right)


def with_unit(text: str, unit: Value) -> str:
    """A number's text followed by its unit, `15%` without a space."""
    if not isinstance(unit, str) or not unit.strip():
        return text
    return f"{text}{unit}" if unit.startswith("%") else f"{text} {unit}"


def amounts(title: str) -> tuple[Amount, ...]:
    """Every number with a unit in a title: `Increase Q1 revenue to $500K` names 500000 USD.

    A number inside a word (Q1) and one without any unit (a year) are not amounts.
    """
    found = (_amount(match) for match in _AMOUNT.finditer(title))
    return tuple(amount for amount in found if amount.unit)


def _amount(match: re.Match[str]) -> Amount:
    number = Decimal(match["number"].replace(",", ""))
    scale = _SCALES[(match["scale"] or "").strip().casefold()]
    money = (match["money"] or "").strip()
    unit = _SYMBOLS.get(money, money) or match["unit"] or ""
    return Amount(number * scale, unit)
