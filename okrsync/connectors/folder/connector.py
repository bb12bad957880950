"""The port over a folder of CSV files and workbooks.

Arrives: sources that name a file. Leaves: its rows as records, and the file written anew with the patches of
one call. Every call reads the file whole, so that there is nothing to keep, to lag or to expire. okrsync
makes no rows here: a row belongs where people want it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from okrsync.connectors.base import (
    Account,
    Cell,
    Features,
    Marker,
    Native,
    Patch,
    Pull,
    Record,
    Schema,
    Written,
)
from okrsync.connectors.errors import ConnectorError, Forbidden, Rejected
from okrsync.connectors.folder.csvfile import CsvGrid
from okrsync.connectors.folder.disk import Disk
from okrsync.connectors.folder.grid import Grid
from okrsync.connectors.folder.settings import Connection, Source
from okrsync.connectors.folder.table import Table
from okrsync.connectors.folder.xlsxfile import XlsxGrid


class FolderConnector:
    """One folder."""

    kind = "folder"
    features = Features(patch_batch=1000)

    def __init__(self, name: str, folder: Path, disk: Disk) -> None:
        self._name, self._folder, self._disk = name, folder, disk

    def account(self) -> Account:
        """See the port: the folder is there, and may be looked into."""
        self._disk.check(self._folder)
        return Account(str(self._folder.resolve()), self._name)

    def schema(self, source: Any) -> Schema:
        """See the port."""
        table = self._look(source)
        return Schema(table.place, table.fields())

    def pull(self, source: Any, schema: Schema, want: Sequence[str], cursor: str | None = None) -> Pull:
        """See the port."""
        table = self._look(source)
        records = tuple(table.record(key, want) for key in table.rows)
        return Pull(records, complete=table.complete, findings=tuple(table.findings(want)))

    def fetch(
        self, source: Any, schema: Schema, ids: Sequence[str], want: Sequence[str]
    ) -> Mapping[str, Record]:
        """See the port."""
        table = self._look(source)
        return {key: table.record(key, want) for key in ids if key in table.rows}

    def write(self, source: Any, schema: Schema, patches: Sequence[Patch]) -> tuple[Written, ...]:
        """See the port. All patches go in one replacement; what cannot be put does not stop the others."""
        errors: list[ConnectorError | None] = [None] * len(patches)
        try:
            old = self._disk.read(self._path(source))
            table = self._table(source, old)
            errors = [table.put(patch) for patch in patches]
            if table.changed:
                table = self._replaced(source, table, old)
        except ConnectorError as failed:
            errors = [error or failed for error in errors]
        return tuple(
            Written(patch.record.native_id, error=error)
            if error is not None
            else Written(patch.record.native_id, _shown(table, patch), answer="replaced")
            for patch, error in zip(patches, errors, strict=True)
        )

    def _replaced(self, source: Source, table: Table, old: bytes) -> Table:
        """The file with what was put; it is read before it takes the old one's place."""
        new = table.grid.content()
        shown = self._table(source, new)
        self._disk.replace(self._path(source), old, new)
        return shown

    def create(self, source: Any, schema: Schema, cells: Mapping[str, Native], marker: Marker) -> Written:
        """See the port: not declared among the features."""
        return Written("", error=Rejected("okrsync makes no rows in files", service="folder"))

    def marked(self, source: Any, schema: Schema, marker: Marker) -> tuple[Record, ...]:
        """See the port: nothing is created, so nothing bears a marker."""
        return ()

    def requests(self) -> Mapping[str, int]:
        """See the port: files and folders read, files replaced."""
        return dict(self._disk.requests)

    def close(self) -> None:
        """See the port: no file stays open between two calls."""

    def _look(self, source: Source) -> Table:
        return self._table(source, self._disk.read(self._path(source)))

    def _table(self, source: Source, content: bytes) -> Table:
        place = " › ".join(part for part in (self._name, source.file, source.sheet) if part is not None)
        grid: Grid
        if source.is_csv:
            grid = CsvGrid(content, place, source.key, source.delimiter)
        else:
            grid = XlsxGrid(content, place, source.sheet)
        return Table(grid, source, place)

    def _path(self, source: Source) -> Path:
        """The file itself, where a link leads to it; a link out of the folder is not followed."""
        path = (self._folder / source.file).resolve()
        if not path.is_relative_to(self._folder.resolve()):
            raise Forbidden(
                "it leads out of the folder",
                service="folder",
                place=source.file,
                advice="Keep the file inside",
            )
        return path


def _shown(table: Table, patch: Patch) -> Mapping[str, Cell]:
    return table.record(patch.record.native_id, tuple(patch.cells)).cells


def open_connector(name: str, connection: Connection) -> FolderConnector:
    """Open a folder; nothing is read yet."""
    return FolderConnector(name, connection.path, Disk())
