"""`okrsync digest`: one page per team in four formats, nothing typed by people obeyed, and sending it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from okrsync.commands.exits import Exit
from okrsync.reports.pages import FORMATS, Item, Page, Section, as_html, as_markdown, as_slack, as_text
from tests.commands.conftest import Desk

_HOSTILE = "<script>alert(1)</script> *bold* [x](http://evil.example) <!channel> | & \x1b[31m"
_PAGE = Page(
    _HOSTILE,
    "2026-02-02 to 2026-02-09",
    [Section("Blocked", [Item(_HOSTILE, _HOSTILE, "javascript:alert(1)")])],
)


class _Tags(HTMLParser):
    """The tags and addresses of a page; fails on markup that does not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_page_tells_what_needs_somebody(desk: Desk) -> None:
    """Without a field `team` there is one page, for the workspace."""
    out = desk.run("digest")
    assert out.startswith("OKRs of acme\n2026-02-02 to 2026-02-09")
    assert "At risk (" in out and "off track: score 0." in out


def test_json_has_every_list(desk: Desk) -> None:
    """Entities by their keys, numbers as text, the days looked at."""
    told = desk.json("digest", "--since", "2026-02-01")
    assert (told["since"], told["today"]) == ("2026-02-01", "2026-02-09")
    [page] = told["teams"]
    assert page["team"] is None and page["at_risk"][0]["entity"].startswith("ACME-")
    assert {"reached", "largest_gain", "changed", "stale", "blocked", "can_help"} <= page.keys()


def test_the_days_come_from_the_admins_file(desk: Desk) -> None:
    """`digest.days` unless --since says otherwise."""
    desk.settings("\ndigest: {days: 14}\n")
    assert desk.json("digest")["since"] == "2026-01-26"


def test_an_unknown_team_is_told(desk: Desk) -> None:
    """With the reason why there is none."""
    assert "no field `team` is mapped" in desk.run("digest", "--team", "Sales", code=Exit.USAGE)


def test_the_first_day_lies_before_today(desk: Desk) -> None:
    """A digest of no days is a typing error."""
    assert "is not before" in desk.run("digest", "--since", "2026-02-09", code=Exit.USAGE)


def test_html_stands_alone_and_closes_everything(desk: Desk) -> None:
    """A whole document that loads nothing; every link leads to a record."""
    page = _Tags(desk.run("digest", "--format", "html"))
    assert page.open == [] and page.tags.count("html") == 1
    assert {"script", "img", "link"}.isdisjoint(page.tags)
    assert page.addresses and all(each.startswith("https://") for each in page.addresses)


def test_html_obeys_no_text_of_people() -> None:
    """Tags are shown as typed, and only web addresses become links."""
    page = _Tags(as_html([_PAGE], _PAGE.title))
    assert "script" not in page.tags and page.addresses == []
    assert "<script>alert(1)</script> *bold*" in page.words


def test_markdown_obeys_no_text_of_people() -> None:
    """Markup, HTML, links and table bars are escaped."""
    text = as_markdown([_PAGE])
    assert r"\<script\>alert(1)\</script\> \*bold\* \[x\](http://evil.example)" in text
    assert "](http" not in text.replace(r"\](http", "") and "javascript:" not in text


def test_slack_obeys_no_text_of_people() -> None:
    """Nobody is called and nothing is linked by a title."""
    text = as_slack([_PAGE])
    assert "<!channel>" not in text and "&lt;!channel&gt;" in text
    assert "<script>" not in text and "javascript:" not in text


def test_a_terminal_obeys_no_text_of_people() -> None:
    """Escapes are taken out."""
    assert "\x1b[31m" not in as_text([_PAGE])


@pytest.mark.parametrize("form", FORMATS)
def test_a_page_stays_a_page(form: str) -> None:
    """Twelve lines of each kind, and how many are left out."""
    section = Section("Changed", [Item(f"KR{n}.", "1 → 2") for n in range(30)])
    text = FORMATS[form]([Page("T", "S", [section])])
    assert "KR11." in text and "KR12." not in text
    assert "Changed (30)" in text and "… and 18 more" in text


@pytest.mark.parametrize("form", FORMATS)
def test_a_quiet_week_says_so(form: str) -> None:
    """An empty page is an answer."""
    assert "Nothing to tell." in FORMATS[form]([Page("T", "S", [Section("Changed", [])])])


def test_sending_without_addresses_says_where_to_put_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent into the blue."""
    monkeypatch.setitem(sys.modules, "apprise", sys)
    assert "give digest.notify or digest.teams" in desk.run("digest", "--send", code=Exit.USAGE)


def test_sending_without_apprise_says_how_to_get_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Apprise is an extra."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    desk.settings("\ndigest: {notify: ['json://127.0.0.1:9/']}\n")
    assert "pip install 'okrsync[notify]'" in desk.run("digest", "--send", code=Exit.USAGE)


def test_an_address_in_the_file_is_told_as_a_secret(desk: Desk) -> None:
    """One that opens more than this machine belongs into the environment."""
    desk.settings("\ndigest: {notify: ['slack://T1/B2/C3']}\n")
    found = desk.json("check", "--offline", today=None)["findings"]
    assert [(each["code"], "T1" in each["message"]) for each in found] == [("SECRET_IN_FILE", False)]


def test_what_is_no_address_is_refused(desk: Desk) -> None:
    """With the line."""
    desk.settings("\ndigest: {notify: [ruth]}\n")
    assert "digest.notify.0: not an address" in desk.run("digest", code=Exit.CONFIGURATION)


@contextmanager
def _listening() -> Iterator[tuple[str, list[Any]]]:
    """A server on this machine that keeps what it is sent."""
    kept: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            kept.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"json://127.0.0.1:{server.server_port}/", kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


_APPRISES_OWN = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@_APPRISES_OWN
def test_apprise_sends_the_page(desk: Desk) -> None:
    """The real library carries it to a real socket; the address is not printed."""
    pytest.importorskip("apprise", reason="sending is the extra `notify`, which is not installed here")
    with _listening() as (address, kept):
        desk.settings(f"\ndigest: {{notify: ['{address}secret-token']}}\n")
        said = desk.run("digest", "--send")
    [message] = kept
    assert message["title"] == "OKRs of acme"
    assert "At risk" in message["message"] and "ACME-" in message["message"]
    assert said == "sent: OKRs of acme to json://…\n"


@_APPRISES_OWN
def test_what_cannot_be_sent_ends_with_its_own_exit_code(desk: Desk) -> None:
    """One of two: done in part; none of them: failed. No address shows."""
    pytest.importorskip("apprise", reason="sending is the extra `notify`, which is not installed here")
    with _listening() as (address, _):
        desk.settings(f"\ndigest: {{notify: ['{address}', 'json://127.0.0.1:9/secret-token']}}\n")
        said = desk.run("digest", "--send", code=Exit.PARTIAL)
    assert "not sent: OKRs of acme to json://…" in said and "secret-token" not in said
    assert "not sent" in desk.run("digest", "--send", code=Exit.FAILED)
