"""Numbers exactly as they stand in the JSON text, in both directions.

The client library parses answers with `response.json()`, which would make 0.1 a binary fraction. A
transport of ours hands it a response that parses every number as a `Decimal` of its own digits: exact for
everything a person typed and for large integers, with no second guess from a float. On the way out a
decimal becomes the nearest number Notion can hold; Notion keeps JavaScript numbers (IEEE doubles), whose
shortest text gives back up to 15 significant digits unchanged.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

LARGEST_EXACT = 2**53
"""Above this, doubles no longer hold every integer."""


class NotJson(ValueError):
    """The body of an answer is not JSON."""


def parse(text: str) -> Any:
    """JSON with every number as a `Decimal`. Raises NotJson, also for NaN and Infinity."""
    try:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise NotJson("the answer's body is not JSON") from error


def number(value: Decimal) -> int | float:
    """The number to send. Raises ValueError for NaN, infinities and what no double can hold."""
    if not value.is_finite():
        raise ValueError(f"{value} is not a number")
    if value == value.to_integral_value() and abs(value) <= LARGEST_EXACT:
        return int(value)
    sent = float(value)
    if math.isinf(sent):
        raise ValueError(f"{value} is larger than any number Notion holds")
    return sent


class ExactTransport(httpx.BaseTransport):
    """Passes everything through; only the parsing of the answers' numbers changes.

    `answered_at` is the service's own time of the last answer (its `Date` header), `None` where it had none.
    """

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner
        self.answered_at: datetime | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._inner.handle_request(request)
        self.answered_at = _date(answer.headers)
        return _ExactResponse(
            answer.status_code, headers=answer.headers, stream=answer.stream, extensions=answer.extensions
        )

    def close(self) -> None:
        self._inner.close()


class _ExactResponse(httpx.Response):
    def json(self, **_: Any) -> Any:
        return parse(self.text)


def _date(headers: httpx.Headers) -> datetime | None:
    try:
        return parsedate_to_datetime(headers.get("Date", "")).astimezone(UTC)
    except ValueError:
        return None


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
