"""What is remembered beside agreed values: that held goals were looked at, and when lines were reached.

A value that did not move is no new value, but for a goal to keep each look at it is an observation of its
period (S40, S49). Lines are reached once (S102): the history of computed scores tells when. Neither is ever
an input of a merge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, select

from okrsync.okr.measures import goal_of
from okrsync.okr.model import Entity, Kind
from okrsync.okr.numbers import usable
from okrsync.okr.reached import Reached, reached
from okrsync.okr.reading import read_refs
from okrsync.okr.values import Unreadable, Value, decode, same
from okrsync.sync_engine import rows
from okrsync.sync_engine import schema as t
from okrsync.sync_engine.lease import Lease
from okrsync.sync_engine.plan import DERIVED
from okrsync.sync_engine.refresh import Refreshed
from okrsync.sync_engine.state import EntityField, LinkState, State
from okrsync.sync_engine.workspace import Workspace

_SCORES = ("score", "progress")


def note_looks(workspace: Workspace, lease: Lease, refreshed: Refreshed) -> None:
    """Note for today that the values of goals to keep were seen, unchanged or not; once a day."""
    today = workspace.today().isoformat()
    seen = [{"entity": e, "field": "current", "day": today} for e in sorted(_seen_held(refreshed))]
    if seen:
        with lease.begin(workspace.wall()) as connection:
            rows.insert_new(connection, t.sighting, seen)


def _seen_held(refreshed: Refreshed) -> set[str]:
    """Whose `current` a collection that was read shows as agreed, among the sources of goals to keep."""
    state, read = refreshed.state, refreshed.mappings.keys()
    sources = set(_sources_of_held(state))
    found = set()
    for link in state.links.values():
        look = state.observed.get((link.id, "current"))
        if link.entity not in sources or link.collection not in read or link.state is not LinkState.LINKED:
            continue
        agreed = state.canonical.get((link.entity, "current"))
        if look is None or isinstance(look.seen, Unreadable) or agreed is None:
            continue
        if same(look.seen, agreed.value):
            found.add(link.entity)
    return found


def _sources_of_held(state: State) -> Iterator[str]:
    """Goals to keep that have a value of their own, and the KPIs of the others."""
    fields: dict[str, dict[str, Value]] = {}
    for (entity, name), held in state.canonical.items():
        if state.entities[entity].kind is Kind.KEY_RESULT:
            fields.setdefault(entity, {})[name] = held.value
    for id_, values in fields.items():
        kr = Entity(id_, Kind.KEY_RESULT, None, values)
        if goal_of(kr).held:
            yield from read_refs(kr, "metric") or (id_,)


def sightings(connection: Connection, since: date) -> dict[EntityField, list[date]]:
    """The days since then on which a field was seen although it need not have changed."""
    s = t.sighting.c
    query = select(s.entity, s.field, s.day).where(s.day >= since.isoformat()).order_by(s.day)
    found: dict[EntityField, list[date]] = {}
    for row in connection.execute(query):
        found.setdefault((row.entity, row.field), []).append(date.fromisoformat(row.day))
    return found


def lines_reached(
    workspace: Workspace, entities: Mapping[str, Entity], until: date | None = None
) -> tuple[Reached, ...]:
    """Every line a goal of the model has reached until a day, as the computed scores tell."""
    with workspace.store.begin() as connection:
        past = _scores(connection)
    last = until or workspace.today()
    kept: dict[str, list[tuple[date, Decimal | None]]] = {}
    for (entity, name), values in past.items():
        known = entities.get(entity)
        if known is not None and name == ("progress" if known.kind is Kind.INITIATIVE else "score"):
            days = [(workspace.day_of(at), value) for at, value in values]
            kept[entity] = [(day, value) for day, value in days if day <= last]
    return reached(entities, workspace.settings.method, kept)


def _scores(connection: Connection) -> dict[EntityField, Sequence[tuple[str, Decimal | None]]]:
    """Every score that was ever computed, oldest first."""
    o = t.observation.c
    query = select(o.entity, o.field, o.value, o.valid_at).where(o.origin == DERIVED, o.field.in_(_SCORES))
    found: dict[EntityField, list[tuple[str, Decimal | None]]] = {}
    for row in connection.execute(query.order_by(o.valid_at, o.id)):
        found.setdefault((row.entity, row.field), []).append((row.valid_at, usable(decode(row.value))))
    return dict(found)
