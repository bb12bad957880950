"""ACME's roll-ups as the examples state them, R01 to R11, from three tools to `explain` and `tree`.

Nothing is written here, so all tests share one scene.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.stage import Scene, Stage
from tests.okr.seed import seed

CASES: dict[str, dict[str, Any]] = {case["id"]: case for case in seed()["rollup_cases"]}
VALUES = {
    "R01": ("100", "0.5", "2/2"),
    "R02": ("84", "0.42", "1/2"),
    "R04": ("195000", "0.65", "2/2"),
    "R05": ("50000", "0.25", "2/2"),
    "R06": ("2", "0.4", "1/1"),
}
Json = Any


@pytest.fixture(scope="module")
def synced(running: Stage, after: Scene) -> Stage:
    """The stage when all tools agree; nobody may change it here."""
    running.set(after)
    return running


@pytest.fixture(scope="module")
def tree(synced: Stage) -> dict[str, Json]:
    """Derived values by key, as `tree --json` gives them."""
    return {each["key"]: each["derived"] for each in synced.json("tree")}


@pytest.mark.parametrize("number", VALUES)
def test_sums(number: str, tree: dict[str, Json]) -> None:
    """Value, score and coverage of a parent whose children carry its unit."""
    derived = tree[CASES[number]["parent"]]
    assert (derived["value"], derived["score"], derived["coverage"]) == VALUES[number]


@pytest.mark.parametrize("number", VALUES)
def test_targets_below_add_up(number: str, synced: Stage) -> None:
    """The explanation says that the targets below give the parent's target."""
    explained = synced.json("explain", CASES[number]["parent"])
    total = CASES[number]["child_sum"]
    assert any(f"give {total} " in note and "add up" in note for note in explained["notes"]), explained[
        "notes"
    ]


@pytest.mark.parametrize("number", ["R07", "R08"])
def test_the_number_in_an_objectives_title(number: str, synced: Stage) -> None:
    """It is checked against the lowest key results, and adds up."""
    explained = synced.json("explain", CASES[number]["parent"])
    total = CASES[number]["child_sum"]
    assert any("adds up" in note and f"lowest ones {total} " in note for note in explained["notes"])


@pytest.mark.parametrize("number", ["R03", "R09", "R10", "R11"])
def test_refused_sums(number: str, synced: Stage, tree: dict[str, Json]) -> None:
    """No score, no value, and the reason in words."""
    parent = CASES[number]["parent"]
    reason = "unit" if number == "R03" else "a change without the value it starts from"
    assert tree[parent]["score"] is None and tree[parent]["value"] is None
    assert reason in synced.json("explain", parent)["rule"]
    assert tree[parent]["explanation"].startswith("not scored")


def test_a_refused_sum_names_both_units(synced: Stage) -> None:
    """R03: strategies cannot be added up from MQLs."""
    left_out = synced.json("explain", "ACME-CMO-O1-KR3")["exclusions"]
    assert [("ACME-SEO-O1-KR1" in each["name"], "MQL" in each["reason"]) for each in left_out] == [
        (True, True)
    ]
    assert "strategies" in left_out[0]["reason"]


def test_funnel_stages_are_left_out_of_hires(synced: Stage) -> None:
    """R06: candidates and interviews are not hires; each is named with its unit."""
    left_out = synced.json("explain", "ACME-CHRO-O1-KR1")["exclusions"]
    assert [each["name"].split()[0] for each in left_out] == CASES["R06"]["exclude"]


def test_explain_names_the_cells_of_both_children(synced: Stage) -> None:
    """75 + 25 = 100, each from its own cell of the sheet."""
    explained = synced.json("explain", "ACME-CMO-O1-KR1")
    cells = {
        child["title"].split()[0]: each["source"]["place"]
        for child in explained["children"]
        for each in child["inputs"]
        if each["label"] == "current"
    }
    keys = ("ACME-PPC-O1-KR1", "ACME-PPC-O1-KR2")
    assert cells == {key: f"KRs!{synced.address(key, 'Current')}" for key in keys}
    assert "75 + 25 = 100" in explained["numbers"]


def test_explain_leads_down_to_the_issues(synced: Stage) -> None:
    """The work below a key result is named issue by issue, and never enters its score."""
    child = synced.json("explain", "ACME-PPC-O1-KR1")["children"][0]
    assert "never enters" in child["rule"]
    named = {each["label"].split()[0] for each in child["inputs"] if each["label"].startswith("ACME-")}
    below = {
        place[1] for place, parent in synced.truth().items() if place[2] == "parent" and parent == "10009"
    }
    assert named == below != set()


def test_missing_zero_and_not_yet_stay_apart(tree: dict[str, Json]) -> None:
    """A blank cell and n/a give no score, each with its own words; 0 is a score."""
    assert tree["ACME-EUSALES-O1-KR1"]["score"] == "0"
    blank, not_yet = tree["ACME-EMAIL-O1-KR2"], tree["ACME-HR-O1-KR3"]
    assert blank["score"] is None and not_yet["score"] is None
    assert "no current value" in blank["explanation"] and "yet" in not_yet["explanation"]
