"""From neutral values to the property values of a page update; the inverse of `decode`.

Arrives: the cells of one patch, with the record as a fresh look showed it. Leaves: the `properties` of one
PATCH, keyed by column id so that a rename cannot misdirect them. Everything that would destroy or invent
something is refused here, before a request: formatted text, unseen values, unknown options (Notion would
create them).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from okrsync.connectors.base import Native, NativeField, Option, Patch
from okrsync.connectors.errors import Rejected
from okrsync.connectors.notion.errors import SERVICE, Unwritable
from okrsync.connectors.notion.ids import object_id
from okrsync.connectors.notion.properties import END, Spelling, column_of
from okrsync.connectors.notion.rows import CHANGED
from okrsync.connectors.notion.wire import number
from okrsync.connectors.sendable import why_unsendable
from okrsync.okr.values import Unreadable

Json = dict[str, Any]
Reference = Callable[[str], Json]
"""From an e-mail or name to what a people column wants; raises Unwritable."""

CHUNK = 1900
"""Notion, "Request limits": 2000 characters per text element. Whether those are code points or UTF-16
units is not documented, so the stricter is counted and elements stay below."""
LONGEST_LIST = 100
"""Notion, "Request limits": elements of one array, related pages, people or labels of one request."""
_LONGEST_LINE = {"url": 2000, "email": 200, "phone_number": 200}


def properties(patch: Patch, fields: Mapping[str, NativeField], reference: Reference) -> dict[str, Json]:
    """The body of the update, by column id.

    Raises:
        Rejected: naming every cell that cannot be sent, each with its reason. Nothing was sent.
        ConnectorError: people could not be looked up.
    """
    encoded: dict[str, Json] = {}
    refusals: dict[str, str] = {}
    for field_id, value in patch.cells.items():
        try:
            field = _writable(patch, fields.get(field_id))
            spelling = _spelling(patch, field)
            payload = _payload(patch, field, spelling.wire, value, reference)
            encoded[spelling.wire_id] = {spelling.wire: payload}
        except Unwritable as error:
            refusals[field_id] = str(error)
    if refusals:
        raise _rejected(patch, fields, refusals)
    return encoded


def _rejected(patch: Patch, fields: Mapping[str, NativeField], refusals: dict[str, str]) -> Rejected:
    named = (f"{fields[key].name if key in fields else key}: {why}" for key, why in refusals.items())
    return Rejected("; ".join(named), fields=refusals, service=SERVICE, place=patch.record.place)


def _writable(patch: Patch, field: NativeField | None) -> NativeField:
    """The field, when writing it can destroy nothing that was not seen."""
    if field is None:
        raise Unwritable(f"{CHANGED}: Notion has no such column any more")
    if not field.writable:
        raise Unwritable(field.why_not)
    cell = patch.record.cells.get(field.id)
    if cell is None:
        raise Unwritable("was not read before writing")
    if cell.locked is not None:
        raise Unwritable(cell.locked)
    if isinstance(cell.value, Unreadable):
        raise Unwritable(f"could not be read ({cell.value.reason}), so it is not overwritten")
    return field


def _spelling(patch: Patch, field: NativeField) -> Spelling:
    """As the fresh look at this very row saw it: the schema may be hours old."""
    found = (patch.record.locator or {}).get(column_of(field))
    if not isinstance(found, Spelling):
        raise Unwritable("was not read before writing")
    return found


def _payload(patch: Patch, field: NativeField, wire: str, value: Native, reference: Reference) -> Any:
    why = why_unsendable(value)
    if why is not None:
        raise Unwritable(why)
    if wire == "date":
        return _date(patch, field)
    if wire == "people":
        return [reference(text) for text in _many(value)]
    if wire == "status" and value is None:
        raise Unwritable("a status is never empty; Notion would set its default option instead")
    if wire in ("select", "status"):
        return None if value is None else _option(field.options, value)
    if wire == "multi_select":
        return [_option(field.options, name) for name in _many(value)]
    return _ENCODERS[wire](value) if wire in _ENCODERS else _line(wire, value)


def _text(value: Native) -> list[Json]:
    """Plain text in as many elements as its length needs; missing and empty text are one in Notion."""
    day = isinstance(value, date) and not isinstance(value, datetime)
    chunks = list(_chunks("" if value is None else str(value) if day else _str(value)))
    if len(chunks) > LONGEST_LIST:
        raise Unwritable(f"is longer than the {CHUNK * LONGEST_LIST} characters Notion takes")
    return [{"type": "text", "text": {"content": chunk}} for chunk in chunks]


def _chunks(text: str) -> Iterator[str]:
    """Pieces of at most `CHUNK` UTF-16 units; characters beyond U+FFFF, such as emoji, count as two."""
    start = units = 0
    for index, character in enumerate(text):
        size = 2 if ord(character) > 0xFFFF else 1
        if units + size > CHUNK:
            yield text[start:index]
            start, units = index, 0
        units += size
    if start < len(text):
        yield text[start:]


def _line(wire: str, value: Native) -> str | None:
    """An address, e-mail or phone number. Notion clears them by null; an empty text is no value."""
    text = "" if value is None else _str(value)
    if len(text) > _LONGEST_LINE[wire]:
        raise Unwritable(f"is longer than the {_LONGEST_LINE[wire]} characters Notion takes")
    return None if text == "" else text


def _number(value: Native) -> int | float | None:
    if value is None:
        return None
    if not isinstance(value, Decimal):
        raise Unwritable(f"wants a number, not {value!r}")
    try:
        return number(value)
    except ValueError as error:
        raise Unwritable(str(error)) from error


def _truth(value: Native) -> bool:
    if not isinstance(value, bool):
        raise Unwritable(f"a checkbox is on or off, it cannot hold {value!r}")
    return value


def _option(options: tuple[Option, ...], value: Native) -> Json:
    """By id, so that no name can create an option. Notion's names are unique ignoring case."""
    wanted = _folded(_str(value))
    for option in options:
        if _folded(option.name) == wanted:
            return {"id": option.id}
    offered = ", ".join(repr(option.name) for option in options) or "none"
    raise Unwritable(f"has no option {value!r} (it offers {offered}); add the option in Notion first")


def _relation(value: Native) -> list[Json]:
    try:
        return [{"id": object_id(text)} for text in _many(value)]
    except Unwritable:
        raise
    except ValueError as error:
        raise Unwritable(str(error)) from error


def _date(patch: Patch, field: NativeField) -> Json | None:
    """Both halves in one value: Notion replaces them together, so the unchanged one is repeated."""
    start = _half(patch, column_of(field))
    end = _half(patch, column_of(field) + END)
    if start is not None:
        return {"start": start, "end": end}
    if patch.cells.get(column_of(field) + END) is not None:
        raise Unwritable("a date cannot have an end without a start")
    return None


def _half(patch: Patch, field_id: str) -> str | None:
    if field_id in patch.cells:
        return _when(patch.cells[field_id])
    cell = patch.record.cells.get(field_id)
    if cell is None:
        raise Unwritable("the other half of this date was not read before writing")
    return _when(cell.value)


def _when(value: Native) -> str | None:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise Unwritable("a time needs its zone")
        return value.astimezone(UTC).replace(second=0, microsecond=0).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if value is None:
        return None
    raise Unwritable(f"wants a date, not {value!r}")


def _many(value: Native) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, tuple):
        raise Unwritable(f"wants a list, not {value!r}")
    if len(value) > LONGEST_LIST:
        raise Unwritable(
            f"Notion takes at most {LONGEST_LIST} at once, these are {len(value)}; "
            "keep long lists of links on the other side, one link on each related row"
        )
    return value


def _str(value: Native) -> str:
    if not isinstance(value, str):
        raise Unwritable(f"wants text, not {value!r}")
    return value


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()


_ENCODERS: dict[str, Callable[[Native], Any]] = {
    "title": _text,
    "rich_text": _text,
    "number": _number,
    "checkbox": _truth,
    "relation": _relation,
}
