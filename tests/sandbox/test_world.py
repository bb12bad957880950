"""The sandbox's world: complete, the same every time, and right for the tools' own clients.

Worlds are built once per module on a clock that stands still, since two worlds are only equal when they are
built at the same moment. What is asserted is read from the services' own dumps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from okrsync.config.load import load
from okrsync.config.settings import Settings
from okrsync.okr.model import Kind
from okrsync.sandbox.clock import VirtualClock
from okrsync.sandbox.world import COMPANIES, World, build
from okrsync.sandbox.world.companies import company
from okrsync.sandbox.world.notion import KEY_RESULTS, OBJECTIVES
from okrsync.sandbox.world.numbers import NOT_YET, current
from okrsync.sandbox.world.people import address
from okrsync.sandbox.world.seed import plan_of

NOW = datetime(2026, 2, 9, 9, tzinfo=UTC)
URLS = {name: f"http://127.0.0.1:{port}" for port, name in enumerate(("jira", "notion", "sheets"), 8731)}
SLUGS = [each.slug for each in COMPANIES]
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def world() -> World:
    """All companies."""
    return build(None, VirtualClock(NOW))


@pytest.fixture(scope="module")
def sheet(world: World) -> dict[str, dict[str, Any]]:
    """The rows of ACME's sheet by key, each a mapping from header to what was entered."""
    tab = next(each for each in world.sheets.spreadsheets.values() if each.title == "ACME metrics").tabs[0]
    columns = {tab.cell(0, at).entered: at for at in range(tab.columns)}
    last = max(row for row, _ in tab.cells)
    rows = [
        {str(name): tab.cell(row, at).entered for name, at in columns.items()} for row in range(1, last + 1)
    ]
    return {str(row["KR"]): row for row in rows}


def notion_rows(world: World, table: str) -> Rows:
    """The rows of all data sources of that name, by column name."""
    state = world.notion.state
    return [
        {column.name: page.values.get(column.id) for column in source.columns}
        for source in state.data_sources.values()
        if source.title == table
        for page in state.rows(source.id)
    ]


def text_of(value: Any) -> str:
    """The plain text of a stored title or text."""
    return "".join(part["text"]["content"] for part in value or [])


def issues(world: World, project: str) -> Rows:
    """The issues of a Jira project, as stored."""
    dump = world.jira.dump()
    wanted = next(each["id"] for each in dump["projects"] if each["key"] == project)
    return [each for each in dump["issues"] if each["project"] == wanted]


def settings_of(world: World, name: str, folder: Path) -> Settings:
    """A company's admin file, loaded from a folder with its secrets and an empty environment."""
    (folder / "secrets").mkdir()
    for path, secret in world.credentials(URLS).files().items():
        (folder / path).write_text(secret)
    file = folder / "okrsync.yaml"
    file.write_text(world.config(name, URLS))
    return load(file, {})


def test_notion_holds_every_objective_and_key_result(world: World) -> None:
    """39 objectives and 106 key results, each once."""
    objectives = [text_of(row["OKR key"]) for row in notion_rows(world, OBJECTIVES)]
    key_results = [text_of(row["KR key"]) for row in notion_rows(world, KEY_RESULTS)]
    assert (len(objectives), len(set(objectives))) == (39, 39)
    assert (len(key_results), len(set(key_results))) == (106, 106)


def test_companies_split_the_seed() -> None:
    """Every company has its own objectives; together they are all of them."""
    counts = {each.name: len(plan_of(each).objectives) for each in COMPANIES}
    assert counts == {"ACME": 11, "Rising": 3, "Freelance": 2, "Shopline": 4, "Meshworks": 19}


def test_two_builds_are_equal_but_for_the_key_pair(world: World) -> None:
    """Nothing is random except the service account's key, which every world gets anew."""
    again = build(None, VirtualClock(NOW))
    first, second = world.sheets.dump(), again.sheets.dump()
    assert first.pop("google") != second.pop("google")
    assert first == second
    assert world.notion.dump() == again.notion.dump()
    assert world.jira.dump() == again.jira.dump()


def test_acme_has_its_three_levels(world: World) -> None:
    """Every ACME objective but the company's names the key result it contributes to and its parent."""
    rows = [row for row in notion_rows(world, OBJECTIVES) if text_of(row["OKR key"]).startswith("ACME")]
    orphans = [text_of(row["OKR key"]) for row in rows if not row["Contributes to"] or not row["Part of"]]
    assert orphans == ["ACME-CEO-O1"]


def test_every_key_result_names_its_objective(world: World) -> None:
    """The relation Objective leads to the objective its key begins with."""
    state = world.notion.state
    for row in notion_rows(world, KEY_RESULTS):
        page = state.pages[row["Objective"][0]]
        names = {column.id: column.name for column in state.data_sources[page.data_source_id].columns}
        objective = {names[id_]: value for id_, value in page.values.items()}
        assert text_of(row["KR key"]).startswith(text_of(objective["OKR key"]) + "-KR")


@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        ("CMO Mr. Smith", "smith@acme.example"),
        ("Head of Sales Ms. Perkins", "perkins@acme.example"),
        ("PPC Marketing Manager", "ppc.marketing.manager@acme.example"),
        ("(personal example)", "personal.example@acme.example"),
    ],
)
def test_addresses_come_from_names(owner: str, expected: str) -> None:
    """A person's surname where there is one, else the role."""
    assert address(owner, company("acme")) == expected


def test_missing_owners_stay_missing(world: World) -> None:
    """Nobody is made up for a key result without an owner."""
    owners = {text_of(row["KR key"]): row["Owner"] for row in notion_rows(world, KEY_RESULTS)}
    assert not owners["S000-CORP-O1-KR1"]
    assert len(owners["ACME-CMO-O1-KR1"]) == 1


def test_the_sheet_gives_the_round_roll_ups(sheet: Mapping[str, Mapping[str, Any]]) -> None:
    """The values below three parents sum to 100, 195000 and 50000; the parents' own cells are blank."""
    for parent, below, expected in (
        ("ACME-CMO-O1-KR1", "ACME-PPC-O1", 100),
        ("ACME-SALES-O1-KR1", "ACME-SASALES-O1", 195_000),
        ("ACME-SALES-O1-KR2", "ACME-EUSALES-O1", 50_000),
    ):
        assert sheet[parent]["Current"] is None
        assert sum(row["Current"] for key, row in sheet.items() if key.startswith(below)) == expected


def test_the_sheet_tells_blank_zero_and_not_yet_apart(sheet: Mapping[str, Mapping[str, Any]]) -> None:
    """All three stand in it, each as its own thing."""
    assert sheet["ACME-EMAIL-O1-KR2"]["Current"] is None
    assert sheet["ACME-EUSALES-O1-KR1"]["Current"] == 0
    assert sheet["ACME-HR-O1-KR3"]["Current"] == NOT_YET


def test_the_sheet_repeats_notions_targets(world: World, sheet: Mapping[str, Mapping[str, Any]]) -> None:
    """Both sides begin with the same target, so that either may change it."""
    targets = {text_of(row["KR key"]): row["Target"] for row in notion_rows(world, KEY_RESULTS)}
    assert {key: row["Target"] for key, row in sheet.items()} == {key: targets[key] for key in sheet}


def test_key_results_without_any_number_have_no_row(world: World) -> None:
    """The one that measures nothing is in Notion only."""
    held = {
        cell.entered
        for file in world.sheets.spreadsheets.values()
        for (_, column), cell in file.tabs[0].cells.items()
        if column == 0
    }
    assert len(held - {"KR"}) == 105
    assert "S000-EXEC-O1-KR3" not in held


def test_numbers_stay_on_the_scale_of_their_measure() -> None:
    """Only 0 and 1 for done or not done; nothing negative."""
    for each in COMPANIES:
        for kr in plan_of(each).key_results:
            value = current(kr)
            if isinstance(value, Decimal):
                assert value >= 0
                assert kr.measure != "binary" or value in (0, 1)


@pytest.mark.parametrize("slug", SLUGS)
def test_jira_has_an_epic_for_every_second_key_result(world: World, slug: str) -> None:
    """At least one per two key results, labelled with a key that exists."""
    each = company(slug)
    plan = plan_of(each)
    epics = [issue for issue in issues(world, each.project) if issue["values"]["labels"]]
    keys = {one.key for one in plan.objectives} | {one.key for one in plan.key_results}
    assert {label.partition("kr-")[2] for epic in epics for label in epic["values"]["labels"]} <= keys
    assert 2 * len(epics) >= len(plan.key_results)


@pytest.mark.parametrize("slug", SLUGS)
def test_one_child_has_moved_to_another_project(world: World, slug: str) -> None:
    """Its epic stayed behind."""
    each = company(slug)
    moved = issues(world, each.other_project)
    assert len(moved) == 1
    assert moved[0]["parent"] in {issue["id"] for issue in issues(world, each.project)}


def test_children_are_as_mixed_as_in_real_projects(world: World) -> None:
    """All status categories, called-off ones, estimates missing or 0, epics with 0 to 8 children."""
    dump = world.jira.dump()
    children = [issue for issue in dump["issues"] if issue["parent"]]
    parents = Counter(issue["parent"] for issue in children)
    epics = [issue["id"] for issue in dump["issues"] if not issue["parent"]]
    points = [issue["values"].get("customfield_10016") for issue in children]
    assert len({issue["status"] for issue in children}) == 3
    assert {"Won't Do", "Done", None} == {issue["resolution"] for issue in children}
    assert None in points
    assert 0 in points
    assert {parents[epic] for epic in epics} == set(range(9))


@pytest.mark.parametrize("slug", SLUGS)
def test_the_admins_file_loads(world: World, slug: str, tmp_path: Path) -> None:
    """Without any problem or warning, and without a variable of the environment."""
    settings = settings_of(world, slug, tmp_path)
    assert settings.warnings == ()
    assert [each.name for each in settings.collections] == ["objectives", "key_results", "metrics", "epics"]


def test_the_admins_file_binds_the_relation_that_holds_parents(world: World, tmp_path: Path) -> None:
    """ACME's objectives contribute to key results, Rising's to an objective."""
    found = {}
    for slug in ("acme", "rising"):
        (tmp_path / slug).mkdir()
        bindings = settings_of(world, slug, tmp_path / slug).collection("objectives").bindings
        parents = next(each for each in bindings if each.field == "contributes_to")
        found[slug] = parents.native, parents.spec.refers_to
    assert found == {
        "acme": ("Contributes to", (Kind.KEY_RESULT,)),
        "rising": ("Part of", (Kind.OBJECTIVE,)),
    }


def test_a_company_that_is_not_there_is_refused() -> None:
    """The message names it."""
    small = build(["rising"], VirtualClock(NOW))
    with pytest.raises(KeyError, match="does not hold ACME"):
        small.config("acme", URLS)


def test_credentials_do_not_show_in_a_repr(world: World) -> None:
    """Neither the tokens nor the private key."""
    shown = repr(world.credentials(URLS))
    assert "PRIVATE KEY" not in shown
    assert "sandbox-token" not in shown
    assert "ntn_" not in shown
