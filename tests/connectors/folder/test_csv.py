"""CSV files: what is read, and that a write touches the named cells and not one byte more."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from okrsync.connectors.errors import BadAnswer, NotFound, Rejected
from okrsync.okr.values import Unreadable

if TYPE_CHECKING:
    from tests.connectors.folder.conftest import Files

SPELLINGS = {
    "plain": b"KR,Title,Current\nK-1,One,1\nK-2,Two,2\n",
    "windows": b"KR;Title;Current\r\nK-1;One;1\r\nK-2;Two;2\r\n",
    "mark": b"\xef\xbb\xbfKR,Title,Current\nK-1,One,1\nK-2,Two,2",
    "tabs": b"KR\tTitle\tCurrent\nK-1\tOne\t1\nK-2\tTwo\t2\n",
    "quoted": b'"KR","Title","Current"\n"K-1","a ""b"", c\nd","1"\n\n"K-2",  Two ,"2"\n',
    "note": b"KR,Title,Current,,\nK-1,One,1,a note,b\n,,a total: 3,,\nK-2,Two,2\n",
    "mixed ends": b"KR,Title,Current\r\nK-1,One,1\nK-2,Two,2\r\r\n",
}
SPELLED = pytest.mark.parametrize("content", SPELLINGS.values(), ids=SPELLINGS)


@SPELLED
def test_only_the_bytes_of_the_cell_change(files: Files, content: bytes) -> None:
    """Order, quotes, line ends, other columns and the byte order mark are people's."""
    source = files.csv(content, numbers=("Current",))
    written = files.write(source, "K-2", Current=Decimal("12.50"))
    assert written.error is None and written.cells["Current"].value == Decimal("12.5")
    before, found, after = content.rpartition(b"2")
    assert files.raw() == before + b"12.5" + after and found == b"2"


@SPELLED
def test_writing_what_is_there_leaves_the_file_alone(files: Files, content: bytes) -> None:
    """Not even its time changes: nothing is sent."""
    source = files.csv(content, numbers=("Current",))
    before = (files.folder / "krs.csv").stat()
    assert files.write(source, "K-1", Current=Decimal(1)).error is None
    after = (files.folder / "krs.csv").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert files.connector.requests()["write"] == 0


def test_a_short_row_is_filled_up(files: Files) -> None:
    """Programs leave trailing cells out."""
    source = files.csv("KR,Title,Current,Note\nK-1\nK-2,Two\n")
    assert files.write(source, "K-1", Current="3").error is None
    assert files.raw() == b"KR,Title,Current,Note\nK-1,,3\nK-2,Two\n"


def test_text_is_known_to_be_text(files: Files) -> None:
    """Mappings read numbers and days out of it; only they know how a number is spelled there."""
    source = files.csv('KR,Title,Target,Due\nK-1,One,"1.234,5",31.12.2026\n')
    assert files.value(source, "K-1", "Target") == "1.234,5"
    assert isinstance(files.write(source, "K-1", Target=Decimal(7)).error, Rejected)
    assert files.write(source, "K-1", Target="7,5", Due=date(2026, 3, 31)).error is None
    assert files.raw().endswith(b'K-1,One,"7,5",2026-03-31\n')


@pytest.mark.parametrize("text", ["about 5", "1,5", "1e3", "=1", "NaN", "５"])
def test_a_column_of_numbers_guesses_nothing(files: Files, text: str) -> None:
    """What is no plain number is unreadable, not blank and not bent."""
    source = files.csv(f'KR,Title,Current\nK-1,One,"{text}"\nK-2,Two,\n', numbers=("Current",))
    assert isinstance(files.value(source, "K-1", "Current"), Unreadable)
    assert files.value(source, "K-2", "Current") is None
    assert isinstance(files.write(source, "K-1", Current="five").error, Rejected)


@pytest.mark.parametrize("text", ["=1+1", "+1 NPS", "-10% churn", "@SUM(A1)", "\t=1", "＝1"])
def test_text_that_a_spreadsheet_would_run_is_refused(files: Files, text: str) -> None:
    """CSV has no spelling that keeps it a text; reading what a person wrote is another matter."""
    source = files.csv(f'KR,Title\nK-1,"{text}"\n')
    before = files.raw()
    assert files.value(source, "K-1", "Title") == text
    (written,) = files.send(source, files.patch(source, "K-1", Title=f" {text}!"))
    assert isinstance(written.error, Rejected) and "Title" in written.error.fields
    assert files.raw() == before


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"KR,Title\nK-1,caf\xe9\n", "byte 16 is not UTF-8"),
        ("KR,Title\nK-1,x\n".encode("utf-16"), "not UTF-8"),
        (b'KR,Title\nK-1,"open\n', "not CSV"),
        (b'KR,Title\nK-1,"a"b\n', "not CSV"),
        (b"KR,Title,Current\nK-1,On", "in the middle of its last row"),
    ],
    ids=["latin", "utf-16", "open quote", "after a quote", "cut"],
)
def test_what_is_no_csv_is_told_with_its_place(files: Files, content: bytes, says: str) -> None:
    """Nothing of such a file is used."""
    with pytest.raises(BadAnswer, match=says) as caught:
        files.connector.schema(files.csv(content))
    assert caught.value.place == "plans › krs.csv" and caught.value.advice != ""


@pytest.mark.parametrize("content", ["", "\n", "Key,Title\nK-1,x\n", "KR,KR\nK-1,K-1\n"])
def test_a_table_without_its_key_is_no_empty_table(files: Files, content: str) -> None:
    """An empty look would be believed."""
    with pytest.raises(NotFound, match="'KR'"):
        files.connector.schema(files.csv(content))


def test_rows_that_are_no_records_are_findings(files: Files) -> None:
    """A shared key tells nothing apart, and such rows are not gone; a total below the table is a note."""
    source = files.csv("KR,Title,T,T\nK-1,One\nK-2,a\n K-2 ,b\n,Sum\n,\n")
    pull = files.pull(source, "T", "Gone")
    assert [record.native_id for record in pull.records] == ["K-1"] and not pull.complete
    codes = [finding.code for finding in pull.findings]
    assert codes == ["FIELD_AMBIGUOUS", "FIELD_MISSING", "KEY_SHARED", "KEY_BLANK"]
    misspelt = files.csv("KR,Title\nK-1,One\n", numbers=("Curent",), title="Titel")
    assert [finding.code for finding in files.pull(misspelt).findings] == ["FIELD_MISSING"] * 2
    assert files.pull(files.csv("KR,Title\nK-1,One\n,Sum\n"), "Title").complete
