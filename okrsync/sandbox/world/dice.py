"""Choices that look arbitrary and are always the same.

Arrives: the names of what is chosen for. Leaves: a number that follows from them alone, so that two worlds
are equal and adding a company changes nothing in another.
"""

from __future__ import annotations

import hashlib


def roll(sides: int, *names: str) -> int:
    """A number from 0 to `sides` - 1 that depends on nothing but its arguments."""
    digest = hashlib.sha256("/".join(names).encode()).digest()
    return int.from_bytes(digest[:8], "big") % sides
