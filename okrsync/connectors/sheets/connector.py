"""The port for Google Sheets: what the engine calls, answered with one read or one `write` per call.

Arrives: a `Source` and what the port defines. Leaves: the port's records, cells and errors; no object of a
client library. A record's native id is its key's text, since rows have no identity of their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

from okrsync.connectors.base import (
    Account,
    Features,
    Marker,
    Native,
    Patch,
    Pull,
    Record,
    Schema,
    Written,
)
from okrsync.connectors.pacer import SHARED, Limit, Pacer
from okrsync.connectors.policy import Policy
from okrsync.connectors.sheets.auth import load_credentials
from okrsync.connectors.sheets.client import SheetsClient
from okrsync.connectors.sheets.create import GRACE, create
from okrsync.connectors.sheets.reader import Reader
from okrsync.connectors.sheets.records import View, findings, records, schema_of
from okrsync.connectors.sheets.settings import Connection, Source
from okrsync.connectors.sheets.shared import REUSE_SECONDS, Shared
from okrsync.connectors.sheets.writer import Writer

_MINUTE = 60.0


class SheetsConnector:
    """One service account.

    `pull` right after `schema` of the same source takes over what `schema` has just read, once and within
    `REUSE_SECONDS`, so that a run with nothing to do costs one request; so does `create` right after
    `marked`. Several tabs of one spreadsheet are one request too (`shared`). `fetch` and `write` always read.

    Args:
        client: the account's client.
        clock: monotonic seconds, to tell how old a read is.
    """

    kind = "sheets"
    features = Features(
        patch_batch=5000,
        results_fields=True,
        lookup_fields=True,
        creates=True,
        visibility_grace=GRACE,
        reads_together=True,
    )

    def __init__(self, client: SheetsClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._reader = Reader(client)
        self._writer = Writer(client, self._reader, clock)
        self._shared = Shared(self._reader, clock)
        self._last: tuple[float, View] | None = None
        self.closing = ExitStack()
        """What ends with the connection."""
        self.closing.callback(client.close)

    def account(self) -> Account:
        """Prove the key by fetching a token. Raises AuthFailed, Transient."""
        self._client.authenticate()
        return Account(self._client.email, self._client.email, f"service account of {self._client.project}")

    def schema(self, source: Source) -> Schema:
        """The tab's columns now. Raises NotFound (file, tab or key column), Forbidden, AuthFailed."""
        at, view = self._shared.look(source)
        self._last = (at, view)
        return schema_of(view)

    def pull(self, source: Source, schema: Schema, want: Sequence[str], cursor: str | None = None) -> Pull:
        """All rows with a key. Not `complete` while a key cell shows an error: that row may be anybody's."""
        view = self._just_read(source) or self._reader.look(source)
        return Pull(
            records=records(view, want),
            complete=not view.grid.bad_keys,
            findings=findings(view, want),
        )

    def expect(self, sources: Sequence[Source]) -> None:
        """Sources of one spreadsheet are read in one request from now on, each look served once."""
        self._shared.sources = tuple(sources)

    def fetch(
        self, source: Source, schema: Schema, ids: Sequence[str], want: Sequence[str]
    ) -> Mapping[str, Record]:
        """A fresh look; keys that are in no row are left out."""
        self._forget()
        wanted = set(ids)
        view = self._reader.look_at(source, want)
        return {record.native_id: record for record in records(view, want) if record.native_id in wanted}

    def write(self, source: Source, schema: Schema, patches: Sequence[Patch]) -> tuple[Written, ...]:
        """All patches in at most one read and two writes; see `writer`."""
        self._forget()
        return self._writer.write(source, patches) if patches else ()

    def create(self, source: Source, schema: Schema, cells: Mapping[str, Native], marker: Marker) -> Written:
        """One row below the others; its key cell is the marker."""
        view = self._just_read(source) or self._reader.look(source)
        self._forget()
        return create(self._client, view, cells, marker)

    def marked(self, source: Source, schema: Schema, marker: Marker) -> tuple[Record, ...]:
        """The row with the marker's key, by a fresh read, which a `create` right after it takes over."""
        view = self._reader.look(source)
        self._last = (self._clock(), view)
        return tuple(record for record in records(view, ()) if record.native_id == marker.key)

    def requests(self) -> Mapping[str, int]:
        """Requests sent so far, by purpose."""
        return self._client.requests()

    def close(self) -> None:
        """Release the sockets and what is shared with others."""
        self.closing.close()

    def _forget(self) -> None:
        """What was read stands no longer: somebody is about to look afresh or to write."""
        self._last = None
        self._shared.forget()

    def _just_read(self, source: Source) -> View | None:
        last, self._last = self._last, None
        if last is None or last[1].source != source or self._clock() - last[0] > REUSE_SECONDS:
            return None
        return last[1]


def open_connector(
    name: str,
    connection: Connection,
    *,
    policy: Policy | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> SheetsConnector:
    """Open a connection; it shares its pacer with others of the same account. Sends nothing yet.

    Raises AuthFailed when the credentials cannot be read at all.

    Args:
        name: the admin's word for the connection.
        policy: another one than the connection's quotas make, for tests.
        clock: monotonic seconds, virtual in tests.
    """
    if policy is not None:
        return SheetsConnector(SheetsClient(connection, policy), clock)
    pacer = _pacer(connection)
    connector = SheetsConnector(SheetsClient(connection, Policy("sheets", pacer)), clock)
    connector.closing.callback(SHARED.give_back, pacer)
    return connector


def _pacer(connection: Connection) -> Pacer:
    """Google counts reads and writes apart, by account whatever its key (Sheets API: "Usage limits")."""
    account = load_credentials(connection.credentials.get_secret_value()).service_account_email
    reads = Limit(connection.reads_per_minute, _MINUTE, ("read",))
    writes = Limit(connection.writes_per_minute, _MINUTE, ("write",))
    return SHARED.take(connection.api_url, account, reads, writes)
