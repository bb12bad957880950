"""Bindings nobody has to write: okrsync's own places in a tool.

`results:` of a spreadsheet becomes a binding per computed field and one per column that shows one. Some
kinds of connection also keep computed values on the record itself, invisible to people, without any
setting up; which ones is the table below. The table is here, not asked from the connector's declared
features, because those come with its client library and checking a file must stay cheap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from okrsync.config.draft import Draft
from okrsync.config.problems import Path, dotted
from okrsync.config.shape import ResultsShape
from okrsync.mappings.binding import LOOKUP, PROPERTY, RESULTS, Binding, Place
from okrsync.mappings.names import suggestion
from okrsync.mappings.rules import OnDrift
from okrsync.okr.model import FIELDS, Kind

SHOWN = "shown"
"""What a lookup column's cell reads as while its formula is in place."""

_PROPERTIES: Mapping[tuple[str, Kind], tuple[str, ...]] = MappingProxyType(
    {("jira", Kind.INITIATIVE): ("progress", "explanation")}
)


def property_bindings(kind_of_connection: str, collection: str, entity: Kind, place: Place) -> list[Binding]:
    """The computed fields a kind of connection keeps on its records by itself."""
    fields = _PROPERTIES.get((kind_of_connection, entity), ())
    return [_own(collection, entity, name, f"{PROPERTY}okrsync.{name}", place) for name in fields]


def derived_fields(entity: Kind) -> tuple[str, ...]:
    """The computed fields of an entity kind, in the model's order."""
    return tuple(name for name, spec in FIELDS[entity].items() if spec.derived)


def _shown_unasked(entity: Kind) -> tuple[str, ...]:
    return tuple(name for name in derived_fields(entity) if not FIELDS[entity][name].asked)


def result_bindings(draft: Draft, collection: str, entity: Kind, results: ResultsShape) -> list[Binding]:
    """The bindings of okrsync's own tab and of the columns that show it."""
    path: Path = ("collections", collection, "results")
    fields = results.fields if results.fields is not None else _shown_unasked(entity)
    bindings = []
    for index, name in enumerate(fields):
        where = (*path, "fields", index) if results.fields is not None else path
        if _is_computed(draft, entity, name, where):
            place = draft.place(where, on_key=results.fields is None)
            bindings.append(_own(collection, entity, name, f"{RESULTS}{name}", place))
    return [*bindings, *_lookups(draft, collection, entity, results.show, fields)]


def _is_computed(draft: Draft, entity: Kind, name: str, path: Path) -> bool:
    known = derived_fields(entity)
    if name in known:
        return True
    draft.problem(path, f"{dotted(path)}: {name} is not a computed field", suggestion(name, known))
    return False


def _lookups(
    draft: Draft, collection: str, entity: Kind, show: Mapping[str, str], fields: tuple[str, ...]
) -> Iterator[Binding]:
    for column, name in show.items():
        path: Path = ("collections", collection, "results", "show", column)
        if name not in fields or name not in derived_fields(entity):
            message = f"{dotted(path)}: {name} is not among the results' fields"
            draft.problem(path, message, suggestion(name, fields))
            continue
        yield Binding(
            collection=collection,
            field=name,
            spec=FIELDS[entity][name],
            native=f"{LOOKUP}{column}={name}",
            reads=False,
            writes=True,
            place=draft.place(path, on_key=True),
            on_drift=OnDrift.REPORT,  # people may put their own formula there: say so, never overwrite
            constant=SHOWN,
        )


def _own(collection: str, entity: Kind, name: str, native: str, place: Place) -> Binding:
    spec = FIELDS[entity][name]
    return Binding(collection, name, spec, native, reads=False, writes=True, place=place)
