"""From a normal value to a service and back, for every type of field, with texts people and attackers type.

A value is expressed for a live field, written over the wire to the imitated service, looked at afresh, and
read again. It is the same value, or it was refused by name before anything changed; never another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okrsync.connectors.base import Native, NativeField, Patch, Record, Written
from okrsync.connectors.errors import Rejected
from okrsync.connectors.jira.settings import Source
from okrsync.mappings.reading import read
from okrsync.mappings.resolver import CannotExpress
from okrsync.mappings.side import Side
from okrsync.mappings.tidy import tidy
from okrsync.mappings.writing import express
from okrsync.okr.model import Type
from okrsync.okr.values import Unreadable, Value, same
from tests.connectors.jira import conftest as jira
from tests.connectors.notion import world as notion
from tests.mappings.bench import side, spec

SPICE = (
    'project = X" OR key = "A-1',
    '{"type":"doc","version":1,"content":[]}',
    "<script>alert(1)</script>&amp;<!--",
    "[~accountid:557058:1] {code}h1. x{code} !x.png!",
    "\x07\x1b[31m\x00",
    "\u202eRTL\u202c \u2066x\u2069",
    "\u0627\u0644\u0647\u062f\u0641",
    "\U0001f469\u200d\U0001f680 \U0001f525",
    "e\u0301 \u200b \ufeff",
    "=IMPORTXML(1)",
    "1e5",
    "007",
    "2026-02-30",
    "true",
    "null",
    "50 %",
    "x" * 300,
    "\U0001f525" * 1500,
)
TEXTS = (
    st.sampled_from(SPICE)
    | st.text(max_size=40)
    | st.tuples(st.text(max_size=9), st.sampled_from(SPICE)).map("".join)
)
CLEAN = TEXTS.map(tidy).filter(lambda text: isinstance(text, str))
NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=6) | st.just(Decimal(0))
DAYS = st.dates()
MOMENTS = st.integers(0, 10**8).map(lambda minutes: datetime.fromtimestamp(60 * minutes, UTC))


@dataclass
class Bench:
    """One record in one service, and how its fields are reached."""

    field: Callable[[str], NativeField]
    write: Callable[[str, Native], Written]
    look: Callable[[str], Native]


@pytest.fixture(scope="module")
def at_jira() -> Iterator[Bench]:
    """An epic at Jira Cloud."""
    with jira.site("cloud") as world:
        world.sandbox.call(lambda: world.site.add_field("Line", "text", projects=["ACME"]))
        epic = world.sandbox.call(lambda: world.site.add_epic("ACME", "epic")).id
        connector = world.connect()
        source = Source(projects=["ACME"])
        schema = connector.schema(source)

        known = {one.name: one for one in schema.fields} | {one.id: one for one in schema.fields}

        def field(name: str) -> NativeField:
            return known.get(name) or NativeField(name, name, "property", writable=True)

        def record(name: str) -> Record:
            return connector.fetch(source, schema, [epic], [field(name).id])[epic]

        def write(name: str, value: Native) -> Written:
            patch = Patch(record(name), {field(name).id: value})
            return connector.write(source, schema, [patch])[0]

        def look(name: str) -> Native:
            return record(name).cells[field(name).id].value

        yield Bench(field, write, look)
        connector.close()


@pytest.fixture(scope="module")
def at_notion() -> Iterator[Bench]:
    """A row at Notion."""
    more = {"Site": "url", "Mail": "email", "Phone": "phone_number"}
    with notion.small_world() as world:
        for name, kind in more.items():
            world.notion.add_column(world.rows, name, kind)
        page = world.add(Name="row")
        world.add(Name="other")
        known = {one.name: one for one in world.schema().fields}
        yield Bench(
            known.__getitem__,
            lambda name, value: world.write(page, **{name.replace(" ", "_"): value}),
            lambda name: world.fetch(page, name).cells[world.id(name)].value,
        )


Form = tuple[str, Type, st.SearchStrategy[Any], Mapping[str, Any]]
CHOICES = {"choices": ("on_track", "off_track")}
JIRA: list[Form] = [
    ("summary", Type.TEXT, CLEAN, {}),
    ("Line", Type.TEXT, CLEAN, {}),
    ("Line", Type.NUMBER, NUMBERS, {"locale": "de_DE"}),
    ("Line", Type.DATE, DAYS, {}),
    ("Line", Type.BOOL, st.booleans(), {}),
    (jira_progress := "OKR progress", Type.NUMBER, NUMBERS, {}),
    (jira_progress, Type.NUMBER, NUMBERS, {"scale": Decimal(100)}),
    ("duedate", Type.DATE, DAYS, {}),
    ("labels", Type.LABELS, st.frozensets(CLEAN, min_size=1, max_size=4), {}),
    ("assignee", Type.PERSON, st.just(jira.ANN), {}),
    ("property:okrsync.text", Type.TEXT, CLEAN, {}),
    ("property:okrsync.number", Type.NUMBER, NUMBERS, {}),
    ("property:okrsync.day", Type.DATE, DAYS, {}),
    ("property:okrsync.choice", Type.CHOICE, st.sampled_from(CHOICES["choices"]), CHOICES),
]
NOTION: list[Form] = [
    ("Name", Type.TEXT, CLEAN, {}),
    ("Why", Type.TEXT, CLEAN, {}),
    ("Why", Type.NUMBER, NUMBERS, {"locale": "de_DE"}),
    ("Why", Type.DATE, DAYS, {}),
    ("Start", Type.NUMBER, NUMBERS, {}),
    ("Progress", Type.NUMBER, NUMBERS, {}),
    ("Health", Type.CHOICE, st.sampled_from(CHOICES["choices"]), CHOICES),
    ("Stage", Type.TEXT, st.sampled_from(["Not started", "Done"]) | CLEAN, {}),
    ("Tags", Type.LABELS, st.frozensets(st.sampled_from(["EMEA", "US"]) | CLEAN, min_size=1, max_size=3), {}),
    ("Due", Type.DATE, DAYS, {}),
    ("Due", Type.MOMENT, MOMENTS, {}),
    ("Owner", Type.PERSON, st.just("ada@example.com"), {}),
    ("Strict", Type.BOOL, st.booleans(), {}),
    ("Site", Type.TEXT, CLEAN, {}),
    ("Mail", Type.TEXT, CLEAN, {}),
    ("Phone", Type.TEXT, CLEAN, {}),
]


def tried(bench: Bench, form: Form, examples: int = 10) -> Counter[str]:
    """How many values came back the same, and how many were refused; any other end fails."""
    name, kind, values, options = form
    ran: Counter[str] = Counter()
    rest = dict(options)
    shown = [bench.look(name)]
    choices = {key: rest.pop(key) for key in ("choices",) if key in rest}
    bound: Side = side(spec(kind, **choices), bench.field(name), **rest)

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(value=values)
    def there_and_back(value: Value) -> None:
        before = shown[-1]
        try:
            native = express(value, bound)
        except CannotExpress:
            ran["refused"] += 1
            return
        written = bench.write(name, native)
        after = bench.look(name)
        shown.append(after)
        if written.error is not None:
            assert isinstance(written.error, Rejected) and written.error.fields
            assert after == before
            ran["refused"] += 1
            return
        again = read(after, bound)
        assert not isinstance(again, Unreadable) and same(again, value), (value, native, after)
        ran["kept"] += 1

    there_and_back()
    return ran


def _name(form: Form) -> str:
    return f"{form[0]} as {form[1].name.lower()}"


@pytest.mark.parametrize("form", JIRA, ids=_name)
def test_jira_keeps_a_value_or_refuses_it(at_jira: Bench, form: Form) -> None:
    """The same value, or a refusal that names the field, and the old value stays."""
    assert tried(at_jira, form)["kept"] >= 1


@pytest.mark.parametrize("form", NOTION, ids=_name)
def test_notion_keeps_a_value_or_refuses_it(at_notion: Bench, form: Form) -> None:
    """The same value, or a refusal that names the column, and the old value stays."""
    assert tried(at_notion, form)["kept"] >= 1
