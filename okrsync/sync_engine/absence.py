"""Absence: when a record counts as gone (I6), and what that means.

A record is only *missing* when a complete look did not show it. It is *gone* when a later complete look
does not show it either and a direct look by id finds nothing: both together are kept as evidence in a
tombstone. Gone unlinks the record and nothing else: values stay in the model, no other tool is touched.
If it comes back it is linked again, as a first contact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from okrsync.connectors.base import Record
from okrsync.connectors.errors import ConnectorError
from okrsync.okr.findings import Finding, Severity
from okrsync.sync_engine import rows
from okrsync.sync_engine.integrate import CHILDREN
from okrsync.sync_engine.lease import Lease
from okrsync.sync_engine.refresh import Look, Refreshed
from okrsync.sync_engine.state import Link, LinkState
from okrsync.sync_engine.workspace import Workspace


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
    gone = [link for link in due if link.native_id not in there]
    for link in due:
        if link.native_id in there:
            refreshed.findings.append(_outside(link))
    if gone:
        _let_go(workspace, lease, refreshed, gone, run)


def _outside(link: Link) -> Finding:
    return Finding(
        "OUT_OF_SCOPE",
        link.place,
        "it still exists, but outside the collection's scope; it is neither read nor written",
        "Move it back, or widen the collection's source",
        Severity.INFO,
    )


def _let_go(workspace: Workspace, lease: Lease, refreshed: Refreshed, gone: Sequence[Link], run: str) -> None:
    with lease.begin(workspace.wall()) as connection:
        for link in gone:
            evidence = {
                "missing since run": link.missing_run,
                "missing in run": run,
                "direct look": "not found",
                "title": link.title,
            }
            rows.bury(connection, link, evidence, run, workspace.now())
            refreshed.state.links[link.id] = replace(link, state=LinkState.GONE)
            refreshed.state.forget_base(link.id)
        rows.bump_serial(connection)
    for link in gone:
        if not link.collection.endswith(CHILDREN):
            refreshed.findings.append(
                Finding(
                    "GONE",
                    link.place,
                    "the record is gone (or hidden from okrsync); nothing was deleted elsewhere for it",
                    "Restore it, or remove its counterparts by hand",
                )
            )
