"""Explanations: complete, down to the cell, and the same bytes every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from okrsync.okr.explain import render
from okrsync.okr.model import FIELDS
from tests.okr.make import SUM, TODAY, at, initiative, item, key_result, objective, run
from tests.okr.seed import world

TREE = (
    objective("O"),
    objective("C", contributes_to=frozenset({"P"})),
    key_result("P", target=Decimal(200)),
    at(key_result("A", "C", current=Decimal(75)), current="KRs!C2", target="KRs!D2"),
    at(key_result("B", "C", current=Decimal(25), contributes=True), current="KRs!C3"),
    key_result("X", "C", unit="hires", current=Decimal(1)),
    initiative("E", contributes_to=frozenset({"A"}), status_category="indeterminate"),
    item("J-1", "E", "done"),
)


def test_the_tree_reads_down_to_the_cell_and_the_issue() -> None:
    """Every line a reader needs, in plain text."""
    assert render(run(*TREE, method=SUM).explanations["P"]) == [
        "P · Result P = 0.50",
        "  rule: level from start to target",
        "  formula: value = sum of the contributing key results' values; "
        "score = (current − start) ÷ (target − start)",
        "  numbers: 75 + 25 = 100; (100 − 0) ÷ (200 − 0) = 0.50",
        "  pace: on_track: gap -0.05 is at most 0.10; expected 0.44 on 2026-02-10 (2026-01-01 to 2026-03-31)",
        "  start 0",
        "  target 200",
        "  left out: X · Result X: its unit is hires, the parent's is MQL",
        "  note: check: the targets below give 200 MQL: they add up to the target of 200 MQL",
        "  A · Result A = 0.75",
        "    rule: level from start to target",
        "    formula: score = (current − start) ÷ (target − start)",
        "    numbers: (75 − 0) ÷ (100 − 0) = 0.75",
        "    pace: on_track: the success line of 0.70 is reached; "
        "expected 0.44 on 2026-02-10 (2026-01-01 to 2026-03-31)",
        "    current 75  [sheets: KRs!C2]",
        "    start 0",
        "    target 100  [sheets: KRs!D2]",
        "    work: E · Epic E = 1.00",
        "      rule: by count; work never enters a key result's score",
        "      formula: progress = done ÷ all work items",
        "      numbers: 1 of 1 work items done",
        "      own status indeterminate",
        "      J-1 · Issue J-1 done",
        "  B · Result B = 0.25",
        "    rule: level from start to target",
        "    formula: score = (current − start) ÷ (target − start)",
        "    numbers: (25 − 0) ÷ (100 − 0) = 0.25",
        "    pace: at_risk: gap 0.19 is at most 0.25; expected 0.44 on 2026-02-10 (2026-01-01 to 2026-03-31)",
        "    current 25  [sheets: KRs!C3]",
        "    start 0",
        "    target 100",
        "  X · Result X = 0.01",
        "    rule: level from start to target",
        "    formula: score = (current − start) ÷ (target − start)",
        "    numbers: (1 − 0) ÷ (100 − 0) = 0.01",
        "    pace: off_track: gap 0.43 is more than 0.25; "
        "expected 0.44 on 2026-02-10 (2026-01-01 to 2026-03-31)",
        "    current 1",
        "    start 0",
        "    target 100",
    ]


def test_json_holds_the_source_of_every_input() -> None:
    """Machines get the tool and the cell, not only people."""
    told = run(*TREE, method=SUM).explanations["A"].as_json()
    first = json.loads(json.dumps(told))["inputs"][0]
    assert first["label"] == "current" and first["entity"] == "A"
    assert first["source"] == {"tool": "sheets", "place": "KRs!C2", "url": None, "at": None}


def test_the_order_of_loading_changes_nothing() -> None:
    """The same entities backwards: the same derived fields, findings and explanation bytes."""
    entities = list(world({"ACME-PPC-O1-KR1": Decimal(75)}).values())
    one, other = run(*entities, method=SUM), run(*entities[::-1], method=SUM)
    assert (one.derived, one.findings) == (other.derived, other.findings)
    assert _bytes(one.explanations["ACME-CMO-O1"].as_json()) == _bytes(
        other.explanations["ACME-CMO-O1"].as_json()
    )


_PRINT = """
import sys
from okrsync.okr.explain import render
from tests.okr.make import SUM, run
from tests.okr.seed import world
told = run(*world().values(), method=SUM)
for each in told.explanations.values():
    sys.stdout.write("\\n".join([*render(each), str(each.as_json()), ""]))
sys.stdout.write(repr(told.findings))
"""


def test_every_process_says_the_same_bytes() -> None:
    """All examples, explained by two processes whose sets and dicts hash differently."""
    said = [
        subprocess.run(
            [sys.executable, "-c", _PRINT],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "4242")
    ]
    assert said[0] == said[1] and len(said[0]) > 10_000


def _bytes(told: dict[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False)


def test_exactly_the_declared_derived_fields_are_computed() -> None:
    """The model's list and the method's answer are one."""
    computed = run(*TREE, today=TODAY)
    for entity in TREE:
        declared = {name for name, one in FIELDS[entity.kind].items() if one.derived and not one.asked}
        assert set(computed.derived.get(entity.id, {})) == declared


def test_a_finding_points_at_the_cell() -> None:
    """The place is where the value was read, where that is known."""
    computed = run(objective("O"), at(key_result("A", strict=True, target=None), target="KRs!D9"))
    assert [found.place for found in computed.findings] == ["KRs!D9"]


def test_the_one_line_does_not_change_with_the_day() -> None:
    """Quiet write-back: a line shown in people's tools moves only when a number moves."""
    early = run(*TREE, method=SUM).derived["P"]["explanation"]
    late = run(*TREE, method=SUM, today=TODAY.replace(month=3)).derived["P"]["explanation"]
    assert early == late == "0.50: 100 of 200 MQL, summed from 2 key results"
