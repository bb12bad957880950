"""Ids as Notion makes them: UUIDs for objects, a few odd characters for columns.

Everything is derived from the workspace's seed and a counter, so that the same world always has the same
ids. Separate because the encoded and the decoded form of a column id, and the dashed and undashed form of
a UUID, are the same thing to Notion and must be told apart in exactly one place.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Container
from urllib.parse import quote

from okrsync.sandbox.notion.state import State

_NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
_UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[1-8][0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}")
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ODD = ":{}<>?@[]^`|;=\\~_"


def seeded_uuid(seed: str, name: str) -> str:
    """A UUID that depends on nothing but its arguments."""
    return str(uuid.uuid5(_NAMESPACE, f"{seed}/{name}"))


def new_id(state: State, kind: str) -> str:
    """The next object id of this world."""
    state.counter += 1
    return seeded_uuid(state.settings.seed, f"{kind}/{state.counter}")


def new_column_id(state: State, taken: Container[str]) -> str:
    """Four characters, in about half of the columns one that must be percent-encoded (recorded: 54 %)."""
    while True:
        state.counter += 1
        name = f"{state.settings.seed}/column/{state.counter}"
        digest = hashlib.sha256(name.encode()).digest()
        letters = [_PLAIN[byte % len(_PLAIN)] for byte in digest[:4]]
        if digest[4] % 2 == 0:
            letters[digest[5] % 4] = _ODD[digest[6] % len(_ODD)]
        candidate = "".join(letters)
        if candidate not in taken and candidate != "title":
            return candidate


def encoded(column_id: str) -> str:
    """A column id as answers show it: JavaScript's encodeURIComponent (recorded: `?~\\w` is `%3F~%5Cw`)."""
    return quote(column_id, safe="!~*'()")


def canonical(text: object) -> str | None:
    """The dashed lower-case form of a UUID, `None` if it is none.

    Notion checks version and variant too: recorded, 12345678-1234-1234-1234-123456789abc is refused.
    """
    if not isinstance(text, str) or _UUID.fullmatch(text.lower()) is None:
        return None
    return str(uuid.UUID(text))
