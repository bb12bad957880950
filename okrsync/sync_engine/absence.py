"""Absence: when a record counts as gone (I6), and what that means.

A record is only *missing* when a complete look did not show it. It is *gone* when a later complete look
does not show it either and a direct look by id finds nothing: both together are kept as evidence in a
tombstone. Many at once are never concluded from: a person has to apply the plan that names them (I7).
Gone unlinks the record and nothing else: values stay in the model, no other tool is touched. If it comes
back it is linked again, as a first contact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from sqlalchemy import Connection

from okrsync.connectors.base import Record
from okrsync.connectors.errors import ConnectorError
from okrsync.okr.findings import Finding, Severity
from okrsync.sync_engine import rows
from okrsync.sync_engine.integrate import CHILDREN
from okrsync.sync_engine.lease import Lease
from okrsync.sync_engine.plan import Gone
from okrsync.sync_engine.refresh import Look, Refreshed
from okrsync.sync_engine.state import Link, LinkState, State
from okrsync.sync_engine.workspace import Workspace


@dataclass(frozen=True)
class Parting:
    """A record to let go, with the proof that stays (I24)."""

    link: Link
    evidence: Mapping[str, str | None]


def prove_absence(workspace: Workspace, lease: Lease, refreshed: Refreshed, run: str) -> None:
    """Look directly at records two complete looks did not show, and let go of those that are not there."""
    for name, look in refreshed.looks.items():
        if look.pull is None or not look.pull.complete:
            continue
        for collection in (name, name + CHILDREN):
            due = [
                k for k in refreshed.state.links.values() if k.collection == collection and _is_due(k, run)
            ]
            if due:
                _prove(workspace, lease, refreshed, look, due, run)


def prove_return(workspace: Workspace, lease: Lease, refreshed: Refreshed, run: str) -> None:
    """A gone record in a listing that may lag has come back only if a direct look finds it (I4)."""
    for link_id in refreshed.listed_again:
        link = refreshed.state.links[link_id]
        look = refreshed.looks[link.collection]
        there = _fetch(workspace, look, [link])
        if there and link.native_id in there:
            back = replace(link, state=LinkState.LINKED, missing_run=None, seen_run=run)
            refreshed.state.links[link_id] = back
            with lease.begin(workspace.wall()) as connection:
                rows.save_links(connection, [back])


def _fetch(workspace: Workspace, look: Look, links: Sequence[Link]) -> Mapping[str, Record] | None:
    """A direct look, `None` when the service does not answer."""
    assert look.schema is not None and look.bound is not None  # only called for collections that were read
    connector = workspace.connector(look.mapping.connection)
    ids = [link.native_id for link in links]
    try:
        return connector.fetch(look.mapping.source, look.schema, ids, look.bound.want)
    except ConnectorError:
        return None


def _is_due(link: Link, run: str) -> bool:
    return link.state is LinkState.MISSING and link.missing_run not in (None, run)


def _prove(
    workspace: Workspace, lease: Lease, refreshed: Refreshed, look: Look, due: Sequence[Link], run: str
) -> None:
    there = _fetch(workspace, look, due)
    if there is None:
        return
    refreshed.findings += [_outside(link) for link in due if link.native_id in there]
    gone = [_proved(link, run) for link in due if link.native_id not in there]
    if gone:
        with lease.begin(workspace.wall()) as connection:
            let_go(connection, refreshed.state, gone, run, workspace.now())
            rows.bump_serial(connection)
        refreshed.findings += farewells(gone)


def _outside(link: Link) -> Finding:
    return Finding(
        "OUT_OF_SCOPE",
        link.place,
        "it still exists, but outside the collection's scope; it is neither read nor written",
        "Move it back, or widen the collection's source",
        Severity.INFO,
    )


def _proved(link: Link, run: str) -> Parting:
    evidence = {"missing since run": link.missing_run, "missing in run": run, "direct look": "not found"}
    return Parting(link, {**evidence, "title": link.title})


def part_with(workspace: Workspace, refreshed: Refreshed, gone: Sequence[Gone], run: str) -> list[Parting]:
    """Records a person approved to let go, looked at directly once more. Those of a service that does not
    answer stay as they are."""
    found = []
    for collection, group in groupby(gone, lambda each: each.collection):
        links = [refreshed.state.links[each.link] for each in group]
        there = _fetch(workspace, refreshed.looks[collection.removesuffix(CHILDREN)], links)
        found += [_approved(link, run, there) for link in links] if there is not None else []
    return found


def _approved(link: Link, run: str, there: Mapping[str, Record]) -> Parting:
    look = "outside the collection's scope" if link.native_id in there else "not found"
    evidence = {"missing in run": run, "direct look": look, "approved": "by applying a saved plan"}
    return Parting(link, {**evidence, "title": link.title})


def let_go(connection: Connection, state: State, gone: Sequence[Parting], run: str, now: str) -> None:
    """Unlink records with their evidence; nothing else is done for it."""
    for parting in gone:
        rows.bury(connection, parting.link, parting.evidence, run, now)
        state.links[parting.link.id] = replace(parting.link, state=LinkState.GONE)
        state.forget_base(parting.link.id)


def farewells(gone: Sequence[Parting]) -> list[Finding]:
    """What people are told; children are only counted."""
    what = "the record is gone (or hidden from okrsync); nothing was deleted elsewhere for it"
    advice = "Restore it, or remove its counterparts by hand"
    links = (parting.link for parting in gone)
    return [Finding("GONE", k.place, what, advice) for k in links if not k.collection.endswith(CHILDREN)]
