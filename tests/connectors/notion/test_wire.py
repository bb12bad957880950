"""Numbers keep their digits between JSON text and decimals."""

from __future__ import annotations

from decimal import Decimal

import httpx
import pytest

from okrsync.connectors.notion.wire import ExactTransport, NotJson, number, parse


@pytest.mark.parametrize("digits", ["0.1", "0.30000000000000004", "12345678901234567890", "-0.25", "1e-7"])
def test_numbers_are_read_digit_by_digit(digits: str) -> None:
    """No float stands between the text and the decimal."""
    assert parse(f'{{"n": {digits}}}') == {"n": Decimal(digits)}


@pytest.mark.parametrize("body", ["", "<html></html>", '{"a": ', '{"n": NaN}', '{"n": Infinity}'])
def test_what_is_not_json_is_told(body: str) -> None:
    """Cut bodies, pages and JavaScript's non-numbers are one kind of failure."""
    with pytest.raises(NotJson):
        parse(body)


@pytest.mark.parametrize(
    ("value", "sent"),
    [(Decimal("600"), 600), (Decimal("600.0"), 600), (Decimal("0.1"), 0.1), (Decimal("1e20"), 1e20)],
)
def test_numbers_go_out_in_their_plainest_form(value: Decimal, sent: float) -> None:
    """Whole numbers are sent as such, others as the shortest text of the nearest double."""
    assert (type(number(value)), number(value)) == (type(sent), sent)


def test_the_transport_changes_only_the_parsing() -> None:
    """Status, headers and body pass; numbers come out exact."""
    body = b'{"progress": 0.1}'
    answer = httpx.Response(201, headers={"x-notion-request-id": "r"}, content=body)
    with httpx.Client(transport=ExactTransport(httpx.MockTransport(lambda _: answer))) as client:
        seen = client.get("https://api.notion.com/")
    assert (seen.status_code, seen.headers["x-notion-request-id"], seen.content) == (201, "r", body)
    assert seen.json() == {"progress": Decimal("0.1")}
