"""Who somebody is: from the e-mail or name people write to the user id that Notion wants.

Arrives: user objects, first those that pages already showed (guests appear nowhere else), then, once and
only when somebody is still unknown, the workspace's list of users. Leaves: references for people columns
and names for ids. Separate because it is the only part of writing that may need a request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from okrsync.connectors.errors import Forbidden
from okrsync.connectors.notion.decode import person
from okrsync.connectors.notion.errors import Unwritable

Json = dict[str, Any]

_NO_CAPABILITY = (
    "the connection may not read users, so nobody can be found by e-mail; "
    "give it the capability to read user information including e-mail addresses"
)


class People:
    """The users known so far.

    Args:
        users: lists every user of the workspace; asked at most once. May raise a `ConnectorError`.
    """

    def __init__(self, users: Callable[[], Iterable[Json]]) -> None:
        self._users = users
        self._listed = False
        self._by_id: dict[str, Json] = {}

    def learn(self, user: Json) -> None:
        """Remember a user or group that an answer showed in full; bare ids teach nothing."""
        if "name" in user or "person" in user:
            self._by_id[user["id"]] = user

    def name(self, user_id: str) -> str:
        """E-mail or name of a user met before, else the id. Sends nothing."""
        user = self._by_id.get(user_id)
        return user_id if user is None else person(user)

    def reference(self, text: str) -> Json:
        """What a people column wants for one e-mail, name or id.

        Raises:
            Unwritable: nobody or more than one is called so, or users may not be read.
            ConnectorError: the list of users could not be read for another reason.
        """
        found = self._find(text)
        if not found:
            self._list()
            found = self._find(text)
        if len(found) != 1:
            raise Unwritable(f"{_how_many(found)} in this workspace is known as {text!r}")
        kind = found[0].get("object", "user")
        return {"object": kind, "id": found[0]["id"]}

    def _find(self, text: str) -> list[Json]:
        wanted = text.strip().lower()
        return [
            user for user in self._by_id.values() if wanted in (person(user).lower(), str(user["id"]).lower())
        ]

    def _list(self) -> None:
        if self._listed:
            return
        try:
            users = list(self._users())
        except Forbidden as error:
            raise Unwritable(_NO_CAPABILITY) from error
        self._listed = True
        for user in users:
            self._by_id.setdefault(user["id"], user)


def _how_many(found: list[Json]) -> str:
    return "more than one person" if found else "nobody"
