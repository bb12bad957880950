"""YAML in, plain data with places out: the traps of YAML 1.1 are closed and bombs do not go off."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okrsync.config.document import MAX_NODES, parse
from okrsync.config.problems import ConfigError
from okrsync.mappings.binding import Place


def data(text: str) -> Any:
    """The parsed data."""
    return parse(text, "okrsync.yaml").data


def complaint(text: str) -> str:
    """The error's text."""
    with pytest.raises(ConfigError) as raised:
        parse(text, "okrsync.yaml")
    return str(raised.value)


@pytest.mark.parametrize(
    "trap",
    ["no", "yes", "on", "off", "1:30", "012", "0x1F", "1_000", "2026-03-31", ".inf", ".nan", "=", "<<"],
)
def test_yaml_traps_stay_text(trap: str) -> None:
    """A country, a time, a code and a day are the text the admin typed."""
    assert data(f"a: {trap}") == {"a": trap}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("0.10", Decimal("0.10")),
        ("1e3", Decimal(1000)),
        ("'12'", "12"),
        ('"true"', "true"),
        ("9" * 30, "9" * 30),
        ("1e999", "1e999"),
    ],
)
def test_the_short_list_of_plain_scalars(text: str, value: object) -> None:
    """Truth, null and numbers of a sane size; numbers with a point are decimals, quotes make text."""
    found = data(f"a: {text}")["a"]
    assert found == value
    assert type(found) is type(value)


def test_a_key_is_always_text() -> None:
    """`true: Ja` is a key people write under `values`."""
    assert data("{true: Ja, 1: one, no: Nein}") == {"true": "Ja", "1": "one", "no": "Nein"}


def test_a_key_written_twice_is_refused_with_both_lines() -> None:
    """YAML would silently take the last."""
    text = complaint("a:\n  b: 1\n  c: 2\n  b: 3\nd: {e: 1, e: 2}\n")
    assert text == (
        "okrsync.yaml:4:3: a.b: written twice, first on line 2; keep one of them\n"
        "okrsync.yaml:5:11: d.e: written twice, first on line 5; keep one of them"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1, 2\nb: 3", "okrsync.yaml:2:2: not valid YAML: did not find expected ',' or ']'"),
        ("a: b: c", "okrsync.yaml:1:5: not valid YAML: mapping values are not allowed in this context"),
        ("a: 1\n---\nb: 2", "okrsync.yaml:2:1: not valid YAML: but found another document"),
        ("a: *b", "okrsync.yaml:1:4: not valid YAML: found undefined alias"),
        ("a: \x07", "okrsync.yaml:1:1: not valid YAML: it holds characters that YAML does not allow"),
        ("{[1]: 2}", "okrsync.yaml:1:2: a key must be text"),
        (
            "a: !!python/name:os.system x",
            "okrsync.yaml:1:4: the tag tag:yaml.org,2002:python/name:os.system is not supported here",
        ),
        ("a: !!int abc", "okrsync.yaml:1:4: the tag tag:yaml.org,2002:int is not supported here"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_place(text: str, message: str) -> None:
    """Each with line and column."""
    assert complaint(text) == message


def test_an_alias_bomb_is_refused_quickly() -> None:
    """Ten levels of ten aliases would be ten thousand million values."""
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert f"more than {MAX_NODES} values" in complaint("l0: &l0 [1]\n" + "\n".join(levels))


@pytest.mark.parametrize("text", ["a: &x {b: *x}", "[" * 100 + "]" * 100, "[" * 100_000])
def test_endless_depth_is_refused(text: str) -> None:
    """A value inside itself, and brackets without end."""
    assert complaint(text).startswith("okrsync.yaml:1:")


def test_keys_and_values_know_their_place() -> None:
    """Lines and columns count from 1, as editors do; an unknown path has the place of what is above it."""
    document = parse("a:\n  b: {c: x}\n  d: [1, 2]\n", "f.yaml")
    assert document.place(("a", "b", "c"), on_key=True) == Place("f.yaml", 2, 7)
    assert document.place(("a", "b", "c")) == Place("f.yaml", 2, 10)
    assert document.place(("a", "d", 1)) == Place("f.yaml", 3, 10)
    assert document.place(("a", "b", "nope", "deeper")) == Place("f.yaml", 2, 6)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters() | st.sampled_from("{}[]:,-&*!|>'\"#\n a"), max_size=60))
def test_any_text_parses_or_is_refused(text: str) -> None:
    """Nothing but ConfigError leaves, whatever is in the file."""
    try:
        parse(text, "f.yaml")
    except ConfigError as error:
        assert error.problems
