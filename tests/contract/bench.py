"""What a service must offer so that the contract suite can be run on its connector.

Arrives: nothing but orders of promises ("a person adds a record", "the next write loses its answer").
Leaves: a connector to a fresh collection, and the truth past every interface. One subclass per service, in a
file of its own below `benches`. Promises speak of roles ("text", "number"), never of a service's own ids.

The first part is required. The second part are situations: a bench overrides those its service can be put
into, and a promise that asks for others is not run on it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from okrsync.connectors.base import Connector, Features, Native

Truth = Mapping[tuple[str, str], object]
"""What the service holds, by record and native field id. Two moments are compared."""


class Bench(ABC):
    """One service with one collection that belongs to the suite alone."""

    name: str
    """The column of the table."""
    features: Features
    """What the connector declares; a promise checks that it is so."""
    fields: Mapping[str, str]
    """Native field id by role. `title`, `text` and `number` are there always, all three writable."""
    samples: Mapping[str, Sequence[Native]]
    """Values by role, each to be written, read back and pulled; neighbours differ. Known after `fresh`."""
    roles: Sequence[str]
    """The roles that have samples; known before `fresh`."""
    by_hand: frozenset[str]
    """Roles a person can fill too; `title`, `text` and `number` are among them."""
    source: Any
    """The collection; known after `fresh`, as are `fields`."""
    key: str | None = None
    """For `creates`: the native field people see the key in."""

    @abstractmethod
    def fresh(self) -> None:
        """The collection is empty and nothing is planned to go wrong; starts the service where needed."""

    @abstractmethod
    def stop(self) -> None:
        """The suite is through with this service."""

    @abstractmethod
    def connect(self, *, timeout: float = 5.0) -> Connector:
        """A new connector with good credentials; its waiting takes no real time."""

    @abstractmethod
    def add(self, **values: Native) -> str:
        """A person adds a record with values by role. Returns its native id."""

    @abstractmethod
    def edit(self, record: str, **values: Native) -> None:
        """A person fills some roles of `by_hand`."""

    @abstractmethod
    def truth(self) -> Truth:
        """Everything people could see, and what okrsync keeps beside it."""

    # Situations

    def wrong_source(self) -> Any:
        """A collection that is not there."""
        self._cannot("wrong_source")

    def beside(self) -> Any:
        """Another collection of the same place, which one request may show too. It holds one record."""
        self._cannot("beside")

    def delete(self, record: str) -> None:
        """A person deletes a record."""
        self._cannot("delete")

    def short_pages(self) -> None:
        """From now on an answer holds two records at most."""
        self._cannot("short_pages")

    def unreadable(self, record: str) -> str:
        """One cell of the record holds something no connector can read. Returns its native field id."""
        self._cannot("unreadable")

    def computed(self) -> str:
        """The id of a field that the service itself fills and nobody may write."""
        self._cannot("computed")

    def later(self, seconds: float) -> None:
        """Time passes at the service."""
        self._cannot("later")

    def stranger(self) -> Connector:
        """A connector with credentials that are refused."""
        self._cannot("stranger")

    def cut_off(self) -> Connector:
        """A connector to an address where nobody listens."""
        self._cannot("cut_off")

    def secrets(self) -> Sequence[str]:
        """Texts that must never be seen, in every form in which they travel."""
        self._cannot("secrets")

    def fault(self, request: str, kind: str, **rest: Any) -> None:
        """Something goes wrong with the next `read`, `write` or `create`; kinds as in docs/sandbox.md."""
        self._cannot("fault")

    def log(self) -> Mapping[str, int]:
        """Requests the service received since `fresh`: `read` and `write`."""
        self._cannot("log")

    def waited(self) -> float:
        """Seconds the connectors waited since `fresh`."""
        self._cannot("waited")

    def port(self) -> int:
        """The port the service listens on."""
        self._cannot("port")

    def meanwhile(self, record: str, **values: Native) -> None:
        """A person edits after the suite's look and before the next write looks for itself."""
        self._cannot("meanwhile")

    def add_child(self, parent: str, title: str, category: str, points: Native) -> str:
        """A record below another: "new", "indeterminate" or "done", with an estimate or none."""
        self._cannot("add_child")

    def move(self, record: str) -> None:
        """The record's human key changes."""
        self._cannot("move")

    def rearrange(self) -> None:
        """A person sorts or moves the records people see, the other way round."""
        self._cannot("rearrange")

    def lag(self) -> None:
        """Listings show this moment until `later`."""
        self._cannot("lag")

    def anonymous(self) -> None:
        """The service answers strangers too, with less."""
        self._cannot("anonymous")

    def shown(self, record: str, role: str) -> str:
        """What a person sees where a look-up shows a result."""
        self._cannot("shown")

    def plays(self, situation: str) -> bool:
        """Whether this bench offers a situation."""
        return getattr(type(self), situation) is not getattr(Bench, situation)

    def _cannot(self, situation: str) -> NoReturn:
        raise LookupError(f"the bench of {self.name} does not play {situation!r}")
