"""What a title alone says: placeholders, activities, two results in one, numbers, metrics.

A title in English arrives, a fact leaves; nothing here knows an entity. The patterns are written for
certainty: they name the few words that do mean it, so that a good key result is left in peace.
"""

from __future__ import annotations

import re
from typing import Final

from okrsync.okr.units import currency


def _words(text: str) -> str:
    return "|".join(text.split())


_I: Final = re.IGNORECASE
_MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH: Final = rf"(?:{'|'.join(_MONTHS)})[a-z]*"
_PERIOD: Final = r"(?:the\s+)?(?:Q[1-4]|year|quarter|month|half)(?:\s+\d{4})?"
_DEADLINE: Final = re.compile(
    rf"\b(?:(?:by|before|until|through|in|within)\s+)?(?:the\s+)?(?:end\s+of\s+)?(?:mid-?\s?)?"
    rf"(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b|(?:(?:by|before|in|end of|mid-)\s*){_MONTH}\b"
    rf"|(?:by|before|in|through|from|this|next|end\s+of)\s+{_PERIOD}(?:[\s-]end)?\b"
    rf"|Q[1-4](?:[\s-]end)?\b|(?:by\s+)?year[\s-]end|by\s+the\s+end\s+of\s+{_PERIOD}|(?:19|20)\d\d\b)",
    _I,
)
_WITHIN: Final = re.compile(r"\bwithin\s+\d+\s+(?:working\s+)?(?:minute|hour|day|week|month)s?\b", _I)
_RANGE: Final = re.compile(
    r"\bfrom\s+(?:[A-Z]{3}\s)?\S+(?:\s+\w+)?\s+to\s+(?:[A-Z]{3}\s)?\S+(?:\s+out\s+of\s+\d+)?", _I
)
_NUMBER: Final = re.compile(
    r"(?<![\w.,-])[$€£¥]?\d[\d.,]*\s?(?:[KkMmBb]\b|%|'|million\b|thousand\b|billion\b)?"
)
_SPELLED: Final = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|double|triple|halve|twice|half)\b", _I
)
_PLACEHOLDER: Final = re.compile(
    r"(?<![\w-])(?:[XYZ]|[xyz](?=\s?%)|TB[ACD]|\?{2,}|[Xx]{2,}|_{2,}|\[[^\]]*\]|<[^>]*>)(?![\w-])"
)
_TASKS: Final = _words(
    "attend book build complete conduct configure deploy design document draft finish hold implement"
    " install interview introduce launch migrate organise organize perform plan prepare present publish"
    " refactor release run schedule send ship survey test train translate update upgrade write"
)
_TASK: Final = re.compile(
    rf"^(?:{_TASKS}|come\s+up\s+with|narrow\s+down|roll\s+out|set\s+up|carry\s+out|put\s+in\s+place|work\s+on)\b"
    r"|^(?:\d+%\s+)(?:implementation|rollout|roll-out|completion|migration|adoption\s+plan)\b"
    r"|^(?:\d+%\s+)conversion\s+to\s+(?!paid|paying|customers?|sales?|leads?)|\bscheduled\s+for\b",
    _I,
)
_SECOND: Final = re.compile(
    rf"^\s*\S+\s+\S.*?\band\s+(?:{_TASKS}|measure|use|reduce|increase|grow|raise|improve|win|keep|reach)\s+\S",
    _I,
)
_EVENT: Final = re.compile(
    r"^(?:close|complete|finish|launch|open|release|ship|win)\b.*\bwith\s+(?:a\s+minimum|at\s+least|more\s+than)",
    _I,
)
_BINARY: Final = re.compile(
    r"^(?:complete|finish|implement|launch|migrate|pass|release|ship|win)\s+(?:the|our|a|an)\b", _I
)
_METRICS: Final = _words(
    "sales revenue revenues turnover profit profits margin margins traffic leads customers clients users"
    " signups downloads conversions retention churn costs productivity engagement satisfaction"
)
_BARE: Final = re.compile(
    rf"^(?:increase|grow|boost|raise|improve|reduce|decrease|maximi[sz]e)\s+(?:the\s+|our\s+)?(?:{_METRICS})$",
    _I,
)
_UNNAMED: Final = re.compile(
    r"^(?:\w+\s+)?[\d.,]+\s?%\s+(?:growth|increase|improvement|reduction|decrease|more|less)$", _I
)
_MONEY: Final = re.compile(r"\b(?:revenues?|turnover|sales|profit|budget|costs?|spend|pipeline|cash)\b", _I)
_SHARES: Final = re.compile(
    r"\b(?:rate|ratio|share|percentage|margin|engagement|satisfaction|retention|churn|uptime|coverage)\b", _I
)
_STOCK: Final = re.compile(
    r"^(?:attain|reach|get|have|achieve|hit)\s+\d[\d.,]*\w?\s+(?:\w+\s+)?"
    r"(?:clients|customers|accounts|users|members|subscribers|partners|employees|stores)\b"
    r"|\bnew\b.*\bto\s+\d",
    _I,
)
_UNBORN: Final = re.compile(r"\d\s?%\s+of\s+(?:all\s+)?(?:new|future|upcoming)\b", _I)
_SEVERAL: Final = re.compile(r"\bany\b|\bacross\s+(?:all|the|every)\b|\bfor\s+(?:every|each)\b", _I)
_AGGREGATE: Final = re.compile(r"\b(?:average|mean|median|minimum|maximum|lowest|highest|total|p\d\d)\b", _I)
_NEXT: Final = re.compile(r"\bnext\s+(?:week|month|quarter|half|year)\b", _I)
_YEAR_END: Final = re.compile(r"\byear[\s-]end\b|\bend\s+of\s+(?:the\s+)?year\b|\bthis\s+year\b", _I)
_NPS: Final = re.compile(r"\be?NPS\b")
_SAYS_UNIT: Final = re.compile(
    r"%|\d\s?['′″]|\bNPS\b|\b(?:rating|score|stars|ratio|percentage|all|every|each)\b"
    r"|\d[\d.,]*\s?(?:[KkMm]\b)?\s+(?:million\s+)?[a-z]{3,}",
    _I,
)


def without_deadline(title: str) -> str:
    """The title without the words that only say when."""
    return " ".join(_DEADLINE.sub(" ", title).split()).strip(" ,;:")


def same_text(title: str) -> str:
    """The title as two of one meaning share it: no case, articles, deadlines or punctuation."""
    words = re.findall(r"[\w%€$£.]+", without_deadline(title).casefold())
    return " ".join(word for word in words if word not in ("a", "an", "the", "our"))


def placeholder(title: str) -> str | None:
    """The first X, Y%, TBD or ?? left in a title."""
    found = _PLACEHOLDER.search(title)
    return found.group() if found else None


def from_to(title: str) -> bool:
    """Whether a title names both ends of a way."""
    return _RANGE.search(title) is not None


def has_number(title: str) -> bool:
    """Whether a title has a number that is no date, in digits or in words."""
    rest = without_deadline(title)
    return _NUMBER.search(rest) is not None or _SPELLED.search(rest) is not None


def is_task(title: str) -> bool:
    """Whether a title names work to be done rather than what it changes."""
    return _TASK.search(title.strip()) is not None


def is_binary(title: str) -> bool:
    """Whether an objective's title names one thing that is done or not."""
    return _BINARY.search(title) is not None


def is_composite(title: str) -> bool:
    """Two activities, two predicates, an event with a floor, or two amounts beside range and deadline."""
    if _SECOND.search(title) or _EVENT.search(title):
        return True
    rest = _WITHIN.sub(" ", _RANGE.sub(" ", without_deadline(title)))
    return len(_NUMBER.findall(rest)) > 1


def is_bare_metric(title: str) -> bool:
    """Whether an objective is a verb and a metric, nothing more."""
    return _BARE.search(title.strip()) is not None


def metric_unnamed(title: str) -> bool:
    """`Achieve 10% growth`: of what?"""
    return _UNNAMED.search(without_deadline(title)) is not None


def money_without_currency(title: str) -> bool:
    """A sum of money whose currency is not said."""
    if not _MONEY.search(title) or "%" in title or re.search(r"[$€£¥]", title):
        return False
    return not any(currency(word) for word in re.findall(r"\b[A-Z]{3}\b", title))


def says_unit(title: str) -> bool:
    """Whether a title says what its number counts."""
    return _SAYS_UNIT.search(without_deadline(title)) is not None


def of_a_share(title: str) -> bool:
    """Whether what changes is itself a share or a rating."""
    return _SHARES.search(title) is not None


def stock_or_flow(title: str) -> bool:
    """Whether a count may be meant in total or as newly added."""
    return _STOCK.search(title) is not None


def of_the_unborn(title: str) -> bool:
    """Whether it is a share of what is still to come."""
    return _UNBORN.search(title) is not None


def aggregate_unstated(title: str) -> bool:
    """Whether several things give one number and nobody says how."""
    return _SEVERAL.search(title) is not None and not _AGGREGATE.search(title)


def deadline_ambiguous(title: str) -> bool:
    """`Next quarter`: after the running one, or after the one it was written in."""
    return _NEXT.search(title) is not None


def says_year_end(title: str) -> bool:
    """Whether it runs until the end of the year."""
    return _YEAR_END.search(title) is not None


def is_nps(title: str) -> bool:
    """Whether it is about a Net Promoter Score, which runs from -100 to 100 and is no percentage."""
    return _NPS.search(title) is not None


def begins_without_verb(title: str) -> bool:
    """Whether the first word cannot be a verb that tells what to do."""
    first = re.match(r"[\w-]+", title.strip())
    if first is None:
        return True
    word = first.group().casefold()
    article = word in {"the", "a", "an", "our", "more", "less", "better", "new", "all", "no"}
    suffix = re.search(r"(?:tion|ment|ness|ful|ity|ship|ance|ence|ing)$", word)
    return (
        article or word.isdigit() or (suffix is not None and word not in {"bring", "implement", "complement"})
    )
