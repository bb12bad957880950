"""`create: true` from end to end: a key result added in one tool gets its record in another, once."""

from __future__ import annotations

import json

import pytest

from okrsync.commands.exits import Exit
from tests.e2e.stage import Stage

NEW = "ACME-NEW-KR1"
SWITCH = ("    key: KR  ", "    create: true\n    key: KR  ")


def add_key_result(stage: Stage, key: str = NEW, title: str = "Sign 3 partners") -> None:
    """Somebody adds a row in Notion."""
    source = stage.page("ACME-PPC-O1-KR1")
    page = stage.sandbox.call(lambda: stage.world.notion.state.pages[source])
    values = {"Name": title, "KR key": key, "Target": 3, "Start": 0}
    stage.act("notion", "create", data_source=page.data_source_id, values=values)


@pytest.fixture
def switched(stage: Stage) -> Stage:
    """The sheet creates; Notion holds a key result that the sheet lacks."""
    stage.edit_config(*SWITCH)
    add_key_result(stage)
    return stage


def keys(stage: Stage) -> list[str]:
    """The keys in the sheet, by row."""
    found = {place: value for place, value in stage.truth().items() if place[:2] == ("sheets", "KRs")}
    return [str(value) for place, value in sorted(found.items()) if place[2].startswith("A")]


def test_without_the_switch_nothing_is_created(stage: Stage) -> None:
    """The new key result stays in Notion alone."""
    add_key_result(stage)
    assert stage.run("sync").code == Exit.DONE
    assert NEW not in keys(stage)


def test_the_plan_shows_the_new_row_and_makes_none(switched: Stage) -> None:
    """For people with every cell and its reason; for programs with its action."""
    said = switched.run("plan").out
    assert "New · metrics" in said and "1 record to create" in said and "Sign 3 partners" in said
    (write,) = (each for each in switched.json("plan")["writes"] if each["action"] == "create")
    assert write["record"] is None and NEW in write["reason"]
    assert {c["field"]: (c["before"], c["after"]) for c in write["changes"]}["target"] == (None, "3")
    assert switched.writes() == 0


def test_a_key_result_of_notion_gets_its_row(switched: Stage) -> None:
    """Key, title and target; results and look-ups with the next run; then silence."""
    ran = switched.run("sync")
    assert ran.code == Exit.DONE and "Created: metrics 1" in ran.out
    assert (switched.cell(NEW, "Title"), switched.cell(NEW, "Target")) == ("Sign 3 partners", 3)
    switched.run("sync")
    assert str(switched.cell(NEW, "Score")).startswith("=")
    switched.forget()
    assert switched.run("sync").code == Exit.DONE
    assert switched.writes() == 0 and keys(switched).count(NEW) == 1


def test_the_number_typed_into_the_new_row_counts(switched: Stage) -> None:
    """It is a row like any other from then on."""
    switched.run("sync")
    switched.act("sheets", "set_cell", key=NEW, column="Current", value=1)
    switched.run("sync")
    progress = switched.notion(NEW)["Progress"]
    assert 0.3 < progress < 0.34


@pytest.mark.parametrize("effect", [True, False])
def test_a_lost_answer_makes_no_second_row(switched: Stage, effect: bool) -> None:
    """Exit 3, then nothing new while nobody knows; found, it is adopted."""
    switched.fault("reset", service="sheets", method="POST", path="*:batchUpdate", effect=effect, times=1)
    assert switched.run("sync").code == Exit.PARTIAL
    assert [switched.json("sync")["recovered"] for _ in range(2)] == [int(effect), 0]
    assert keys(switched).count(NEW) == int(effect)


def test_a_saved_plan_with_a_new_row_is_applied(switched: Stage) -> None:
    """What a person has read is what is made."""
    saved = switched.folder / "plan.json"
    switched.run("plan", "--out", str(saved))
    effects = json.loads(saved.read_text("utf-8"))["effects"]
    assert [line for line in effects if line.startswith("create metrics ")] != []
    assert switched.run("apply", str(saved)).code == Exit.DONE
    assert keys(switched).count(NEW) == 1


def test_undo_names_the_row_and_leaves_it(switched: Stage) -> None:
    """okrsync deletes nothing."""
    run = switched.json("sync")["run"]
    ran = switched.run("undo", run, "--yes")
    assert "okrsync deletes nothing" in ran.out
    assert switched.cell(NEW, "Title") == "Sign 3 partners"


def test_a_row_a_person_deletes_is_not_made_again(switched: Stage) -> None:
    """I4."""
    switched.run("sync")
    switched.act("sheets", "delete_row", key=NEW)
    for _ in range(4):
        switched.run("sync")
    assert NEW not in keys(switched)


def test_a_row_of_the_sheet_gets_its_page(stage: Stage) -> None:
    """Notion is only asked for changes: the look that proves a page missing is made in the same run."""
    stage.edit_config("    key: KR key", "    create: true\n    key: KR key")
    row = len(keys(stage)) + 1
    for column, value in {"A": NEW, "B": "Sign 3 partners", "D": 3}.items():
        stage.act("sheets", "set_cell", cell=f"{column}{row}", value=value)
    ran = stage.run("sync")
    assert ran.code == Exit.DONE and "Created: key_results 1" in ran.out
    assert (stage.notion(NEW)["Name"], stage.notion(NEW)["Target"]) == ("Sign 3 partners", 3)
    stage.forget()
    stage.run("sync")
    stage.run("sync")
    assert len([1 for value in stage.truth().values() if value == NEW]) == 3


def test_many_new_rows_stop_the_run(switched: Stage) -> None:
    """I7: a wrong key column makes every record look new."""
    for number in range(21):
        add_key_result(switched, f"ACME-X-KR{number}", f"Title {number}")
    ran = switched.run("sync")
    assert ran.code == Exit.SAFETY_STOP and "max_creates" in ran.out
    assert not any(key.startswith("ACME-X-") for key in keys(switched))
