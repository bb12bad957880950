"""From a normal value to a cell and back, for every type of field, with texts people and attackers type.

Many values go over the wire in one write, each into a row of its own, and are looked at afresh. Each is the
same value then, or it was refused by name and its cell is as before; never another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okrsync.connectors.base import Native, NativeField, Patch, Schema, Written
from okrsync.connectors.errors import Rejected
from okrsync.connectors.sheets.decode import native
from okrsync.connectors.sheets.encode import LONGEST_TEXT, cell_data, why_unfit
from okrsync.mappings.reading import read
from okrsync.mappings.resolver import CannotExpress
from okrsync.mappings.side import Side
from okrsync.mappings.tidy import is_one_part, tidy
from okrsync.mappings.writing import express
from okrsync.okr.model import Type
from okrsync.okr.values import Unreadable, Value, same
from tests.connectors.sheets.world import EMAIL, World, google, opened
from tests.mappings.bench import side, spec

PARIS = ZoneInfo("Europe/Paris")
SPICE = (
    '=IMPORTXML("http://x";"//a")',
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "'quoted",
    "''",
    '"x"',
    "\x07\x1b[31m",
    "\tx",
    "a\nb\r\nc",
    "\u202eRTL\u202c \u2066x\u2069",
    "\u0627\u0644\u0647\u062f\u0641",
    "\U0001f469\u200d\U0001f680 \U0001f525",
    "e\u0301 \u200b \ufeff",
    "1e5",
    "007",
    "1,5",
    "1.234,56",
    "50 %",
    "2026-02-03",
    "1-2",
    "3/4",
    "12:30",
    "TRUE",
    "null",
    "#N/A",
    "Loading...",
)
VERY_LONG = st.sampled_from((LONGEST_TEXT, LONGEST_TEXT + 1)).map("x".__mul__)
TEXTS = (
    st.sampled_from(SPICE)
    | VERY_LONG
    | st.text(max_size=40)
    | st.tuples(st.sampled_from(SPICE), st.text(max_size=9)).map("".join)
)
CLEAN = TEXTS.map(tidy).filter(lambda text: isinstance(text, str))
LABELS = CLEAN.filter(lambda text: is_one_part(str(text)))
NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=6) | st.just(Decimal(0))
DAYS = st.dates()
MOMENTS = st.integers(-(10**7), 10**8).map(lambda minutes: datetime.fromtimestamp(60 * minutes, UTC))
CHOICES = {"choices": ("on_track", "off_track")}
ROWS = 12
UNUSED = Schema("KRs", ())
"""A sheet's columns are found anew on every look."""

Form = tuple[str, str, Type, st.SearchStrategy[Any], Mapping[str, Any]]
FORMS: list[Form] = [
    ("text", "text", Type.TEXT, CLEAN, {}),
    ("text", "text", Type.NUMBER, NUMBERS, {"locale": "de_DE"}),
    ("text", "text", Type.DATE, DAYS, {}),
    ("text", "text", Type.CHOICE, st.sampled_from(CHOICES["choices"]), CHOICES),
    (
        "text",
        "text",
        Type.LABELS,
        st.frozensets(LABELS, min_size=1, max_size=4),
        {},
    ),
    ("text", "text", Type.PERSON, st.just("ann@acme.test"), {}),
    ("number", "number", Type.NUMBER, NUMBERS, {}),
    ("number", "number", Type.NUMBER, NUMBERS, {"scale": Decimal(100)}),
    ("percent", "percent", Type.NUMBER, NUMBERS, {}),
    ("day", "date", Type.DATE, DAYS, {}),
    ("moment", "moment", Type.MOMENT, MOMENTS, {}),
    ("flag", "bool", Type.BOOL, st.booleans(), {}),
    ("results:text", "property", Type.TEXT, CLEAN, {}),
    ("results:number", "property", Type.NUMBER, NUMBERS, {}),
    ("results:day", "property", Type.DATE, DAYS, {}),
    ("results:choice", "property", Type.CHOICE, st.sampled_from(CHOICES["choices"]), CHOICES),
]


@pytest.fixture(scope="module")
def sheet() -> Iterator[World]:
    """A tab with a column of each type and some rows."""
    with google() as running, opened(*running) as world:
        file = world.sheets.create_spreadsheet("Types", "en_US", "Europe/Paris")
        head = ["KR", "Text", "Number", "Percent", "Day", "Moment", "Flag"]
        rows = [[f"K{at}", "old", 1, 0.5, date(2026, 1, 1), None, True] for at in range(ROWS)]
        formats: dict[int, str | Mapping[str, str]] = {3: "PERCENT", 4: "DATE", 5: "DATE_TIME"}
        world.sheets.add_tab(file, "KRs", [head, *rows], formats)
        world.sheets.share(file, EMAIL)
        world.file = file
        yield world


def written(world: World, field_id: str, values: Sequence[Native]) -> tuple[Written, ...]:
    """One write of all the values, each into its own row."""
    ids = [f"K{at}" for at in range(len(values))]
    found = world.connector.fetch(world.source, UNUSED, ids, [field_id])
    patches = [Patch(found[key], {field_id: value}) for key, value in zip(ids, values, strict=True)]
    return world.connector.write(world.source, UNUSED, patches)


def looked_at(world: World, field_id: str, count: int) -> list[Native]:
    ids = [f"K{at}" for at in range(count)]
    found = world.connector.fetch(world.source, UNUSED, ids, [field_id])
    return [found[key].cells[field_id].value for key in ids]


def expressed(values: Sequence[Value], bound: Side) -> list[tuple[Value, Native]]:
    """The values that the field can show, with what it would show; the others are refused before any wire."""
    shown = []
    for value in values:
        try:
            shown.append((value, express(value, bound)))
        except CannotExpress:
            continue
    return shown


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form[0]} as {form[2].name.lower()}")
def test_a_value_survives_a_cell(sheet: World, form: Form) -> None:
    """The same value, or a refusal that names the column, and the old value stays."""
    field_id, native_type, kind, values, options = form
    rest = dict(options)
    choices = {"choices": rest.pop("choices")} if "choices" in rest else {}
    field = NativeField(field_id, field_id, native_type, writable=True)
    bound = side(spec(kind, **choices), field, connection="google", **rest)
    kept = [0]

    @settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(given_values=st.lists(values, min_size=ROWS // 2, max_size=ROWS))
    def there_and_back(given_values: list[Value]) -> None:
        pairs = expressed(given_values, bound)
        before = looked_at(sheet, field_id, len(pairs))
        done = written(sheet, field_id, [sent for _, sent in pairs])
        after = looked_at(sheet, field_id, len(pairs))
        for (value, _), old, answer, now in zip(pairs, before, done, after, strict=True):
            if answer.error is not None:
                assert isinstance(answer.error, Rejected) and field_id in answer.error.fields
                assert now == old
                continue
            seen = read(now, bound)
            assert not isinstance(seen, Unreadable) and same(seen, value), (value, now)
            kept[0] += 1

    there_and_back()
    assert kept[0] > 0


@given(st.one_of(st.booleans(), NUMBERS, TEXTS.filter(str.strip), DAYS, MOMENTS))
def test_a_cell_means_what_was_put_into_it(value: Any) -> None:
    """Without a wire: encoded over a blank cell, then decoded."""
    if why_unfit(value, PARIS) is not None:
        return
    data, _ = cell_data(value, PARIS, {})
    cell = {"effectiveValue": data["userEnteredValue"], "effectiveFormat": data.get("userEnteredFormat", {})}
    seen = native(cell, PARIS)
    assert seen == value and type(seen) is type(value)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_fifteen_digits(value: Decimal) -> None:
    """A cell holds a double: nearly the same number, or a refusal."""
    if why_unfit(value, PARIS) is not None:
        return
    data, _ = cell_data(value, PARIS, {})
    seen = native({"effectiveValue": data["userEnteredValue"]}, PARIS)
    assert isinstance(seen, Decimal)
    assert abs(seen - value) <= abs(value) * Decimal("1e-14") or abs(value) < Decimal("1e-300")


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "twice"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), None),
        (datetime(9999, 12, 31, 23, 30, tzinfo=UTC), "no calendar"),
        ("x" * (LONGEST_TEXT + 1), "50001 characters"),
        (("x" * 30_000, "y" * 30_000), "60002 characters"),
        ("x" * LONGEST_TEXT, None),
    ],
)
def test_what_no_cell_can_hold_says_why(value: Native, word: str | None) -> None:
    """Found out before a request, so that it cannot spoil a batch."""
    why = why_unfit(value, PARIS)
    assert (why is None) if word is None else (why is not None and word in why)
