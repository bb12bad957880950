"""Workbooks: types, cells that are not okrsync's to write, and parts that saving would lose."""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest
from openpyxl.chart import BarChart
from openpyxl.comments import Comment

from okrsync.connectors.base import Native
from okrsync.connectors.errors import BadAnswer, NotFound, Rejected
from okrsync.okr.values import Unreadable

if TYPE_CHECKING:
    from tests.connectors.folder.conftest import Files

HEAD: list[object] = ["KR", "Title", "Current"]


@pytest.mark.parametrize(
    ("there", "read"),
    [
        (0.1, Decimal("0.1")),
        (100_000_000, Decimal(100_000_000)),
        (datetime.fromisoformat("2026-12-31"), date(2026, 12, 31)),
        ("007", "007"),
        ("  ", None),
        (True, True),
    ],
)
def test_cells_have_types(files: Files, there: object, read: Native) -> None:
    """Numbers as typed, days as days, texts as texts."""
    value = files.value(files.book(HEAD, ["K-1", "One", there]), "K-1", "Current")
    assert (type(value), value) == (type(read), read)


@pytest.mark.parametrize("there", ["#N/A", datetime.fromisoformat("2026-12-31T17:00"), "=1+1"])
def test_what_has_no_plain_value_is_unreadable(files: Files, there: object) -> None:
    """An error, a time without a zone, a formula that nobody has computed yet."""
    assert isinstance(files.value(files.book(HEAD, ["K-1", "One", there]), "K-1", "Current"), Unreadable)


def test_a_numeric_key_is_its_digits(files: Files) -> None:
    """7 and 7.0 are one key; an error is no key, and the look not complete."""
    source = files.book(HEAD, [7.0, "One", 1], ["#REF!", "Two", 2])
    pull = files.pull(source, "Current")
    assert [record.native_id for record in pull.records] == ["7"] and not pull.complete
    assert [finding.code for finding in pull.findings] == ["KEY_UNREADABLE"]


def test_other_cells_keep_their_formulas_and_formats(files: Files) -> None:
    """Text that looks like a formula or an error stays text."""
    source = files.book(HEAD, ["K-1", "One", 1], ["sum", "Sum", "=SUM(C2:C2)"])
    book = openpyxl.load_workbook(files.folder / "krs.xlsx")
    book.worksheets[0]["C2"].number_format = "0.00"
    book.create_sheet("Other").append(["theirs"])
    book.save(files.folder / "krs.xlsx")
    source = source.model_copy(update={"sheet": "Sheet"})
    assert files.write(source, "K-1", Title="=1+1", Current=Decimal("2.5")).error is None
    assert files.write(source, "sum", Title="#N/A").error is None
    saved = openpyxl.load_workbook(files.folder / "krs.xlsx")
    sheet = saved["Sheet"]
    assert (sheet["B2"].value, sheet["B2"].data_type, sheet["C2"].number_format) == ("=1+1", "s", "0.00")
    assert (sheet["C3"].value, saved["Other"]["A1"].value) == ("=SUM(C2:C2)", "theirs")
    assert files.value(source, "sum", "Title") == "#N/A"


@pytest.mark.parametrize("why", ["formula", "merged", "protected", "formatted"])
def test_cells_that_are_not_ours_are_locked(files: Files, why: str) -> None:
    """The reason is told, and the patch refused."""
    source = files.book(HEAD, ["K-1", "One", "=1" if why == "formula" else 1])
    book = openpyxl.load_workbook(files.folder / "krs.xlsx")
    sheet = book.worksheets[0]
    if why == "merged":
        sheet.merge_cells("B2:C2")
    elif why == "formatted":
        bold = openpyxl.cell.rich_text.TextBlock(openpyxl.cell.text.InlineFont(b=True), "bold")
        sheet["C2"].value = openpyxl.cell.rich_text.CellRichText("so ", bold)
    sheet.protection.sheet = why == "protected"
    book.save(files.folder / "krs.xlsx")
    patch = files.patch(source, "K-1", Current=Decimal(2))
    assert why in str(patch.record.cells["Current"].locked)
    (written,) = files.send(source, patch)
    assert isinstance(written.error, Rejected) and "Current" in written.error.fields


@pytest.mark.parametrize("part", ["a chart", "a comment", "a macro", "an extension"])
def test_a_workbook_that_saving_would_harm_is_only_read(files: Files, part: str) -> None:
    """openpyxl drops what it does not know; nothing of people's is lost by okrsync."""
    source = files.book(HEAD, ["K-1", "One", 1])
    path = files.folder / "krs.xlsx"
    if part in ("a chart", "a comment"):
        book = openpyxl.load_workbook(path)
        if part == "a chart":
            book.worksheets[0].add_chart(BarChart())
        else:
            book.worksheets[0]["A1"].comment = Comment("why", "Ann")
        book.save(path)
    else:
        _add(path.read_bytes(), path, part)
    before = path.read_bytes()
    error = files.write(source, "K-1", Current=Decimal(2)).error
    assert isinstance(error, Rejected) and "would be lost" in error.fields["Current"]
    assert not any(field.writable for field in files.connector.schema(source).fields)
    assert path.read_bytes() == before and files.value(source, "K-1", "Current") == Decimal(1)


def _add(content: bytes, path: object, part: str) -> None:
    """What other programs put into a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(str(path), "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if part == "an extension" and name.startswith("xl/worksheets/"):
                body = body.replace(b"</worksheet>", b"<extLst></extLst></worksheet>")
            new.writestr(name, body)
        if part == "a macro":
            new.writestr("xl/vbaProject.bin", b"x")


@pytest.mark.parametrize("text", ["bell\x07", "x" * 32_768, "a\rb", "a_x0041_b"])
def test_text_that_would_not_come_back_is_refused(files: Files, text: str) -> None:
    """Cut, changed or read as something else."""
    source = files.book(HEAD, ["K-1", "One", 1])
    assert isinstance(files.write(source, "K-1", Title=text).error, Rejected)


def test_the_sheet_is_named_where_there_are_several(files: Files) -> None:
    """The first one is not better than the others."""
    source = files.book(HEAD, ["K-1", "One", 1])
    book = openpyxl.load_workbook(files.folder / "krs.xlsx")
    book.create_sheet("Other")
    book.save(files.folder / "krs.xlsx")
    for sheet, says in ((None, "several sheets"), ("KRs", "no sheet 'KRs'")):
        with pytest.raises(NotFound, match=f"{says}.*Sheet, Other"):
            files.connector.schema(source.model_copy(update={"sheet": sheet}))


def test_a_file_that_is_no_workbook_is_told(files: Files) -> None:
    """Whatever openpyxl makes of it."""
    source = files.book(HEAD)
    (files.folder / "krs.xlsx").write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(BadAnswer, match="no workbook"):
        files.connector.schema(source)


def test_without_openpyxl_the_extra_is_named(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    """CSV needs nothing; workbooks say what they need."""
    source = files.book(HEAD)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(Rejected, match=r"okrsync\[xlsx\]"):
        files.connector.schema(source)
