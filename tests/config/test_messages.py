"""Every mistake an admin can make, as the message it gives: file, line, column, what, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.bench import HEAD, complaints, epics, metrics, pages

GOOD = epics("title: summary")

RHYTHM_MISTAKES = [
    ("cycles: {check_in_days: 0}", "13:25: cycles.check_in_days: must be greater than or equal to 1"),
    ("cycles: {team_days: {Sales: weekly}}", "13:29: cycles.team_days.Sales: must be a valid integer"),
    ("cycles: {grace_days: -1}", "13:22: cycles.grace_days: must be greater than or equal to 0"),
    (
        "method: {phases: half in May}",
        "13:18: method.phases: these are no phases; write shares of time and way, both rising: 50% = 20%",
    ),
    ("method: {confidence_scale: 0}", "13:28: method.confidence_scale: must be greater than 0"),
]

FIELD_MISTAKES = [
    (
        "due: {from: X, values: {soon: X}}",
        "13:37",
        "due.values: does not go with due, which is a date; leave it out",
    ),
    ("progres: {to: X}", "13:14", "progres: unknown field of an initiative; did you mean progress?"),
    ("title: {fro: X}", "13:22", "title.fro: unknown setting; did you mean from?"),
    ("title: {}", "13:14", "title: names no native field; give `from:`"),
    ("progress: {}", "13:14", "progress: names no native field; give `to:`"),
    ("title: [X]", "13:21", "title: must be a mapping (name: value)"),
    (
        "title: {from: 7}",
        "13:28",
        "title.from: must be a valid string; put it in quotes if it is meant as text",
    ),
    (
        "title: {from: X, to: Y}",
        "13:35",
        "title.to: `from` and `to` exclude each other; write {from: X, sync: both} to read and write X",
    ),
    (
        "progress: Done",
        "13:24",
        "progress.from: computed by okrsync, so it cannot be read from a tool (I15);"
        " write progress: {to: Done}",
    ),
    ("title: {to: X, sync: both}", "13:35", "title.sync: only goes with `from`; leave it out"),
    ("title: {from: X, sync: always}", "13:37", "title.sync: must be 'in' or 'both'"),
    (
        "note: property:okrsync.explanation",
        "13:20",
        "note.from: okrsync writes this place itself and must not read it as input (I15)",
    ),
    (
        "title: {from: X, scale: 2}",
        "13:38",
        "title.scale: does not go with title, which is a text; leave it out",
    ),
    ("progress: {to: X, scale: 0}", "13:39", "progress.scale: must be greater than 0"),
    (
        "title: {from: X, on_conflict: max}",
        "13:44",
        "title.on_conflict: max does not go with title, which is a text; use ask",
    ),
    (
        "status_category: {from: X, values: {finished: A}}",
        "13:60",
        "status_category.values.finished: not a value of status_category; there is new, indeterminate, done",
    ),
    (
        "status_category: {from: X, values: {new: A, done: a}}",
        "13:64",
        "status_category.values.done: “a” already means new; give each value its own word",
    ),
    (
        "contributes_to: {from: X, link: initiative}",
        "13:46",
        "contributes_to.link: contributes_to cannot point to an initiative; use key_result or objective",
    ),
    (
        "contributes_to: {from: X, pattern: '(.+)'}",
        "13:49",
        'contributes_to.pattern: has no group named key; write such as "kr-(?P<key>.+)"',
    ),
    (
        "contributes_to: {from: X, pattern: '('}",
        "13:49",
        "contributes_to.pattern: not a regular expression: missing ), unterminated subpattern",
    ),
    (
        "contributes_to: {from: X, sync: both, pattern: '(?P<key>.+)'}",
        "13:61",
        "contributes_to.pattern: keys found by a pattern cannot be written back; only read it",
    ),
    (
        "progress: {to: X, owner: true}",
        "13:39",
        "progress.owner: a collection that is not read cannot decide the field; leave it out",
    ),
    (
        "title: {from: X, owner: true, prefer: true}",
        "13:52",
        "title.prefer: the owner of a field always wins; keep `owner` or `prefer`",
    ),
    (
        "title: {from: X, prefer: true, on_conflict: ask}",
        "13:58",
        "title.on_conflict: `prefer` already says what happens; keep one of them",
    ),
    (
        "progress: {to: X, locale: klingon}",
        "13:40",
        "progress.locale: “klingon” is no locale; write such as de_DE or en_US",
    ),
]


@pytest.mark.parametrize(("fields", "at", "message"), FIELD_MISTAKES)
def test_a_mistake_in_a_field(tmp_path: Path, fields: str, at: str, message: str) -> None:
    """The line and column of the very word to change."""
    text = HEAD + "\n" + epics(fields)
    assert complaints(tmp_path, text) == [f"okrsync.yaml:{at}: collections.epics.fields.{message}"]


FILE_MISTAKES = [
    ("", ["okrsync.yaml:1:1: the file is empty; `okrsync config example` prints one to start from"]),
    ("[1]", ["okrsync.yaml:1:1: must be a mapping (name: value)"]),
    (HEAD.replace("version: 1", "version: 2") + GOOD, ["okrsync.yaml:1:10: version: must be 1"]),
    (
        HEAD.replace("workspace: acme\n", "") + GOOD,
        ["okrsync.yaml:1:1: workspace: is missing"],
    ),
    (HEAD + GOOD + "polices: {}", ["okrsync.yaml:13:1: polices: unknown setting; did you mean policies?"]),
    (
        HEAD + GOOD + "timezone: Europe/Pari",
        ["okrsync.yaml:13:11: timezone: no such time zone; did you mean Europe/Paris?"],
    ),
    (
        HEAD + GOOD + "store: mysql://db",
        [
            "okrsync.yaml:13:8: store: not a database address okrsync knows;"
            " write sqlite:///okrsync.db or postgresql+psycopg://host/database"
        ],
    ),
    (
        HEAD + GOOD + "policies: {max_missing: 10, max_change: 3}",
        [
            "okrsync.yaml:13:25: policies.max_missing: must be a percentage such as 10%",
            "okrsync.yaml:13:29: policies.max_change: unknown setting; did you mean max_changes?",
        ],
    ),
    (
        HEAD + GOOD + "cycles: {rhythm: weekly, custom: [{name: A, starts: 2026-02-01, ends: 2026-01-01}]}",
        [
            "okrsync.yaml:13:18: cycles.rhythm: must be 'quarter', 'half' or 'year'",
            "okrsync.yaml:13:35: cycles.custom.0: the cycle ends before it starts",
        ],
    ),
    (
        HEAD + GOOD + "method: {at_risk_gap: 0.05, on_track_gap: 0.2}",
        ["okrsync.yaml:13:1: method: on_track_gap must be at least 0 and at most at_risk_gap"],
    ),
    (
        HEAD + GOOD + "method: {at_risc_gap: 25}",
        ["okrsync.yaml:13:10: method.at_risc_gap: unknown setting; did you mean at_risk_gap?"],
    ),
    (
        HEAD.replace("kind: jira,", "kind: jirra,") + GOOD,
        ["okrsync.yaml:4:16: connections.jira.kind: no such kind of service; did you mean jira?"],
    ),
    (
        HEAD.replace("kind: notion,", "") + GOOD,
        ["okrsync.yaml:5:3: connections.notion.kind: is missing; one of jira, notion, sheets, folder"],
    ),
    (
        HEAD.replace("kind: notion, token", "kind: notion, tokn") + GOOD,
        [
            "okrsync.yaml:5:3: connections.notion.token: is missing",
            "okrsync.yaml:5:26: connections.notion.tokn: unknown setting; did you mean token?",
        ],
    ),
    (
        HEAD.replace("  jira:", "  my jira:")
        + epics("title: summary").replace("connection: jira", "connection: my jira"),
        [
            "okrsync.yaml:4:3: connections.my jira: a name begins with a letter and holds letters,"
            " digits, _ and -"
        ],
    ),
    (
        HEAD + GOOD.replace("connection: jira", "connection: jra"),
        ["okrsync.yaml:9:17: collections.epics.connection: there is no connection jra; did you mean jira?"],
    ),
    (
        HEAD + GOOD.replace("entity: initiative", "entity: epic"),
        [
            "okrsync.yaml:11:13: collections.epics.entity: must be 'objective', 'key_result', 'initiative',"
            " 'metric' or 'check_in'"
        ],
    ),
    (
        HEAD + GOOD.replace("projects: [ACME]", "project: ACME"),
        [
            "okrsync.yaml:10:5: collections.epics.source.projects: is missing",
            "okrsync.yaml:10:14: collections.epics.source.project: unknown setting; did you mean projects?",
        ],
    ),
    (
        HEAD + epics("title: summary", rest="    results: {tab: X}\n"),
        ["okrsync.yaml:12:5: collections.epics.results: jira has no tab of results; leave it out"],
    ),
    (
        HEAD + metrics("title: T").replace("    key: KR\n", ""),
        ["okrsync.yaml:8:3: collections.metrics.key: is missing"],
    ),
    (
        HEAD + metrics("title: T").replace("tab: KRs}", "tab: KRs, key: KR}"),
        ["okrsync.yaml:10:45: collections.metrics.source.key: stands beside `source`, not in it"],
    ),
    (
        HEAD + metrics("title: T", rest="    results: {fields: [score, scor], show: {Health: status}}\n"),
        [
            "okrsync.yaml:13:31: collections.metrics.results.fields.1: scor is not a computed field;"
            " did you mean score?",
            "okrsync.yaml:13:53: collections.metrics.results.show.Health: status is not among the results'"
            " fields; there is score, scor",
        ],
    ),
]


@pytest.mark.parametrize(("text", "messages"), FILE_MISTAKES)
def test_a_mistake_in_the_file(tmp_path: Path, text: str, messages: list[str]) -> None:
    """The whole text an admin sees."""
    assert complaints(tmp_path, text) == messages


@pytest.mark.parametrize(("line", "message"), RHYTHM_MISTAKES)
def test_a_mistake_in_the_rhythm_of_check_ins(tmp_path: Path, line: str, message: str) -> None:
    """The setting is named with its line."""
    (told,) = complaints(tmp_path, HEAD + epics("title: summary") + line + "\n")
    assert told.startswith(f"okrsync.yaml:{message}")


def test_a_word_for_a_number_needs_the_number(tmp_path: Path) -> None:
    """`values` of a number are spelled the same way round as those of a choice, each word once."""
    text = HEAD + metrics("confidence: {from: C, values: {Green: x, 0.5: Y, 0.6: Y}}")
    where = "collections.metrics.fields.confidence.values"
    assert complaints(tmp_path, text) == [
        f"okrsync.yaml:13:52: {where}.Green: not a number; write such as {{0.8: Green}}",
        f"okrsync.yaml:13:68: {where}.0.6: “Y” already means 0.5; give each value its own word",
    ]


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    """Mistakes in every part of one file are told in one go, in the order of its lines."""
    text = HEAD.replace("${JIRA_TOKEN}", "${NOPE}").replace("workspace: acme", "workspace: 1") + (
        epics("titel: summary, progress: {too: X}")
        + metrics("current: {from: C, locale: xx}")
        + "policy: {}\n"
    )
    found = complaints(tmp_path, text)
    assert [line.split(":")[1] for line in found] == ["2", "4", "12", "12", "18", "19"]


def test_a_file_that_cannot_be_read_is_a_problem_too(tmp_path: Path) -> None:
    """Bytes that are no UTF-8."""
    (tmp_path / "okrsync.yaml").write_bytes(b"workspace: \xff\xfe")
    from okrsync.config.load import ConfigError, load

    with pytest.raises(ConfigError, match="it is not UTF-8 text; save it as UTF-8"):
        load(tmp_path / "okrsync.yaml", {})
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load(tmp_path / "missing.yaml", {})


def test_two_owners_of_one_field(tmp_path: Path) -> None:
    """Only one collection may decide."""
    text = HEAD + metrics("target: {from: T, owner: true}") + pages("target: {from: T, owner: true}")
    assert complaints(tmp_path, text) == [
        "okrsync.yaml:18:39: collections.pages.fields.target.owner: collections.metrics already says so"
        " (okrsync.yaml:13:14); one collection at most"
    ]


def test_an_owner_here_and_a_preference_there(tmp_path: Path) -> None:
    """The owner always wins, so preferring another collection means nothing."""
    text = HEAD + metrics("target: {from: T, owner: true}") + pages("target: {from: T, prefer: true}")
    assert complaints(tmp_path, text) == [
        "okrsync.yaml:18:40: collections.pages.fields.target.prefer: collections.metrics owns the field and"
        " always wins; keep `owner` or `prefer`"
    ]


def test_two_rules_for_one_field(tmp_path: Path) -> None:
    """One field has one rule, wherever it is written."""
    text = (
        HEAD + metrics("current: {from: T, on_conflict: ask}") + pages("current: {from: T, on_conflict: max}")
    )
    assert complaints(tmp_path, text) == [
        "okrsync.yaml:18:46: collections.pages.fields.current.on_conflict: okrsync.yaml:13:14 says ask;"
        " one field has one rule"
    ]


@pytest.mark.parametrize(
    ("fields", "rest"),
    [
        ("current: Score, score: {to: score}", ""),
        ("current: Score", "    results: {show: {SCORE: score}}\n"),
    ],
)
def test_I15_a_computed_value_may_not_feed_itself(tmp_path: Path, fields: str, rest: str) -> None:
    """Neither directly nor through a column that shows a result."""
    found = complaints(tmp_path, HEAD + metrics(fields, rest=rest))
    assert len(found) == 1
    assert "fields.score: is computed and must not go where current is read (okrsync.yaml:" in found[0]
    assert found[0].endswith("(I15); give it a field of its own")


def test_I15_holds_across_collections_of_one_source(tmp_path: Path) -> None:
    """Two collections may look at one tab."""
    text = HEAD + metrics("score: {to: X}") + metrics("current: X", name="again")
    assert "must not go where current is read" in complaints(tmp_path, text)[0]


def test_I15_a_computed_value_may_not_become_the_key(tmp_path: Path) -> None:
    """Records would change who they are."""
    assert "must not go into the key's field" in complaints(tmp_path, HEAD + metrics("score: {to: kr}"))[0]


def test_two_fields_written_to_one_column(tmp_path: Path) -> None:
    """They would overwrite each other for ever (I13)."""
    text = HEAD + metrics("title: {from: A, sync: both}, note: {from: A, sync: both}")
    assert complaints(tmp_path, text) == [
        "okrsync.yaml:13:44: collections.metrics.fields.note: is written to the field that title is"
        " written to (okrsync.yaml:13:14); give it a field of its own"
    ]


def test_a_field_written_where_records_cannot_be_matched(tmp_path: Path) -> None:
    """Without a key nothing can come from the other collection."""
    text = HEAD + metrics("title: Title") + pages("title: {from: Name, sync: both}")
    assert complaints(tmp_path, text) == [
        "okrsync.yaml:18:14: collections.pages.fields.title: is written here, but records without a `key`"
        " cannot be matched with those of collections.metrics, which binds it too;"
        " give the collection a `key`, or only read the field here"
    ]
