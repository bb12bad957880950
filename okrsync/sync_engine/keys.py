"""Keys: what people are told where a key does not say which record is meant. Pure.

What arrives: a record or a link and the key that stands on it. What leaves: a finding that names the place
and what to do there. Separate from `integrate`, which only decides; nothing is ever linked by likeness.
"""

from __future__ import annotations

from okrsync.connectors.base import Record
from okrsync.okr.findings import Finding, Severity
from okrsync.sync_engine.state import LIVE, Link, State


def unreadable(record: Record, reason: str) -> Finding:
    """A new record whose key shows an error."""
    return _finding("KEY_UNREADABLE", record.place, f"the key cannot be read: {reason}", "Type a key")


def shared(record: Record, key: str) -> Finding:
    """One of several new records with one key."""
    what = f"the key {key} stands on several records; none of the new ones is linked"
    return _finding("KEY_SHARED", record.place, what, "Give each its own key")


def copied(record: Record, key: str, first: Link) -> Finding:
    """A new record with the key of a linked one."""
    what = f"the key {key} is already that of {first.place}"
    return _finding("KEY_SHARED", record.place, what, "Give it a new key")


def taken(state: State, link: Link, holder: str) -> Finding:
    """A linked record that was given the key of another entity: by a slip, or because the collection's
    `key:` was added after its records had been linked without one."""
    key, kind, own = state.entities[holder].key, state.entities[holder].kind, state.entities[link.entity].key
    places = sorted(k.place for k in state.links.values() if k.entity == holder and k.state in LIVE)
    where = f" ({places[0]})" if places else ""
    if own is not None:
        what = f"the key {key} belongs to another {kind.value}{where}; {own} stays"
        return _finding("KEY_TAKEN", link.place, what, "Give it a key of its own")
    what = f"the key {key} belongs to another {kind.value}{where}; this one was linked before it had a key"
    advice = "If both are the same: make this record anew, with that key, and remove the old one"
    return _finding("KEY_TAKEN", link.place, what, f"{advice}. If not: give it a key of its own")


def _finding(code: str, place: str, what: str, advice: str) -> Finding:
    return Finding(code, place, what, advice, Severity.WARNING)
