"""Published OKRs of four teams: what is scored, what is not, and why.

The files are read as their teams wrote them: blanks, comments in the middle, two owners in a cell. An admin
adds what every mapping needs (a key) and, where scores were written down, the scale they run on (0 to 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from okrsync.sandbox.server import Sandbox
from okrsync.sandbox.world import World
from tests.public.office import FOLDER, Office, moved_in, needs_files, number, table, tools

pytestmark = needs_files
_KRS = """\
collections:
  objectives:
    connection: sheets
    source: {{spreadsheet: "{book}", tab: Objectives}}
    entity: objective
    key: No
    fields: {{title: Objective}}
  key_results:
    connection: sheets
    source: {{spreadsheet: "{book}", tab: KRs}}
    entity: key_result
    key: Key
    fields: {fields}
"""
_LINKED = "title: KR, objective: {from: Objective, link: objective}"
_SCORES = f"{{{_LINKED}, owner: Owner, start: From, target: To, current: Score}}"
_COUNTED = f"{{{_LINKED}}}"
_MEASURED = f"{{{_LINKED}, target: Target, unit: Unit, direction: Direction}}"
_WORK = """\
  work:
    connection: sheets
    source: {{spreadsheet: "{book}", tab: Work}}
    entity: initiative
    key: Title
    fields: {{title: Title, contributes_to: {{from: KR, link: key_result}}}}
"""
_JIRA = """\
collections:
  features:
    connection: jira
    source: {projects: [MIRROR], level: epic}
    entity: initiative
    fields: {title: summary, status_category: status}
"""


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[World, Sandbox]]:
    """The tools all tests share."""
    with tools() as made:
        yield made


@pytest.fixture
def office(running: tuple[World, Sandbox], tmp_path: Path) -> Office:
    """A workspace of the test's own."""
    return moved_in(*running, tmp_path)


def _written_scores(office: Office, name: str, column: str) -> dict[str, Any]:
    """A sheet of scores people wrote down by hand, synced once; the goals by key."""
    rows = [row for row in table(name) if row["objective_no"]]
    objectives = {row["objective_no"]: row["objective"] for row in rows}
    krs = [
        [f"KR{n}", row["key_result"], row["owner"] or None, row["objective_no"], 0, 1, number(row[column])]
        for n, row in enumerate(rows, 1)
    ]
    book = office.book(
        {
            "Objectives": [["No", "Objective"], *([no, title] for no, title in objectives.items())],
            "KRs": [["Key", "KR", "Owner", "Objective", "From", "To", "Score"], *krs],
        }
    )
    office.describe(_KRS.format(book=book, fields=_SCORES))
    office.sync()
    return office.goals()


def _scores(goals: dict[str, Any], kind: str = "key_result") -> list[Decimal]:
    """The scores there are."""
    found = [each["derived"]["score"] for each in goals.values() if each["kind"] == kind]
    return [Decimal(each) for each in found if each is not None]


def _mean(scores: list[Decimal]) -> Fraction:
    return sum(map(Fraction, scores), Fraction(0)) / len(scores)


@pytest.mark.parametrize(
    ("column", "filled", "mean", "stated"),
    [
        ("mid_q_actual", 18, "0.344", "0.3"),
        ("mid_q_projection", 22, "0.568", "0.6"),
        ("end_q", 21, "0.357", "0.4"),
    ],
)
def test_ipfs_cluster(office: Office, column: str, filled: int, mean: str, stated: str) -> None:
    """Blanks are no zeros: the mean of what was filled in is the team's own average row."""
    scores = _scores(_written_scores(office, "ipfs_cluster_2019q2.csv", column))
    assert len(scores) == filled
    assert round(_mean(scores), 3) == Fraction(mean)
    assert round(_mean(scores), 1) == Fraction(stated)


def test_ipfs_cluster_tells_what_was_not_scored(office: Office) -> None:
    """A comment among the rows, a line without a number: unscored, with the reason and the coverage."""
    goals = _written_scores(office, "ipfs_cluster_2019q2.csv", "mid_q_actual")
    comment = next(
        each for each in goals.values() if each["fields"].get("title", "").startswith("*The following")
    )
    assert comment["derived"]["score"] is None
    assert comment["derived"]["explanation"] == "not scored: no current value"
    covered = {key: each["derived"]["coverage"] for key, each in goals.items() if each["kind"] == "objective"}
    assert covered == {"1": "7/10", "2": "6/6", "3": "2/6", "4": "3/6"}


def test_two_owners_in_a_cell_are_kept_as_typed(office: Office) -> None:
    """Nobody is dropped and nothing is guessed."""
    goals = _written_scores(office, "ipfs_cluster_2019q2.csv", "end_q")
    assert goals["KR2"]["fields"]["owner"] == "owner-02, owner-03"


def test_ipfs_project(office: Office) -> None:
    """7 of 23 filled: coverage says so, and the team's stated 0.2 is not the mean of what it filled in."""
    goals = _written_scores(office, "ipfs_project_2019q3.csv", "mid_q_actual")
    scores = _scores(goals)
    assert (len(scores), sum(1 for each in goals.values() if each["kind"] == "key_result")) == (7, 23)
    assert round(_mean(scores), 3) == Fraction("0.314")
    assert goals["1"]["derived"]["score"] is None and goals["1"]["derived"]["coverage"] == "0/8"


def test_nodejs_has_nothing_to_score_and_lint_says_why(office: Office) -> None:
    """Titles alone: no number okrsync may use, no owner, no date (S51, S78, S83)."""
    rows = table("nodejs_commcomm_2020.csv")
    objectives = {title: f"O{n}" for n, title in enumerate(dict.fromkeys(r["objective"] for r in rows), 1)}
    krs = [[f"KR{n}", row["key_result"], objectives[row["objective"]]] for n, row in enumerate(rows, 1)]
    book = office.book(
        {
            "Objectives": [["No", "Objective"], *([key, title] for title, key in objectives.items())],
            "KRs": [["Key", "KR", "Objective"], *krs],
        }
    )
    office.describe(_KRS.format(book=book, fields=_COUNTED))
    office.sync()
    assert _scores(office.goals()) == []
    codes = [each["code"] for each in office.json("lint")["findings"]]
    assert codes.count("OWNER_MISSING") == codes.count("CYCLE_MISSING") == 4
    assert codes.count("KR_COUNT_HIGH") == 1 and codes.count("TASK_AS_KR") >= 5


def test_package_managers_links_and_the_one_that_fits_two(office: Office) -> None:
    """An initiative that names no key result there is finds no place: it is told, and nothing is guessed."""
    data = yaml.safe_load((FOLDER / "ipfs_package_managers_2019q4.yaml").read_text(encoding="utf-8"))
    krs = [
        [kr["id"], kr["title"], "O", kr["target"], kr["unit"], kr.get("direction")]
        for kr in data["key_results"]
    ]
    book = office.book(
        {
            "Objectives": [["No", "Objective"], ["O", data["objective"]]],
            "KRs": [["Key", "KR", "Objective", "Target", "Unit", "Direction"], *krs],
            "Work": [["Title", "KR"], *([each["title"], each["kr"]] for each in data["initiatives"])],
        }
    )
    office.describe(_KRS.format(book=book, fields=_MEASURED) + _WORK.format(book=book))
    found = office.sync()["plan"]["findings"]
    unread = [each["message"] for each in found if each["code"] == "UNREADABLE"]
    assert len(unread) == 2 and all("fetch" in each for each in unread)
    goals = office.goals()
    linked = {
        key: each["fields"].get("contributes_to")
        for key, each in goals.items()
        if each["kind"] == "initiative"
    }
    assert linked["Mount"] == ["update"] and linked["Bitswap"] is None
    assert goals["add"]["derived"]["explanation"] == "not scored: no current value"


def _jira(office: Office) -> dict[str, list[tuple[str, Decimal]]]:
    """The published features with their stories in a Jira project; what they are, from the file alone."""
    rows = table("mirrorgate_jira_features_stories.csv")
    features = {row["key"]: row for row in rows if row["type"] == "Feature"}
    below: dict[str, list[tuple[str, Decimal]]] = {key: [] for key in features}
    for row in rows:
        if row["parent_key"] in features and row["type"] != "Feature":
            below[row["parent_key"]].append((row["status"], number(row["estimate"]) or Decimal(0)))
    office.sandbox.call(lambda: _fill(office, features, below))
    office.describe(_JIRA)
    return below


_STATUS = {"Backlog": "To Do", "In Progress": "In Progress", "Impeded": "In Progress", "Done": "Done"}


def _fill(
    office: Office, features: dict[str, dict[str, str]], below: dict[str, list[tuple[str, Decimal]]]
) -> None:
    jira = office.world.jira
    jira.add_project("MIRROR", "MirrorGate")
    for key, row in features.items():
        epic = jira.add_epic("MIRROR", key, status=_STATUS[row["status"]])
        for status, points in below[key]:
            jira.add_issue("MIRROR", "a story", parent=epic.id, status=_STATUS[status], points=float(points))


def _progress(office: Office) -> dict[str, Decimal | None]:
    """Each feature's progress by the key it had in the file."""
    found = [each for each in office.goals().values() if each["kind"] == "initiative"]
    return {
        each["fields"]["title"]: None
        if each["derived"]["progress"] is None
        else Decimal(each["derived"]["progress"])
        for each in found
    }


def test_mirrorgates_features_by_count_and_by_points(office: Office) -> None:
    """53 features: 33 have 95 children, and in 5 of them points tell something else than counting.

    Of the 20 without children done or not begun is all that can be said, and never more.
    """
    below = _jira(office)
    office.sync()
    count = _progress(office)
    office.describe(_JIRA + "method: {work: points}\n")
    points = _progress(office)
    full = {key: children for key, children in below.items() if children}
    assert (len(below), len(full), sum(map(len, full.values()))) == (53, 33, 95)
    done = {key: sum(1 for status, _ in children if status == "Done") for key, children in full.items()}
    assert {key: count[key] for key in full} == {
        key: _cut(Fraction(done[key], len(children))) for key, children in full.items()
    }
    apart = [key for key in full if abs(_known(count[key]) - _known(points[key])) > Decimal("0.1")]
    assert len(apart) == 5
    assert {count[key] for key in below if key not in full} <= {Decimal(0), Decimal(1), None}


def _known(progress: Decimal | None) -> Decimal:
    assert progress is not None
    return progress


def _cut(share: Fraction) -> Decimal:
    return Decimal(int(share * 10_000)) / 10_000
