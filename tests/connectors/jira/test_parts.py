"""The small parts on their own: settings, pages, queries, and values no sandbox shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from okrsync.connectors.base import NativeField
from okrsync.connectors.errors import BadAnswer
from okrsync.connectors.jira import decode, encode, jql
from okrsync.connectors.jira.fields import catalog
from okrsync.connectors.jira.pages import MOST_EMPTY_PAGES, MOST_PAGES, walk
from okrsync.connectors.jira.settings import Connection, Source
from okrsync.connectors.registry import KINDS
from okrsync.okr.values import Unreadable

GOOD = {"kind": "jira", "url": "https://acme.atlassian.net/", "email": "a@b.test", "token": "sesame"}


def page(*ids: str, token: str | None = None, **rest: Any) -> dict[str, Any]:
    links = {} if token is None else {"nextPageToken": token}
    return {"issues": [{"id": one} for one in ids], **links, **rest}


def ids_of(pages: Mapping[str | None, Any]) -> list[str]:
    return [issue["id"] for issue in walk(lambda token: pages[token])]


def test_pages_end_without_a_token() -> None:
    """Short and empty pages in between do not end the walk."""
    assert ids_of({None: page("1", token="a"), "a": page(token="b"), "b": page("2")}) == ["1", "2"]


def test_the_last_page_may_still_carry_a_token() -> None:
    """`isLast: true` is believed."""
    assert ids_of({None: page("1", token="a", isLast=True)}) == ["1"]


@pytest.mark.parametrize(
    "broken",
    [
        {None: page("1", token="a"), "a": page("2", token="a")},
        {None: page("1", token="a"), "a": page("2", token="b"), "b": page("3", token="a")},
        {None: page("1", isLast=False)},
        {None: page("1", token="a"), "a": {"total": 5}},
        {None: page("1", nextPageToken=7)},
        {None: []},
        {None: {"issues": ["1"]}},
    ],
)
def test_broken_paging_fails(broken: Mapping[str | None, Any]) -> None:
    """A walk that cannot be trusted raises instead of giving a short list."""
    with pytest.raises(BadAnswer):
        ids_of(broken)


@pytest.mark.parametrize(("filled", "most"), [(False, MOST_EMPTY_PAGES + 2), (True, MOST_PAGES)])
def test_endless_paging_fails(filled: bool, most: int) -> None:
    """Neither endless empty pages nor endless full ones hold a run for ever."""
    asked: list[str | None] = []

    def page_after(token: str | None) -> Any:
        asked.append(token)
        number = str(len(asked))
        return page(*([number] if filled else []), token=number)

    with pytest.raises(BadAnswer):
        list(walk(page_after))
    assert len(asked) <= most


def test_queries_quote_what_admins_write() -> None:
    """A quotation mark in a project's name stays inside its quotes."""
    source = Source(projects=["ACME", 'A" OR "'], jql="labels = okr")
    query = jql.everything(source, ["10000"])
    assert query == (
        r'project in ("ACME", "A\" OR \"") AND issuetype in (10000) AND (labels = okr) ORDER BY key ASC'
    )


@given(count=st.integers(0, 30), size=st.integers(1, 7))
def test_chunks_lose_nothing(count: int, size: int) -> None:
    """Every id is in exactly one portion, none is too large."""
    ids = [str(number) for number in range(count)]
    portions = list(jql.chunks(ids, size))
    assert [one for portion in portions for one in portion] == ids
    assert all(0 < len(portion) <= size for portion in portions)


def test_dead_ids_are_picked_out_whole() -> None:
    """An id inside a longer one is not meant."""
    assert jql.named_in("An issue with key '10001' does not exist", ["1000", "10001"]) == ["10001"]


def _loads() -> Iterator[type[BaseModel]]:
    yield KINDS["jira"].connection_model()
    yield KINDS["jira"].source_model()


def test_the_registry_finds_the_settings() -> None:
    """The admin's file is checked by these models, each field with its help."""
    for model in _loads():
        assert all(field.description for field in model.model_fields.values())


def test_addresses_lose_their_last_slash() -> None:
    """The site's address is a base for links."""
    assert Connection.model_validate(GOOD).base_url == "https://acme.atlassian.net"


def test_a_cloud_id_leads_to_the_gateway() -> None:
    """Tokens with scopes are taken at Atlassian's gateway only; links still lead to the site."""
    connection = Connection.model_validate({**GOOD, "cloud_id": "c 1"})
    assert connection.base_url == "https://api.atlassian.com/ex/jira/c%201"
    assert connection.url == "https://acme.atlassian.net"


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "acme.atlassian.net"},
        {"email": " "},
        {"email": None},
        {"auth": "cookie"},
        {"cloud_id": "c1", "api_url": "https://proxy.test"},
        {"token": ""},
        {"token": "two words"},
        {"timeout": 0},
        {"tokn": "x"},
    ],
)
def test_a_wrong_connection_is_refused_without_showing_the_token(wrong: Mapping[str, Any]) -> None:
    """What cannot work is told when the file is loaded; the token stays out of the message."""
    with pytest.raises(ValidationError) as caught:
        Connection.model_validate({**GOOD, **wrong})
    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"projects": []},
        {"projects": [""]},
        {"projects": ["A"], "level": -1},
        {"projects": ["A"], "level": "story"},
        {"projects": ["A"], "jql": "labels = x ORDER BY key"},
        {"projects": ["A"], "filter": "x"},
    ],
)
def test_a_wrong_source_is_refused(wrong: Mapping[str, Any]) -> None:
    """Nothing unknown, nothing empty, no order of the admin's own."""
    with pytest.raises(ValidationError):
        Source.model_validate(wrong)


@given(digits=st.integers(-(10**15) + 1, 10**15 - 1), places=st.integers(0, 15))
def test_fifteen_digits_survive_the_wire(digits: int, places: int) -> None:
    """A number of up to 15 digits is the same number after JSON and back."""
    number = Decimal(digits).scaleb(-places)
    text = json.dumps(encode.wire_number(number))
    assert json.loads(text, parse_float=Decimal, parse_int=Decimal) == number


def _read(kind: str, raw: Any) -> Any:
    field = NativeField("f", "F", kind, writable=True)
    issue = {"id": "1", "key": "A-1", "fields": {"f": raw}}
    return decode.record(issue, {"f": field}, ["f"], "https://x.test").cells["f"].value


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("moment", "2022-07-16T06:29:49.427+0800", datetime(2022, 7, 15, 22, 29, 49, 427000, UTC)),
        ("moment", None, None),
        ("choice", {"id": "1", "value": "High"}, "High"),
        ("labels", [{"name": "v1"}, {"name": "v2"}], ("v1", "v2")),
        ("labels", None, ()),
        ("people", {"emailAddress": "Ann@Acme.test", "displayName": "Ann"}, ("ann@acme.test",)),
        ("people", [{"displayName": "Ann"}], ("Ann",)),
        ("people", None, ()),
        ("computed", {"name": "Highest"}, "Highest"),
        ("text", None, None),
        ("number", Decimal(0), Decimal(0)),
    ],
)
def test_shapes_people_see(kind: str, raw: Any, value: Any) -> None:
    """Each shape recorded from Jira in its neutral form; empty is None or no items, never 0."""
    assert _read(kind, raw) == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("number", "42"),
        ("number", True),
        ("text", Decimal(1)),
        ("date", "soon"),
        ("date", Decimal(20260101)),
        ("moment", "2022-07-16T06:29:49"),
        ("choice", "High"),
        ("labels", "kr-1"),
        ("labels", ["a", Decimal(1)]),
        ("people", [None]),
        ("computed", {"self": "x"}),
    ],
)
def test_odd_shapes_are_unreadable(kind: str, raw: Any) -> None:
    """A value of another shape is never taken for empty and never guessed."""
    assert isinstance(_read(kind, raw), Unreadable)


@pytest.mark.parametrize(
    ("a", "b", "value"),
    [
        (None, None, None),
        (None, Decimal(3), Decimal(3)),
        ("-1", Decimal(3), Decimal(3)),
        (Decimal(0), Decimal(3), Decimal(0)),
        (None, "-1", Unreadable("not a number", "-1")),
    ],
)
def test_the_first_number_counts_as_points(a: Any, b: Any, value: Any) -> None:
    """Text in a points field is neither a number nor nothing."""
    issue = {"id": "1", "key": "A-1", "fields": {"a": a, "b": b}}
    assert decode.child(issue, ["a", "b"], "https://x.test").cells["points"].value == value


@pytest.mark.parametrize(
    "issue", [{}, {"id": "1"}, {"id": "1", "key": "A-1"}, {"id": 1, "key": "A", "fields": {}}]
)
def test_what_is_no_issue_is_a_bad_answer(issue: Mapping[str, Any]) -> None:
    """An issue without id, key or fields cannot be told from another."""
    with pytest.raises(BadAnswer):
        decode.record(issue, {}, [], "https://x.test")


@pytest.mark.parametrize(
    ("fields", "types"), [({}, []), ([], {}), (["x"], []), ([{"name": "no id"}], []), (None, [])]
)
def test_a_catalogue_of_another_shape_is_a_bad_answer(fields: Any, types: Any) -> None:
    """Without fields nothing may be concluded from an issue."""
    with pytest.raises(BadAnswer):
        catalog(fields, types)
