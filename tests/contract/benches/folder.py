"""A folder of real files: one bench for CSV, one for workbooks. There is no wire, so none of its faults.

People's hands are Python's `csv` and openpyxl, each used otherwise than the connector uses them.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import mkdtemp

import openpyxl

from okrsync.connectors.base import Features, Native
from okrsync.connectors.folder.connector import FolderConnector
from okrsync.connectors.folder.disk import Disk
from okrsync.connectors.folder.settings import Source
from tests.contract.bench import Bench, Truth

HEADERS = ("KR", "Title", "Notes", "Current", "Due")


class _Watched(Disk):
    """Counts what reaches the disk, for all connectors of a bench."""

    def __init__(self, log: Counter[str]) -> None:
        super().__init__()
        self._log = log

    def check(self, folder: Path) -> None:
        self._log["read"] += 1
        super().check(folder)

    def read(self, path: Path) -> bytes:
        self._log["read"] += 1
        return super().read(path)

    def replace(self, path: Path, old: bytes, new: bytes) -> None:
        self._log["write"] += 1
        super().replace(path, old, new)


class Csv(Bench):
    """`krs.csv` with a column of numbers."""

    name = "folder csv"
    features = Features(patch_batch=1000)
    fields: Mapping[str, str] = {"title": "Title", "text": "Notes", "number": "Current"}
    samples: Mapping[str, Sequence[Native]] = {
        "title": ("One", "Two"),
        "text": ("words", 'other "words", in two\nlines', None),
        "number": (Decimal("0.1"), Decimal(0), Decimal(-7), None),
    }
    roles: Sequence[str] = tuple(samples)
    by_hand = frozenset(samples)
    source = Source(file="krs.csv", key="KR", numbers=("Current",))
    _folder: Path | None = None

    def fresh(self) -> None:
        self.stop()
        self._folder = Path(mkdtemp())
        self._log: Counter[str] = Counter(read=0, write=0)
        self._save([list(HEADERS)])

    def stop(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder)
        self._folder = None

    def connect(self, *, timeout: float = 5.0) -> FolderConnector:
        return FolderConnector("files", self._file().parent, _Watched(self._log))

    def add(self, **values: Native) -> str:
        rows = self._rows()
        key = f"KR-{len(rows)}"
        self._save([*rows, [key, *[None] * (len(HEADERS) - 1)]])
        self.edit(key, **values)
        return key

    def edit(self, record: str, **values: Native) -> None:
        rows = self._rows()
        row = next(row for row in rows if row[0] == record)
        for role, value in values.items():
            row[HEADERS.index(self.fields[role])] = value
        self._save(rows)

    def truth(self) -> Truth:
        return {
            (str(row[0]), name): value
            for row in self._rows()[1:]
            for name, value in zip(HEADERS, row, strict=True)
        }

    def wrong_source(self) -> Source:
        return self.source.model_copy(update={"file": f"nosuch{self._file().suffix}"})

    def delete(self, record: str) -> None:
        self._save([row for row in self._rows() if row[0] != record])

    def unreadable(self, record: str) -> str:
        self.edit(record, number="about five")
        return "Current"

    def computed(self) -> str:
        return "KR"

    def log(self) -> Mapping[str, int]:
        return dict(self._log)

    def meanwhile(self, record: str, **values: Native) -> None:
        self.edit(record, **values)

    def _file(self) -> Path:
        assert self._folder is not None
        return self._folder / self.source.file

    def _rows(self) -> list[list[object]]:
        with self._file().open(newline="", encoding="utf-8") as file:
            return [[cell or None for cell in row] for row in csv.reader(file)]

    def _save(self, rows: Sequence[Sequence[object]]) -> None:
        with self._file().open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)


class Workbook(Csv):
    """`krs.xlsx` with days and formulas too."""

    name = "folder xlsx"
    fields: Mapping[str, str] = {**Csv.fields, "day": "Due"}
    samples: Mapping[str, Sequence[Native]] = {**Csv.samples, "day": (date(2026, 12, 31), None)}
    roles: Sequence[str] = tuple(samples)
    by_hand = frozenset(samples)
    source = Source(file="krs.xlsx", key="KR", numbers=("Current",))

    def unreadable(self, record: str) -> str:
        self.edit(record, text="#DIV/0!")
        return "Notes"

    def _rows(self) -> list[list[object]]:
        return [list(row) for row in openpyxl.load_workbook(self._file()).worksheets[0].values]

    def _save(self, rows: Sequence[Sequence[object]]) -> None:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("KRs")
        for row in rows:
            sheet.append(row)
        book.save(self._file())
