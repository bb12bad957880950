"""Which native field types can hold which normal forms: the table behind FIELD_TYPE findings.

Only certain mistakes are refused (a checkbox for a date). Where cells of one column may differ, as text
columns do, the column passes and each cell is judged when it is read. A type that is not listed here
comes from a connector this table does not know, and passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from okrsync.okr.model import Type


def _types(names: str) -> frozenset[str]:
    return frozenset(names.split()) | {"text", "property"}


_KNOWN = _types("number percent date moment bool choice labels people relation computed")

_READ: Mapping[Type, frozenset[str]] = MappingProxyType(
    {
        Type.TEXT: _types("number percent date moment choice labels people computed"),
        Type.NUMBER: _types("number percent choice computed"),
        Type.DATE: _types("date moment computed"),
        Type.MOMENT: _types("moment date computed"),
        Type.BOOL: _types("bool choice computed"),
        Type.CHOICE: _types("choice labels computed"),
        Type.PERSON: _types("people choice labels computed"),
        Type.LABELS: _types("labels choice computed"),
        Type.REFS: _types("relation labels choice number computed"),
    }
)
_WRITE: Mapping[Type, frozenset[str]] = MappingProxyType(
    {
        Type.TEXT: _types("choice"),
        Type.NUMBER: _types("number percent"),
        Type.DATE: _types("date"),
        Type.MOMENT: _types("moment"),
        Type.BOOL: _types("bool choice"),
        Type.CHOICE: _types("choice"),
        Type.PERSON: _types("people"),
        Type.LABELS: _types("labels"),
        Type.REFS: _types("relation"),
    }
)


def readable(form: Type, native_type: str) -> bool:
    """Whether a field of this native type may hold values of the normal form."""
    return native_type not in _KNOWN or native_type in _READ[form]


def writable(form: Type, native_type: str) -> bool:
    """Whether values of the normal form may be written to a field of this native type."""
    return native_type not in _KNOWN or native_type in _WRITE[form]
