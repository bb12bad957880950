"""Missing: which linked records a complete look did not show, and whether that is believed. Pure.

What arrives: the state and the ids one complete look showed. What leaves: the records it lacks. A few are
noted as missing and have to be proved gone; many at once are taken for a lost permission or a changed filter
(I7). Those are only named in the plan, so that a person who removed them can approve just that plan.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from okrsync.okr.findings import Finding, Severity
from okrsync.sync_engine.guards import EMPTIED
from okrsync.sync_engine.plan import Gone
from okrsync.sync_engine.state import LIVE, NEVER, Link, State

FEW = 3
"""So many may always be missing: in a small collection any share is soon reached."""


@dataclass(frozen=True)
class Unseen:
    """What a complete look at one collection lacks."""

    collection: str
    links: tuple[Link, ...]
    linked: int
    """How many records are linked there."""
    believed: bool

    @property
    def known(self) -> tuple[Link, ...]:
        """Those that some listing has shown before; the others may only be late."""
        return tuple(link for link in self.links if link.seen_run != NEVER)


def unseen(state: State, collection: str, seen: Collection[str], limit: Decimal) -> Unseen:
    """The linked records whose native id is not among `seen`.

    Args:
        limit: the share of a collection that may be missing at once, 0 to 1.
    """
    linked = [k for k in state.links.values() if k.collection == collection and k.state in LIVE]
    absent = tuple(link for link in linked if link.native_id not in seen)
    found = Unseen(collection, absent, len(linked), believed=True)
    many = len(found.known) > FEW and len(found.known) > limit * len(linked)
    return Unseen(collection, absent, len(linked), believed=not many)


def too_many(found: Unseen) -> Finding:
    """Why nothing is concluded, and how to say that it was meant."""
    share = f"{len(found.known)} of {found.linked} records"
    what = f"{share} are not there any more; nothing is concluded from it"
    advice = (
        "Check what is shared with okrsync and the collection's scope. If they were removed on purpose, apply"
        " the saved plan, which names them"
    )
    return Finding(EMPTIED, found.collection, what, advice, Severity.ERROR)


def named(doubted: Iterable[Link]) -> tuple[Gone, ...]:
    """The records as a plan names them, in an order people can follow."""
    found = [Gone(k.id, k.collection, k.native_id, k.title, k.place) for k in doubted]
    return tuple(sorted(found, key=lambda gone: (gone.collection, gone.title, gone.native_id)))
