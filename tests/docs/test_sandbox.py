"""docs/sandbox.md against the sandbox: its lists are complete and its curl calls work."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest
import requests

from okrsync.sandbox.faults import KINDS
from okrsync.sandbox.server import Sandbox
from okrsync.sandbox.service import PersonError
from okrsync.sandbox.world import COMPANIES
from tests.docs.markdown import blocks, codes, first_codes, table, text_of
from tests.docs.stage import Stage

NAME = "docs/sandbox.md"
ADMIN = "http://127.0.0.1:8733"
CURLS = [line for block in blocks(text_of(NAME)) for line in block.splitlines() if line.startswith("curl ")]


def test_every_company_is_listed() -> None:
    """The table of companies is the sandbox's."""
    told = [(codes(row[0])[0], row[1]) for row in table(NAME, "Running it")]
    assert told == [(each.slug, each.project) for each in COMPANIES]


def test_every_route_of_the_admin_port_is_listed(synced: Stage) -> None:
    """The table of requests is that of the admin port."""
    from okrsync.sandbox.admin import admin_routes

    made = []
    for route in admin_routes(synced.sandbox):
        methods = sorted((getattr(route, "methods", None) or set()) - {"HEAD"})
        made += [f"{method} {getattr(route, 'path', '')}" for method in methods]
    assert sorted(first_codes(NAME, "The admin port")) == sorted(made)


def test_every_kind_of_fault_is_listed() -> None:
    """The table of faults is the sandbox's."""
    assert first_codes(NAME, "Faults") == list(KINDS)


@pytest.mark.parametrize("row", table(NAME, "People's edits"), ids=lambda row: row[0])
def test_every_action_of_people_is_listed(row: tuple[str, ...], synced: Stage) -> None:
    """The actions of a service are those its refusal of an unknown one names."""
    with pytest.raises(PersonError) as refused:
        synced.sandbox.act(codes(row[0])[0], "levitate")
    known = str(refused.value).partition(": ")[2]
    assert sorted(codes(row[1])) == sorted(re.findall(r"\w+", known))


@pytest.mark.parametrize("call", CURLS)
def test_every_curl_call_works(call: str, synced: Stage) -> None:
    """Each call is answered with 200 by the admin port, once its address is that of this sandbox."""
    before = synced.sandbox.dump()
    try:
        answer = _curl(synced.sandbox, shlex.split(call))
        assert answer.status_code == 200, answer.text
    finally:
        synced.sandbox.faults.clear()
        synced.sandbox.load(before)


def _curl(sandbox: Sandbox, words: list[str]) -> requests.Response:
    """Send what a curl call would send."""
    body: Any = json.loads(words[words.index("-d") + 1]) if "-d" in words else None
    method = words[words.index("-X") + 1] if "-X" in words else "GET" if body is None else "POST"
    address = next(word for word in words if word.startswith(ADMIN))
    return requests.request(
        method, sandbox.urls["admin"] + address.removeprefix(ADMIN), json=body, timeout=10
    )
