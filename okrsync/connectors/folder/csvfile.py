"""A CSV file whose cells are set one by one, every other byte staying what it was.

Arrives: bytes. Leaves: the cells as text, and bytes again. Python's `csv` reads; a splitter keeps each cell
as it is spelled, with its quotes, so that order, quoting, line ends and a byte order mark survive. Where the
two do not agree on every cell the file is no CSV (RFC 4180) and is not used at all.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from okrsync.connectors.base import Native
from okrsync.connectors.errors import BadAnswer
from okrsync.okr.values import plain

DELIMITERS = (",", ";", "\t")
_MARK = b"\xef\xbb\xbf"
_FORMULA = tuple("=+-@＝＋－＠")
"""A text that begins so is a formula to the programs that open a CSV file (OWASP, CSV Injection)."""


class CsvGrid:
    """See `grid.Grid`. `place` is for messages."""

    only_text = True
    sealed: str | None = None

    def __init__(self, content: bytes, place: str, key: str, delimiter: str | None) -> None:
        self._mark = _MARK if content.startswith(_MARK) else b""
        text = _decoded(content.removeprefix(_MARK), place)
        self._delimiter = delimiter or _fitting(text, key)
        try:
            read = list(csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            raise _no_csv(place, str(error)) from None
        self._raw, self._ends = _split(text, self._delimiter)
        if [row or [""] for row in read] != [[_unquoted(raw) for raw in row] for row in self._raw]:
            raise _no_csv(place, "its quotes are ambiguous")
        if self._ends and self._ends[-1] == "" and len(read[-1]) < len(read[0]):
            raise _no_csv(place, "it ends in the middle of its last row")  # a copy under way, a full disk
        self.rows: Sequence[Sequence[Native]] = [
            [cell if cell.strip() else None for cell in row] for row in read
        ]

    def locked(self, row: int, column: int) -> str | None:
        """No cell of a CSV file is."""
        return None

    def refuses(self, value: Native) -> str | None:
        """There is no spelling that keeps `=1+1` a text; a number's sign is harmless."""
        if isinstance(value, str):
            starts = value.lstrip().startswith(_FORMULA)
            return "a CSV file would make a formula of it when it is opened" if starts else None
        is_fit = value is None or isinstance(value, Decimal) or type(value) is date
        return None if is_fit else "a CSV file has no spelling for it"

    def put(self, row: int, column: int, value: Native) -> None:
        """See the port. A short row is filled up with blank cells; a cell in quotes keeps them."""
        cells = self._raw[row]
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = self._spelled(_text(value), cells[column].startswith('"'))

    def _spelled(self, text: str, quoted: bool) -> str:
        needs = text != text.strip() or any(sign in text for sign in f'{self._delimiter}"\r\n')
        return '"' + text.replace('"', '""') + '"' if quoted or needs else text

    def content(self) -> bytes:
        """The file as it was, but for the cells that were put."""
        rows = zip(self._raw, self._ends, strict=True)
        return self._mark + "".join(self._delimiter.join(row) + end for row, end in rows).encode()


def _decoded(content: bytes, place: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadAnswer(
            f"byte {error.start} is not UTF-8", service="folder", place=place, advice="Save it as CSV UTF-8"
        ) from None


def _no_csv(place: str, why: str) -> BadAnswer:
    return BadAnswer(f"it is not CSV: {why}", service="folder", place=place, advice="Export it anew")


def _fitting(text: str, key: str) -> str:
    """The delimiter by which the first row has the key's header."""
    heads = ((each, _split(text, each, 1)[0]) for each in DELIMITERS)
    fits = (each for each, rows in heads if any(_unquoted(raw).strip() == key for row in rows for raw in row))
    return next(fits, ",")


def _split(text: str, delimiter: str, most: int | None = None) -> tuple[list[list[str]], list[str]]:
    """The cells of each row as they are spelled, and each row's line end; at most so many rows."""
    cell = re.compile(rf'("[^"]*(?:""[^"]*)*"|[^{delimiter}\r\n]*)({delimiter}|\r\n|\n|\r|\Z)')
    rows: list[list[str]] = []
    ends: list[str] = []
    row: list[str] = []
    at = 0
    while (at < len(text) or row) and len(rows) != most:
        found = cell.match(text, at)
        if found is None:  # a quote that goes on after its end; what follows is compared with `csv`
            break
        row.append(found[1])
        at = found.end()
        if found[2] != delimiter:
            rows.append(row)
            ends.append(found[2])
            row = []
    return rows, ends


def _unquoted(raw: str) -> str:
    return raw[1:-1].replace('""', '"') if raw.startswith('"') else raw


def _text(value: Native) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str) else ""
