"""A schema that is some hours old, and what people did to the columns meanwhile."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal

import pytest

from okrsync.connectors.base import Native, NativeField, Option, Patch, Record, Schema, Written
from okrsync.connectors.errors import Rejected
from okrsync.okr.values import Unreadable
from okrsync.sandbox.notion.state import Column
from tests.connectors.notion.world import World

OLD = "the schema changed"


def stored(schema: Schema) -> Schema:
    """The schema as a caller gets it back from a store: plain fields, nothing of ours."""
    raw = json.loads(json.dumps(asdict(schema)))
    fields = (
        NativeField(**(each | {"options": tuple(Option(**option) for option in each["options"])}))
        for each in raw["fields"]
    )
    return Schema(raw["place"], tuple(fields), raw["url"])


class Morning:
    """What a caller knew in the morning: the columns' ids by their names then, one row, no live schema."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.schema = stored(world.schema())
        self.ids = {field.name: field.id for field in self.schema.fields}
        self.row = world.add(Name="A", Why="because", Health="On track", Start=1)

    def person(self, action: str, column: str, **rest: str) -> None:
        self.world.person(action, data_source=self.world.rows, column=column, **rest)

    def look(self, *names: str) -> Record:
        """A fresh look at the row."""
        want = [self.ids[name] for name in names]
        return self.world.connector.fetch(self.world.source, self.schema, [self.row], want)[self.row]

    def write(self, record: Record, **cells: Native) -> Written:
        patch = Patch(record, {self.ids[name]: value for name, value in cells.items()})
        (written,) = self.world.connector.write(self.world.source, self.schema, [patch])
        return written

    def column(self, name: str) -> Column:
        """A column as it is inside the imitation."""
        columns = self.world.notion.state.data_sources[self.world.rows].columns
        return next(column for column in columns if column.name == name)

    def retype(self, column: str, kind: str) -> None:
        """Somebody changes a column's type; its id stays."""
        found = self.column(column)
        found.type = kind
        self.world.notion.state.pages[self.row].values.pop(found.id, None)


@pytest.fixture
def morning(world: World) -> Morning:
    """The knowledge of some hours ago."""
    return Morning(world)


def refusal(written: Written) -> Rejected:
    assert isinstance(written.error, Rejected)
    return written.error


def test_a_stored_schema_is_enough(morning: Morning) -> None:
    """Looks and writes of every type need no more than it says, and read no schema."""
    names = [
        "Name",
        "Why",
        "Start",
        "Progress",
        "Health",
        "Stage",
        "Tags",
        "Due",
        "Owner",
        "Part of",
        "Strict",
    ]
    cells: dict[str, Native] = dict.fromkeys(names)
    cells |= {"Name": "B", "Start": Decimal(2), "Stage": "Done", "Strict": True, "Health": "Off track"}
    written = morning.write(morning.look(*names), **cells)
    assert written.error is None
    asked = [entry.path for entry in morning.world.sandbox.log.entries("notion")]
    assert asked[1:] == [f"/v1/pages/{morning.row}"] * 2  # after the schema of the morning
    pull = morning.world.connector.pull(
        morning.world.source, morning.schema, [morning.ids[name] for name in names]
    )
    assert (pull.records[0].title, pull.findings) == ("B", ())
    assert pull.records[0].cells[morning.ids["Stage"]].value == "Done"


def test_a_renamed_column_is_read_and_written(morning: Morning) -> None:
    """Ids hold; the place says what people call it today."""
    morning.person("rename_column", "Why", name="Reason")
    written = morning.write(morning.look("Why"), Why="new")
    cell = written.cells[morning.ids["Why"]]
    assert (cell.value, cell.place) == ("new", "Notion › KRs › A › Reason")
    assert [field.name for field in morning.world.schema().fields if field.name == "Why"] == []


def test_a_pull_tells_of_a_removed_column_and_reads_the_others(morning: Morning) -> None:
    """Notion refuses the whole query; the columns are read once more and it is asked again."""
    morning.person("delete_column", "Why")
    want = [morning.ids["Why"], morning.ids["Start"]]
    pull = morning.world.connector.pull(morning.world.source, morning.schema, want)
    assert [each.code for each in pull.findings] == ["SCHEMA_CHANGED"]
    assert f"{OLD}: the column 'Why' is no longer there" in pull.findings[0].message
    assert pull.complete
    assert {key: cell.value for key, cell in pull.records[0].cells.items()} == {want[1]: Decimal(1)}


def test_a_pull_that_notion_refuses_otherwise_stays_refused(morning: Morning) -> None:
    """Where the columns are as they were, the refusal is told as it came."""
    morning.world.fault("status", path="*/query", status=400, times=None)
    with pytest.raises(Rejected) as caught:
        morning.world.connector.pull(morning.world.source, morning.schema, [morning.ids["Why"]])
    assert OLD not in str(caught.value)


def test_a_fetch_reads_what_is_left(morning: Morning) -> None:
    """The removed column is unreadable, not empty; further rows cost one request again."""
    other = morning.world.add(Name="B")
    morning.person("delete_column", "Why")
    before = morning.world.connector.requests()["read"]
    want = [morning.ids["Why"], morning.ids["Start"]]
    found = morning.world.connector.fetch(morning.world.source, morning.schema, [morning.row, other], want)
    assert morning.world.connector.requests()["read"] - before == 3
    for record in found.values():
        value = record.cells[want[0]].value
        assert isinstance(value, Unreadable) and value.reason.startswith(OLD)
    assert found[morning.row].cells[want[1]].value == Decimal(1)


def test_a_removed_column_is_not_written(morning: Morning) -> None:
    """The fresh look did not show it: nothing is sent, nothing is made again."""
    morning.person("delete_column", "Why")
    error = refusal(morning.write(morning.look("Why"), Why="new"))
    assert OLD in error.fields[morning.ids["Why"]]
    assert morning.world.writes() == 0


def test_a_column_made_again_is_not_written(morning: Morning) -> None:
    """The same name with another id is another column, which nobody bound."""
    morning.person("delete_column", "Why")
    morning.world.person("add_column", data_source=morning.world.rows, name="Why", spec="rich_text")
    assert OLD in str(refusal(morning.write(morning.look("Why"), Why="new")))
    assert morning.world.fetch(morning.row, "Why").cells[morning.world.id("Why")].value is None


def test_a_column_removed_after_the_look_stops_the_write(morning: Morning) -> None:
    """Notion's refusal is explained by the columns as they are now, and blamed on the one."""
    record = morning.look("Why", "Start")
    morning.person("delete_column", "Why")
    error = refusal(morning.write(record, Why="new", Start=Decimal(5)))
    assert set(error.fields) == {morning.ids["Why"]}
    assert OLD in error.message and "okrsync check" in error.advice
    assert morning.look("Start").cells[morning.ids["Start"]].value == Decimal(1)


def test_a_column_of_another_type_is_neither_read_nor_written(morning: Morning) -> None:
    """A number that became a text is no number."""
    morning.retype("Start", "rich_text")
    record = morning.look("Start")
    value = record.cells[morning.ids["Start"]].value
    assert isinstance(value, Unreadable)
    assert value.reason == f"{OLD}: this column was number and is now rich_text"
    assert OLD in str(refusal(morning.write(record, Start=Decimal(5))))
    assert morning.world.writes() == 0


def test_a_type_changed_after_the_look_stops_the_write(morning: Morning) -> None:
    """What only Notion can know is explained afterwards."""
    record = morning.look("Start")
    morning.retype("Start", "rich_text")
    error = refusal(morning.write(record, Start=Decimal(5)))
    assert error.fields == {morning.ids["Start"]: f"{OLD}: the column 'Start' was number and is now text"}


def test_an_option_that_is_gone_is_told_by_its_name(morning: Morning) -> None:
    """It is sent by id, so Notion cannot make it anew."""
    record = morning.look("Health")
    column = morning.column("Health")
    column.config["options"] = [each for each in column.config["options"] if each["name"] == "On track"]
    error = refusal(morning.write(record, Health="Off track"))
    assert error.fields[morning.ids["Health"]].endswith("no longer offers 'Off track'")
    assert len(column.config["options"]) == 1


def test_a_renamed_option_is_written_by_its_id(morning: Morning) -> None:
    """The old name still finds it."""
    record = morning.look("Health")
    column = morning.column("Health")
    column.config["options"][1]["name"] = "In trouble"
    written = morning.write(record, Health="Off track")
    assert written.cells[morning.ids["Health"]].value == "In trouble"


def test_a_refusal_is_kept_where_the_columns_cannot_be_read_again(morning: Morning) -> None:
    """The second question fails too; the first answer is still told."""
    record = morning.look("Why")
    morning.person("delete_column", "Why")
    morning.world.fault("status", path="/v1/data_sources/*", status=403, times=None)
    error = morning.write(record, Why="new").error
    assert isinstance(error, Rejected) and "is not a property that exists" in error.message


def test_an_id_the_schema_never_had_is_told(morning: Morning) -> None:
    """Bound to a column this schema does not know."""
    pull = morning.world.connector.pull(morning.world.source, morning.schema, ["none"])
    assert [each.code for each in pull.findings] == ["FIELD_MISSING"]
