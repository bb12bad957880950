"""Recorded traffic of the real service, replayed: the imitation gives the same answers.

The recordings (MIT-licensed test fixtures of public projects) are not part of this repository; where they
are not at hand these tests are skipped. A recording's file is set up as its own first answers show it, its
ids are replaced by ours, and every body is compared whole but for what the sandbox leaves out on purpose.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.sheets import SheetsService
from tests.sandbox.sheets.desk import ROBOT, START, Desk, Json, desk

RECORDINGS = Path(__file__).parents[4] / "shared" / "samples" / "sheets"
UPSERT_HEADER = ["id", "first_name", "groups", "last_name"]
UPSERT_HEADER += ["grouparoo_custom_text", "grouparoo_custom_number"]
UNIMITATED = {"defaultFormat", "spreadsheetTheme", "protectedRangeId"}
"""Looks, and an id that is random."""

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason=f"no recordings at {RECORDINGS}")


def without_looks(body: Json) -> Json:
    """The body without what is not imitated."""
    if isinstance(body, list):
        return [without_looks(item) for item in body]
    if isinstance(body, dict):
        return {name: without_looks(value) for name, value in body.items() if name not in UNIMITATED}
    return body


def replay(world: Desk, interaction: Json, ids: dict[str, str]) -> None:
    """Send one recorded request and compare the answer."""
    request, response = interaction["request"], interaction["response"]
    recorded = request["path"].split("/")[3].split(":")[0]
    ours = ids.get(recorded, recorded)
    answer = world.session.request(
        request["method"],
        world.url + request["path"].replace(recorded, ours),
        params=[tuple(pair) for pair in request["query"]],
        json=request["body"],
    )
    text = answer.text.replace(ours, recorded)
    assert without_looks(json.loads(text)) == without_looks(response["body"]), request["path"]
    assert answer.status_code == response["status"]


@pytest.mark.parametrize(
    ("name", "tab", "size", "rows"),
    [
        ("values_get_render_options", "Sheet1", (2, 4), []),
        ("values_batch_get", "Sheet1", (1000, 26), []),
        ("values_batch_update_and_readback", "Sheet1", (1000, 26), []),
        ("values_append_no_table", "Sheet1", (1000, 26), []),
        ("values_append_with_table_range", "Sheet1", (1000, 26), []),
        ("values_update_null_skips", "Sheet1", (1000, 26), []),
        ("user_entered_numbers", "Sheet1", (1000, 26), []),
        ("duplicate_and_blank_headers", "Sheet1", (4, 4), []),
        ("sort_range", "Sheet1", (6, 3), []),
        ("merged_cells", "Sheet1", (4, 4), []),
        ("protected_range_reply", "Sheet1", (1000, 26), []),
        ("spreadsheet_get_locale_timezone", "Sheet1", (1000, 26), []),
        ("upsert_flow_ragged_clamped", "export-records", (1000, 26), [UPSERT_HEADER]),
        ("error_400_bad_values", "Sheet1", (1000, 26), []),
        ("error_400_batchupdate_index", "Sheet1", (1000, 26), []),
        ("error_404_not_found", "Sheet1", (1000, 26), []),
    ],
)
def test_a_recording_is_answered_alike(name: str, tab: str, size: tuple[int, int], rows: list[Any]) -> None:
    """Same request, same status, same body."""
    recording = json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))
    interactions = recording["interactions"]
    paths = [item["request"]["path"].split("/")[3].split(":")[0] for item in interactions]
    clock = VirtualClock(START)
    service = SheetsService(clock)
    with desk(service, clock) as world:
        ids: dict[str, str] = {}
        for path in dict.fromkeys(path for path in paths if len(path) == 44):
            title = "Test SpreadsheetTest test_timezone_and_locale"
            ids[path] = service.create_spreadsheet(title)
            service.add_tab(ids[path], tab, rows, row_count=size[0], column_count=size[1])
            service.share(ids[path], ROBOT)
        for interaction in interactions:
            replay(world, interaction, ids)
