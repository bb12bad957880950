"""What goes wrong on the wire, and that nobody claims more than is known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from okrsync.connectors.base import Written
from okrsync.connectors.errors import (
    AuthFailed,
    BadAnswer,
    ConnectorError,
    EditConflict,
    Forbidden,
    NotFound,
    OutcomeUnknown,
    Rejected,
    Transient,
)
from tests.contract.bench import Bench
from tests.contract.desk import Desk, changes
from tests.contract.promises import promise

REFUSALS: dict[int, type[ConnectorError]] = {
    400: Rejected,
    401: AuthFailed,
    403: Forbidden,
    404: NotFound,
}
BROKEN: dict[str, dict[str, Any]] = {
    "reset": {"kind": "reset"},
    "cut": {"kind": "truncated"},
    "empty": {"kind": "empty"},
    "login page": {"kind": "html"},
    "500": {"kind": "status", "status": 500},
    "502 page": {"kind": "status", "status": 502, "html": True},
    "503": {"kind": "status", "status": 503},
    "504": {"kind": "status", "status": 504},
}
BREAKS = pytest.mark.parametrize("broken", BROKEN)
on_the_wire = promise(None, "fault", "log", "waited")


@BREAKS
@on_the_wire
def test_a_broken_answer_to_a_look_is_asked_for_again(bench: Bench, desk: Desk, broken: str) -> None:
    """A look may be repeated; once is enough when the second answer is good."""
    record = bench.add(number=Decimal(3))
    bench.fault("read", **BROKEN[broken])
    assert desk.pulled(record, "number").cells[bench.fields["number"]].value == Decimal(3)


@BREAKS
@on_the_wire
def test_a_look_that_stays_broken_is_given_up(bench: Bench, desk: Desk, broken: str) -> None:
    """After some attempts, as an error of the port that names the service; never as a shorter answer."""
    bench.add(number=Decimal(3))
    bench.fault("read", times=None, **BROKEN[broken])
    with pytest.raises((Transient, BadAnswer)) as caught:
        desk.pull("number")
    assert caught.value.service != "" and 2 <= bench.log()["read"] <= 20


@on_the_wire
def test_a_look_waits_as_long_as_the_service_asks(bench: Bench, desk: Desk) -> None:
    """In full, and then goes on."""
    record = bench.add(number=Decimal(3))
    for status in (429, 503):
        bench.fault("read", "status", status=status, retry_after=7)
    assert desk.pulled(record, "number").cells[bench.fields["number"]].value == Decimal(3)
    assert bench.waited() >= 7


@on_the_wire
@pytest.mark.parametrize("status", REFUSALS)
def test_a_refused_look_is_typed(bench: Bench, desk: Desk, status: int) -> None:
    """By what the caller can do; and refusals are not argued with."""
    bench.fault("read", "status", status=status, times=None)
    with pytest.raises(REFUSALS[status]) as caught:
        desk.pull("number")
    assert caught.value.service != "" and bench.waited() == 0
    assert bench.log()["read"] <= 10


@on_the_wire
@pytest.mark.parametrize("status", [*REFUSALS, 409])
def test_a_refused_write_is_typed(bench: Bench, desk: Desk, status: int) -> None:
    """In the answer to its patch; nothing was written."""
    patch = desk.patch(bench.add(number=Decimal(1)), number=Decimal(2))
    before = bench.truth()
    bench.fault("write", "status", status=status, times=None)
    (written,) = desk.send(patch)
    assert isinstance(written.error, {**REFUSALS, 409: EditConflict}[status]), repr(written.error)
    assert changes(before, bench.truth()) == set() and bench.waited() == 0


@BREAKS
@on_the_wire
def test_a_write_whose_answer_is_lost_is_sent_once(bench: Bench, desk: Desk, broken: str) -> None:
    """It happened, and nobody knows: that is said, or what is said is true."""
    record = bench.add(number=Decimal(1))
    patch = desk.patch(record, number=Decimal(2))
    bench.fault("write", effect=True, times=None, **BROKEN[broken])
    (written,) = desk.send(patch)
    assert bench.log()["write"] == 1
    assert desk.value(record, "number") == Decimal(2)
    assert isinstance(written.error, OutcomeUnknown) or _shows(desk, written, Decimal(2))


@BREAKS
@on_the_wire
def test_a_write_that_got_lost_is_not_repeated(bench: Bench, desk: Desk, broken: str) -> None:
    """It did not happen, and nobody knows that either."""
    record = bench.add(number=Decimal(1))
    patch = desk.patch(record, number=Decimal(2))
    bench.fault("write", times=None, **BROKEN[broken])
    (written,) = desk.send(patch)
    assert bench.log()["write"] == 1
    assert desk.value(record, "number") == Decimal(1)
    assert isinstance(written.error, OutcomeUnknown) or _shows(desk, written, Decimal(1))


def _shows(desk: Desk, written: Written, number: Decimal) -> bool:
    """Success is only claimed with a read-back, and the read-back is the truth."""
    return written.error is None and written.cells[desk.bench.fields["number"]].value == number


@on_the_wire
def test_an_answer_that_never_comes_is_lost(bench: Bench, desk: Desk) -> None:
    """The write arrived; the connection is held open without a word."""
    hasty = Desk(bench, bench.connect(timeout=0.5))
    record = bench.add(number=Decimal(1))
    patch = hasty.patch(record, number=Decimal(2))
    bench.fault("write", "timeout_after", seconds=30)
    (written,) = hasty.send(patch)
    assert isinstance(written.error, OutcomeUnknown)
    assert bench.log()["write"] == 1 and desk.value(record, "number") == Decimal(2)
    hasty.connector.close()


@on_the_wire
def test_a_write_that_was_too_fast_waits_and_goes_again(bench: Bench, desk: Desk) -> None:
    """A 429 proves that nothing was done."""
    record = bench.add(number=Decimal(1))
    patch = desk.patch(record, number=Decimal(2))
    bench.fault("write", "status", status=429, retry_after=7)
    (written,) = desk.send(patch)
    assert written.error is None and desk.value(record, "number") == Decimal(2)
    assert bench.log()["write"] == 2 and bench.waited() >= 7
