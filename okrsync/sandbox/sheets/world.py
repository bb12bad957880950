"""The sandbox's Google Sheets: all files and accounts, how they are made, saved and edited.

Arrives: orders to create files, tabs and accounts; actions of people; HTTP by way of routes.py. Leaves: the
one state everything else looks at. This is the object a sandbox server runs and tests build their world with.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from babel import Locale
from starlette.routing import BaseRoute

from okrsync.sandbox.service import Clock, PersonError
from okrsync.sandbox.sheets import dumps
from okrsync.sandbox.sheets.accounts import Accounts
from okrsync.sandbox.sheets.editing import Manners
from okrsync.sandbox.sheets.entry import scalar
from okrsync.sandbox.sheets.grid import Cell, Formula, NumberFormat, Spreadsheet, Tab
from okrsync.sandbox.sheets.people import Person
from okrsync.sandbox.sheets.quota import Quota
from okrsync.sandbox.sheets.render import serial
from okrsync.sandbox.sheets.routes import routes

Json = Any
Content = None | bool | int | float | Decimal | str | date
OWNER = "owner@example.com"
"""The person all files belong to and all people's actions are done by."""
TOKEN_URL = "{token_url}"
"""Stands in a key file until the sandbox's address is known."""


def _now() -> datetime:
    return datetime.now(UTC)


class SheetsService:
    """Google Sheets v4 and Google's token endpoint, imitated.

    `quota_per_minute` limits reads and writes, each, per user and minute of `clock` (the real limit is 60;
    None: no limit). `metadata_follows_sort` and `rewrites_separators` choose between behaviours that are not
    settled.
    """

    name = "sheets"

    def __init__(
        self,
        clock: Clock = _now,
        *,
        quota_per_minute: int | None = None,
        metadata_follows_sort: bool = True,
        rewrites_separators: bool = False,
    ) -> None:
        self.clock = clock
        self.manners = Manners(metadata_follows_sort, rewrites_separators)
        self.spreadsheets: dict[str, Spreadsheet] = {}
        self.accounts = Accounts()
        self.quota = Quota(quota_per_minute)
        self._created = 0

    def routes(self) -> Sequence[BaseRoute]:
        """The HTTP routes: /token and /v4/spreadsheets/..."""
        return routes(self)

    def reset(self) -> None:
        """Forget all files, accounts and tokens; settings stay."""
        self.spreadsheets, self.accounts, self._created = {}, Accounts(), 0

    def dump(self) -> dict[str, Json]:
        """All files, accounts (with their keys) and tokens as JSON."""
        files = [dumps.save(item) for item in self.spreadsheets.values()]
        return {"created": self._created, "spreadsheets": files, "google": self.accounts.save()}

    def load(self, data: Mapping[str, Json]) -> None:
        """Replace the state. Raises ValueError on a dump of another shape, and then keeps the old state."""
        try:
            files = [dumps.restore(item) for item in data["spreadsheets"]]
            accounts, created = Accounts.restore(data["google"]), int(data["created"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a saved state of Google Sheets: {error!r}") from error
        self.spreadsheets = {item.id: item for item in files}
        self.accounts, self._created = accounts, created

    def person(self, action: str, arguments: Mapping[str, Json]) -> Json:
        """Edit as the owner would in the editor; `spreadsheet` names the file by id or title.

        Raises PersonError, and then nothing is changed.
        """
        draft = self._named(arguments.get("spreadsheet")).copy()
        person = Person(draft, OWNER, self.clock().date(), self.manners)
        result = person.act(action, arguments)
        self.spreadsheets[draft.id] = draft
        return result

    def _named(self, name: Json) -> Spreadsheet:
        files = list(self.spreadsheets.values())
        found = [item for item in files if name in (item.id, item.title)]
        if name is None and len(files) == 1:
            found = files
        if len(found) != 1:
            titles = ", ".join(item.title for item in files)
            raise PersonError(f"no single spreadsheet {name!r}; there are: {titles}")
        return found[0]

    def create_spreadsheet(self, title: str, locale: str = "en_US", time_zone: str = "Etc/GMT") -> str:
        """A new file without tabs, shared with nobody; returns its id.

        Raises ValueError for an unknown locale.
        """
        Locale.parse(locale)
        self._created += 1
        digest = hashlib.sha256(f"spreadsheet {self._created}".encode()).digest()
        number = "1" + base64.urlsafe_b64encode(digest).decode().rstrip("=")
        self.spreadsheets[number] = Spreadsheet(number, title, locale, time_zone, roles={OWNER: "writer"})
        return number

    def add_tab(
        self,
        spreadsheet: str,
        title: str,
        rows: Sequence[Sequence[Content]] = (),
        formats: Mapping[int, str | Mapping[str, str]] | None = None,
        *,
        row_count: int = 1000,
        column_count: int = 26,
    ) -> int:
        """Add a tab and fill it from A1; returns its sheetId (0 for the first tab, as Google gives).

        Texts beginning with `=` are formulas, dates become serials with a date format. `formats` gives
        columns (from 0) a number format: a type such as "PERCENT", or {"type", "pattern"}. Raises ValueError
        when the title is taken.
        """
        home = self.spreadsheets[spreadsheet]
        if home.tab_titled(title) is not None:
            raise ValueError(f"there is already a tab {title!r}")
        tab = Tab(home.mint() if home.tabs else 0, title, row_count, column_count)
        for row, line in enumerate(rows):
            for column, content in enumerate(line):
                tab.put(row, column, _filled(content))
        for column, shown in (formats or {}).items():
            tab.column_formats[column] = _number_format(shown)
        home.tabs.append(tab)
        return tab.id

    def share(self, spreadsheet: str, email: str, role: str = "writer") -> None:
        """Give an account access to a file, as writer or reader."""
        self.spreadsheets[spreadsheet].roles[email] = role

    def add_service_account(self, email: str, language: str = "en") -> dict[str, str]:
        """Make a service account (or find it) and return its key file, with `{token_url}` still to be filled
        in.

        `language` (en, de, es or fr) is the language it is refused in by protected ranges.
        """
        return self.accounts.add(email, language).key_file(TOKEN_URL)

    def credentials(self, email: str, token_url: str) -> dict[str, str]:
        """The key file of a known account for a sandbox whose token endpoint is at `token_url`.

        Raises KeyError for an unknown account.
        """
        return self.accounts.known[email].key_file(token_url)


def _filled(content: Content) -> Cell:
    if isinstance(content, str) and content.startswith("="):
        return Cell(Formula(content))
    if isinstance(content, datetime):
        return Cell(serial(content), NumberFormat("DATE_TIME"))
    if isinstance(content, date):
        return Cell(serial(content), NumberFormat("DATE"))
    return Cell(scalar(float(content) if isinstance(content, Decimal) else content))


def _number_format(shown: str | Mapping[str, str]) -> NumberFormat:
    if isinstance(shown, str):
        return NumberFormat(shown)
    return NumberFormat(shown["type"], shown.get("pattern", ""))
