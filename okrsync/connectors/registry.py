"""The connectors there are: one record each. Nothing of a service is imported until it is opened.

Arrives: our own, and what other installed packages announce as entry points of the group
`okrsync.connectors`. Leaves: kinds by name. docs/connectors.md tells how a new one is added.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, cast

from pydantic import BaseModel

from okrsync.connectors.base import Connector


@dataclass(frozen=True)
class ConnectorKind:
    """One kind of service: where its settings models and its opener live.

    `settings` must offer `Connection` and `Source` (pydantic models, cheap to import); `connector` must
    offer `open_connector(name, connection) -> Connector`. Where it makes records, `settings` has
    `GIVES_KEYS`.
    """

    kind: str
    package: str

    def _module(self, name: str) -> Any:
        return import_module(f"{self.package}.{name}")

    def connection_model(self) -> type[BaseModel]:
        """The model of `connections.NAME` in the admin's file."""
        return cast("type[BaseModel]", self._module("settings").Connection)

    def source_model(self) -> type[BaseModel]:
        """The model of `collections.NAME.source` in the admin's file."""
        return cast("type[BaseModel]", self._module("settings").Source)

    def gives_keys(self) -> bool | None:
        """Whether the service gives each new record a key of its own; `None` where the kind makes none."""
        return cast("bool | None", getattr(self._module("settings"), "GIVES_KEYS", None))

    def open(self, name: str, connection: Any) -> Connector:
        """Open a connection; `name` is the admin's word for it. Sends nothing yet."""
        opener = cast("Callable[[str, Any], Connector]", self._module("connector").open_connector)
        return opener(name, connection)


GROUP = "okrsync.connectors"
"""Entry points of other packages: the kind's name, and the package that holds `settings` and `connector`."""

_OWN = {
    kind.kind: kind
    for kind in (
        ConnectorKind("jira", "okrsync.connectors.jira"),
        ConnectorKind("notion", "okrsync.connectors.notion"),
        ConnectorKind("sheets", "okrsync.connectors.sheets"),
        ConnectorKind("folder", "okrsync.connectors.folder"),
    )
}


def installed() -> dict[str, ConnectorKind]:
    """All kinds by name, our own first. Another package cannot take the name of one of ours."""
    found = sorted(entry_points(group=GROUP), key=lambda each: each.name)
    others = {each.name: ConnectorKind(each.name, each.value) for each in found if each.name not in _OWN}
    return {**_OWN, **others}


KINDS = installed()
