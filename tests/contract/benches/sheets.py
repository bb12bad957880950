"""Google Sheets over the sandbox: one tab with typed columns, and okrsync's own tab beside it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from okrsync.connectors.base import Native
from okrsync.connectors.sheets.connector import SheetsConnector, open_connector
from okrsync.connectors.sheets.settings import Connection, ResultsSource, Source
from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.sheets import SheetsService
from okrsync.sandbox.sheets.accounts import Account
from tests.contract.bench import Truth
from tests.contract.served import Sandboxed

EMAIL = "okrsync@acme.iam.gserviceaccount.com"
TAB = "KRs"
OWN = "_okrsync"
HEADER = ("KR", "Title", "Text", "Number", "Percent", "Day", "Moment", "Flag", "Score", "Sum")
FORMATS = {4: "PERCENT", 5: "DATE", 6: "DATE_TIME"}
PEM = serialization.Encoding.PEM
DAY_0 = datetime(1899, 12, 30, tzinfo=UTC)
BATCH = ("POST", "*:batchUpdate")


class Sheets(Sandboxed):
    """One file, shared with one service account."""

    name = "sheets"
    features = SheetsConnector.features
    requests: Mapping[str, tuple[str, str]] = {
        "read": ("GET", "/v4/spreadsheets/*"),
        "write": BATCH,
        "create": BATCH,
    }
    key = "kr"
    fields: Mapping[str, str] = {
        "title": "title",
        "text": "text",
        "number": "number",
        "percent": "percent",
        "day": "day",
        "moment": "moment",
        "flag": "flag",
        "result": "results:progress",
        "lookup": "lookup:Score=progress",
    }
    samples: Mapping[str, Sequence[Native]] = {
        "title": ("One", "Two"),
        "text": ("words", "other words", None),
        "number": (Decimal("0.1"), Decimal(0), Decimal("-1234567.89"), None),
        "percent": (Decimal("0.42"), Decimal(1)),
        "day": (date(2026, 12, 31), None),
        "moment": (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), None),
        "flag": (True, False),
        "result": (Decimal("0.42"), "on_track", None),
        "lookup": ("shown", None),
    }
    roles = tuple(samples)
    by_hand = frozenset({"title", "text", "number", "percent", "day", "moment", "flag"})

    def build(self, clock: VirtualClock) -> SheetsService:
        sheets = SheetsService(clock)
        file = sheets.create_spreadsheet("OKRs")
        sheets.add_tab(file, TAB, [HEADER], FORMATS)
        sheets.accounts.known[EMAIL] = _account()
        sheets.share(file, EMAIL)
        results = ResultsSource(tab=OWN, show={"Score": "progress"})
        self.source = Source(spreadsheet=file, tab=TAB, key="KR", results=results)
        self._google = sheets
        return sheets

    def fresh(self) -> None:
        super().fresh()
        self._numbers = itertools.count(1)

    def open(self, url: str, timeout: float, secret: str | None = None) -> SheetsConnector:
        key = {**self._google.credentials(EMAIL, f"{url}/token")}
        if secret is not None:
            key["client_email"] = f"{secret}@acme.iam.gserviceaccount.com"
        connection = Connection.model_validate(
            {"credentials": json.dumps(key), "api_url": url, "timeout": timeout}
        )
        served = self.running
        return open_connector("google", connection, policy=served.policy(), clock=served.time.clock)

    def add(self, **values: Native) -> str:
        key = f"KR-{next(self._numbers)}"
        filled = {role: value for role, value in values.items() if value is not None}
        self._act("append_row", values={"KR": key, **{role.title(): _typed(filled[role]) for role in filled}})
        return key

    def edit(self, record: str, **values: Native) -> None:
        for role, value in values.items():
            self._act("set_cell", key=record, column=role.title(), value=_typed(value))

    def truth(self) -> Truth:
        (file,) = self.running.state()["spreadsheets"]
        return {place: value for tab in file["tabs"] for place, value in _places(tab)}

    def wrong_source(self) -> Any:
        return self.source.model_copy(update={"tab": "Elsewhere"})

    def beside(self) -> Any:
        file = self._google.spreadsheets[self.source.spreadsheet]
        if file.tab_titled("More") is None:
            self._google.add_tab(self.source.spreadsheet, "More", [HEADER, ("KR-X", "More")], FORMATS)
        return self.source.model_copy(update={"tab": "More"})

    def delete(self, record: str) -> None:
        self._act("delete_row", key=record)

    def unreadable(self, record: str) -> str:
        self._act("set_error", key=record, column="Number", type="DIVIDE_BY_ZERO")
        return self.fields["number"]

    def computed(self) -> str:
        self._act("set_formula", row=2, column="Sum", formula="=1+1")
        return "sum"

    def secrets(self) -> Sequence[str]:
        lines = self._google.credentials(EMAIL, "")["private_key"].splitlines()
        return (lines[1], lines[5])

    def meanwhile(self, record: str, **values: Native) -> None:
        self.edit(record, **values)

    def rearrange(self) -> None:
        self._act("sort", column="KR", descending=True)

    def shown(self, record: str, role: str) -> str:
        return str(self.truth()[record, self.fields[role]])

    def _act(self, action: str, **arguments: Any) -> None:
        self.running.person(action, tab=TAB, **arguments)


def _account() -> Account:
    """Every connector loads the key, which for a real one's length takes longer than most promises."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    plain = serialization.NoEncryption()
    private = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, plain)
    public = key.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Account(EMAIL, private.decode(), public.decode())


def _places(tab: Any) -> Iterator[tuple[tuple[str, str], Any]]:
    """Cells by their row's key and their column's header; okrsync's own tab as results."""
    cells = {(each["row"], each["column"]): each for each in tab["cells"]}
    entered = {at: each.get("value", each.get("formula")) for at, each in cells.items()}
    for (row, column), value in entered.items():
        if row == 0 or value is None or (column == 0 and tab["title"] == OWN):
            continue
        name = str(entered.get((0, column)))
        place = f"results:{name}" if tab["title"] == OWN else name.casefold()
        place = "lookup:Score=progress" if place == "score" else place
        yield (str(entered.get((row, 0))), place), value


def _typed(value: Native) -> Any:
    """What a person types, as JSON."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return (value - DAY_0) / timedelta(days=1)  # as the editor stores it, in a column with times
    return value.isoformat() if isinstance(value, date) else value
