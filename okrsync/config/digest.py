"""`digest:`: how far a digest looks back, and where it is sent.

What arrives: the section as parsed. What leaves: one `Digests`. Addresses are Apprise's, such as
slack://… or mailto://…; most hold a secret, so they are filled in from references like credentials are,
and one that is written out is told.
"""

from __future__ import annotations

from pydantic import Field

from okrsync.config.connections import is_loopback, warn_of_literal
from okrsync.config.draft import Draft
from okrsync.config.problems import Path, dotted
from okrsync.config.secrets import Secrets
from okrsync.config.settings import Digests
from okrsync.config.shape import Shape, Text


class DigestShape(Shape):
    """The page per team."""

    days: int = Field(7, ge=1, le=366, description="How many days a digest looks back.")
    notify: tuple[Text, ...] = Field(
        (), description="Where `okrsync digest --send` sends every page: addresses as Apprise writes them."
    )
    teams: dict[Text, tuple[Text, ...]] = Field(
        default_factory=dict, description="Addresses that get one team's page instead, by the team's name."
    )


def digests(draft: Draft, secrets: Secrets) -> Digests | None:
    """The digest's settings, or `None` and problems."""
    raw = draft.section("digest")
    shape = draft.validate(DigestShape, secrets.filled(raw, ("digest",)), ("digest",))
    written = draft.validate(DigestShape, raw, ("digest",)) if shape is not None else None
    if shape is None or written is None:
        return None
    _literal(draft, written.notify, ("digest", "notify"))
    for team, addresses in written.teams.items():
        _literal(draft, addresses, ("digest", "teams", team))
    teams = {team: tuple(addresses) for team, addresses in shape.teams.items()}
    return Digests(shape.days, tuple(shape.notify), teams)


def _literal(draft: Draft, addresses: tuple[str, ...], path: Path) -> None:
    for at, address in enumerate(addresses):
        if "://" not in address and "${" not in address:
            where = (*path, at)
            draft.problem(
                where, f"{dotted(where)}: not an address", "write one such as mailto://… or slack://…"
            )
        elif "${" not in address and not is_loopback(address):
            warn_of_literal(draft, (*path, at))
