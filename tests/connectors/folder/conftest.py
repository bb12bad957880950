"""Real files in a folder of their own, and short words for what tests do with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from okrsync.connectors.base import Native, Patch, Pull, Written
from okrsync.connectors.folder.connector import FolderConnector, open_connector
from okrsync.connectors.folder.settings import Connection, Source


@dataclass
class Files:
    """A folder and a connector to it."""

    folder: Path
    connector: FolderConnector

    def csv(self, content: str | bytes, **settings: Any) -> Source:
        """A CSV file as a source."""
        raw = content if isinstance(content, bytes) else content.encode()
        (self.folder / "krs.csv").write_bytes(raw)
        return Source(file="krs.csv", key="KR", **settings)

    def book(self, *rows: list[object], **settings: Any) -> Source:
        """A workbook with one sheet as a source."""
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        book.save(self.folder / "krs.xlsx")
        return Source(file="krs.xlsx", key="KR", **settings)

    def pull(self, source: Source, *want: str) -> Pull:
        return self.connector.pull(source, self.connector.schema(source), want)

    def value(self, source: Source, key: str, name: str) -> Native:
        """One cell, freshly looked at."""
        return self.patch(source, key, **{name: None}).record.cells[name].value

    def patch(self, source: Source, key: str, **cells: Native) -> Patch:
        """A patch on a fresh record."""
        schema = self.connector.schema(source)
        return Patch(self.connector.fetch(source, schema, [key], list(cells))[key], cells)

    def send(self, source: Source, *patches: Patch) -> tuple[Written, ...]:
        return self.connector.write(source, self.connector.schema(source), patches)

    def write(self, source: Source, key: str, **cells: Native) -> Written:
        """A fresh look and one patch."""
        (written,) = self.send(source, self.patch(source, key, **cells))
        return written

    def raw(self) -> bytes:
        """The CSV file as it is."""
        return (self.folder / "krs.csv").read_bytes()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path, open_connector("plans", Connection(path=tmp_path)))
