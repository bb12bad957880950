"""What a reader or writer of one value knows: the binding, the live native field, and who is who.

One small record instead of four arguments on every function of `reading` and `writing`.
"""

from __future__ import annotations

from dataclasses import dataclass

from okrsync.connectors.base import NativeField
from okrsync.mappings.binding import Binding
from okrsync.mappings.resolver import Resolver


@dataclass(frozen=True)
class Side:
    """One native field of one collection, bound."""

    binding: Binding
    field: NativeField
    connection: str
    resolver: Resolver
