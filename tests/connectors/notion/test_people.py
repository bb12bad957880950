"""From what people write to the user Notion wants."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from okrsync.connectors.errors import Forbidden, Transient
from okrsync.connectors.notion.errors import Unwritable
from okrsync.connectors.notion.people import Json, People
from tests.connectors.notion.samples import user

ADA, BOB = user(1, "ada@example.com"), user(2, None, "Bob")


class Directory:
    """Lists users and counts how often it was asked."""

    def __init__(self, *users: Json, error: Exception | None = None) -> None:
        self.users = users
        self.error = error
        self.asked = 0

    def __call__(self) -> Iterator[Json]:
        self.asked += 1
        if self.error is not None:
            raise self.error
        yield from self.users


def test_the_list_is_read_once_and_only_when_needed() -> None:
    """No request before somebody unknown is written, one for all after."""
    directory = Directory(ADA, BOB)
    people = People(directory)
    assert directory.asked == 0
    assert people.reference("Ada@Example.com") == {"object": "user", "id": ADA["id"]}
    assert people.reference("Bob") == {"object": "user", "id": BOB["id"]}
    assert directory.asked == 1


def test_people_seen_on_pages_need_no_list() -> None:
    """Guests appear on pages and in no list."""
    directory = Directory()
    people = People(directory)
    people.learn(ADA)
    assert people.reference("ada@example.com")["id"] == ADA["id"]
    assert directory.asked == 0


def test_groups_stay_groups() -> None:
    """A group in a people column is written back as a group."""
    people = People(Directory())
    people.learn({"object": "group", "id": "g", "name": "Sales"})
    assert people.reference("Sales") == {"object": "group", "id": "g"}


@pytest.mark.parametrize(("name", "word"), [("eve@example.com", "nobody"), ("Ann", "more than one")])
def test_nobody_and_too_many_are_refused(name: str, word: str) -> None:
    """An owner is never guessed."""
    people = People(Directory(user(3, None, "Ann"), user(4, None, "Ann")))
    with pytest.raises(Unwritable, match=word):
        people.reference(name)


def test_a_missing_capability_is_explained() -> None:
    """Without it nobody can be found; the message says which capability to give."""
    people = People(Directory(error=Forbidden("no")))
    with pytest.raises(Unwritable, match="capability to read user information"):
        people.reference("ada@example.com")


def test_a_failing_list_is_asked_again_later() -> None:
    """A passing failure is told as such and not taken for an empty workspace."""
    directory = Directory(ADA, error=Transient("busy"))
    people = People(directory)
    with pytest.raises(Transient):
        people.reference("ada@example.com")
    directory.error = None
    assert people.reference("ada@example.com")["id"] == ADA["id"]


def test_ids_without_a_name_stay_ids() -> None:
    """Authors are shown as what is known of them, without a request."""
    people = People(Directory(error=AssertionError("must not be asked")))
    people.learn({"object": "user", "id": "u-9"})
    people.learn(ADA)
    assert (people.name("u-9"), people.name(str(ADA["id"]))) == ("u-9", "ada@example.com")
