"""The connectors there are: one record each. Nothing of a service is imported until it is opened.

A new connector adds one line here and one package beside this file; docs/connectors.md tells how.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

from pydantic import BaseModel

from okrsync.connectors.base import Connector


@dataclass(frozen=True)
class ConnectorKind:
    """One kind of service: where its settings models and its opener live.

    `settings` must offer `Connection` and `Source` (pydantic models, cheap to import); `connector` must
    offer `open_connector(name, connection) -> Connector`.
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

    def open(self, name: str, connection: Any) -> Connector:
        """Open a connection; `name` is the admin's word for it. Sends nothing yet."""
        opener = cast("Callable[[str, Any], Connector]", self._module("connector").open_connector)
        return opener(name, connection)


KINDS = {
    kind.kind: kind
    for kind in (
        ConnectorKind("jira", "okrsync.connectors.jira"),
        ConnectorKind("notion", "okrsync.connectors.notion"),
        ConnectorKind("sheets", "okrsync.connectors.sheets"),
    )
}
