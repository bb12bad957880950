"""Every example gets exactly its codes: 39 objectives, 106 key results, 9 wordings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest

from okrsync.okr.lint import RULES, lint, wording_codes
from okrsync.okr.method import Method
from okrsync.okr.model import Entity, Kind
from tests.okr.make import TODAY
from tests.okr.seed import Row, key_result_rows, seed, world

ROWS: list[Row] = [*seed()["objectives"], *key_result_rows()]


def as_written() -> dict[str, Entity]:
    """The examples with only the units their texts state: an author's guess is not what the linter sees."""
    guessed = {row["id"]: {"unit": None} for row in key_result_rows() if "unit" in row["inferred"]}
    return world(changes=guessed)


@cache
def found() -> Mapping[str, frozenset[str]]:
    """The codes of each example, as far as the examples use them."""
    codes: dict[str, set[str]] = {row["id"]: set() for row in ROWS}
    for each in lint(as_written(), TODAY, Method()):
        if each.code in seed()["lint_codes"]:
            codes[each.entity].add(each.code)
    return {each: frozenset(given) for each, given in codes.items()}


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_each_example_gets_exactly_its_codes(row: Row) -> None:
    """Neither one too few nor one too many."""
    assert found()[row["id"]] == set(row["lint"])


@pytest.mark.parametrize("case", seed()["wording_cases"], ids=[c["id"] for c in seed()["wording_cases"]])
def test_wordings(case: Row) -> None:
    """The verdicts the texts give on a wording alone: bad for its reason, good for none."""
    codes = wording_codes(Kind(case["as"]), case["text"])
    assert codes == ((case["lint"],) if case["verdict"] == "bad" else ())


def test_every_code_of_the_examples_is_a_rule() -> None:
    """27 codes, each with words and a requirement."""
    assert len(seed()["lint_codes"]) == 27
    assert set(seed()["lint_codes"]) <= set(RULES)
