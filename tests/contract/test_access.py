"""Who we are, and what happens when the service does not know us or cannot be reached."""

from __future__ import annotations

import gc
import socket
import traceback

import pytest

from okrsync.connectors.base import Connector
from okrsync.connectors.errors import AuthFailed, ConnectorError, NotFound, OutcomeUnknown, Transient
from tests.contract.bench import Bench
from tests.contract.desk import Desk
from tests.contract.promises import promise


def test_the_account_is_named(desk: Desk) -> None:
    """Good credentials are proved, and the answer says whose they are."""
    account = desk.connector.account()
    assert account.id != "" and account.name != ""


@promise(None, "log")
def test_opening_sends_nothing(bench: Bench) -> None:
    """A connection that is not used costs nothing, and closing it twice is safe."""
    connector = bench.connect()
    connector.close()
    connector.close()
    assert bench.log() == {"read": 0, "write": 0}


@promise(None, "stranger", "log")
def test_refused_credentials_are_tried_once(bench: Bench) -> None:
    """Repeated bad log-ins lock accounts."""
    stranger = bench.stranger()
    with pytest.raises(AuthFailed):
        stranger.account()
    assert sum(bench.log().values()) == 1
    stranger.close()


@promise("answers_anonymous", "anonymous", "stranger")
def test_a_look_without_a_name_is_not_believed(bench: Bench) -> None:
    """A stranger gets an answer that looks whole and is not; only `account` tells."""
    record = bench.add(title="Ours")
    bench.anonymous()
    stranger = bench.stranger()
    with pytest.raises(AuthFailed):
        stranger.account()
    assert record not in _seen(stranger, bench)
    stranger.close()


def _seen(connector: Connector, bench: Bench) -> list[str]:
    try:
        schema = connector.schema(bench.source)
        return [record.native_id for record in connector.pull(bench.source, schema, []).records]
    except ConnectorError:
        return []


@promise(None, "wrong_source")
def test_a_collection_that_is_not_there_is_told(bench: Bench, desk: Desk) -> None:
    """As not found: it is gone, hidden, or misspelt."""
    with pytest.raises(NotFound):
        desk.connector.schema(bench.wrong_source())


@promise(None, "cut_off", "waited")
def test_a_service_out_of_reach_is_told_apart(bench: Bench, desk: Desk) -> None:
    """Reads may be repeated; a write that never left is not an open question."""
    patch = desk.patch(bench.add(number=None), number=bench.samples["number"][0])
    schema = desk.schema()
    lost = bench.cut_off()
    for look in (lost.account, lambda: lost.schema(bench.source)):
        with pytest.raises(Transient):
            look()
    (written,) = lost.write(bench.source, schema, [patch])
    assert isinstance(written.error, Transient) and not isinstance(written.error, OutcomeUnknown)
    assert bench.waited() > 0
    lost.close()


@promise(None, "secrets", "stranger", "cut_off", "fault")
def test_secrets_are_never_shown(bench: Bench) -> None:
    """Not by what a connector is, and not by what goes wrong, whoever prints it how."""
    shown = []
    for kind in (*(f"status {code}" for code in (400, 401, 403, 404, 500)), "html", "truncated", "reset"):
        name, _, status = kind.partition(" ")
        bench.fault("read", name, times=None, **({"status": int(status)} if status else {}))
        shown += _all_said(bench.connect(), bench)
        bench.fresh()
    shown += _all_said(bench.stranger(), bench) + _all_said(bench.cut_off(), bench)
    assert len(shown) >= 10
    assert not [secret for secret in bench.secrets() if any(secret in text for text in shown)]


def _all_said(connector: Connector, bench: Bench) -> list[str]:
    said = [repr(connector), repr(vars(connector))]
    try:
        schema = connector.schema(bench.source)
        connector.pull(bench.source, schema, [])
    except ConnectorError as error:
        said += [str(error), repr(error), repr(vars(error)), "".join(traceback.format_exception(error))]
    connector.close()
    return said


@promise(None, "port")
def test_closing_releases_the_sockets(bench: Bench) -> None:
    """Nothing of ours stays connected."""
    others = _sockets(bench.port())
    connector = bench.connect()
    connector.account()
    connector.pull(bench.source, connector.schema(bench.source), [])
    assert _sockets(bench.port()) > others
    connector.close()
    assert _sockets(bench.port()) == others


def _sockets(port: int) -> int:
    """Open sockets of this process that lead to the port, but for those only a past failure still holds."""
    gc.collect()
    found = [each for each in gc.get_objects() if isinstance(each, socket.socket) and each.fileno() != -1]
    return sum(_leads_to(each, port) for each in found)


def _leads_to(each: socket.socket, port: int) -> bool:
    try:
        return bool(each.getpeername()[1] == port)
    except (OSError, IndexError):
        return False
