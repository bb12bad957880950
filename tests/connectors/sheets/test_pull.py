"""Reading over a real socket: what arrives, at what cost, and what a missing tab or a bad key says."""

from __future__ import annotations

import json
import socket
import threading
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from okrsync.connectors.base import Marker, Native
from okrsync.connectors.errors import AuthFailed, BadAnswer, Forbidden, NotFound, RateLimited
from okrsync.connectors.sheets.connector import open_connector
from okrsync.connectors.sheets.settings import Connection
from okrsync.okr.values import Unreadable
from tests.connectors.sheets.world import EMAIL, World, connection, small_world


def test_a_pull_reads_every_row(world: World) -> None:
    """Numbers, dates, formulas' results and blanks, by key."""
    pull = world.pull()
    cells = {record.native_id: record.cells for record in pull.records}
    assert pull.complete
    assert pull.findings == ()
    assert [*cells] == ["KR-1", "KR-2", "KR-3", "1001"]
    assert [cells["KR-1"][name].value for name in world.want] == [
        "Win customers",
        Decimal(5),
        Decimal(10),
        date(2026, 12, 31),
        None,
        None,
    ]
    assert (cells["KR-2"]["current"].value, cells["KR-2"]["current"].locked) == (Decimal(6), "formula")
    assert cells["KR-3"]["current"].value == Decimal(0)
    assert cells["1001"]["current"].value is None


def test_schema_and_pull_together_cost_one_read_once_the_results_tab_is_there(world: World) -> None:
    """The steady state of a run with nothing to do."""
    world.write((world.fetch()["KR-1"], {"results:score": Decimal(1)}))
    fresh = open_connector("again", connection(world.sandbox, world.sheets))
    fresh.pull(world.source, fresh.schema(world.source), world.want)
    fresh.close()
    assert fresh.requests() == {"read": 1, "write": 0, "auth": 1}


def test_a_missing_results_tab_costs_two_more_reads_once(world: World) -> None:
    """The refused read and the look at the titles; afterwards one request again."""
    world.pull()
    assert world.sent()["read"] == 3
    world.pull()
    assert world.sent()["read"] == 4


def test_only_a_pull_right_after_reuses_the_schema_s_read(world: World) -> None:
    """Once; a second pull, a fetch and a write look for themselves."""
    schema = world.connector.schema(world.source)
    world.do("set_cell", key="KR-1", column="Current", value="7")
    first = world.connector.pull(world.source, schema, ["current"]).records[0]
    second = world.connector.pull(world.source, schema, ["current"]).records[0]
    assert (first.cells["current"].value, second.cells["current"].value) == (Decimal(5), Decimal(7))


def test_fetch_is_always_fresh_and_leaves_out_what_is_gone(world: World) -> None:
    """Absence is an answer, not an error."""
    schema = world.connector.schema(world.source)
    world.do("delete_row", key="KR-2")
    world.do("set_cell", key="KR-1", column="Current", value="8")
    found = world.connector.fetch(world.source, schema, ["KR-1", "KR-2"], ["current"])
    assert {key: record.cells["current"].value for key, record in found.items()} == {"KR-1": Decimal(8)}


def test_a_key_cell_in_error_makes_the_pull_incomplete(world: World) -> None:
    """The row may be anybody's, so nobody's absence is proven."""
    world.do("set_error", key="KR-3", column="KR", type="LOADING")
    pull = world.pull()
    assert not pull.complete
    assert [finding.code for finding in pull.findings] == ["KEY_UNREADABLE"]


@pytest.mark.parametrize("code", ["N_A", "DIVIDE_BY_ZERO", "REF", "LOADING"])
def test_error_cells_are_unreadable(world: World, code: str) -> None:
    """Never a text, never blank, never 0."""
    world.do("set_error", key="KR-1", column="Current", type=code)
    value = world.pull().records[0].cells["current"].value
    assert isinstance(value, Unreadable)
    assert code in value.reason


def test_a_comma_decimal_file_reads_the_same(world: World) -> None:
    """Display texts are never parsed; the locale of the file does not matter."""
    file = world.sheets.create_spreadsheet("Deutsch", "de_DE", "Europe/Berlin")
    world.sheets.add_tab(file, "Ziele", [["KR", "Wert"], ["007", 1.5], ["7", 0.42]], {1: "PERCENT"})
    world.sheets.share(file, EMAIL)
    world.file, world.changes = file, {"tab": "Ziele", "results": None}
    schema = world.connector.schema(world.source)
    pull = world.connector.pull(world.source, schema, ["wert"])
    assert [(record.native_id, record.cells["wert"].value) for record in pull.records] == [
        ("007", Decimal("1.5")),
        ("7", Decimal("0.42")),
    ]
    assert next(field.type for field in schema.fields if field.id == "wert") == "percent"


def test_a_missing_tab_names_the_nearest(world: World) -> None:
    """And all there are, so that nobody has to open the file."""
    world.changes = {"tab": "KR"}
    with pytest.raises(NotFound, match=r"no tab 'KR'.*Did you mean 'KRs'"):
        world.connector.schema(world.source)


def test_a_tab_in_another_letter_case_is_named(world: World) -> None:
    """The service decides whether that is the same title."""
    world.changes = {"tab": "krs"}
    with pytest.raises(NotFound, match="Did you mean 'KRs'"):
        world.connector.schema(world.source)


def test_a_renamed_results_tab_is_found_by_its_id(world: World) -> None:
    """A person may call it as they like; ids survive that."""
    world.write((world.fetch()["KR-1"], {"results:score": Decimal("0.5")}))
    world.do("rename_tab", tab="_okrsync", to="Do not touch")
    assert world.pull().records[0].cells["results:score"].value == Decimal("0.5")


def test_people_s_tab_is_found_by_its_id_whatever_its_title(world: World) -> None:
    """Renamed, it costs one more look at the titles, once; a tab that took the old title is not read."""
    world.write((world.fetch()["KR-1"], {"results:score": Decimal(1)}))
    world.changes = {"tab_id": 0}
    world.do("rename_tab", to="Key results 2026")
    before = world.sent()["read"]
    assert len(world.pull().records) == 4
    world.sandbox.call(lambda: world.sheets.add_tab(world.file, "KRs", [["KR", "Title"], ["KR-9", "Other"]]))
    assert [record.native_id for record in world.pull().records][:1] == ["KR-1"]
    assert world.sent()["read"] - before == 3 + 1


def test_a_tab_that_took_the_title_is_not_read_for_the_one_with_the_id(world: World) -> None:
    """Also where okrsync has never met the old one."""
    world.do("rename_tab", to="Key results 2026")
    world.sandbox.call(lambda: world.sheets.add_tab(world.file, "KRs", [["KR", "Title"], ["KR-9", "Other"]]))
    world.changes = {"tab_id": 0, "results": None}
    assert [record.native_id for record in world.pull().records][:1] == ["KR-1"]


def test_a_tab_found_by_its_id_is_written(world: World) -> None:
    """The cells, the results, and a new row."""
    world.do("rename_tab", to="O'Brien's KRs")
    world.changes = {"tab_id": 0}
    changed: dict[str, Native] = {"target": Decimal(99), "results:score": Decimal(1)}
    (written,) = world.write((world.fetch()["KR-1"], changed))
    schema = world.connector.schema(world.source)
    made = world.connector.create(world.source, schema, {"title": "New"}, Marker("KR-9", "entity", "kr"))
    assert (written.error, made.error) == (None, None)
    rows = {line[0]: line[1:4] for line in world.grid("O'Brien's KRs")}
    assert (rows["KR-1"][2], rows["KR-9"][0]) == (99, "New")


def test_a_deleted_tab_is_not_found_by_its_id(world: World) -> None:
    """Not even when another one has its title: its rows would be taken for the old ones."""
    world.changes = {"tab_id": 4711}
    with pytest.raises(NotFound, match="no tab with the id 4711"):
        world.connector.schema(world.source)


def test_a_file_that_is_not_shared_tells_whom_to_share_with(world: World) -> None:
    """The address of the service account is in the message."""
    world.do("unshare", email=EMAIL)
    with pytest.raises(Forbidden, match=f"Share the spreadsheet with {EMAIL}"):
        world.connector.schema(world.source)


def test_an_unknown_file_is_not_found(world: World) -> None:
    """404 also means: not shared."""
    world.file = "1nothing"
    with pytest.raises(NotFound, match="or it is not shared"):
        world.connector.schema(world.source)


def test_the_account_is_the_service_account(world: World) -> None:
    """Its e-mail is what people share with; the proof is one token request."""
    assert world.connector.account().id == EMAIL
    assert world.connector.requests() == {"read": 0, "write": 0, "auth": 1}


def test_a_revoked_key_is_an_authentication_failure_and_not_retried(world: World) -> None:
    """invalid_grant: repeating it would only lock the account."""
    world.sandbox.call(lambda: world.sheets.accounts.known.clear())
    with pytest.raises(AuthFailed, match="invalid_grant"):
        world.connector.account()
    assert world.connector.requests()["auth"] == 1


def test_a_token_taken_back_early_is_renewed_once(world: World) -> None:
    """401 proves that nothing was done, so the request is sent again with a fresh token."""
    world.pull()
    world.fault("status", path="/v4/*", status=401, body={"error": {"code": 401, "message": "no"}})
    assert len(world.pull().records) == 4
    assert world.connector.requests()["auth"] == 2


def test_a_sign_in_page_in_place_of_a_token_is_a_bad_answer(world: World) -> None:
    """The key is not blamed for what a proxy says."""
    world.fault("html", path="/token", status=200, times=None)
    with pytest.raises(BadAnswer):
        world.connector.account()


def test_a_short_outage_is_sat_out(world: World) -> None:
    """503 and a page that is no JSON; reads are simply repeated."""
    world.fault("status", path="/v4/*", status=503)
    world.fault("html", path="/v4/*", status=200)
    assert len(world.pull().records) == 4


def test_an_exhausted_quota_passes_within_the_next_minute() -> None:
    """429 without Retry-After: the policy waits; here the minute never ends, so it gives up, saying so."""
    with small_world(quota_per_minute=0) as world, pytest.raises(RateLimited, match="quota"):
        world.connector.schema(world.source)


def test_the_key_may_be_in_a_file(world: World, tmp_path: Path) -> None:
    """A path in the settings, the JSON in the file."""
    made = connection(world.sandbox, world.sheets)
    path = tmp_path / "key.json"
    path.write_text(made.credentials.get_secret_value())
    opened = open_connector(
        "file", made.model_copy(update={"credentials": type(made.credentials)(str(path))})
    )
    assert opened.account().name == EMAIL
    opened.close()


@pytest.mark.parametrize("text", ["/nowhere/key.json", "{broken", "[1]", '{"client_email": "a@b"}'])
def test_unusable_credentials_say_so_without_showing_them(text: str) -> None:
    """The message names what is expected, never what was given."""
    with pytest.raises(AuthFailed) as caught:
        open_connector("google", Connection.model_validate({"credentials": text}))
    assert text not in str(caught.value)


def test_a_broken_private_key_shows_nothing_of_itself(world: World) -> None:
    """Also where the library's own error would quote it."""
    key = world.sheets.credentials(EMAIL, "http://127.0.0.1/token")
    secret = key["private_key"].replace("A", "B")
    text = json.dumps({**key, "private_key": secret})
    with pytest.raises(AuthFailed) as caught:
        open_connector("google", Connection.model_validate({"credentials": text}))
    assert "PRIVATE" not in str(caught.value)


def test_no_name_is_ever_looked_up_but_the_configured_ones(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The credential library's background look-up at another host must not start."""
    asked: list[Any] = []
    started: list[threading.Thread] = []
    find, start = socket.getaddrinfo, threading.Thread.start

    def noted_find(host: Any, *rest: Any, **more: Any) -> Any:
        asked.append(host)
        return find(host, *rest, **more)

    def noted_start(thread: threading.Thread) -> None:
        started.append(thread)
        start(thread)

    monkeypatch.setattr(socket, "getaddrinfo", noted_find)
    monkeypatch.setattr(threading.Thread, "start", noted_start)
    world.pull()
    assert (set(asked), started) == ({"127.0.0.1"}, [])
